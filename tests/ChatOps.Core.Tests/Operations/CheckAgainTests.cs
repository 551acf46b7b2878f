using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Operations;

public class CheckAgainTests
{
    [Fact]
    public async Task A_vote_of_somebody_who_lost_the_role_falls()
    {
        var world = await ApprovedAsync();
        world.Chat.Groups["G-commander"].Remove("U-carol");

        await world.WorkAsync();

        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
        Assert.Empty(world.OnlyOperation().Approvals);
        Assert.Empty(world.Cluster.Effects);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.VotesFell);
    }

    /// <summary>An automatic operation comes and goes by itself: votes must not fall with it, and none is ended that nobody read about.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_operation_that_came_or_went_since_does_not_make_another_plan(bool came)
    {
        var world = await World.WithIncidentAsync();
        var shop = world.Cluster.All.First(one => one.Ref.Name == "shop-a");
        var retrying = shop with { Flight = new(true, "auto-sync", world.Now, true, "Running", "", []) };
        world.Cluster[shop.Ref] = came ? shop : retrying;
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        world.Cluster[shop.Ref] = came ? retrying : shop;
        await world.PressAsync("carol", ChoiceKind.Approve);

        await world.WorkAsync();

        Assert.Equal(OperationState.Succeeded, world.OnlyOperation().State);
        Assert.Equal(!came, PausePlan.EndsOperation(world.OnlyOperation().Plan));
    }

    [Fact]
    public async Task A_requester_who_lost_the_role_is_refused()
    {
        var world = await ApprovedAsync();
        world.Chat.Groups["G-on-call"].Remove("U-alice");

        await world.WorkAsync();

        Assert.Equal(OperationState.Refused, world.OnlyOperation().State);
        Assert.Empty(world.Cluster.Effects);
    }

    /// <summary>It went on as the user of a role that the requester no longer held.</summary>
    [Fact]
    public async Task When_another_role_s_rule_speaks_now_the_votes_fall_and_the_operation_acts_as_that_role()
    {
        var world = await ApprovedAsync();
        world.Chat.Groups["G-on-call"].Remove("U-alice");
        world.Chat.Groups["G-platform"].Add("U-alice");
        world.Restart(policy =>
        {
            policy.Roles.Single(role => role.Name == "platform").KubernetesUser = "chatops:platform";
            policy.Rules[0].Roles.Add("platform");
        });

        await world.WorkAsync();

        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
        Assert.Equal("chatops:platform", world.OnlyOperation().Authority.KubernetesUser);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal("chatops:platform", Assert.Single(world.Cluster.Effects).User);
    }

    /// <summary>The votes fell, but the old rule went on to count the new ones.</summary>
    [Fact]
    public async Task After_an_edit_of_the_policy_people_decide_again_under_the_new_rule()
    {
        var world = await ApprovedAsync();
        world.Restart(policy =>
        {
            policy.Version = "8";
            policy.Rules[0].Approvals!.Count = 2;
        });

        await world.WorkAsync();
        await world.PressAsync("carol", ChoiceKind.Approve);

        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
        Assert.Equal(2, world.OnlyOperation().Authority.ApprovalsNeeded);
        await world.PressAsync("bob", ChoiceKind.Approve);
        Assert.Equal(OperationState.Approved, world.OnlyOperation().State);
    }

    /// <summary>It waited for an approval that nobody could give, until it expired.</summary>
    [Fact]
    public async Task A_request_that_needs_nobody_follows_a_target_that_moved()
    {
        var world = await World.WithIncidentAsync(rule => (rule.Approvals, rule.WithoutApproval, rule.EmergencySelfApproval) = (null, true, null));
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        var application = world.Cluster.All.First();
        world.Cluster[application.Ref] = application with { Automated = """{"selfHeal":true}""" };

        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(OperationState.Succeeded, world.OnlyOperation().State);
        Assert.Single(world.Cluster.Effects);
    }

    [Fact]
    public async Task A_target_that_moved_makes_the_votes_fall_and_an_old_button_counts_for_nothing()
    {
        var world = await ApprovedAsync();
        var old = world.Records.Choices.Last(choice => choice.Kind == ChoiceKind.Approve);
        var application = world.Cluster.All.First();
        world.Cluster[application.Ref] = application with { Automated = """{"selfHeal":true}""" };
        await world.WorkAsync();

        var answer = await world.PressAsync("bob", old);

        Assert.Equal(RefusalKind.PlanMoved.Title(), answer?.Title);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    /// <summary>The card of the new plan went on telling what had been found when the first was made.</summary>
    [Fact]
    public async Task When_the_votes_fall_the_card_tells_what_was_found_about_the_new_plan()
    {
        var world = await World.WithIncidentAsync();
        var application = world.Cluster.All.First();
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        Assert.DoesNotContain("An automatic sync is running", Small(world), StringComparison.Ordinal);
        world.Cluster[application.Ref] = application with { Automated = """{"selfHeal":true}""", Flight = new(true, "auto-sync", world.Now, false, "Running", "", []) };
        world.Cluster.Covers = false;

        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Contains("An automatic sync is running. The pause ends it", Small(world), StringComparison.Ordinal);
        Assert.Contains("The cluster's RBAC does not let chatops:on-call patch this application", Small(world), StringComparison.Ordinal);
        Assert.True(PausePlan.EndsOperation(world.OnlyOperation().Plan));
    }

    [Fact]
    public async Task Roles_that_cannot_be_read_make_it_wait_and_nothing_is_said_of_it()
    {
        var world = await ApprovedAsync();
        await world.PostAllAsync();
        var entries = world.Records.Entries.Count;
        world.Chat.DirectorySilent = true;

        await world.WorkAsync();

        Assert.Equal(OperationState.Approved, world.OnlyOperation().State);
        Assert.NotNull(world.OnlyOperation().NextAttemptAt);
        Assert.Equal(entries, world.Records.Entries.Count);
        Assert.DoesNotContain(world.Records.Outbox, post => post.Post is Outgoing.Say { Where: Where.ToPerson });
    }

    /// <summary>It was said to stay paused until a moment that had passed.</summary>
    [Fact]
    public async Task An_extension_to_a_moment_that_has_passed_is_refused()
    {
        var world = await World.WithPauseAsync();
        world.Time.Advance(TimeSpan.FromMinutes(25));
        await world.SayAsync("alice", "gitops", "extend shop-a by 1m");
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.PressAsync("carol", ChoiceKind.Approve);

        await world.WorkAsync();

        Assert.Equal(OperationState.Refused, world.NewestOperation().State);
    }

    [Fact]
    public async Task An_extension_of_a_pause_that_is_being_resumed_is_refused()
    {
        var world = await World.WithPauseAsync();
        await world.SayAsync("alice", "gitops", "extend shop-a by 30m");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.SayAsync("alice", "gitops", "resume shop-a");

        await world.WorkAsync();

        Assert.Equal(OperationState.Refused, world.NewestOperation().State);
        Assert.DoesNotContain(world.Cluster.Effects, effect => effect.What == "extend");
    }

    /// <summary>Commanders were asked at night about what could only be refused, and the incident could not close over it.</summary>
    [Fact]
    public async Task Nobody_is_asked_any_more_to_extend_a_pause_that_is_resumed()
    {
        var world = await World.WithPauseAsync();
        await world.SayAsync("alice", "gitops", "extend shop-a by 30m");
        await world.WorkAsync();
        Assert.Equal(OperationState.AwaitingApproval, world.NewestOperation().State);
        await world.SayAsync("alice", "gitops", "resume shop-a");

        await world.WorkAsync();
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(OperationState.Refused, world.NewestOperation().State);
        Assert.Empty(world.Chat.Said.Last(said => said.Card.Title == "Extend the pause of shop-a").Card.Parts.OfType<Part.Buttons>());
        Assert.Null(await world.SayAsync("bob", "incident", "close"));
    }

    /// <summary>The small print of the operation's card in the thread, as it was last said.</summary>
    private static string Small(World world) => string.Join('\n', world.Chat.Said
        .Last(said => said.Card.Title.StartsWith("Pause shop-a", StringComparison.Ordinal)).Card.Parts.OfType<Part.Footnote>().Select(part => part.Text));

    private static async Task<World> ApprovedAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        return world;
    }
}
