using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Branching;

/// <summary>
/// How a switch to a branch is run: its lease is written, the switch is stored and the lease lives; then it is looked at
/// until the engine has deployed the commit, or has not. Whatever becomes of the deployment, the lease has its end.
/// </summary>
public sealed class BranchKind(Applications applications, LookAgain look) : IKindOfOperation
{
    public OperationKind Kind => OperationKind.Branch;

    /// <summary>Whatever is pushed later is another thing to allow than one commit that people saw.</summary>
    public static string VerbOf(bool follow) => follow ? PolicyVerb.BranchFollow : PolicyVerb.Branch;

    public Task<SecondLook> LookAgainAsync(IncidentFile file, Operation operation, Person requester, CancellationToken ct)
    {
        var work = operation.Plan.Of<BranchWork>();
        var ours = work.Replaces is null ? null : file.Lease(operation.Lease);
        return look.AtAsync(
            operation,
            requester,
            [VerbOf(work.Follows)],
            operation.EndsAt(file.Now) - (ours?.StartedAt ?? file.Now),
            facts => work.Replaces is not null && ours is not { State: LeaseState.Active } ? "the switch that it was to move on is not there any more"
                : work.Standing is not null && (ours!.Follows != work.Standing || ours.Deadline != operation.Until) ? "it does not follow the branch any more, or until another moment"
                : ours is not null && operation.EndsAt(file.Now) > ours.Latest ? $"{facts.Ref.Name} may run from a branch until {ours.Latest:HH:mm} UTC at the most"
                : BranchPlan.Obstacle(facts, ours, work.Follows)?.Why.ToString(),
            facts => BranchPlan.Again(facts, work, ours, look.PolicyVersion),
            (facts, plan) => BranchPlan.Notices(facts, plan.Of<BranchWork>()),
            ct);
    }

    public void Begin(IncidentFile file, Operation operation) =>
        file.Save(operation.Plan.Of<BranchWork>().Replaces is null ? Lease.Switched(operation, file.Now) : file.Lease(operation.Lease)!.Move(operation));

    public Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct) =>
        applications.Of(operation.Operation.Plan.Application.Ref).SwitchAsync(operation, ct);

    public async Task<bool> IsThereAsync(Operation operation, CancellationToken ct)
    {
        var target = operation.Plan.Application;
        var (answer, facts) = await applications.Of(target.Ref).InspectAsync(target.Ref, ct);
        if (operation.Plan.Work is BranchWork { BehindWindow: not null })
        {
            // A window does not go with the application that it names, neither away nor into another project.
            return facts is null || facts.Uid != target.Uid || facts.Project != target.Project || facts.Marks.Any(mark => mark.Operation == operation.Id);
        }

        return facts is null ? answer.Kind != ClusterAnswerKind.Gone : facts.Uid == target.Uid && facts.Mark?.Operation == operation.Id;
    }

    public void Goes(IncidentFile file, Operation operation)
    {
        if (Stored(file, operation) is not { } lease)
        {
            return;
        }

        if (operation.Plan.Of<BranchWork>().Standing is not null)
        {
            // The push was told, and that it is deployed will be.
            file.Record(TimelineKind.Switched, "chatops", Text.Of($"{lease.Target.Name} is switched to commit {lease.Branch!.Spoken}, as it follows that branch"), operation.Id);
        }
        else
        {
            file.Tell(TimelineKind.Switched, operation.RequestedBy, _ => lease.WindowIn is { } project
                ? Text.Of($"{lease.Target.Name:code} is {"held":b} by a deny window in project {project:code} until {lease.Deadline}, and commit {lease.Branch!.Spoken:code} is synced behind it. I say so when Argo CD has deployed it.")
                : Text.Of($"{lease.Target.Name:code} is {"switched":b} to commit {lease.Branch!.Spoken:code} until {lease.Deadline}. I say so when Argo CD has deployed it."), Tone.Good, operation.Id);
        }
    }

    public void Succeed(IncidentFile file, Operation operation)
    {
        Goes(file, operation);
        var outcome = operation.Progress ?? "done";
        var to = operation.Plan.Of<BranchWork>().To;
        file.Save(operation.Succeed(file.Now, outcome));
        file.Tell(TimelineKind.Done, "Argo CD", _ => Text.Of($"{operation.Plan.Target.Name:code} is {"deployed":b}: Argo CD has synced commit {to.Spoken:code}. {outcome}."), Tone.Good, operation.Id);
    }

    public void Fail(IncidentFile file, Operation operation, ClusterAnswer answer, bool mayBeThere)
    {
        var name = operation.Plan.Target.Name;
        file.Save(operation.Fail(answer.Sentence, file.Now));
        switch (file.Lease(operation.Lease))
        {
            case { State: LeaseState.Starting } lease when mayBeThere:
                file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"The switch of {name:code} failed: {answer.Sentence}. An earlier try may have been stored all the same, so I undo it until the cluster confirms that nothing is left."), Tone.Alarm, operation.Id);
                EndLease.Begin(file, lease, "chatops", "its operation failed");
                return;
            case { State: LeaseState.Starting } lease:
                file.Save(lease with { State = LeaseState.Void, EndedAt = file.Now });
                break;
            case { Moving: { } moving } lease when moving.Operation == operation.Id && !mayBeThere:
                file.Save(lease.NotMoved());
                break;
            case { State: LeaseState.Active } lease:
                _ = Stored(file, operation);
                file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{name:code} is {"not known to be deployed":b} from {operation.Plan.Of<BranchWork>().To.Branch:code}: {answer.Sentence}. Its switch is there and has an end, {lease.Deadline}: look at {$"status {name}":code}, push a fix and say {$"branch {name} …":code} again, or {$"restore {name}":code} to go back."), Tone.Alarm, operation.Id);
                return;
        }

        file.Tell(TimelineKind.Failed, "chatops", _ => answer.Kind == ClusterAnswerKind.Moved
            ? Text.Of($"{name:code} changed while I was about to switch it, so the approval no longer fits and nothing was changed. {answer.Sentence}. Ask again.")
            : Text.Of($"The switch of {name:code} failed, nothing was changed: {answer.Sentence}."), Tone.Alarm, operation.Id);
    }

    /// <summary>The switch is in the cluster: its lease says so from now on. Null when it said so before.</summary>
    private static Lease? Stored(IncidentFile file, Operation operation)
    {
        var next = file.Lease(operation.Lease) switch
        {
            { State: LeaseState.Starting } lease => lease.Stored(file.Now),
            { Moving: { } moving } lease when moving.Operation == operation.Id => lease.Moved(operation, file.Now),
            _ => null,
        };
        if (next is not null)
        {
            file.Save(next);
        }

        return next;
    }
}
