using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Operations;

public class ShorteningTests
{
    [Fact]
    public async Task Whoever_agreed_to_more_agreed_to_less_so_the_next_vote_runs_it_for_the_shorter_time()
    {
        var world = await World.WithIncidentAsync(rule => rule.Approvals!.Count = 2);
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because the rollback needs hands");
        Assert.Null(await world.PressAsync("carol", ChoiceKind.Approve));

        Assert.Null(await world.SayAsync("alice", "gitops", "pause shop-a for 20m because the rollback needs hands"));
        Assert.Equal(["carol"], world.OnlyOperation().Approvals.Select(vote => vote.Person));
        Assert.EndsWith("for 20 minutes. The vote stays.", world.Records.Entries[^1].Text, StringComparison.Ordinal);
        Assert.Null(await world.PressAsync("bob", ChoiceKind.Approve));
        await world.WorkAsync();

        Assert.Equal(world.Now.AddMinutes(20), world.OnlyLease().Deadline);
    }

    [Fact]
    public async Task Another_reason_is_not_taken_under_the_votes_and_that_is_said()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because the rollback needs hands");

        await world.SayAsync("alice", "gitops", "pause shop-a for 20m because I feel like it");

        Assert.Equal("the rollback needs hands", world.OnlyOperation().Reason);
        Assert.EndsWith("for 20 minutes. The reason stays what it was: the rollback needs hands", world.Records.Entries[^1].Text, StringComparison.Ordinal);
    }

    /// <summary>A pause of one application says nothing about a namespace, nor about what is deployed.</summary>
    [Fact]
    public async Task Less_of_one_application_is_not_less_of_its_namespace()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause ns:shop for 60m because the rollback needs hands");

        Assert.Equal(RefusalKind.StillOpen.Title(), (await world.SayAsync("alice", "gitops", "pause shop-a for 5m because the rollback needs hands"))?.Title);

        Assert.Equal(TimeSpan.FromMinutes(60), world.OnlyOperation().Duration);
    }

    [Theory]
    [InlineData("alice", "60m")]
    [InlineData("alice", "90m")]
    [InlineData("anna", "20m")]
    public async Task Asking_for_as_much_or_more_or_for_less_in_anothers_name_changes_nothing(string person, string time)
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because the rollback needs hands");

        Assert.Equal(RefusalKind.StillOpen.Title(), (await world.SayAsync(person, "gitops", $"pause shop-a for {time} because the rollback needs hands"))?.Title);

        Assert.Equal((OperationState.AwaitingApproval, TimeSpan.FromMinutes(60)), (world.OnlyOperation().State, world.OnlyOperation().Duration));
        Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.Requested);
    }
}
