using System.Globalization;
using ChatOps.Core.Records;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Scenarios.Clicks;

/// <summary>One simulated world with the product in it, shared by the tests of a class: each has a room (channel, incident) of its own.</summary>
public sealed class Building : IAsyncLifetime
{
    private static readonly string[] Applications = ["checkout", "payments", "catalogue", "platform", "search", "reports"];

    private SandboxWorld? world;
    private readonly Dictionary<string, SlackChannel> channels = [];
    private int rooms;
    private bool isInUse;

    /// <summary>A member of the workspace whom the configuration does not know.</summary>
    public const string Dave = "U0DAVE";

    public MovableClock Clock { get; } = new();

    public SimulatedSlack Slack => world!.Slack;

    public SimulatedApiServer Cluster => world!.Shop.Server;

    public Uri Url => world!.Product.Url;

    public IRecords Records => world!.Product.Services.GetRequiredService<IRecords>();

    public T Service<T>()
        where T : notnull => world!.Product.Services.GetRequiredService<T>();

    /// <summary>Changes of applications that were asked for as one of the roles, applied or not.</summary>
    public IReadOnlyList<SeenRequest> Patches => [.. Cluster.Requests.All.Where(request => request.Method == "PATCH" && request.ImpersonatedUser is not null)];

    public async Task InitializeAsync()
    {
        // A hurried clock must not make a slow machine look like a silent cluster.
        var overrides = new Dictionary<string, string?> { ["Clusters:0:RequestTimeout"] = "00:01:00" };
        world = await SandboxWorld.StartAsync(new SimulatedSlackOptions { Time = Clock, Patience = ScenarioWorld.Patience }, CancellationToken.None, overrides);
        Slack.Change(new SlackUser(Dave, "dave", "Dave Doe", "Europe/Berlin"));
        await ShopIsThereAsync();
        await GiveProjectAwayAsync();
    }

    /// <summary>Somebody else writes the project, so no window in it would hold what a set takes back.</summary>
    private async Task GiveProjectAwayAsync()
    {
        using var client = new HttpClient(Cluster.CreateHandler()) { BaseAddress = Cluster.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Cluster.AdminToken);
        using var content = new StringContent("""{"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"projects"}}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/merge-patch+json"));
        using var answer = await client.PatchAsync(new Uri("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Argo CD makes some applications from others, in its own time, and the product looks at each once after a start.</summary>
    private async Task ShopIsThereAsync()
    {
        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        while (Applications.Any(name => (string?)Cluster.Find("applications", "argocd", name)?["status"]?["sync"]?["status"] != "Synced"))
        {
            await Task.Delay(20, patience.Token);
        }

        foreach (var name in Applications)
        {
            for (var changed = Records.ChangedAsync(BooksPart.Any); await Records.FindBaselineAsync(new("argocd", "argocd", name), patience.Token) is null; changed = Records.ChangedAsync(BooksPart.Any))
            {
                await changed.WaitAsync(patience.Token);
            }
        }
    }

    public async Task DisposeAsync()
    {
        if (world is not null)
        {
            await world.DisposeAsync();
        }
    }

    /// <summary>A world that an earlier failure left half done would fail everything after it too.</summary>
    public async Task<Room> CleanRoomAsync()
    {
        if (isInUse)
        {
            await DisposeAsync();
            await InitializeAsync();
        }

        isInUse = true;
        return NewRoom();
    }

    public void LeaveClean() => isInUse = false;

    /// <summary>Time passes. Whoever waits for an answer waits on, or a slow machine would be an outage, unless they wait for one that will not come.</summary>
    public void Pass(TimeSpan time)
    {
        if (Slack.Faults.Hanging + Cluster.Faults.Hanging > 0)
        {
            Clock.Hurry(time);
        }
        else
        {
            Clock.Advance(time);
        }
    }

    /// <summary>A new channel with everybody in it.</summary>
    public Room NewRoom(bool withBot = true)
    {
        // One incident after the other, not ten in one minute: Slack's pace allows no more.
        Clock.Advance(TimeSpan.FromMinutes(6));
        var name = string.Create(CultureInfo.InvariantCulture, $"room-{++rooms}");
        string[] members = [SampleWorkspace.Alice, SampleWorkspace.Bob, SampleWorkspace.Carol, Dave, SampleWorkspace.Guest, SampleWorkspace.Stranger, SampleWorkspace.OtherBot];
        var channel = new SlackChannel($"C0{name.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal)}", name);
        Slack.Add(channel, withBot ? [.. members, SampleWorkspace.BotUserId] : members);
        channels[name] = channel;
        return new Room(this, name);
    }

    public void Invite(Room room) => channels[room.Channel].Members.Add(SampleWorkspace.BotUserId);
}
