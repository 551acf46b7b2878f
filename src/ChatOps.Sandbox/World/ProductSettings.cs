using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.World;

/// <summary>The product's settings for the simulated world: the same sections as in production, other addresses.</summary>
public sealed record ProductSettings
{
    public required Uri Url { get; init; }

    /// <summary>Where the database and the keys go.</summary>
    public required string Folder { get; init; }

    /// <summary>How to reach the API server as the bot.</summary>
    public required string KubeConfig { get; init; }

    /// <summary>What the API server presents with its audit events; empty: it tells none.</summary>
    public string AuditToken { get; init; } = "";

    public required Uri SlackApi { get; init; }

    /// <summary>Where the shop's repositories are served; null: branches cannot be asked for.</summary>
    public Uri? Git { get; init; }

    public SimulatedSlackOptions Slack { get; init; } = new();

    public bool SocketMode { get; init; }

    /// <summary>Empty: no metrics listener.</summary>
    public string MetricsUrl { get; init; } = "";

    /// <summary>Wins over everything here; "Policy:EscalateEvery" and the like.</summary>
    public IReadOnlyDictionary<string, string?> Overrides { get; init; } = new Dictionary<string, string?>();

    public IReadOnlyDictionary<string, string?> All()
    {
        var all = new Dictionary<string, string?>(SandboxPolicy.Settings)
        {
            ["Slack:BotToken"] = Slack.BotToken,
            ["Slack:ApiBaseUrl"] = SlackApi.ToString(),
            ["Slack:AllowedTeams:0"] = SampleWorkspace.TeamId,
            ["Slack:AppId"] = SampleWorkspace.AppId,
            [SocketMode ? "Slack:AppToken" : "Slack:SigningSecrets:0"] = SocketMode ? Slack.AppToken : Slack.SigningSecret,
            ["Clusters:0:Name"] = "shop",
            ["Clusters:0:Server"] = "https://kubernetes.default.svc",
            ["Clusters:0:KubeConfig"] = KubeConfig,
            ["Clusters:0:AuditToken"] = AuditToken,
            ["ArgoCd:0:Name"] = "argocd",
            ["ArgoCd:0:Cluster"] = "shop",
            ["ArgoCd:0:Namespace"] = "argocd",
            ["Storage:Provider"] = "LiteDb",
            ["Storage:LiteDb:Path"] = Path.Combine(Folder, "chatops.db"),
            ["Web:PublicUrl"] = Url.ToString(),
            ["Web:Urls"] = Url.ToString(),
            ["Web:MetricsUrl"] = MetricsUrl,
            ["Web:DataProtectionPath"] = Path.Combine(Folder, "keys"),
        };
        if (Git is not null)
        {
            all["Git:Repositories:0:Url"] = "https://git.example.com/";
            all["Git:Repositories:0:AskAt"] = Git.ToString();
        }

        foreach (var (key, value) in Overrides)
        {
            all[key] = value;
        }

        return all;
    }
}
