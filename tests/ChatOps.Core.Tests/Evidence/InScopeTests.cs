using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>What hands do in an application of an incident while no override of ours keeps it: all of it, and none of it twice.</summary>
public class InScopeTests
{
    private static readonly Drift Mode = new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now.AddSeconds(-5));
    private static readonly Drift Away = new("", "the whole resource", null, DriftClass.Deleted, null, null);

    [Fact]
    public async Task What_never_rests_is_told_a_hundred_times_and_hides_no_other_application()
    {
        var world = await World.WithIncidentAsync();
        for (var number = 0; number < 105; number++)
        {
            await LookAsync(world, "shop-b", Mode with { Live = $"value {number}" });
        }

        Assert.Equal(100, Entries(world).Count(entry => entry.Text.StartsWith("Changed by hand in shop-b:", StringComparison.Ordinal)));
        Assert.Single(Entries(world), entry => entry.Text.StartsWith("I write no more of what hands change in shop-b", StringComparison.Ordinal));

        await LookAsync(world, "shop-a", Mode);
        Assert.Contains("Changed by hand in shop-a:", Entries(world)[^1].Text, StringComparison.Ordinal);
        await LookAsync(world, "shop-b", first: true, Mode with { Live = "before it came into scope" });
        Assert.Contains("live before it came into scope", Entries(world)[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_moment_is_told_again_when_it_was_otherwise_between()
    {
        var world = await World.WithIncidentAsync();
        await LookAsync(world, "shop-a", Away);
        await LookAsync(world, "shop-a", Away);
        Assert.Single(Entries(world));
        world.Restart();
        await LookAsync(world, "shop-a", Away); // what the record says counts
        Assert.Single(Entries(world));

        await LookAsync(world, "shop-a");
        await LookAsync(world, "shop-a", Away);
        Assert.Equal(2, Entries(world).Count);

        world.View.NotRead.Add(("ConfigMap", "shop", "shop-a-config"));
        await LookAsync(world, "shop-a"); // not read is not gone
        await LookAsync(world, "shop-a", Away);
        Assert.Equal(2, Entries(world).Count);
    }

    [Fact]
    public async Task What_is_deleted_again_and_again_is_told_a_hundred_times_too()
    {
        var world = await World.WithIncidentAsync();
        for (var number = 0; number < 105; number++)
        {
            await LookAsync(world, "shop-a", Away);
            await LookAsync(world, "shop-a");
        }

        Assert.Equal(100, Entries(world).Count(entry => entry.Text.StartsWith("Deleted in shop-a, by whom or what is not known:", StringComparison.Ordinal)));
        Assert.Single(Entries(world), entry => entry.Text.StartsWith("I write no more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_in_no_scope_any_more_is_remembered_no_longer()
    {
        var world = await World.WithIncidentAsync();
        await LookAsync(world, "shop-a", Away);
        await LookAsync(world, "shop-a");

        world.Evidence.ForgetAllBut(new HashSet<(int, ApplicationRef)>());
        await LookAsync(world, "shop-a", Away);

        Assert.Single(Entries(world));
    }

    [Fact]
    public async Task What_hands_do_under_an_override_that_somebody_took_is_told_too()
    {
        var world = await World.WithPauseAsync();
        await LookAsync(world, "shop-a", Mode);
        Assert.Empty(Entries(world)); // the pause looks after it
        await world.Records.CommitAsync(new Changes().Save(world.OnlyLease().Overtake("kubectl", Hold.OffByOthers, world.Now)), default);

        await LookAsync(world, "shop-a", Mode);

        Assert.Single(Entries(world));
    }

    private static Task LookAsync(World world, string name, params Drift[] drifts) => LookAsync(world, name, first: false, drifts);

    private static async Task LookAsync(World world, string name, bool first, params Drift[] drifts)
    {
        world.View.Drifts = drifts.Length == 0 ? [] : [new("ConfigMap", "shop", "shop-a-config", drifts)];
        Assert.True(await world.Evidence.InScopeAsync(1, world.Cluster.All.Single(one => one.Ref.Name == name).Ref, first, default));
    }

    private static List<TimelineEntry> Entries(World world) => [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.HandChanged)];
}
