using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>An Argo CD that is taken out of the configuration while something of it is paused broke every round of the worker, in silence.</summary>
public class RemovedInstanceTests
{
    [Fact]
    public async Task A_pause_there_is_not_known_to_hold_and_what_to_do_is_said()
    {
        var world = await World.WithPauseAsync();
        world.RestartWithoutCluster();

        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromSeconds(31));
        await world.WorkAsync();

        Assert.Equal(Hold.NotKnown, world.OnlyLease().Hold);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.NotKnownToHold && entry.Text.Contains("put it back under ArgoCd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pause_there_ends_when_the_instance_is_back_and_not_before()
    {
        var world = await World.WithPauseAsync();
        world.RestartWithoutCluster();

        Assert.Null(await world.SayAsync("alice", "gitops", "resume shop-a"));
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ending, world.OnlyLease().State);
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains("is not resumed yet: No Argo CD named prod is configured", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("status shop-a")]
    [InlineData("diff shop-a")]
    [InlineData("extend shop-a by 10m")]
    [InlineData("pause shop-b for 10m because of hands")]
    public async Task Whatever_is_asked_about_it_is_answered(string command)
    {
        var world = await World.WithPauseAsync();
        world.RestartWithoutCluster();

        var answer = await world.SayAsync("alice", "gitops", command);

        Assert.Contains("No Argo CD named prod is configured any more", string.Join(" ", answer!.Parts.OfType<Part.Paragraph>().Select(part => part.Text)), StringComparison.Ordinal);
    }
}
