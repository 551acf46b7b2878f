using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Operations;

public class OperationCardTests
{
    [Fact]
    public async Task It_says_who_what_why_until_when_and_by_which_rule()
    {
        var world = await World.WithIncidentAsync();
        var card = OperationCard.Of(Some.Operation(), world.Reception, ChatPlatform.Slack, Some.Now, []);
        var small = string.Join('\n', card.Parts.OfType<Part.Footnote>().Select(part => part.Text));
        Assert.Contains("Rule pause-shop of policy 7", small, StringComparison.Ordinal);
        Assert.Contains("chatops:on-call", small, StringComparison.Ordinal);
        var said = string.Join('\n', card.Parts.OfType<Part.Facts>().SelectMany(part => part.Rows).Select(row => $"{row.Label}: {row.Value}"))
            + string.Join('\n', card.Parts.OfType<Part.Verbatim>().Select(part => part.Value));

        foreach (var word in new[] { "@U-alice", "the rollback needs hands", "2026-11-23 02:45 UTC", "prod/argocd/shop", "needs one approval by commander", "/spec/syncPolicy/automated/enabled: (not set) -> false" })
        {
            Assert.Contains(word, said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_project_that_could_not_be_read_is_said_where_its_windows_would_be() =>
        Assert.Contains(
            OperationCard.Notices(Some.Facts() with { UnreadProjects = ["shop"] }, Some.Plan()),
            notice => notice.ToString().StartsWith("Project shop could not be read", StringComparison.Ordinal));

    [Fact]
    public async Task Who_denied_or_withdrew_it_is_said_once()
    {
        var world = await World.WithIncidentAsync();
        Some.Operation(OperationState.AwaitingApproval).Deny("carol", eligible: true, "not now", Some.Now, out var denied);
        Some.Operation(OperationState.AwaitingApproval).Withdraw("alice", Some.Now, out var withdrawn);

        Assert.Equal("denied by carol: not now", StateOf(denied));
        Assert.Equal("withdrawn by alice", StateOf(withdrawn));

        string StateOf(Operation operation) => OperationCard.Of(operation, world.Reception, ChatPlatform.Slack, Some.Now, [])
            .Parts.OfType<Part.Facts>().SelectMany(part => part.Rows).Single(row => row.Label == "State").Value.ToString();
    }

    [Fact]
    public async Task Each_approver_is_asked_by_a_message_with_buttons_of_its_own_and_the_requester_is_not()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 20m because the rollback needs hands");
        await world.PostAllAsync();

        var asked = world.Chat.Said.Where(said => said.What == "post" && said.Where.StartsWith('D')).ToList();

        Assert.Equal(["DU-bob", "DU-carol"], asked.Select(said => said.Where).Order());
        var tokens = asked.SelectMany(said => said.Card.Parts.OfType<Part.Buttons>()).SelectMany(part => part.Row).Select(button => button.Token).ToList();
        Assert.Equal(4, tokens.Distinct().Count());
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(null, false)]
    public void Missing_rights_in_the_cluster_are_said_before_anybody_approves(bool? covered, bool said) =>
        Assert.Equal(said, OperationCard.CoverageNotice(covered, "chatops:on-call").Any(notice => notice.ToString().Contains("RBAC", StringComparison.Ordinal)));

    [Theory]
    [InlineData(38, "when I looked, the next revert was due in 38 seconds, at 2026-11-23 02:00 UTC")]
    [InlineData(130, "when I looked, the next revert was due in 2 minutes 10 seconds, at 2026-11-23 02:02 UTC")]
    [InlineData(2, "reverts a hand change within a second")]
    [InlineData(null, "reverts a hand change within a second")]
    public void When_a_hand_change_would_be_reverted_is_said_to_the_second(int? due, string said) =>
        Assert.Contains(said, OperationCard.Notices(Some.Facts() with { NextRevert = due is { } seconds ? Some.Now.AddSeconds(seconds) : null }, Some.Plan()).First().ToString(), StringComparison.Ordinal);

    /// <summary>What becomes of it the plan says: one that came after the plan was made is not ended by it.</summary>
    [Theory]
    [InlineData(true, "The pause ends it")]
    [InlineData(false, "The pause does not end it, and it can still overwrite hand changes")]
    public void An_operation_that_can_still_overwrite_hand_changes_is_said(bool wasThere, string said)
    {
        var retrying = Some.Facts() with { Flight = new(true, "argocd", null, true, "Running", "", []) };

        var notice = Assert.Single(OperationCard.Notices(retrying, Some.PlanOf(wasThere ? retrying : Some.Facts())), notice => notice.ToString().Contains("waiting to be tried again", StringComparison.Ordinal));
        Assert.Contains(said, notice.ToString(), StringComparison.Ordinal);
    }
}
