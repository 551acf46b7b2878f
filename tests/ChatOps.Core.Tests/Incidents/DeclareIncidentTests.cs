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

    [Fact]
    public async Task An_application_that_a_cache_does_not_list_yet_is_found_by_its_name()
    {
        var world = Shop();
        world.Cluster.NotListedYet = "shop-b";

        Assert.Null(await world.SayAsync("bob", "incident", Declare));

        Assert.Equal(["shop-a", "shop-b"], Assert.Single(await world.Records.IncidentsAsync(onlyOpen: true, default)).Scope.Select(one => one.Name));
    }

    [Fact]
    public async Task Whether_it_exists_is_not_known_where_the_cluster_is_silent_about_its_name()
    {
        var world = Shop();
        world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Unavailable);

        Assert.Null(await world.SayAsync("bob", "incident", "declare \"checkout is down\" sev1 apps shopp"));

        Assert.Contains(world.Records.Entries, entry => entry.Text.StartsWith("shopp is not in the scope yet", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ClusterAnswerKind.Ok, 60 + 1, "5 more were not looked at now")]
    [InlineData(ClusterAnswerKind.Unavailable, 6 + 1, "59 more were not looked at now")]
    public async Task Many_applications_are_listed_once_and_not_all_looked_at(ClusterAnswerKind look, int calls, string says)
    {
        var world = new World();
        world.Cluster.NextReads.Enqueue(look);

        await DeclareManyAsync(world, 65);

        Assert.Equal(calls, world.Cluster.Calls);
        Assert.Equal(65, Assert.Single(await world.Records.IncidentsAsync(onlyOpen: true, default)).Scope.Count);
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cluster_that_stays_silent_is_said_once()
    {
        var world = new World();
        Enumerable.Repeat(ClusterAnswerKind.Unavailable, 6).ToList().ForEach(world.Cluster.NextReads.Enqueue);

        await DeclareManyAsync(world, 65);

        Assert.Single(world.Records.Entries, entry => entry.Text.Contains("cannot be read now", StringComparison.Ordinal));
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains("64 more were not looked at now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cluster_that_answers_and_then_hangs_is_not_waited_for()
    {
        var world = new World();
        world.Cluster.BeforeCovers = async (application, ct) =>
        {
            if (application.Name == "app-07")
            {
                world.Time.Advance(TimeSpan.FromSeconds(21));
                await Task.Delay(Timeout.Infinite, ct);
            }
        };

        await DeclareManyAsync(world, 10);

        Assert.Equal(10, Assert.Single(await world.Records.IncidentsAsync(onlyOpen: true, default)).Scope.Count);
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains("app-07 cannot be read now: it was not read within 20 seconds.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_the_matter_with_many_is_told_of_some_and_the_others_are_named()
    {
        var world = new World();
        world.Cluster.Seen = facts => facts.Ref.Name == "app-20" ? facts : facts with { Blockers = [new(BlockerKind.DenyWindow, "a window is open.", "wait.")] };

        await DeclareManyAsync(world, 40);

        Assert.Equal(12, world.Records.Entries.Count(entry => entry.Text.Contains("does not reconcile although nobody paused it here: a window is open.", StringComparison.Ordinal)));
        var others = Assert.Single(world.Records.Entries, entry => entry.Text.StartsWith("Something is the matter with 27 more as well: app-12, ", StringComparison.Ordinal)).Text;
        Assert.Contains(", app-19, app-21, ", others, StringComparison.Ordinal);
        Assert.Contains("app-39. /gitops status app-12", others, StringComparison.Ordinal);
    }

    /// <summary>Two pieces of advice that say opposite things: without what each is for, whoever is tired does both.</summary>
    [Fact]
    public async Task What_keeps_a_hand_fix_and_what_lets_Git_rule_are_told_apart()
    {
        var world = Shop();
        world.Cluster.Seen = facts => facts.Ref.Name == "shop-b" ? facts : facts with { Blockers = [new(BlockerKind.LastSyncFailed, "The last sync failed.", "A new commit ends that: pause before it comes.")] };

        Assert.Null(await world.SayAsync("bob", "incident", Declare));

        Assert.EndsWith(
            "The last sync failed. To keep a hand fix: A new commit ends that: pause before it comes. To let Git rule: A new commit, or /gitops sync shop-a.",
            Assert.Single(world.Records.Entries, entry => entry.Text.Contains("does not reconcile although nobody paused it here", StringComparison.Ordinal)).Text,
            StringComparison.Ordinal);
    }

    /// <summary>What ends the standstill reverts the hand fix.</summary>
    [Theory]
    [InlineData(BlockerKind.SkipReconcile)]
    [InlineData(BlockerKind.MalformedWindow)]
    public async Task Nobody_is_told_to_end_what_keeps_a_hand_fix_in_order_to_keep_it(BlockerKind kind)
    {
        var world = Shop();
        world.Cluster.Seen = facts => facts.Ref.Name == "shop-b" ? facts : facts with { Blockers = [new(kind, "It does nothing.", "Take it away first.")] };

        Assert.Null(await world.SayAsync("bob", "incident", Declare));

        var told = Assert.Single(world.Records.Entries, entry => entry.Text.Contains("does not reconcile although nobody paused it here", StringComparison.Ordinal)).Text;
        Assert.Contains("To keep a hand fix: Nothing reverts it while", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Take it away first", told, StringComparison.Ordinal);
    }

    public static TheoryData<Flight, SyncFacts, string?> Flights => new()
    {
        { Kim with { SaysBlocked = true }, new() { BlockedByWindow = "window 7 is open." }, "waits behind a sync window" },
        { Kim with { WaitsToRetry = true }, SyncFacts.None, "failed and waits to be tried again" },
        { Kim, SyncFacts.None, null },
    };

    [Theory]
    [MemberData(nameof(Flights))]
    public async Task A_sync_that_waits_to_overwrite_is_told_and_one_at_work_is_not(Flight flight, SyncFacts syncing, string? says)
    {
        var world = Shop();
        world.Cluster.Seen = facts => facts.Ref.Name == "shop-b" ? facts : facts with { Flight = flight, Syncing = syncing };

        Assert.Null(await world.SayAsync("bob", "incident", Declare));

        var told = world.Records.Entries.Where(entry => entry.Text.Contains("has a sync that waits", StringComparison.Ordinal)).ToList();
        Assert.Equal(says is null ? 0 : 1, told.Count);
        Assert.All(told, entry => Assert.StartsWith("shop-a has", entry.Text, StringComparison.Ordinal));
        Assert.All(told, entry => Assert.Contains(says!, entry.Text, StringComparison.Ordinal));
        Assert.All(told, entry => Assert.Contains("/gitops terminate shop-a", entry.Text, StringComparison.Ordinal));
    }

    private static Flight Kim { get; } = new(false, "kim", Some.Now, WaitsToRetry: false, "Running", "it says something", []);

    private static async Task DeclareManyAsync(World world, int many)
    {
        var names = Enumerable.Range(0, many).Select(i => $"app-{i:00}").ToList();
        names.ForEach(name => world.Cluster.Add(name));
        Assert.Null(await world.SayAsync("bob", "incident", $"declare \"all is down\" sev1 apps {string.Join(',', names)}"));
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
