using ChatOps.Chat.Slack;
using ChatOps.Core;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform;
using ChatOps.Platform.Signals;
using ChatOps.Server.Alerts;
using ChatOps.Server.Configuration;
using ChatOps.Storage;

namespace ChatOps.Server.Composition;

/// <summary>
/// What every command but <c>serve</c> works on: the same parts without listeners, keys and workers, and without a log that
/// would end up in what they print. A part that is set up wrongly throws its faults when a command needs it, and only then:
/// a policy can be checked without a cluster, and a store restored without either.
/// </summary>
internal static class CommandServices
{
    public static ServiceProvider Build(IConfiguration configuration, TimeProvider time)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(configuration).AddSingleton(time);
        services.AddIdentity(_ => Right(configuration, settings => settings.Identity()));
        services.AddSingleton(_ => Right(configuration, settings => settings.Read<PolicyConfiguration>("Policy", policy => PolicyCheck.Of(policy, holders: null))));
        services.AddSingleton(_ => Right(configuration, settings => settings.Web()));
        services.AddSingleton(_ => Right(configuration, settings => settings.Alertmanager()));
        services.AddSingleton(_ => Right(configuration, settings => settings.Read<SignalsOptions>("Signals", read => read.Faults())));
        services.AddSingleton(_ => ChannelOptions.ToChannels(Right(configuration, settings => settings.Channels()), ""));
        services.AddCore().AddStorage(configuration).AddSlack(configuration);
        AddPlatform(services, configuration);
        return services.BuildServiceProvider();
    }

    private static T Right<T>(IConfiguration configuration, Func<Settings, T> read)
    {
        var settings = new Settings(configuration);
        var section = read(settings);
        settings.ThrowIfWrong();
        return section;
    }

    private static void AddPlatform(IServiceCollection services, IConfiguration configuration)
    {
        var (options, faults) = Platform(configuration);
        if (options is not null && faults.Count == 0)
        {
            services.AddPlatform(options);
            return;
        }

        services.AddSingleton<PlatformDoctor>(_ => throw new SettingsException(faults));
        services.AddSingleton<PlatformRbac>(_ => throw new SettingsException(faults));
        services.AddSingleton<IReconciler>(_ => throw new SettingsException(faults));
        services.AddSingleton<IApplicationView>(_ => throw new SettingsException(faults));
    }

    internal static IReadOnlyList<Finding> PlatformFaults(IConfiguration configuration) => Platform(configuration).Faults;

    /// <summary>Options may be there although they have faults.</summary>
    internal static (PlatformOptions? Options, IReadOnlyList<Finding> Faults) Platform(IConfiguration configuration)
    {
        try
        {
            var options = PlatformOptions.Read(configuration);
            return (options, [.. options.Faults()]);
        }
        catch (InvalidOperationException e)
        {
            // The binder quotes values that do not convert, and values can be secret.
            var what = e.InnerException is null ? e.Message : "a value has the wrong form";
            return (null, [Finding.Problem($"ArgoCd or Clusters: {what}", "Compare with appsettings.example.json: a name is misspelt, or a value has the wrong form.")]);
        }
    }
}
