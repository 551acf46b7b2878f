using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Incidents;

/// <summary>What engines do with the applications of an incident joins its record, once, at the moment at which it happened.</summary>
public class FollowScopeTests
{
    private const string Completed = "Sync operation to 6ab14242 succeeded";

    [Fact]
    public async Task It_is_written_once_however_often_it_is_told_and_again_only_when_it_happened_again()
    {
        var (world, view) = await WithShopAsync();
        var at = world.Now.AddSeconds(-20);
        view.Happened.Add(new(at, "argocd-application-controller", Completed));
        await LookAsync(world, view);
        await LookAsync(world, view);
        world.Restart();
        await LookAsync(world, view); // another process, which only has the record

        var entry = Assert.Single(Entries(world));
        Assert.Equal((at, "argocd-application-controller", $"shop-a: {Completed}"), (entry.At, entry.By, entry.Text));
        Assert.Equal(world.Now, entry.LearnedAt);

        view.Happened[0] = view.Happened[0] with { At = at.AddMinutes(1), Words = $"{Completed} (2 times by then)" };
        await LookAsync(world, view);
        Assert.Equal(2, Entries(world).Count);
    }

    [Fact]
    public async Task What_came_shortly_before_belongs_to_it_and_what_is_older_does_not()
    {
        var (world, view) = await WithShopAsync();
        view.Happened.AddRange([new(world.Now.AddMinutes(-20), "argocd", "old"), new(world.Now.AddMinutes(-8), "argocd", "the beginning")]);
        await LookAsync(world, view);

        Assert.Equal("shop-a: the beginning", Assert.Single(Entries(world)).Text);
    }

    [Fact]
    public async Task What_comes_late_is_written_late_and_keeps_its_time()
    {
        var (world, view) = await WithShopAsync();
        view.Happened.Add(new(world.Now, "argocd", "second"));
        await LookAsync(world, view);
        view.Happened.Add(new(world.Now.AddSeconds(-5), "argocd", "first"));
        await LookAsync(world, view);

        Assert.Equal(["second", "first"], Entries(world).Select(entry => entry.Text[8..]));
        Assert.True(Entries(world)[0].At > Entries(world)[1].At);
    }

    [Fact]
    public async Task What_flaps_for_hours_does_not_bury_the_record()
    {
        var (world, view) = await WithShopAsync();
        for (var round = 0; round < 60; round++)
        {
            view.Happened.Clear();
            view.Happened.AddRange(Enumerable.Range(0, 20).Select(number => new Happening(world.Now.AddMilliseconds(number), "argocd", $"Updated health status, round {round}.{number}")));
            await LookAsync(world, view);
            world.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(300, Entries(world).Count);
        Assert.Single(world.Records.Entries, entry => entry.Text.Contains("I write no more of them", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_replicas_that_look_at_once_write_it_once()
    {
        var (world, view) = await WithShopAsync();
        view.Happened.Add(new(world.Now, "argocd", Completed));
        var other = new FollowScope(world.Records, world.Files);
        var first = true;
        world.Records.BeforeCommit = async _ =>
        {
            if (first)
            {
                first = false;
                await other.HandleAsync(view, default);
            }
        };
        var follow = new FollowScope(world.Records, world.Files);
        await Assert.ThrowsAsync<StaleRecordException>(() => follow.HandleAsync(view, default));
        await follow.HandleAsync(view, default);

        Assert.Single(Entries(world));
    }

    [Fact]
    public async Task A_closed_incident_hears_nothing_more()
    {
        var (world, view) = await WithShopAsync();
        await world.SayAsync("bob", "incident", "close");
        view.Happened.Add(new(world.Now, "argocd", Completed));
        await LookAsync(world, view);

        Assert.Empty(Entries(world));
    }

    [Fact]
    public async Task One_that_never_answers_keeps_none_after_it_from_its_turn()
    {
        var (world, view) = await WithShopAsync("shop-a", "shop-b", "shop-c");
        view.Happened.Add(new(world.Now, "argocd", Completed));
        view.Telling = application => application.Name == "shop-b" ? ModelCluster.Answer(ClusterAnswerKind.Unavailable) : ClusterAnswer.Ok;
        var follow = new FollowScope(world.Records, world.Files);

        await follow.HandleAsync(view, default);
        Assert.DoesNotContain(Entries(world), entry => entry.Text.StartsWith("shop-c", StringComparison.Ordinal));
        await follow.HandleAsync(view, default);

        Assert.Equal([$"shop-a: {Completed}", $"shop-c: {Completed}"], Entries(world).Select(entry => entry.Text));
    }

    [Fact]
    public async Task A_round_that_is_given_up_keeps_what_was_told_before_and_the_next_goes_on_from_there()
    {
        var (world, view) = await WithShopAsync([.. Enumerable.Range(10, 25).Select(number => $"shop-{number}")]);
        view.Happened.Add(new(world.Now, "argocd", Completed));
        var asked = new List<string>();
        view.Telling = application =>
        {
            asked.Add(application.Name);
            return asked.Count == 23 ? throw new OperationCanceledException() : ClusterAnswer.Ok;
        };
        var follow = new FollowScope(world.Records, world.Files);

        await Assert.ThrowsAsync<OperationCanceledException>(() => follow.HandleAsync(view, default));
        Assert.Equal(20, Entries(world).Count);
        await follow.HandleAsync(view, default);

        Assert.Equal("shop-33", asked[23]);
        Assert.Equal(25, Entries(world).Count);
    }

    private static async Task<(World World, ModelView View)> WithShopAsync(params string[] applications)
    {
        var world = new World();
        var names = applications.Length > 0 ? applications : ["shop-a"];
        foreach (var name in names)
        {
            world.Cluster.Add(name);
        }

        await world.SayAsync("bob", "incident", $"declare \"checkout is down\" sev1 operator @alice apps {string.Join(',', names)}");
        return (world, new ModelView(world.Cluster));
    }

    private static Task LookAsync(World world, ModelView view) => new FollowScope(world.Records, world.Files).HandleAsync(view, default);

    private static List<TimelineEntry> Entries(World world) => [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.EngineActed)];
}
