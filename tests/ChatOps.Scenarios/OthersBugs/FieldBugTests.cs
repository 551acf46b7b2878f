using ChatOps.Core.Operations;
using ChatOps.Core.Timeline;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Scenarios.Clicks;

namespace ChatOps.Scenarios.OthersBugs;

/// <summary>Bugs that other systems of this kind had, by their number in the list that was harvested from their trackers.</summary>
public sealed class FieldBugTests(Building building) : IClassFixture<Building>
{
    [Fact]
    public async Task Bug02_A_decision_elsewhere_takes_the_buttons_from_every_card()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var (bobs, carols) = (await room.QuestionToAsync("bob"), await room.QuestionToAsync("carol"));

        await room.PressAsync("bob", bobs, "Approve");
        await room.OperationIsAsync(OperationState.Succeeded);

        await HasNoButtonAsync(room, room.View, card.Ts);
        await HasNoButtonAsync(room, building.Slack.DirectWith("bob"), bobs.Ts);
        await HasNoButtonAsync(room, building.Slack.DirectWith("carol"), carols.Ts);
        await room.ResumeAsync();
    }

    [Fact]
    public async Task Bug02_A_request_whose_time_is_over_has_no_button_left()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var bobs = await room.QuestionToAsync("bob");
        building.Clock.Advance(TimeSpan.FromMinutes(31));
        await room.OperationIsAsync(OperationState.Expired);

        await HasNoButtonAsync(room, room.View, card.Ts);
        await HasNoButtonAsync(room, building.Slack.DirectWith("bob"), bobs.Ts);
    }

    [Fact]
    public async Task Bug03_An_unauthorized_clicker_gets_an_answer()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();

        await room.PressAsync("dave", card, "Approve");

        await room.ToldAsync("dave", "belongs to nobody in my configuration");
        await WithdrawAsync(room);
    }

    [Fact]
    public async Task Bug04_An_empty_group_means_nobody_may_approve()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var group = building.Slack.Group("commanders");
        building.Slack.Change(group with { Users = [] });

        await room.PressAsync("bob", card, "Approve");
        await room.ToldAsync("bob", "you do not hold it now");
        building.Slack.Change(group);

        Assert.Equal(OperationState.AwaitingApproval, (await room.OperationAsync()).State);
        await WithdrawAsync(room);
    }

    [Fact]
    public async Task Bug06_A_late_click_does_not_overwrite_who_decided()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        await room.PressAsync("bob", card, "Approve");
        await room.OperationIsAsync(OperationState.Succeeded);
        await Effects.QuietAsync(room);

        await room.PressAsync("carol", card, "Deny …");

        await room.ToldAsync("carol", "This was approved already by bob.");
        await Effects.QuietAsync(room);
        Assert.Contains("approved by Bob Brown", Words.Of(room.View.Find(card.Ts)!), StringComparison.Ordinal);
        Assert.Null(room.Carol.Dialogs.Top);
        await room.ResumeAsync();
    }

    [Fact]
    public async Task Bug07_Whoever_looks_like_an_approver_by_name_and_address_is_nobody()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var (bob, dave) = (building.Slack.User("bob"), building.Slack.User(Building.Dave));
        building.Slack.Change(bob with { Name = "bob.brown" });
        building.Slack.Change(dave with { Name = bob.Name, RealName = bob.RealName, TimeZone = bob.TimeZone });
        Assert.Equal(bob.Email, building.Slack.User(Building.Dave).Email);

        await room.PressAsync(Building.Dave, card, "Approve");
        await room.ToldAsync(Building.Dave, "belongs to nobody in my configuration");
        building.Slack.Change(dave);
        building.Slack.Change(bob);

        Assert.Empty((await room.OperationAsync()).Approvals);
        await WithdrawAsync(room);
    }

    [Fact]
    public async Task Bug08_An_approver_taken_from_the_group_after_the_request_does_not_count()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var group = building.Slack.Group("commanders");
        building.Slack.Change(group with { Users = [.. group.Users.Where(user => user != building.Slack.User("bob").Id)] });

        await room.PressAsync("bob", card, "Approve");
        await room.ToldAsync("bob", "you do not hold it now");
        building.Slack.Change(group);

        Assert.Empty((await room.OperationAsync()).Approvals);
        await WithdrawAsync(room);
    }

    [Fact]
    public async Task Bug08_A_second_account_of_the_requester_approves_nothing_even_from_the_group()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var (dave, group) = (building.Slack.User(Building.Dave), building.Slack.Group("commanders"));
        building.Slack.Change(dave with { Name = "alice.adler", RealName = "Alice Adler" });
        building.Slack.Change(group with { Users = [.. group.Users, Building.Dave] });

        await room.PressAsync(Building.Dave, card, "Approve");
        await room.ToldAsync(Building.Dave, "belongs to nobody in my configuration");
        building.Slack.Change(group);
        building.Slack.Change(dave);

        Assert.Empty((await room.OperationAsync()).Approvals);
        await WithdrawAsync(room);
    }

    [Fact]
    public async Task Bug09_An_approval_after_the_deadline_of_the_request_does_nothing()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var patches = building.Patches.Count;
        building.Clock.Advance(TimeSpan.FromMinutes(30));

        await room.PressAsync("bob", card, "Approve");

        await room.OperationIsAsync(OperationState.Expired);
        Assert.Equal(patches, building.Patches.Count);
        await room.ToldAsync("bob", "nothing was done");
    }

    [Fact]
    public async Task Bug15_A_pause_is_never_self_heal_alone()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        await room.PressAsync("bob", card, "Approve");
        await room.OperationIsAsync(OperationState.Succeeded);

        var automated = building.Cluster.Find("applications", "argocd", "checkout")!["spec"]!["syncPolicy"]!["automated"]!;
        Assert.False((bool)automated["enabled"]!);
        Assert.True((bool)automated["selfHeal"]!);
        await room.ResumeAsync();
    }

    [Fact]
    public async Task Bug14_What_was_there_before_the_pause_is_there_after_it()
    {
        var room = building.NewRoom();
        var before = building.Cluster.Find("applications", "argocd", "checkout")!["spec"]!.ToJsonString();
        var card = await room.BeginAsync();
        await room.PressAsync("bob", card, "Approve");
        await room.OperationIsAsync(OperationState.Succeeded);
        await room.ResumeAsync();

        Assert.Equal(before, building.Cluster.Find("applications", "argocd", "checkout")!["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task Bug11_Each_write_names_its_own_role_and_person()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        building.Cluster.Requests.Clear();
        await room.PressAsync("bob", card, "Approve");
        await room.OperationIsAsync(OperationState.Succeeded);
        await room.ResumeAsync();

        Assert.All(building.Patches, patch => Assert.Equal("chatops:on-call", patch.ImpersonatedUser));
        Assert.Equal("alice@example.com", Assert.Single(building.Patches[0].Extra).Value[0]);
        Assert.DoesNotContain(building.Cluster.Requests.All, request => request.ImpersonatedUser is not null && request.Method != "PATCH");
    }

    [Fact]
    public async Task Bug19_A_reason_of_thousands_of_characters_is_shown_within_the_limits_of_the_platform()
    {
        var room = building.NewRoom();
        await room.DeclareAsync();

        await room.Alice.CommandAsync("/gitops", $"pause checkout for 30m because {new string('x', 2900)} & <b>", room.Channel);

        await room.EventuallyAsync(() => Task.FromResult(room.TryCard() is not null || room.Told("alice").Count > 0), done => done, _ => "a card or an answer");
        Assert.All(building.Slack.Calls, call => Assert.NotEqual("invalid_blocks", call.Error));
        Assert.Empty(building.Slack.Complaints);
        if (room.TryCard() is not null)
        {
            await WithdrawAsync(room);
        }
    }

    /// <summary>The card is edited a moment after the decision.</summary>
    private static async Task HasNoButtonAsync(Room room, ChannelView where, string card)
    {
        await Effects.QuietAsync(room);
        Assert.DoesNotContain("Approve", Words.Of(where.Find(card)!), StringComparison.Ordinal);
    }

    private static async Task WithdrawAsync(Room room)
    {
        await room.PressAsync("alice", await room.CardAsync(), "Withdraw");
        await room.OperationIsAsync(OperationState.Withdrawn);
        Assert.DoesNotContain(await room.Building.Records.TimelineAsync(room.Number, Room.Ct), entry => entry.Kind == TimelineKind.Paused);
    }
}
