using ChatOps.Chat.Slack;
using ChatOps.Chat.Slack.Setup;
using ChatOps.Core;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Platform;
using ChatOps.Platform.Signals;
using ChatOps.Server.Alerts;
using ChatOps.Server.CommandLine;
using ChatOps.Server.Configuration;
using ChatOps.Server.Examinations;

namespace ChatOps.Server.Composition;

/// <content>What <c>doctor</c> looks at.</content>
internal sealed partial class ServerCommands
{
    private IReadOnlyList<Examination> Examinations() =>
    [
        new("Policy", ct => FaultsOrAsync(() => CheckPolicyAsync(ct))),
        new("Identity", ct => FaultsOrAsync(() => new IdentityExamination(Services.GetRequiredService<Register>(), Services.GetServices<IChatDirectory>(), Services.GetRequiredService<PeopleFile>(), Services.GetRequiredService<RecogniseByEmail>(), Services.GetRequiredService<EmailRule>(), Services.GetRequiredService<PolicyConfiguration>().BreakGlass.AccountsIn.Length > 0).LookAsync(ct))),
        new("Storage", _ => FaultsOrAsync(() => Task.FromResult(new StorageExamination(Store, time).Look()))),
        new("Web", ct => FaultsOrAsync(() => CheckWebAsync(ct))),
        new("Clusters", ct => FaultsOrAsync(() => Services.GetRequiredService<PlatformDoctor>().LookAsync(ct))),
        new("Audit", ct => FaultsOrAsync(() => CheckAuditAsync(ct))),
        new("Monitoring", ct => FaultsOrAsync(() => CheckMonitoringAsync(ct))),
        new("Slack", ct => FaultsOrAsync(() => CheckSlackAsync(ct))),
    ];

    private async Task<IReadOnlyList<Finding>> CheckWebAsync(CancellationToken ct)
    {
        var web = Services.GetRequiredService<WebOptions>();
        using var http = new HttpClient();
        return
        [
            CheckPublicUrl(web.PublicUrl),
            .. new WebExamination(web, RunningServer.HasOpen(Path.GetFullPath(Store))).Look(),
            .. AccountsExamination.Look(Services.GetRequiredService<PolicyConfiguration>().BreakGlass, web.Oidc, Services.GetRequiredService<Register>().People),
            .. web.Oidc is { } oidc ? await new OidcExamination(oidc, web.Link("sign-in-oidc"), http).LookAsync(ct) : [],
        ];
    }

    /// <summary>Private links begin with it: left as shipped, they would be sent to whoever has that name.</summary>
    private static Finding CheckPublicUrl(string url) => new Uri(url).Host.Contains("example.", StringComparison.OrdinalIgnoreCase)
        ? Finding.Problem($"Web:PublicUrl is still the example's, {url}", "Set it to what people reach this program by.")
        : Finding.Good($"pages at {url}");

    private async Task<IReadOnlyList<Finding>> CheckAuditAsync(CancellationToken ct)
    {
        var given = Services.GetRequiredService<PolicyConfiguration>().BreakGlass.Namespaces.Select(scope => scope.Cluster).ToHashSet();
        var clusters = Services.GetRequiredService<PlatformOptions>().Clusters.Where(cluster => given.Contains(cluster.Name) || cluster.AuditToken.Length > 0).Select(cluster => (cluster.Name, cluster.AuditToken.Length > 0)).ToList();
        return new AuditExamination(clusters, await CountedAsync((numbers, asked) => numbers.OfAuditAsync(asked), ct), time.GetUtcNow()).Look();
    }

    private async Task<IReadOnlyList<Finding>> CheckMonitoringAsync(CancellationToken ct)
    {
        var signals = Services.GetRequiredService<SignalsOptions>();
        using var prometheus = new PrometheusClient(signals, time);
        return
        [
            Services.GetRequiredService<AlertmanagerOptions>().IsOn
                ? Finding.Good("Alertmanager may tell alerts, with the token of Alertmanager:Token")
                : Finding.Good("Alertmanager:Token is not set, so no alert is heard and none confirms an incident"),
            .. await new SignalsExamination(signals.PrometheusUrl, signals.ToBook(), prometheus.AskAsync, time).LookAsync(ct),
        ];
    }

    private async Task<IReadOnlyList<Finding>> CheckSlackAsync(CancellationToken ct)
    {
        if (Services.GetService<SlackDoctor>() is not { } slack)
        {
            return [Finding.Problem("No chat system is configured, so nobody can say anything", "Set section Slack: BotToken, AllowedTeams, and SigningSecrets or AppToken.")];
        }

        var findings = await slack.CheckAsync(
            Services.GetRequiredService<Register>().People.SelectMany(person => person.Accounts).Where(account => account.Platform == ChatPlatform.Slack),
            Services.GetRequiredService<PolicyConfiguration>().Roles.SelectMany(role => role.Groups).Distinct(),
            Services.GetRequiredService<ApplicationChannels>().All.Select(one => one.Channel.Id), Services.GetRequiredService<EmailRule>().IsOn, ct);
        return [.. findings, .. await CheckDoorsAsync(ct)];
    }

    private async Task<IReadOnlyList<Finding>> CheckDoorsAsync(CancellationToken ct) =>
        SlackDoors.Look(Services.GetRequiredService<SlackOptions>(), new Uri(Services.GetRequiredService<WebOptions>().PublicUrl), await CountedAsync((numbers, asked) => numbers.AtSlacksDoorsAsync(asked), ct));

    /// <summary>Only the server that has this store open is asked: another's numbers would be no evidence.</summary>
    private async Task<T?> CountedAsync<T>(Func<RunningNumbers, CancellationToken, Task<T?>> ask, CancellationToken ct)
        where T : class
    {
        var web = Services.GetRequiredService<WebOptions>();
        using var http = new HttpClient();
        return web.MetricsUrl.Length > 0 && RunningServer.HasOpen(Path.GetFullPath(Store)) ? await ask(new RunningNumbers(web.MetricsUrl, http), ct) : null;
    }
}
