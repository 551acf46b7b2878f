using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>How a pause is run: its lease is written before the cluster is asked, and voided or undone when the cluster will not.</summary>
public sealed class PauseKind(IRecords records, Applications applications, LookAgain look) : IKindOfOperation
{
    public OperationKind Kind => OperationKind.Pause;

    public bool IsOf(Operation operation) => operation.Kind == Kind && operation.Plan.Work is PauseWork or JoinWork;

    public async Task<SecondLook> LookAgainAsync(IncidentFile file, Operation operation, Person requester, CancellationToken ct)
    {
        var unsettled = await records.UnsettledLeasesAsync(ct);
        if (Underway.Before(operation, operation.Plan.Application.Ref, unsettled) is { } wait)
        {
            return wait;
        }

        var only = OnlyOf(operation);
        IReadOnlyList<Lease> Standing(ApplicationFacts facts) => only is null ? SharedPause.Standing(unsettled, facts, operation.Incident) : SharedPause.StandingOn(only, unsettled, facts, operation.Incident);
        return await look.AtAsync(
            operation,
            requester,
            [PolicyVerb.Pause],
            operation.EndsAt(file.Now) - file.Now,
            facts => ((only is null ? JoinPlan.Obstacle(facts, Standing(facts)) : OnlyPlan.Obstacle(facts, only, Standing(facts)))
                ?? JoinPlan.TooLong(operation.Plan, operation.Authority.LongestInAll, operation.EndsAt(file.Now)))?.Why.ToString(),
            facts => only is not null ? OnlyPlan.Of(facts, only, look.PolicyVersion, Standing(facts))
                : JoinPlan.Of(facts, Standing(facts), look.PolicyVersion) ?? PausePlan.Again(operation.Plan, ends => PausePlan.Of(facts, look.PolicyVersion, ends)),
            (facts, plan) => JoinPlan.Notices(facts, plan, Standing(facts)),
            ct,
            async (facts, rule) => Standing(facts).Count > 0 ? facts : await SetWay.UnderAsync(rule, applications.Of(facts.Ref), facts, unsettled, ct));
    }

    public void Begin(IncidentFile file, Operation operation) => file.Save(Lease.Written(operation, file.Now));

    public Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct) => operation.Operation.Plan.Work is JoinWork join
        ? JoinAsync(operation.Operation, join, ct)
        : StoreAsync(operation, ct);

    /// <summary>The lease is in the books by now, so whoever ends an earlier pause of it from here on leaves the entry in its set.</summary>
    public async Task<ClusterAnswer> StoreAsync(AuthorizedOperation running, CancellationToken ct)
    {
        var (operation, target) = (running.Operation, running.Operation.Plan.Application);
        if (operation.Plan.Of<AboutPause>().InSet is { } entry)
        {
            var unsettled = await records.UnsettledLeasesAsync(ct);
            if (unsettled.FirstOrDefault(lease => lease.Operation == operation.Id && lease.Target == target.Ref && lease.State == LeaseState.Starting) is { } ours && SharedPause.TakesEntry(ours, unsettled) is { } ending)
            {
                return new(ClusterAnswerKind.FenceBusy, $"incident {ending.Incident} is just ending its pause of {target.Name}, and takes its entry out of ApplicationSet {entry.Set}");
            }
        }

        return await applications.Of(target.Ref).PauseAsync(running, ct);
    }

    public async Task<bool> IsThereAsync(Operation operation, CancellationToken ct)
    {
        var target = operation.Plan.Application;
        var (answer, facts) = await applications.Of(target.Ref).InspectAsync(target.Ref, ct);
        if (operation.Plan.Work is JoinWork join)
        {
            // Whoever let go meanwhile may have left the entry in the set to this one.
            return facts is null ? answer.Kind != ClusterAnswerKind.Gone
                : IsJoined(operation, join, facts) || join.InSet is not null && facts.Set is null && facts.Uid == target.Uid || join.Only is not null && AreLeft(join.Mark, target, facts);
        }

        if (OnlyOf(operation) is not null)
        {
            return facts is null ? answer.Kind != ClusterAnswerKind.Gone : AreLeft(operation.Id, target, facts);
        }

        if (operation.Plan.Work is AboutPause { Mechanism: PauseMechanism.Window })
        {
            // A window does not go with the application that it names, neither away nor into another project.
            return facts is null || facts.Uid != target.Uid || facts.Project != target.Project || facts.Marks.Any(mark => mark.Operation == operation.Id);
        }

        if (operation.Plan.Work is AboutPause { InSet: not null })
        {
            // A set with our entry in it would not be told as one that takes the pause back.
            return facts is not { Set: not null, AutoSyncOn: true } || facts.Uid != target.Uid;
        }

        return facts is null ? answer.Kind != ClusterAnswerKind.Gone : facts.Uid == target.Uid && (facts.Mark?.Operation == operation.Id || !facts.AutoSyncOn && Holding.IsOf(operation.Id, facts));
    }

    public void Succeed(IncidentFile file, Operation operation)
    {
        file.Save(operation.Succeed(file.Now));
        if (file.Lease(operation.Lease) is { } lease)
        {
            file.Save(lease.Stored(file.Now));
            file.Tell(TimelineKind.Paused, operation.RequestedBy, _ => lease.Joins is null
                ? Text.Of($"{lease.Target.Name:code} is {"paused":b}{(lease.Only is { } only ? $" in part ({only.Spoken})" : "")} until {lease.Deadline}. I say so when the controller is known to have seen it.")
                : Text.Of($"{lease.Target.Name:code} is {"paused":b}{(lease.Only is { } part ? $" in part ({part.Spoken})" : "")} for this incident too, until {lease.Deadline}. It was so already, so nothing was changed on it."), Tone.Good, operation.Id);
        }
    }

    public void Fail(IncidentFile file, Operation operation, ClusterAnswer answer, bool mayBeThere)
    {
        var name = operation.Plan.Target.Name;
        file.Save(operation.Fail(answer.Sentence, file.Now));
        if (file.Lease(operation.Lease) is { State: LeaseState.Starting } lease)
        {
            if (mayBeThere)
            {
                file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{operation.Kind} of {name:code} failed: {answer.Sentence}. {(lease.Joins is null ? "An earlier try may have been stored all the same, so I undo it until the cluster confirms that nothing is left." : "Another incident may have left the pause to this one: I let go of it where somebody else holds it, and keep it where nobody does.")}"), Tone.Alarm, operation.Id);
                EndLease.Begin(file, lease with { OnlyLetsGo = lease.Joins is not null }, "chatops", "its operation failed"); // whoever left the pause to it showed nobody what hands changed
                return;
            }

            file.Save(lease with { State = LeaseState.Void, EndedAt = file.Now });
        }

        if (answer.Kind == ClusterAnswerKind.Moved)
        {
            file.Tell(TimelineKind.VotesFell, "chatops", _ => Text.Of($"{name:code} changed while I was about to pause it, so the approval no longer fits and nothing was changed. {answer.Sentence}. Ask again."), Tone.Alarm, operation.Id);
        }
        else
        {
            file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{operation.Kind} of {name:code} failed, nothing was changed: {answer.Sentence}."), Tone.Alarm, operation.Id);
        }
    }

    /// <summary>Rules of that operation, whole or not: somebody may have taken some of them, or our marks.</summary>
    private static bool AreLeft(Guid operation, ApplicationTarget target, ApplicationFacts facts) =>
        facts.Uid == target.Uid && (facts.Mark?.Operation == operation || facts is { Mark: null, Rules.HasOurs: true });

    private static IReadOnlyList<HeldResource>? OnlyOf(Operation operation) => operation.Plan.Of<AboutPause>().Only?.Resources;

    /// <summary>
    /// The lease of this is in the books by now: whoever begins to end the pause from here on sees it, and leaves it the
    /// application. Who began before that may not have seen it, so what comes of that end is waited for.
    /// </summary>
    private async Task<ClusterAnswer> JoinAsync(Operation operation, JoinWork join, CancellationToken ct)
    {
        var target = operation.Plan.Application;
        var unsettled = await records.UnsettledLeasesAsync(ct);
        if (unsettled.FirstOrDefault(lease => lease.Operation == operation.Id && lease.Target == target.Ref && lease.State == LeaseState.Starting) is { } ours && SharedPause.Ending(ours, unsettled) is { } ending)
        {
            return new(ClusterAnswerKind.FenceBusy, $"incident {ending.Incident} is just ending its pause of {target.Name}, and what is left of it shows when that is over");
        }

        var (answer, facts) = await applications.Of(target.Ref).InspectAsync(target.Ref, ct);
        return facts is null ? answer
            : IsJoined(operation, join, facts) ? ClusterAnswer.Ok
            : new(ClusterAnswerKind.Moved, $"The pause of {target.Name} that was to go on has ended");
    }

    private static bool IsJoined(Operation operation, JoinWork join, ApplicationFacts facts) =>
        facts.Uid == operation.Plan.Application.Uid && (join.Only is { } only ? only.IsIn(facts.Rules) && facts.Mark?.Operation == join.Mark : !facts.AutoSyncOn && Holding.IsOf(join.Mark, facts));
}
