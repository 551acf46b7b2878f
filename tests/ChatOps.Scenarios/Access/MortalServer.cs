using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Core.Timeline;
using ChatOps.Sandbox.Identity;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.Crashes;
using ChatOps.Scenarios.World;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Scenarios.Access;

/// <summary>
/// The server as a program of its own behind a door to the cluster, killed at whichever of its calls a test names, and the
/// people who ask for every kind of access: carol, whom the cluster knows, and alice, whom it does not.
/// </summary>
internal sealed class MortalServer : IAsyncDisposable
{
    public const string AccountsIn = "breakglass-accounts";
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private readonly HashSet<string> told = [];
    private string thread = "";

    private MortalServer(ScenarioWorld world, ApiDoor door, SimulatedIdentityProvider provider, ServerProgram server)
    {
        World = world;
        Door = door;
        Provider = provider;
        Server = server;
    }

    public ScenarioWorld World { get; }

    public ApiDoor Door { get; }

    public SimulatedIdentityProvider Provider { get; }

    public ServerProgram Server { get; }

    public static async Task<MortalServer> StartAsync(Func<MovableClock, Task<ShopCluster>> cluster)
    {
        var provider = new SimulatedIdentityProvider();
        await provider.StartAsync();
        var world = await ScenarioWorld.StartAsync(cluster, socketMode: false, new Dictionary<string, string?>
        {
            ["Identity:People:0:KubernetesUser"] = "",
            ["Policy:BreakGlass:AccountsIn"] = AccountsIn,
            ["Policy:BreakGlass:Namespaces:0:Names:1"] = SeveralNamespaces.Second,
            ["Policy:Rules:0:Namespaces:0"] = "*",
            ["Web:Oidc:Authority"] = provider.Issuer,
            ["Web:Oidc:ClientId"] = SimulatedIdentityProvider.ClientId,
            ["Web:Oidc:ClientSecret"] = SimulatedIdentityProvider.ClientSecret,
            ["Web:Oidc:Claim"] = "preferred_username",
            ["Web:Oidc:Matches"] = "Name",
        });
        await world.StopProductAsync();
        await SeveralNamespaces.DeployAsync(world);
        var door = await ApiDoor.StartAsync(world.Shop.BotKubeConfig);
        var server = new ServerProgram(world.Settings with { KubeConfig = door.KubeConfig, MetricsUrl = $"http://127.0.0.1:{Product.FreePort()}" });
        await server.StartAsync();
        await server.ReadyAsync();
        var mortal = new MortalServer(world, door, provider, server);
        await world.Bob.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        mortal.thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;
        return mortal;
    }

    public async Task<SlackMessage> RequestedAsync(SlackActor who, string role, string time)
    {
        Forget();
        await who.MentionAsync(Incidents, thread, $"breakglass request checkout as {role} for {time} because pods crashloop on config");
        return await SaysAsync($"ccess as {role} to checkout", "needs one approval");
    }

    /// <summary>Something new in the thread.</summary>
    public Task<SlackMessage> SaysAsync(params string[] words) => World.Slack.WaitForAsync(
        () => New().LastOrDefault(message => Reading.Shows(message, words)), $"'{string.Join("', '", words)}' in the thread", default, ScenarioWorld.Patience);

    /// <summary>What the thread says since.</summary>
    public IReadOnlyList<SlackMessage> New() => [.. World.Channel.Thread(thread).Where(message => !told.Contains(message.Ts))];

    /// <summary>In how many messages since the beginning.</summary>
    public int Said(params string[] words) => World.Channel.Thread(thread).Count(message => Reading.Shows(message, words));

    /// <summary>What is in the thread now is old.</summary>
    public void Forget() => told.UnionWith(World.Channel.Thread(thread).Select(message => message.Ts));

    public Task MentionAsync(SlackActor who, string text) => who.MentionAsync(Incidents, thread, text);

    /// <summary>Somebody does something, and in the <paramref name="nth"/> of the calls that follow from it the server dies; then it starts again.</summary>
    /// <param name="done">Whether that call was carried out; the server does not hear of it in either case.</param>
    public async Task DiesAtAsync(Predicate<ApiDoor.Knock> call, int nth, bool done, Func<Task> act, Func<Task>? whileDead = null)
    {
        var reached = Trap(call, nth, done);
        await act();
        await reached.WaitAsync(ScenarioWorld.Patience);
        await Server.KillAsync();
        Door.Judge = _ => Passage.Open;
        await (whileDead?.Invoke() ?? Task.CompletedTask);
        await Server.StartAsync();
        await Server.ReadyAsync();
    }

    /// <summary>Everything of ours that is in the cluster: bindings, accounts, roles of projects and entries of their tokens.</summary>
    public async Task<IReadOnlyList<(string Name, DateTimeOffset EndsAt)>> ObjectsAsync()
    {
        const string Ours = "?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops%2Cchatops.dev%2Fgrant";
        var found = new List<(string Name, DateTimeOffset EndsAt)>();
        foreach (var path in (string[])["/apis/rbac.authorization.k8s.io/v1/rolebindings", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", $"/api/v1/namespaces/{AccountsIn}/serviceaccounts"])
        {
            found.AddRange((await World.Shop.FindAsync(path + Ours))!["items"]!.AsArray()
                .Select(item => ((string)item!["metadata"]!["name"]!, DateTimeOffset.Parse((string)item["metadata"]!["annotations"]!["chatops.dev/expires-at"]!, CultureInfo.InvariantCulture))));
        }

        var project = (await World.Shop.FindAsync("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop"))!;
        foreach (var name in (project["spec"]!["roles"] as JsonArray ?? []).Select(role => (string)role!["name"]!).Concat((project["status"]?["jwtTokensByRole"] as JsonObject ?? []).Select(entry => entry.Key)))
        {
            Assert.True(ArgoCdRoleName.TryRead(name, out _, out var end), name);
            found.Add((name, end));
        }

        return found;
    }

    /// <summary>With the server stopped: the books say of each grant that it ended, once, and the cluster holds nothing more.</summary>
    public async Task<IReadOnlyList<Grant>> ReckonAsync()
    {
        await Server.StopAsync();
        Assert.Empty(await ObjectsAsync());
        var (verified, verdict) = await Server.RunAsync("audit", "verify");
        Assert.True(verified == 0, verdict);
        using var records = LiteDbRecords.Open(World.Store, TimeProvider.System);
        var grants = await records.GrantsAsync(1, default);
        var timeline = await records.TimelineAsync(1, default);
        Assert.Empty(await records.UnsettledGrantsAsync(default));
        foreach (var grant in grants)
        {
            Assert.Single(timeline, entry => entry.Subject == grant.Id && entry.Kind == TimelineKind.GrantEnded);
            Assert.Equal(grant.GivenAt is null ? 0 : 1, timeline.Count(entry => entry.Subject == grant.Id && entry.Kind == TimelineKind.Granted));
        }

        // Each object was made once and taken away once, however often it was tried.
        var made = Door.Writes.Where(write => write.Status == HttpStatusCode.Created && !write.Knock.Path.EndsWith("/token", StringComparison.Ordinal)).Select(write => (write.Knock.Path, (string)JsonNode.Parse(write.Knock.Body)!["metadata"]!["name"]!)).ToList();
        Assert.Equal(made.Distinct().Order(), made.Order());
        var taken = Door.Writes.Where(write => write.Knock.Method == "DELETE" && write.Status == HttpStatusCode.OK).Select(write => write.Knock.Path).ToList();
        Assert.Equal(taken.Distinct().Order(), taken.Order());
        return grants;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Door.DisposeAsync();
        await World.DisposeAsync();
        await Provider.DisposeAsync();
    }

    private Task Trap(Predicate<ApiDoor.Knock> call, int nth, bool done)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = 0;
        Door.Judge = knock =>
        {
            var at = call(knock) ? Interlocked.Increment(ref seen) : 0;
            if (at < nth)
            {
                return Passage.Open;
            }

            // What comes after it, before the process is dead, comes to nothing.
            if (done && at == nth)
            {
                return new Passage.Done(() => reached.TrySetResult());
            }

            _ = done || reached.TrySetResult();
            return new Passage.Nothing();
        };
        return reached.Task;
    }
}
