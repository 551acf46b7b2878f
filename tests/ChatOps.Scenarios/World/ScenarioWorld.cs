using ChatOps.Platform;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Git;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Sandbox.World;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatOps.Scenarios.World;

/// <summary>The whole product with the world around it: a cluster, a Slack, and one clock for all of them.</summary>
public sealed class ScenarioWorld : IAsyncDisposable
{
    /// <summary>How long a busy machine may take for anything; nothing waits for it to pass.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string folder = Directory.CreateTempSubdirectory("chatops-scenario-").FullName;
    private readonly Trouble trouble = new();
    private readonly ProductSettings settings;
    private Product? product;

    private ScenarioWorld(MovableClock clock, ShopCluster shop, GitServer git, SimulatedSlack slack, SimulatedSlackOptions options, Uri url, IReadOnlyDictionary<string, string?> overrides)
    {
        Clock = clock;
        Shop = shop;
        Git = git;
        Slack = slack;
        settings = new ProductSettings
        {
            Url = url,
            Folder = folder,
            KubeConfig = shop.BotKubeConfig,
            SlackApi = slack.ApiBaseUrl,
            Git = git.Url,
            Slack = options,
            SocketMode = options.SocketMode,
            Overrides = overrides,
        };
        Alice = slack.As("alice");
        Bob = slack.As("bob");
        Carol = slack.As("carol");
        Channel = slack.Channel(SampleWorkspace.IncidentChannel);
        slack.Circumstances = () => $"{trouble} Alice alone was told: {string.Join(" -- ", Alice.Ephemerals(SampleWorkspace.IncidentChannel).Select(Reading.Of))}";
    }

    public MovableClock Clock { get; }

    public ShopCluster Shop { get; }

    /// <summary>Where the product looks at branches.</summary>
    public GitServer Git { get; }

    public SimulatedSlack Slack { get; }

    public ProductSettings Settings => settings;

    public string Store => Path.Combine(folder, "chatops.db");

    public string Backup => Path.Combine(folder, "backup.db");

    public Product Product => product ?? throw new InvalidOperationException("The product is stopped.");

    /// <summary>On call: acts. Berlin.</summary>
    public SlackActor Alice { get; }

    /// <summary>A commander: decides. New York.</summary>
    public SlackActor Bob { get; }

    /// <summary>On call and a commander. Tokyo.</summary>
    public SlackActor Carol { get; }

    public ChannelView Channel { get; }

    public static async Task<ScenarioWorld> StartAsync(Func<MovableClock, Task<ShopCluster>> cluster, bool socketMode, IReadOnlyDictionary<string, string?>? overrides = null)
    {
        var clock = new MovableClock();
        var shop = await cluster(clock);
        await shop.WaitForAsync(ShopCluster.Checkout, checkout => (string?)checkout["status"]?["sync"]?["status"] == "Synced", "the shop to be deployed");
        using var patience = new CancellationTokenSource(Patience);
        while (!await shop.IsDeployedAsync())
        {
            await Task.Delay(20, patience.Token); // rights are written for the applications that are there
        }

        var git = await GitServer.StartAsync(SampleShop.Hosted(shop.Repository), CancellationToken.None);
        var url = new Uri($"http://127.0.0.1:{Product.FreePort()}");
        var options = new SimulatedSlackOptions { AppUrl = url, SocketMode = socketMode, Time = clock, Patience = Patience };
        var slack = await SimulatedSlack.StartAsync(options, CancellationToken.None);
        var world = new ScenarioWorld(clock, shop, git, slack, options, url, overrides ?? new Dictionary<string, string?>());
        await world.StartProductAsync();
        using var rights = new StringWriter();
        await world.Product.Services.GetRequiredService<PlatformRbac>().WriteAsync(rights, CancellationToken.None);
        await shop.ApplyRightsAsync(rights.ToString());
        return world;
    }

    public async Task StartProductAsync()
    {
        var before = Slack.Sockets.Greeted;
        product = await Product.StartAsync(settings, CancellationToken.None, time: Clock);
        product.Services.GetRequiredService<ILoggerFactory>().AddProvider(trouble);
        if (settings.SocketMode)
        {
            await Slack.WaitForSocketAsync(before, CancellationToken.None, Patience);
        }
    }

    public async Task StopProductAsync()
    {
        if (product is { } running)
        {
            product = null;
            await running.DisposeAsync();
        }
    }

    /// <summary>Completes when a message of the thread shows all these words, now or later.</summary>
    public Task<SlackMessage> ThreadSaysAsync(string thread, params string[] words) => MessageAsync(
        () => Channel.Thread(thread).LastOrDefault(message => message.Ts != thread && Reading.Shows(message, words)),
        $"'{string.Join("', '", words)}' in the thread",
        () => Channel.Thread(thread).Concat(new[] { Alice, Bob }.SelectMany(person => person.Ephemerals(SampleWorkspace.IncidentChannel))));

    /// <summary>Completes when the bot has told somebody all these words in private: in the channel, for them only, or in their direct conversation.</summary>
    public Task<SlackMessage> PersonIsToldAsync(SlackActor person, params string[] words)
    {
        var direct = Slack.DirectWith(person.Id);
        IEnumerable<SlackMessage> Private() => person.Ephemerals(SampleWorkspace.IncidentChannel).Concat(direct.Messages);
        return MessageAsync(
            () => Private().LastOrDefault(message => Reading.Shows(message, words)),
            $"'{string.Join("', '", words)}' for {person.Id}",
            Private);
    }

    public async ValueTask DisposeAsync()
    {
        await StopProductAsync();
        await Slack.DisposeAsync();
        await Git.DisposeAsync();
        await Shop.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<SlackMessage> MessageAsync(Func<SlackMessage?> look, string what, Func<IEnumerable<SlackMessage>> there)
    {
        try
        {
            return await Slack.WaitForAsync(look, what, CancellationToken.None, Patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} There is:\n{string.Join("\n--\n", there().Select(Reading.Of))}", late);
        }
    }
}
