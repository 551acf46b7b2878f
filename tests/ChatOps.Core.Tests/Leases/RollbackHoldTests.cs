using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>The end of a rollback hold: what it brings back is said first, and nobody is spared the question by a deadline.</summary>
public class RollbackHoldTests
{
    private const string Bad = "3333333333333333333333333333333333333333";
    private const string Good = "2222222222222222222222222222222222222222";
    private const string Revert = "4444444444444444444444444444444444444444";
    private static readonly Drift Mode = new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now.AddSeconds(-5));

    [Fact]
    public async Task A_resume_says_first_that_the_release_comes_back_and_whose_it_is_and_wants_a_second_press()
    {
        var world = await HeldAsync();
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        var asked = Asked(world);
        Assert.Contains("What was rolled back from comes back: Git still says 33333333", asked.Summary, StringComparison.Ordinal);
        Assert.Contains("1 commit more, the newest first: 33333333 by Dana Dev as it says itself, “faster checkout”.", asked.Summary, StringComparison.Ordinal);
        Assert.Contains("revert it in Git first, or press.", asked.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("changed by hand", asked.Summary, StringComparison.Ordinal);
        Assert.Equal("Resume and deploy it", Assert.Single(asked.Parts.OfType<Part.Buttons>().Single().Row).Label);
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);

        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task Once_the_revert_is_in_git_it_is_resumed_without_a_question()
    {
        var world = await HeldAsync();
        Git(world, Revert, SyncState.Synced);

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task A_push_since_it_was_shown_is_shown_before_anything_is_deployed()
    {
        var world = await HeldAsync();
        await world.SayAsync("alice", "gitops", "resume shop-a");
        Git(world, Revert, SyncState.OutOfSync);

        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        await world.PostAllAsync();
        Assert.Contains(world.Chat.Said, said => said.Card.Summary.Contains("It was changed again since it was shown; nothing was done. Something else comes: Git says 44444444", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hand_changes_and_the_release_are_one_question()
    {
        var world = await HeldAsync();
        world.View.Drifts = [new("ConfigMap", "shop", "shop-a-config", [Mode])];
        await world.SayAsync("alice", "gitops", "resume shop-a");

        var asked = Asked(world);
        Assert.Contains("What was rolled back from comes back", asked.Summary, StringComparison.Ordinal);
        Assert.Contains("make 1 field as Git says that was changed by hand", asked.Summary, StringComparison.Ordinal);
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task Where_the_rule_wants_somebody_else_they_agree_to_the_release()
    {
        var world = await HeldAsync(OverwritingNeeds.Approval);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);

        await world.PressAsync("bob", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();

        Assert.Equal((LeaseState.Ended, "alice"), (world.OnlyLease().State, world.OnlyLease().EndedBy));
        Assert.Contains(world.Records.Entries, entry => entry is { Kind: TimelineKind.Approved, By: "bob" } && entry.Text.Contains("that shop-a is resumed: Argo CD deploys what Git says", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_rule_wants_it_in_git_there_is_no_button_and_the_ways_out_are_said()
    {
        var world = await HeldAsync(OverwritingNeeds.InGit);
        await world.SayAsync("alice", "gitops", "resume shop-a");

        var asked = Asked(world);
        Assert.Contains("wants Git to say first what runs. Revert it there, then refresh shop-a", asked.Summary, StringComparison.Ordinal);
        Assert.Empty(asked.Parts.OfType<Part.Buttons>());
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_neither_git_nor_the_engine_tells_is_not_known_and_asked_for_like_the_release(bool clusterSilent)
    {
        var world = await HeldAsync();
        world.Branches[(World.Repository, "main")] = new BranchLook.Silent("the repository does not answer", "");
        world.Cluster.Seen = facts => Now(facts, SyncState.Unknown) with { Syncing = Now(facts, SyncState.Unknown).Syncing with { Revisions = [] } };
        if (clusterSilent)
        {
            world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Unavailable);
        }

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.Contains(clusterSilent ? "What Git says now is not known (the cluster says Unavailable)" : "not known (the repository does not answer), so what was rolled back from (33333333) may come back", Asked(world).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_engine_was_silent_about_another_one_in_that_round_neither_ends_unasked()
    {
        var world = await HeldAsync(atDeadline: AtDeadline.Resume);
        world.Cluster.Seen = facts => facts with { Syncing = new() { Revisions = [Bad], History = [new(8, [Bad], null, "{}", false), new(7, [Good], null, "{}", false)] } };
        Assert.Null(await world.SayAsync("alice", "gitops", "rollback shop-b for 30m because the release is bad"));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        world.ControllerAnswers();
        await world.WorkAsync();
        await world.WorkAsync();
        Git(world, Bad, SyncState.OutOfSync);
        Assert.Equal(2, (await world.Records.UnsettledLeasesAsync(default)).Count(lease => lease is { Kind: LeaseKind.RollbackHold, State: LeaseState.Active }));
        world.View.IsSilent = true;

        world.Time.Advance(TimeSpan.FromMinutes(31));
        await world.WorkAsync();
        world.View.IsSilent = false;
        await world.WorkAsync();

        Assert.All(await world.Records.LeasesAsync(1, default), lease => Assert.Equal((LeaseState.Active, 1), (lease.State, lease.Escalations)));
    }

    [Theory]
    [InlineData(AtDeadline.Resume, "Its rule ends it by itself, and not while Git says something else than what runs. What was rolled back from comes back: Git still says 33333333")]
    [InlineData(AtDeadline.Escalate, "What was rolled back from comes back: Git still says 33333333")]
    public async Task At_the_deadline_people_are_asked_whatever_the_rule_says_until_git_has_the_revert(AtDeadline atDeadline, string words)
    {
        var world = await HeldAsync(atDeadline: atDeadline);
        world.Time.Advance(TimeSpan.FromMinutes(31));
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal((LeaseState.Active, 1), (world.OnlyLease().State, world.OnlyLease().Escalations));
        var said = Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.DeadlinePassed).Text;
        Assert.Contains("is still kept at what it was rolled back to, past its end", said, StringComparison.Ordinal);
        Assert.Contains(words, said, StringComparison.Ordinal);
        Assert.Contains("So people decide: resume shop-a or extend shop-a by 30m", said, StringComparison.Ordinal);

        Git(world, Revert, SyncState.Synced);
        world.Time.Advance(TimeSpan.FromMinutes(11));
        await world.WorkAsync();
        await world.WorkAsync();
        Assert.Equal(atDeadline == AtDeadline.Resume ? LeaseState.Ended : LeaseState.Active, world.OnlyLease().State);
    }

    [Fact]
    public async Task The_owner_reads_before_the_end_that_it_may_not_end_by_itself()
    {
        var world = await HeldAsync(atDeadline: AtDeadline.Resume);
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Contains(world.Chat.Said, said => Words(said.Card).Contains("while Git says something else than what runs, I ask more people instead", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pause_that_joined_it_and_is_the_last_one_asks_the_same()
    {
        var world = await HeldAsync();
        await world.SayAsync("bob", "incident", "declare \"search is slow\" sev2 operator @alice apps shop-a");
        await world.PostAllAsync();
        await world.SayAsync("anna", "gitops", "pause shop-a for 1h because search needs it still", await ThreadAsync(world, 2));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.SayAsync("alice", "gitops", "resume shop-a", await ThreadAsync(world, 1));
        await world.WorkAsync();
        Assert.Equal([LeaseState.Ended, LeaseState.Active], world.Records.AllLeases.Select(lease => lease.State));

        await world.SayAsync("anna", "gitops", "resume shop-a", await ThreadAsync(world, 2));
        await world.WorkAsync();

        Assert.Equal(LeaseState.Active, world.Records.AllLeases.Last().State);
        Assert.Contains("What was rolled back from comes back", Asked(world).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_pause_asks_nothing_of_git()
    {
        var world = await World.WithPauseAsync();
        Git(world, Bad, SyncState.OutOfSync);

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    private static async Task<string?> ThreadAsync(World world, int incident)
    {
        await world.PostAllAsync();
        return (await world.Records.FindMessageAsync(MessageKey.Incident(incident), World.Room, default))!.Ref.Id;
    }

    /// <summary>Rolled back from <see cref="Bad"/>, which Git still says.</summary>
    private static async Task<World> HeldAsync(OverwritingNeeds needs = OverwritingNeeds.SecondPress, AtDeadline atDeadline = AtDeadline.Escalate)
    {
        var world = await World.WithIncidentAsync(rule => (rule.OverwritingNeeds, rule.AtDeadline) = (needs, atDeadline));
        world.Cluster.Seen = facts => facts with { Syncing = new() { Revisions = [Bad], History = [new(8, [Bad], null, "{}", false), new(7, [Good], null, "{}", false)] } };
        Assert.Null(await world.SayAsync("alice", "gitops", "rollback shop-a for 30m because the release is bad"));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        world.ControllerAnswers();
        await world.WorkAsync();
        await world.WorkAsync();
        Git(world, Bad, SyncState.OutOfSync);
        await world.WorkAsync();
        Assert.Equal((LeaseKind.RollbackHold, LeaseState.Active), (world.OnlyLease().Kind, world.OnlyLease().State));
        return world;
    }

    /// <summary>From now on Git says this, and the engine has compared with it.</summary>
    private static void Git(World world, string tip, SyncState sync)
    {
        var note = new CommitNote("Dana Dev", tip == Bad ? "faster checkout" : "back again", null);
        world.Branches[(World.Repository, "main")] = new BranchLook.Found(tip, note) { Since = [new(tip, note)] };
        world.Cluster.Seen = facts => Now(facts, sync) with { Syncing = Now(facts, sync).Syncing with { Revisions = [tip] } };
    }

    private static ApplicationFacts Now(ApplicationFacts facts, SyncState sync) => facts with
    {
        Sync = sync,
        Syncing = new() { Revisions = [Bad], History = [new(9, [Good], null, "{}", false), new(8, [Bad], null, "{}", false), new(7, [Good], null, "{}", false)] },
    };

    private static Card Asked(World world)
    {
        world.PostAllAsync().GetAwaiter().GetResult();
        return world.Chat.Said.Last(said => said.Card.Summary.Contains("asks to resume", StringComparison.Ordinal)).Card;
    }

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text)) + card.Title;
}
