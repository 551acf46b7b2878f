using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Platform;
using ChatOps.Server.Configuration;
using ChatOps.Server.Workers;
using Microsoft.Extensions.Options;

namespace ChatOps.Server.Composition;

/// <summary>
/// A server whose settings are wrong does not start. Somebody may have access that has to end all the same: as far as the
/// clusters can be reached it is ended by its labels, whatever the policy says or does not say; then the start fails.
/// </summary>
public static class WithoutSettings
{
    /// <summary>What <paramref name="build"/> makes. Throws what it throws, after the last access has ended.</summary>
    /// <param name="readable">What can be read of the configuration; asked for only when it is wrong.</param>
    public static async Task<WebApplication> BuildAsync(Func<WebApplication> build, Func<IConfiguration> readable, TimeProvider time, CancellationToken ct)
    {
        try
        {
            return build();
        }
        catch (Exception wrong) when (wrong is SettingsException or OptionsValidationException or InvalidDataException)
        {
            await EndAccessAsync(readable(), time, wrong.Message, ct);
            throw;
        }
    }

    private static async Task EndAccessAsync(IConfiguration configuration, TimeProvider time, string why, CancellationToken ct)
    {
        var (options, faults) = CommandServices.Platform(configuration);
        if (options is null || faults.Count > 0)
        {
            return; // no cluster can be reached with it
        }

        var services = new ServiceCollection().AddJsonLogs().AddSingleton(time).AddSingleton(Policy(configuration)).AddPlatform(options);
        services.AddSingleton<AccessPorts>().AddSingleton<EndByLabel>().AddSingleton<RevokeOnly>();
        await using var parts = services.BuildServiceProvider();
        await parts.GetRequiredService<RevokeOnly>().UntilNothingIsLeftAsync(Urls(configuration), why, ct);
    }

    /// <summary>Of a policy that is wrong only where accounts are is used, and where the bot can be expected to look.</summary>
    private static PolicyConfiguration Policy(IConfiguration configuration)
    {
        try
        {
            return new() { BreakGlass = configuration.GetSection("Policy:BreakGlass").Get<BreakGlassConfiguration>() ?? new() };
        }
        catch (InvalidOperationException)
        {
            return new();
        }
    }

    private static string Urls(IConfiguration configuration)
    {
        var settings = new Settings(configuration);
        var web = settings.Web();
        return settings.Faults.Count == 0 ? web.Urls : new WebOptions().Urls;
    }
}
