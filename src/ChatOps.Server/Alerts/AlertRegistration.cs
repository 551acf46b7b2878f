using ChatOps.Core.Conversation;
using ChatOps.Server.Configuration;

namespace ChatOps.Server.Alerts;

/// <summary>Section <c>Alertmanager</c> and its webhook.</summary>
internal static class AlertRegistration
{
    public static AlertmanagerOptions Alertmanager(this Settings settings) => settings.Read<AlertmanagerOptions>("Alertmanager", AlertmanagerCheck.Faults);

    public static IServiceCollection AddAlerts(this IServiceCollection services, AlertmanagerOptions options, ApplicationChannels channels) =>
        services.AddSingleton(options).AddSingleton(options.ToRouting()).AddSingleton(channels).AddSingleton<AlertmanagerDoor>();

    public static void MapAlerts(this WebApplication app)
    {
        if (app.Services.GetRequiredService<AlertmanagerOptions>().IsOn)
        {
            AlertmanagerDoor.Map(app);
        }
    }
}
