using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>
/// Two incidents need one application paused. The second was refused, and the end of the first let the application go under
/// the hands of the second.
/// </summary>
public partial class SharedPauseTests
{
    [Fact]
    public async Task The_second_is_asked_for_like_any_pause_and_its_card_says_that_nothing_is_changed()
    {
        var (world, _, second) = await TwoIncidentsAsync();

        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);
        var asked = world.NewestOperation();

        Assert.Equal((OperationState.AwaitingApproval, 2), (asked.State, asked.Incident));
        Assert.Equal(new FieldChange("/spec/syncPolicy/automated/enabled", "false", "false"), Assert.Single(asked.Plan.Changes));
        Assert.Contains("nothing is changed on it now", asked.Plan.Work.Effect.ToString(), StringComparison.Ordinal);
        Assert.Contains(asked.Notices, notice => notice.ToString().StartsWith("It is paused already, by incident 1 until", StringComparison.Ordinal));

        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Equal(["pause"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Equal(1, Of(world).Mark!.Incident);
        Assert.Equal((LeaseState.Active, Lease(world, 1).Operation, Lease(world, 1).Before), (Lease(world, 2).State, Lease(world, 2).Mark, Lease(world, 2).Before));
    }

    [Fact]
    public async Task The_end_of_the_first_leaves_it_to_the_second_whose_end_restores_it()
    {
        var (world, first, second) = await BothAsync();

        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await Rounds(world);

        Assert.Equal((LeaseState.Ended, LeaseState.Active), (Lease(world, 1).State, Lease(world, 2).State));
        Assert.True(Of(world).IsOff);
        Assert.Equal((2, Lease(world, 1).Operation, Lease(world, 2).Deadline), (Of(world).Mark!.Incident, Of(world).Mark!.Operation, Of(world).Mark!.ExpiresAt));
        Said(world, 1, TimelineKind.Settled, "shop-a stays paused: incident 2 holds it until");
        Said(world, 2, TimelineKind.StateChanged, "shop-a was let go by incident 1. It stays paused: this incident holds it until");
        await world.TakeOver.HandleAsync(default);
        Assert.Equal(2, world.Records.AllLeases.Count());

        await world.SayAsync("alice", "gitops", "resume shop-a", second);
        await Rounds(world);

        Assert.Equal((ModelApplication.Before, null), (Of(world).Automated, Of(world).Mark));
        Assert.Equal(["pause", "leave", "end"], world.Cluster.Effects.Select(effect => effect.What));
        Said(world, 2, TimelineKind.Resumed, "what was there before is back");
    }

    [Fact]
    public async Task The_end_of_the_second_is_a_matter_of_the_books_alone()
    {
        var (world, first, second) = await BothAsync();
        var mark = Of(world).Mark;

        await world.SayAsync("alice", "gitops", "resume shop-a", second);
        await Rounds(world);

        Assert.Equal((LeaseState.Active, LeaseState.Ended, mark), (Lease(world, 1).State, Lease(world, 2).State, Of(world).Mark));
        Assert.Equal(["pause"], world.Cluster.Effects.Select(effect => effect.What));
        Said(world, 2, TimelineKind.Settled, "shop-a stays paused: incident 1 holds it until");
        Said(world, 1, TimelineKind.StateChanged, "shop-a was let go by incident 2");

        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await Rounds(world);
        Assert.Equal((ModelApplication.Before, null), (Of(world).Automated, Of(world).Mark));
    }

    [Fact]
    public async Task Each_is_told_of_the_other_once_and_the_cards_show_both()
    {
        var (world, _, _) = await BothAsync();
        await Rounds(world);

        Said(world, 1, TimelineKind.StateChanged, "shop-a is held by incident 2 as well, until");
        Said(world, 2, TimelineKind.StateChanged, "shop-a is held by incident 1 as well, until");
        await world.PostAllAsync();
        Assert.Contains(world.Chat.Said, said => said.Card.Title.StartsWith("Incident 1", StringComparison.Ordinal) && Words(said.Card).Contains("(held by incident 2 as well)", StringComparison.Ordinal));

        var status = Words((await world.SayAsync("alice", "gitops", "status shop-a"))!);
        Assert.Contains("incident 1, shop-a: paused until", status, StringComparison.Ordinal);
        Assert.Contains("incident 2, shop-a: paused until", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_that_end_at_once_restore_it_once()
    {
        var (world, first, second) = await BothAsync();

        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await world.SayAsync("alice", "gitops", "resume shop-a", second);
        await Rounds(world);

        Assert.All(world.Records.AllLeases, lease => Assert.Equal(LeaseState.Ended, lease.State));
        Assert.Equal(["pause", "end"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Equal((ModelApplication.Before, null), (Of(world).Automated, Of(world).Mark));
    }

    /// <summary>Each counted on the other, in the same moment on two replicas: what hands did must not be lost without anybody having been shown it.</summary>
    [Fact]
    public async Task Of_two_that_each_only_let_go_one_goes_on_and_people_decide_about_it()
    {
        var (world, first, _) = await BothAsync();
        world.View.Drifts = [new("ConfigMap", "shop", "shop-a-config", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now)])];
        await world.Records.CommitAsync(new Changes().Save(Letting(Lease(world, 1))).Save(Letting(Lease(world, 2))), default);

        await Rounds(world);

        Assert.Equal((LeaseState.Active, false, LeaseState.Ended), (Lease(world, 1).State, Lease(world, 1).OnlyLetsGo, Lease(world, 2).State));
        Assert.True(Of(world).IsOff);
        Said(world, 1, TimelineKind.Failed, "has let go of it in that moment. So it stays paused by this one");
        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await Rounds(world);
        Assert.Equal((LeaseState.Ended, ModelApplication.Before), (Lease(world, 1).State, Of(world).Automated));
    }

    /// <summary>The first was left to one that was about to join, so nobody was shown anything; then the second could not be made sure of.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_fails_to_join_lets_nothing_loose_that_was_left_to_it(bool isFirstDone)
    {
        var (world, first, second) = await TwoIncidentsAsync();
        world.View.Drifts = [new("ConfigMap", "shop", "shop-a-config", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now)])];
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);
        await world.PressAsync("carol", ChoiceKind.Approve);
        world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Ok); // the second look
        Silence(world);
        await world.Run.HandleAsync(world.NewestOperation().Id, default);
        Assert.Equal(LeaseState.Starting, Lease(world, 2).State);
        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        if (isFirstDone)
        {
            Answer(world);
            await world.End.FinishAsync(Lease(world, 1).Id, default);
            Assert.Equal((LeaseState.Ended, 2), (Lease(world, 1).State, Of(world).Mark!.Incident));
            Silence(world);
        }

        world.Time.Advance(TimeSpan.FromMinutes(6));
        await world.WorkAsync();
        Assert.Equal(OperationState.Failed, world.NewestOperation().State);
        Answer(world);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await Rounds(world);

        Assert.True(Of(world).IsOff);
        var standing = Assert.Single(world.Records.AllLeases, lease => lease.State == LeaseState.Active);
        Assert.DoesNotContain(world.Cluster.Effects, effect => effect.What == "end");
        Assert.Equal(isFirstDone ? 2 : 1, standing.Incident);
        if (isFirstDone)
        {
            Said(world, 2, TimelineKind.Failed, "nobody else holds it by now, so it stays paused by this incident");
        }

        await world.SayAsync("alice", "gitops", "resume shop-a", isFirstDone ? second : first);
        await Rounds(world);
        Assert.True(Of(world).IsOff);
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await Rounds(world);
        Assert.Equal((ModelApplication.Before, null), (Of(world).Automated, Of(world).Mark));
    }

    [Theory]
    [InlineData(ClusterAnswerKind.Unavailable, false)]
    [InlineData(ClusterAnswerKind.Unknown, false)]
    [InlineData(ClusterAnswerKind.Unknown, true)]
    public async Task A_silent_cluster_delays_the_end_of_the_first_and_loses_nothing(ClusterAnswerKind answer, bool done)
    {
        var (world, first, _) = await BothAsync();
        world.Cluster.NextWrites.Enqueue((answer, done));

        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await world.WorkAsync();
        Assert.Equal((LeaseState.Ending, true), (Lease(world, 1).State, Of(world).IsOff));
        world.Time.Advance(TimeSpan.FromSeconds(5));
        await Rounds(world);

        Assert.Equal((LeaseState.Ended, LeaseState.Active, 2), (Lease(world, 1).State, Lease(world, 2).State, Of(world).Mark!.Incident));
        Assert.Equal(["pause", "leave"], world.Cluster.Effects.Select(effect => effect.What));
    }

    [Fact]
    public async Task A_crash_after_it_was_left_to_the_second_leaves_it_once_even_when_the_second_has_ended_meanwhile()
    {
        var (world, first, _) = await BothAsync();
        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        world.Records.BeforeCommit = changes => changes.Leases.Any(lease => lease.State == LeaseState.Ended) ? throw new InvalidOperationException("died") : Task.CompletedTask;
        await Assert.ThrowsAsync<InvalidOperationException>(world.WorkAsync);
        world.Records.BeforeCommit = null;
        Assert.Equal((LeaseState.Ending, 2), (Lease(world, 1).State, Of(world).Mark!.Incident));
        await world.Records.CommitAsync(new Changes().Save(Lease(world, 2) with { State = LeaseState.Ending, EndedBy = "alice" }), default);
        world.Restart();
        await world.End.FinishAsync(Lease(world, 2).Id, default);
        Assert.Equal((ModelApplication.Before, null), (Of(world).Automated, Of(world).Mark));

        await Rounds(world);

        Assert.Equal((LeaseState.Ended, LeaseState.Ended), (Lease(world, 1).State, Lease(world, 2).State));
        Assert.Equal(["pause", "leave", "end"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.Reverted);
    }

    /// <summary>The books of two replicas: the end of the first begins after the second was looked at and before its lease is counted.</summary>
    [Fact]
    public async Task One_that_joins_while_the_first_begins_to_end_waits_what_comes_of_it_and_keeps_the_pause()
    {
        var (world, _, second) = await TwoIncidentsAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);
        await world.PressAsync("carol", ChoiceKind.Approve);
        world.Records.BeforeCommit = async changes =>
        {
            if (changes.Leases.Any(lease => lease.Joins is not null))
            {
                world.Records.BeforeCommit = null;
                await world.Records.CommitAsync(new Changes().Save(Lease(world, 1) with { State = LeaseState.Ending, EndedBy = "alice" }), default);
            }
        };

        await world.Run.HandleAsync(world.NewestOperation().Id, default);
        Assert.Equal((LeaseState.Starting, OperationState.Running), (Lease(world, 2).State, world.NewestOperation().State));
        await Rounds(world);
        world.Time.Advance(TimeSpan.FromSeconds(5));
        await Rounds(world);

        Assert.Equal((LeaseState.Ended, LeaseState.Active, true), (Lease(world, 1).State, Lease(world, 2).State, Of(world).IsOff));
    }

    [Fact]
    public async Task One_whose_first_ends_before_it_runs_is_decided_again_as_a_pause_of_its_own()
    {
        var (world, first, second) = await TwoIncidentsAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);
        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await Rounds(world);

        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);

        Assert.Equal(OperationState.AwaitingApproval, world.NewestOperation().State);
        Assert.IsType<PauseWork>(world.NewestOperation().Plan.Work);
        Assert.DoesNotContain(world.Records.AllLeases, lease => lease.Incident == 2);
    }

    [Fact]
    public async Task At_the_deadline_of_one_it_only_lets_go_and_people_are_asked_at_the_last()
    {
        var (world, _, _) = await BothAsync();
        world.ControllerAnswers();

        world.Time.Advance(TimeSpan.FromMinutes(31));
        await Rounds(world);

        Assert.Equal((LeaseState.Ended, LeaseState.Active), (Lease(world, 1).State, Lease(world, 2).State));
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.DeadlinePassed);
        Said(world, 1, TimelineKind.Settled, "shop-a stays paused: incident 2 holds it until");

        world.Time.Advance(TimeSpan.FromMinutes(31));
        await Rounds(world);
        Assert.Equal((LeaseState.Active, true), (Lease(world, 2).State, Of(world).IsOff));
        Said(world, 2, TimelineKind.DeadlinePassed, "still paused past its end");
    }

    [Fact]
    public async Task With_a_rule_that_resumes_the_last_deadline_restores_it()
    {
        var (world, _, _) = await BothAsync(rule => rule.AtDeadline = AtDeadline.Resume);

        world.Time.Advance(TimeSpan.FromMinutes(31));
        await Rounds(world);
        Assert.Equal((LeaseState.Ended, true), (Lease(world, 1).State, Of(world).IsOff));
        world.Time.Advance(TimeSpan.FromMinutes(31));
        await Rounds(world);

        Assert.Equal((LeaseState.Ended, ModelApplication.Before), (Lease(world, 2).State, Of(world).Automated));
    }

    [Fact]
    public async Task Only_the_resume_that_lets_Argo_CD_act_shows_first_what_it_overwrites()
    {
        var (world, first, second) = await BothAsync();
        world.View.Drifts = [new("ConfigMap", "shop", "shop-a-config", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now)])];

        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await Rounds(world);
        Assert.Equal(LeaseState.Ended, Lease(world, 1).State);

        await world.SayAsync("alice", "gitops", "resume shop-a", second);
        await Rounds(world);
        Assert.Equal((LeaseState.Active, true), (Lease(world, 2).State, Of(world).IsOff));
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await Rounds(world);
        Assert.Equal((LeaseState.Ended, ModelApplication.Before), (Lease(world, 2).State, Of(world).Automated));
    }

    /// <summary>What its rule wants before changes by hand are overwritten is wanted of whoever lets go last, so an end that overwrites nothing may not come to do so.</summary>
    [Theory]
    [InlineData(OverwritingNeeds.SecondPress, false)]
    [InlineData(OverwritingNeeds.InGit, true)]
    [InlineData(OverwritingNeeds.Approval, true)]
    public async Task At_a_deadline_that_resumes_it_lets_nothing_loose_that_its_rule_would_ask_about(OverwritingNeeds needs, bool onlyLetsGo)
    {
        var (world, _, _) = await BothAsync(rule =>
        {
            rule.AtDeadline = AtDeadline.Resume;
            rule.OverwritingNeeds = needs;
        });
        var begun = new List<Lease>();
        world.Records.BeforeCommit = changes =>
        {
            begun.AddRange(changes.Leases.Where(lease => lease is { Incident: 1, State: LeaseState.Ending }));
            return Task.CompletedTask;
        };

        world.Time.Advance(TimeSpan.FromMinutes(31));
        await Rounds(world);

        Assert.Equal(onlyLetsGo, begun[0].OnlyLetsGo);
        Assert.Equal((LeaseState.Ended, true), (Lease(world, 1).State, Of(world).IsOff));
    }

    [Fact]
    public async Task Whoever_switches_it_on_takes_it_from_both()
    {
        var (world, _, _) = await BothAsync();
        world.Cluster[Of(world).Ref] = Of(world) with { Automated = ModelApplication.Before };

        await Rounds(world);

        Assert.All(world.Records.AllLeases, lease => Assert.Equal((LeaseState.Overtaken, Hold.Reverted), (lease.State, lease.Hold)));
        Assert.Equal([1, 2], world.Records.Entries.Where(entry => entry.Kind == TimelineKind.Reverted).Select(entry => entry.Incident).Order());
    }

    [Fact]
    public async Task An_extension_moves_the_moment_on_the_object_only_for_the_incident_that_it_names()
    {
        var (world, first, second) = await BothAsync();
        await ExtendAsync(world, second);
        Assert.Equal((Lease(world, 1).Deadline, false), (Of(world).Mark!.ExpiresAt, Lease(world, 2).Deadline == Lease(world, 1).Deadline));
        Assert.DoesNotContain(world.Cluster.Effects, effect => effect.What == "extend");

        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await Rounds(world);
        await ExtendAsync(world, second);

        Assert.Equal(Lease(world, 2).Deadline, Of(world).Mark!.ExpiresAt);
        Assert.Single(world.Cluster.Effects, effect => effect.What == "extend");
    }

    /// <summary>Two incidents that join each other in turns kept one application paused for ever.</summary>
    [Fact]
    public async Task The_longest_duration_counts_from_the_first_pause_whoever_joins_it_later()
    {
        var (world, first, second) = await BothAsync();
        var since = Lease(world, 1).StartedAt;
        Assert.Equal((since, since.AddHours(2)), (Lease(world, 2).JoinedSince, Lease(world, 2).Latest));
        world.Time.Advance(TimeSpan.FromMinutes(29));
        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await Rounds(world);

        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because hands again", first);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);
        var again = Assert.Single(world.Records.AllLeases, lease => lease is { Incident: 1, State: LeaseState.Active });
        Assert.Equal((since, since.AddHours(2)), (again.JoinedSince, again.Latest));
        await world.SayAsync("alice", "gitops", "resume shop-a", second);
        await Rounds(world);

        var refused = await world.SayAsync("alice", "gitops", "pause shop-a for 100m because hands for ever", second);

        Assert.Contains("may stay so until", Words(refused!), StringComparison.Ordinal);
        Assert.Null(await world.SayAsync("alice", "gitops", "pause shop-a for 90m because hands a while", second));
        world.Time.Advance(TimeSpan.FromMinutes(3));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);
        Assert.Equal(OperationState.Refused, world.NewestOperation().State);
    }

    [Fact]
    public async Task A_pause_that_is_in_no_books_cannot_be_joined()
    {
        var (world, _, second) = await TwoIncidentsAsync();
        world.Cluster[Of(world).Ref] = Of(world) with { Mark = Of(world).Mark! with { Operation = Guid.CreateVersion7() } };

        var answer = await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);

        Assert.Equal(RefusalKind.AlreadyDecided.Title(), answer?.Title);
        Assert.Single(world.Records.AllOperations);
    }

    /// <summary>Approved, and gone from under it: nothing of it may stand in the books as if it held.</summary>
    [Fact]
    public async Task One_that_finds_nothing_left_to_join_holds_nothing()
    {
        var (world, _, second) = await TwoIncidentsAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);
        await world.PressAsync("carol", ChoiceKind.Approve);
        world.Records.BeforeCommit = changes =>
        {
            if (changes.Leases.Any(lease => lease.Joins is not null))
            {
                world.Records.BeforeCommit = null;
                world.Cluster[Of(world).Ref] = Of(world) with { Automated = ModelApplication.Before };
            }

            return Task.CompletedTask;
        };

        await world.Run.HandleAsync(world.NewestOperation().Id, default);

        Assert.Equal((LeaseState.Void, OperationState.Failed), (Lease(world, 2).State, world.NewestOperation().State));
    }

    [Theory]
    [InlineData(OverwritingNeeds.SecondPress, OverwritingNeeds.Approval, OverwritingNeeds.Approval)]
    [InlineData(OverwritingNeeds.InGit, OverwritingNeeds.SecondPress, OverwritingNeeds.InGit)]
    [InlineData(OverwritingNeeds.Approval, OverwritingNeeds.InGit, OverwritingNeeds.InGit)]
    public void Of_all_who_hold_it_the_strictest_rule_counts(OverwritingNeeds mine, OverwritingNeeds theirs, OverwritingNeeds counts)
    {
        var (lease, other) = (Paused(1, mine), Paused(2, theirs));
        var elsewhere = Paused(3, OverwritingNeeds.InGit) with { Uid = "another" };

        Assert.Equal(counts, SharedPause.Rule(lease, [lease, other]).Needs);
        Assert.Equal(counts, SharedPause.Rule(lease, [lease, other with { State = LeaseState.Ending }]).Needs);
        Assert.Equal(mine, SharedPause.Rule(lease, [lease, elsewhere]).Needs);
    }

    [Fact]
    public void Of_two_that_want_as_much_it_is_the_own_one_by_the_strongest_recognition_of_both()
    {
        Overwriting mine = new(OverwritingNeeds.Approval, "commander", "mine"), theirs = new(OverwritingNeeds.Approval, "platform", "theirs") { KnownByAtLeast = Recognition.Configured };

        Assert.Equal(mine with { KnownByAtLeast = Recognition.Configured }, Overwriting.Strictest([mine, theirs]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_the_rule_of_one_wants_stays_with_the_pause_when_that_one_has_let_go(int strict)
    {
        var (world, first, second) = await TwoIncidentsAsync(rule => rule.OverwritingNeeds = strict == 1 ? OverwritingNeeds.Approval : OverwritingNeeds.SecondPress);
        world.Restart(policy => policy.Rules[0].OverwritingNeeds = strict == 2 ? OverwritingNeeds.Approval : OverwritingNeeds.SecondPress);
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);
        world.View.Drifts = [new("ConfigMap", "shop", "shop-a-config", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now)])];

        await world.SayAsync("alice", "gitops", "resume shop-a", strict == 1 ? first : second);
        await Rounds(world);
        Assert.Equal(LeaseState.Ended, Lease(world, strict).State);
        world.Restart();
        await world.SayAsync("alice", "gitops", "resume shop-a", strict == 1 ? second : first);
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await Rounds(world);
        Assert.True(Of(world).IsOff);
        Said(world, 3 - strict, TimelineKind.StateChanged, "what rule pause-shop wants before changes by hand are overwritten counts for the pause of shop-a from now on");

        await world.PressAsync("bob", ChoiceKind.ResumeKnowing);
        await Rounds(world);
        Assert.False(Of(world).IsOff);
    }

    [Fact]
    public async Task The_rule_of_one_that_is_just_being_ended_counts_as_well()
    {
        var (world, first, second) = await TwoIncidentsAsync(rule => rule.OverwritingNeeds = OverwritingNeeds.Approval);
        world.Restart(policy => policy.Rules[0].OverwritingNeeds = OverwritingNeeds.SecondPress);
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);
        world.View.Drifts = [new("ConfigMap", "shop", "shop-a-config", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now)])];
        await Rounds(world);
        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        Assert.Equal((LeaseState.Ending, OverwritingNeeds.SecondPress), (Lease(world, 1).State, Lease(world, 2).Overwriting.Needs));

        await world.SayAsync("alice", "gitops", "resume shop-a", second);
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);

        Assert.Equal((LeaseState.Active, OverwritingNeeds.Approval), (Lease(world, 2).State, Lease(world, 2).Overwriting.Needs));
    }

    [Fact]
    public async Task At_its_deadline_the_last_one_is_escalated_by_the_rule_of_the_one_before()
    {
        var (world, first, second) = await TwoIncidentsAsync(rule => (rule.OverwritingNeeds, rule.AtDeadline) = (OverwritingNeeds.InGit, AtDeadline.Resume));
        world.Restart(policy => policy.Rules[0].OverwritingNeeds = OverwritingNeeds.SecondPress);
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);
        world.View.Drifts = [new("ConfigMap", "shop", "shop-a-config", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now)])];
        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await Rounds(world);

        world.Time.Advance(TimeSpan.FromMinutes(61));
        await Rounds(world);

        Assert.Equal((LeaseState.Active, true), (Lease(world, 2).State, Of(world).IsOff));
        Said(world, 2, TimelineKind.DeadlinePassed, "ends it by itself only where nothing that was changed by hand is lost");
    }

    private static Lease Paused(int incident, OverwritingNeeds needs) => new()
    {
        Id = Guid.NewGuid(),
        Kind = LeaseKind.Pause,
        Incident = incident,
        Operation = Guid.NewGuid(),
        Joins = Guid.Empty,
        Target = Some.Facts().Ref,
        Uid = Some.Facts().Uid,
        Mechanism = PauseMechanism.SwitchOff,
        Before = new("/spec/syncPolicy/automated", "{}", null),
        KubernetesUser = "chatops:on-call",
        Owner = "alice",
        Reason = "it is needed",
        StartedAt = Some.Now,
        Deadline = Some.Now.AddHours(1),
        Latest = Some.Now.AddHours(2),
        ResumeAtDeadline = false,
        Overwriting = new(needs, null, "r"),
        State = LeaseState.Active,
    };

    private static async Task<(World World, string First, string Second)> TwoIncidentsAsync(Action<RuleConfiguration>? rule = null)
    {
        var world = await World.WithPauseAsync(rule);
        await world.SayAsync("bob", "incident", "declare \"payments are slow\" sev2 operator @alice apps shop-a");
        await world.PostAllAsync();
        return (world, await ThreadAsync(world, 1), await ThreadAsync(world, 2));
    }

    private static async Task<(World World, string First, string Second)> BothAsync(Action<RuleConfiguration>? rule = null)
    {
        var (world, first, second) = await TwoIncidentsAsync(rule);
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Active, Lease(world, 2).State);
        await world.WorkAsync();
        return (world, first, second);
    }

    private static async Task ExtendAsync(World world, string thread)
    {
        await world.SayAsync("alice", "gitops", "extend shop-a by 10m", thread);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);
        Assert.Equal(OperationState.Succeeded, world.NewestOperation().State);
    }

    private static async Task Rounds(World world)
    {
        for (var round = 0; round < 3; round++)
        {
            await world.WorkAsync();
        }
    }

    private static async Task<string> ThreadAsync(World world, int incident) => (await world.Records.FindMessageAsync(MessageKey.Incident(incident), World.Room, default))!.Ref.Id;

    private static ModelApplication Of(World world) => world.Cluster.All.First(one => one.Ref.Name == "shop-a");

    private static Lease Lease(World world, int incident) => world.Records.AllLeases.Single(lease => lease.Incident == incident);

    private static void Silence(World world)
    {
        for (var call = 0; call < 100; call++)
        {
            world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Unavailable);
            world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unavailable, false));
        }
    }

    private static void Answer(World world)
    {
        world.Cluster.NextReads.Clear();
        world.Cluster.NextWrites.Clear();
    }

    private static Lease Letting(Lease lease) => lease with { State = LeaseState.Ending, OnlyLetsGo = true, EndedBy = "alice" };

    private static void Said(World world, int incident, TimelineKind kind, string words) =>
        Assert.Single(world.Records.Entries, entry => entry.Incident == incident && entry.Kind == kind && entry.Text.Contains(words, StringComparison.Ordinal));

    private static string Words(Card card) => string.Join('\n', card.Parts.Select(part => part switch
    {
        Part.Paragraph paragraph => paragraph.Text.ToString(),
        Part.Facts facts => string.Join('\n', facts.Rows.Select(row => row.Value.ToString())),
        _ => "",
    }));
}
