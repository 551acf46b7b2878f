using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Git;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Server.Web;

namespace ChatOps.Sandbox.World;

/// <summary>The whole simulated world with the product in it, on loopback: shop, cluster, Argo CD, Slack.</summary>
public sealed class SandboxWorld : IAsyncDisposable
{
    private readonly string folder;

    private readonly GitServer git;

    private readonly ShopMetrics metrics;

    private SandboxWorld(string folder, SampleShop shop, GitServer git, ShopMetrics metrics, SimulatedSlack slack, Product product)
    {
        this.metrics = metrics;
        this.git = git;
        this.folder = folder;
        Shop = shop;
        Slack = slack;
        Product = product;
    }

    public SampleShop Shop { get; }

    public SimulatedSlack Slack { get; }

    public Product Product { get; }

    /// <summary>For a kubectl of alice's.</summary>
    public string KubeConfigOfAlice => Path.Combine(folder, "kubeconfig-alice");

    /// <summary>The clock of the Slack options is the clock of everything.</summary>
    /// <param name="overrides">Settings of the product that differ from the sandbox's.</param>
    /// <param name="access">Who may read the record's pages.</param>
    public static async Task<SandboxWorld> StartAsync(SimulatedSlackOptions slackOptions, CancellationToken ct, IReadOnlyDictionary<string, string?>? overrides = null, RecordAccess access = RecordAccess.NobodyOnLoopback)
    {
        var directory = Directory.CreateTempSubdirectory("chatops-sandbox-").FullName;
        var shop = await SampleShop.StartAsync(slackOptions.Time, ct);
        const string botToken = "simulated-bot";
        const string auditToken = "simulated-audit-of-the-shop";
        shop.Server.AddUser(botToken, BotRights.BotUser, "system:serviceaccounts", "system:serviceaccounts:chatops", "system:authenticated");
        foreach (var manifest in BotRights.For("checkout", "payments", "catalogue"))
        {
            shop.Server.Create(manifest);
        }

        var host = await GitServer.StartAsync(SampleShop.Hosted(shop.Repository), ct);
        var monitoring = await ShopMetrics.StartAsync(shop, slackOptions.Time, ct);
        var url = new Uri($"http://127.0.0.1:{Product.FreePort()}");
        var slack = await SimulatedSlack.StartAsync(slackOptions with { AppUrl = url }, ct);
        await File.WriteAllTextAsync(Path.Combine(directory, "kubeconfig"), shop.Server.KubeConfig(botToken), ct);
        await File.WriteAllTextAsync(Path.Combine(directory, "kubeconfig-alice"), shop.Server.KubeConfig(shop.AliceToken), ct);
        var product = await Product.StartAsync(
            new ProductSettings
            {
                Url = url,
                Folder = directory,
                KubeConfig = Path.Combine(directory, "kubeconfig"),
                AuditToken = auditToken,
                SlackApi = slack.ApiBaseUrl,
                Git = host.Url,
                Slack = slackOptions,
                SocketMode = slackOptions.SocketMode,
                Overrides = Settings(monitoring, overrides),
            },
            ct,
            access,
            slackOptions.Time);
        shop.Server.Audit = new AuditWebhook(new Uri(url, "webhooks/kubernetes/audit"), auditToken);
        if (slackOptions.SocketMode)
        {
            await slack.WaitForSocketAsync(greetedBefore: 0, ct, TimeSpan.FromSeconds(30));
        }

        return new(directory, shop, host, monitoring, slack, product);
    }

    /// <summary>What the shop's own people would have set: where the monitoring is, and a channel that hears of its applications.</summary>
    private static Dictionary<string, string?> Settings(ShopMetrics monitoring, IReadOnlyDictionary<string, string?>? overrides)
    {
        var all = new Dictionary<string, string?>(monitoring.Settings())
        {
            ["Channels:0:Applications:0"] = "*",
            ["Channels:0:Slack"] = SampleWorkspace.GeneralChannel,
        };
        foreach (var (key, value) in overrides ?? new Dictionary<string, string?>())
        {
            all[key] = value;
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Slack.DisposeAsync();
        await git.DisposeAsync();
        await metrics.DisposeAsync();
        await Shop.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
