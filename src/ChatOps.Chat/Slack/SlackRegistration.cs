using ChatOps.Chat.Slack.Posting;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Chat.Slack.Setup;
using ChatOps.Chat.Slack.Sockets;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChatOps.Chat.Slack;

/// <summary>Slack, when the configuration has its section.</summary>
public static class SlackRegistration
{
    public static IServiceCollection AddSlack(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(SlackOptions.Section);
        if (!section.Exists())
        {
            return services;
        }

        services.AddSingleton<IValidateOptions<SlackOptions>>(new SlackOptionsProblems(section));
        services.AddOptions<SlackOptions>().Bind(section).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<SlackOptions>>().Value);
        services.AddSingleton(provider => new SlackHosts(provider.GetRequiredService<SlackOptions>().ApiBase));
        services.AddSingleton<SlackPace>();
        services.AddSingleton<SlackHttp>();
        services.AddSingleton<SlackWebApi>();
        services.AddSingleton<SlackPictures>();
        services.AddSingleton<ResponseUrls>();
        services.AddSingleton<SlackChat>().AddSingleton<IChat>(provider => provider.GetRequiredService<SlackChat>());
        services.AddSingleton<SlackDirectory>().AddSingleton<IChatDirectory>(provider => provider.GetRequiredService<SlackDirectory>());
        services.AddSingleton<SlackGate>();
        services.AddSingleton<SlackIntake>();
        services.AddSingleton<SlackEndpoints>();
        services.AddSingleton<SlackSocketHealth>();
        services.AddSingleton(provider => new SlackDoctor(
            provider.GetRequiredService<SlackOptions>(), provider.GetRequiredService<SlackWebApi>(), provider.GetRequiredService<SlackDirectory>(), provider.GetRequiredService<TimeProvider>()));
        if (!string.IsNullOrEmpty(section[nameof(SlackOptions.AppToken)]))
        {
            services.AddHostedService<SlackSocketMode>();
        }

        return services;
    }

    /// <summary>Slack's three request URLs; none when Slack is not configured, or only over its socket.</summary>
    public static IEndpointRouteBuilder MapSlack(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<SlackOptions>() is { OverHttp: true })
        {
            SlackEndpoints.Map(endpoints);
        }

        return endpoints;
    }
}
