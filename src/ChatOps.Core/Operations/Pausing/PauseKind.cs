using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>How a pause is run: its lease is written before the cluster is asked, and voided or undone when the cluster will not.</summary>
public sealed class PauseKind(Applications applications, LookAgain look) : IKindOfOperation
{
    public OperationKind Kind => OperationKind.Pause;

    public bool IsOf(Operation operation) => operation.Kind == Kind && operation.Plan.Work is PauseWork;

    public Task<SecondLook> LookAgainAsync(IncidentFile file, Operation operation, Person requester, CancellationToken ct) => look.AtAsync(
        operation,
        requester,
        [PolicyVerb.Pause],
        operation.EndsAt(file.Now) - file.Now,
        facts => (OnlyOf(operation) is { } only ? OnlyPlan.Obstacle(facts, only) : PausePlan.Obstacle(facts))?.Why.ToString(),
        facts => OnlyOf(operation) is { } only ? OnlyPlan.Of(facts, only, look.PolicyVersion) : PausePlan.Again(operation.Plan, ends => PausePlan.Of(facts, look.PolicyVersion, ends)),
        OperationCard.Notices,
        ct);

    public void Begin(IncidentFile file, Operation operation) => file.Save(Lease.Written(operation, file.Now));

    public Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct) =>
        applications.Of(operation.Operation.Plan.Application.Ref).PauseAsync(operation, ct);

    public async Task<bool> IsThereAsync(Operation operation, CancellationToken ct)
    {
        var target = operation.Plan.Application;
        var (answer, facts) = await applications.Of(target.Ref).InspectAsync(target.Ref, ct);
        if (OnlyOf(operation) is not null)
        {
            return facts is null ? answer.Kind != ClusterAnswerKind.Gone : facts.Uid == target.Uid && (facts.Mark?.Operation == operation.Id || facts is { Mark: null, Rules.HasOurs: true });
        }

        if (operation.Plan.Work is AboutPause { Mechanism: PauseMechanism.Window })
        {
            // A window does not go with the application that it names, neither away nor into another project.
            return facts is null || facts.Uid != target.Uid || facts.Project != target.Project || facts.Mark?.Operation == operation.Id;
        }

        return facts is null ? answer.Kind != ClusterAnswerKind.Gone : facts.Uid == target.Uid && (facts.Mark?.Operation == operation.Id || !facts.AutoSyncOn && Holding.IsOf(operation.Id, facts));
    }

    public void Succeed(IncidentFile file, Operation operation)
    {
        file.Save(operation.Succeed(file.Now));
        if (file.Lease(operation.Lease) is { } lease)
        {
            file.Save(lease.Stored(file.Now));
            file.Tell(TimelineKind.Paused, operation.RequestedBy, _ => Text.Of($"{lease.Target.Name:code} is {"paused":b}{(lease.Only is { } only ? $" in part ({only.Spoken})" : "")} until {lease.Deadline}. I say so when the controller is known to have seen it."), Tone.Good, operation.Id);
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
                file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{operation.Kind} of {name:code} failed: {answer.Sentence}. An earlier try may have been stored all the same, so I undo it until the cluster confirms that nothing is left."), Tone.Alarm, operation.Id);
                EndLease.Begin(file, lease, "chatops", "its operation failed");
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

    private static IReadOnlyList<HeldResource>? OnlyOf(Operation operation) => (operation.Plan.Work as PauseWork)?.Only?.Resources;
}
