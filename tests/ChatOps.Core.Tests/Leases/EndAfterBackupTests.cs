using ChatOps.Core.Leases;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>An extension that the backup does not know: the pause was resumed by the older end, and the hand changes were lost.</summary>
public class EndAfterBackupTests
{
    [Fact]
    public async Task An_extension_that_only_the_object_knows_counts()
    {
        var world = await RestoredAsync(extended: TimeSpan.FromMinutes(20));

        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal((LeaseState.Active, false), (world.OnlyLease().State, world.OnlyLease().FromBackup));
        Assert.Equal(world.Now + TimeSpan.FromMinutes(20), world.OnlyLease().Deadline);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.TakenOver && entry.Text.Contains("extended after the backup", StringComparison.Ordinal));

        world.Time.Advance(TimeSpan.FromMinutes(21));
        await world.WorkAsync();
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task It_counts_no_further_than_the_rule_allowed()
    {
        var world = await RestoredAsync(extended: TimeSpan.FromDays(30));

        await world.WorkAsync();

        Assert.Equal(world.OnlyLease().Latest, world.OnlyLease().Deadline);
    }

    /// <summary>A pause that two incidents hold has one mark, with the end of the one that it names.</summary>
    [Fact]
    public async Task The_end_of_another_incident_counts_for_nothing()
    {
        var world = await RestoredAsync(extended: TimeSpan.FromMinutes(20));
        var one = world.Cluster.All.First();
        world.Cluster[one.Ref] = one with { Mark = one.Mark! with { Incident = 2 } };
        var deadline = world.OnlyLease().Deadline;

        await world.WorkAsync();

        Assert.Equal((deadline, false), (world.OnlyLease().Deadline, world.OnlyLease().FromBackup));
    }

    [Fact]
    public async Task Without_one_it_ends_as_the_books_say()
    {
        var world = await RestoredAsync(extended: null);

        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Text.Contains("extended after the backup", StringComparison.Ordinal));
    }

    /// <summary>A minute past the end that the backup knows.</summary>
    private static async Task<World> RestoredAsync(TimeSpan? extended)
    {
        var world = await World.WithPauseAsync(rule => rule.AtDeadline = AtDeadline.Resume);
        await world.Records.CommitAsync(new Changes().Save(world.OnlyLease() with { FromBackup = true }), default);
        world.Time.Advance(TimeSpan.FromMinutes(31));
        var one = world.Cluster.All.First();
        world.Cluster[one.Ref] = extended is { } by ? one with { Mark = one.Mark! with { ExpiresAt = world.Now + by } } : one;
        return world;
    }
}
