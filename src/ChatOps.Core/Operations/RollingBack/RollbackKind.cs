using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.RollingBack;

/// <summary>
/// How a rollback is run: its lease is written, the pause is stored and written down, then the engine deploys. Whatever
/// becomes of the deployment, the pause is then there and its lease lives.
/// </summary>
public sealed class RollbackKind(PauseKind pause, IRecords records, Applications applications, LookAgain look) : IKindOfOperation
{
    public OperationKind Kind => OperationKind.Rollback;

    public async Task<SecondLook> LookAgainAsync(IncidentFile file, Operation operation, Person requester, CancellationToken ct)
    {
        var unsettled = await records.UnsettledLeasesAsync(ct);
        var entry = operation.Plan.Of<RollbackWork>().To;
        return await look.AtAsync(
            operation,
            requester,
            [PolicyVerb.Rollback],
            operation.EndsAt(file.Now) - file.Now,
            facts => RollbackPlan.Obstacle(facts)?.Why.ToString() ?? (RollbackPlan.Again(facts, entry) is null ? $"entry {entry.Number} has left the history of {facts.Ref.Name}" : null),
            facts => PausePlan.Again(operation.Plan, ends => RollbackPlan.Of(facts, RollbackPlan.Again(facts, entry)!, look.PolicyVersion, ends)),
            (facts, _) => RollbackPlan.Notices(facts, RollbackPlan.Again(facts, entry)!),
            ct,
            (facts, rule) => SetWay.UnderAsync(rule, applications.Of(facts.Ref), facts, unsettled, ct));
    }

    public void Begin(IncidentFile file, Operation operation) => pause.Begin(file, operation);

    public async Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct)
    {
        var reconciler = applications.Of(operation.Operation.Plan.Application.Ref);
        if (operation.Operation.Progress is not null)
        {
            return await reconciler.RollBackAsync(operation, ct);
        }

        // That the pause is stored is written down before anything else is asked for.
        var answer = await pause.StoreAsync(operation, ct);
        return answer.IsOk ? new(ClusterAnswerKind.UnderWay, $"{RollbackWork.StillToBegin}the rest follows when Argo CD has seen it") : answer;
    }

    public Task<bool> IsThereAsync(Operation operation, CancellationToken ct) => pause.IsThereAsync(operation, ct);

    public void Succeed(IncidentFile file, Operation operation)
    {
        var outcome = operation.Progress ?? "done";
        var name = operation.Plan.Target.Name;
        var entry = operation.Plan.Of<RollbackWork>().To;
        file.Save(operation.Succeed(file.Now, outcome));
        if (Stored(file, operation) is { } lease)
        {
            file.Tell(TimelineKind.Done, "Argo CD", _ => Text.Of($"{name:code} is {"rolled back":b} to entry {entry.Number} ({entry.Spoken:code}): {outcome}. Argo CD follows Git no more until {lease.Deadline}: revert the change in Git before that, then {$"resume {name}":code}. Before the revert a resume deploys it again."), Tone.Good, operation.Id);
        }
    }

    public void Fail(IncidentFile file, Operation operation, ClusterAnswer answer, bool mayBeThere)
    {
        if (operation.Progress is null)
        {
            pause.Fail(file, operation, answer, mayBeThere);
            return;
        }

        var name = operation.Plan.Target.Name;
        file.Save(operation.Fail(answer.Sentence, file.Now));
        if (Stored(file, operation) is { } lease)
        {
            file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"Rollback of {name:code} failed: {answer.Sentence}. Its pause was stored all the same and has an end, {lease.Deadline}: look at {$"status {name}":code}, then {$"rollback {name} because …":code} to try again under it, or {$"resume {name}":code} to let Git rule again."), Tone.Alarm, operation.Id);
        }
    }

    private static Lease? Stored(IncidentFile file, Operation operation)
    {
        if (file.Lease(operation.Lease) is not { State: LeaseState.Starting } lease)
        {
            return null;
        }

        var stored = lease.Stored(file.Now);
        file.Save(stored);
        return stored;
    }
}
