using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Incidents;

/// <summary>The cluster is often why an incident is declared, so it must not stand in the way of that.</summary>
public class DeclareIncidentTests
{
    private const string Declare = "declare \"checkout is down\" sev1 apps shop-a,shop-b";

    /// <summary>Nobody else would see the thread, nor what is paused in it.</summary>
    [Fact]
    public async Task In_a_direct_message_no_incident_is_declared()
    {
        var world = Shop();
        var delivery = new Delivery("d", world.Now, World.Account("alice"), new(World.Room with { Id = "D1" }, null), new Said.Command("incident", Declare)) { IsDirect = true };
        await world.Records.AcceptAsync(delivery, default);

        var refusal = await world.Handle.HandleAsync(delivery, default);

        Assert.Equal(RefusalKind.NotPossible, refusal?.Kind);
        Assert.Contains("in the channel", refusal!.Instead.ToString(), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllIncidents);
    }

    [Theory]
    [InlineData(false, "chatops:on-call, chatops:commander may not patch it, so nothing can be done to it from here")]
    [InlineData(true, "chatops:on-call may not patch it, so what people with that role ask for will fail")]
    public async Task What_RBAC_does_not_cover_is_said_and_no_more_than_that(bool commandersAre, string said)
    {
        var world = new World(rule => rule.Roles.Add("commander"));
        world.Cluster.Add("shop-a");
        (world.Cluster.Covers, world.Cluster.NotCovered) = (commandersAre, "chatops:on-call");

        await world.SayAsync("bob", "incident", "declare \"checkout is down\" apps shop-a");

        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_card_names_what_RBAC_does_not_cover_until_a_look_finds_it_covered()
    {
        var world = new World();
        world.Cluster.Add("shop-a");
        world.Cluster.Add("shop-b");
        world.Cluster.Covers = false;
        await world.SayAsync("bob", "incident", "declare \"checkout is down\" apps shop-a");
        Assert.Contains(await CardAsync(world), line => line.StartsWith("shop-a: not covered by the cluster's RBAC", StringComparison.Ordinal));

        world.Cluster.Covers = true;
        Assert.Null(await world.SayAsync("bob", "incident", "apps add shop-a"));
        Assert.DoesNotContain(await CardAsync(world), line => line.Contains("RBAC", StringComparison.Ordinal));

        Assert.Equal(RefusalKind.AlreadyDecided.Title(), (await world.SayAsync("bob", "incident", "apps add shop-a"))?.Title);
    }

    private static async Task<IReadOnlyList<string>> CardAsync(World world)
    {
        await world.PostAllAsync();
        return [.. world.Chat.Said.Last(said => said.Card.Title.StartsWith("Incident 1", StringComparison.Ordinal)).Card.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString())];
    }

    [Theory]
    [InlineData(ClusterAnswerKind.Unavailable)]
    [InlineData(ClusterAnswerKind.Forbidden)]
    public async Task With_the_cluster_down_it_is_declared_and_says_what_is_missing(ClusterAnswerKind kind)
    {
        var world = Shop();
        world.Cluster.NoList = _ => Task.FromResult(ModelCluster.Answer(kind));

        Assert.Null(await world.SayAsync("bob", "incident", Declare));

        await MissesItsScopeAsync(world, $"the cluster says {kind}");
    }

    [Fact]
    public async Task A_cluster_that_never_answers_is_waited_for_a_little()
    {
        var world = Shop();
        world.Cluster.NoList = async ct =>
        {
            world.Time.Advance(TimeSpan.FromSeconds(11));
            await Task.Delay(Timeout.Infinite, ct);
            return ClusterAnswer.Ok;
        };

        Assert.Null(await world.SayAsync("bob", "incident", Declare));

        await MissesItsScopeAsync(world, "not listed within 10 seconds");
    }

    [Fact]
    public async Task An_application_that_does_not_exist_is_refused_all_the_same()
    {
        var world = Shop();

        Assert.NotNull(await world.SayAsync("bob", "incident", "declare \"checkout is down\" sev1 apps shop-a,shopp"));

        Assert.Empty(await world.Records.IncidentsAsync(onlyOpen: false, default));
    }

    [Theory]
    [InlineData(ClusterAnswerKind.Ok, 12 + 1, "28 more were not looked at now")]
    [InlineData(ClusterAnswerKind.Unavailable, 1 + 1, "39 more were not looked at now")]
    public async Task Forty_applications_are_listed_once_and_not_all_looked_at(ClusterAnswerKind look, int calls, string says)
    {
        var world = new World();
        var names = Enumerable.Range(0, 40).Select(i => $"app-{i:00}").ToList();
        names.ForEach(name => world.Cluster.Add(name));
        world.Cluster.NextReads.Enqueue(look);

        Assert.Null(await world.SayAsync("bob", "incident", $"declare \"all is down\" sev1 apps {string.Join(',', names)}"));

        Assert.Equal(calls, world.Cluster.Calls);
        Assert.Equal(40, Assert.Single(await world.Records.IncidentsAsync(onlyOpen: true, default)).Scope.Count);
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains(says, StringComparison.Ordinal));
    }

    private static World Shop()
    {
        var world = new World();
        world.Cluster.Add("shop-a");
        world.Cluster.Add("shop-b");
        return world;
    }

    private static async Task MissesItsScopeAsync(World world, string why)
    {
        Assert.Empty(Assert.Single(await world.Records.IncidentsAsync(onlyOpen: true, default)).Scope);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.ForeignChange && entry.Text.StartsWith("shop-a is not in the scope yet", StringComparison.Ordinal) && entry.Text.Contains(why, StringComparison.Ordinal));
        Assert.Contains(world.Records.Entries, entry => entry.Text.StartsWith("shop-b is not in the scope yet", StringComparison.Ordinal));

        world.Cluster.NoList = null;
        await world.PostAllAsync();
        Assert.Null(await world.SayAsync("bob", "incident", "apps add shop-a,shop-b"));
        Assert.Equal(2, Assert.Single(await world.Records.IncidentsAsync(onlyOpen: true, default)).Scope.Count);
    }
}
