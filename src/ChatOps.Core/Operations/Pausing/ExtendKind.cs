using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>How the end of a pause is moved: the moment on the object first, then the lease.</summary>
public sealed class ExtendKind(IRecords records, Applications applications, LookAgain look) : IKindOfOperation
{
    public OperationKind Kind => OperationKind.Extend;

    /// <summary>Whoever prolongs an override has to be allowed to make it.</summary>
    public static string VerbOf(Lease lease) => lease.Branch is null ? PolicyVerb.Pause : Branching.BranchKind.VerbOf(lease.Follows is not null);

    public Task<SecondLook> LookAgainAsync(IncidentFile file, Operation operation, Person requester, CancellationToken ct) => look.AtAsync(
        operation,
        requester,
        [file.Lease(operation.Lease) is { } extended ? VerbOf(extended) : PolicyVerb.Pause],
        operation.Duration,
        facts => file.Lease(operation.Lease) is not { State: LeaseState.Active } lease || !IsThere(lease, facts) ? "the override is not there any more"
            : operation.EndsAt(file.Now) > file.Now ? null
            : "the moment until which it was to last has passed",
        _ => operation.Plan,
        (_, _) => [],
        ct);

    public void Begin(IncidentFile file, Operation operation)
    {
        // The lease is there already.
    }

    public async Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct)
    {
        var reconciler = applications.Of(operation.Operation.Plan.Application.Ref);
        if (await records.FindLeaseAsync(operation.Operation.Lease, ct) is { Joins: not null } lease)
        {
            var (answer, facts) = await reconciler.InspectAsync(lease.Target, ct);
            if (facts is null || facts.Mark is { } mark && mark.Operation == lease.Mark && mark.Incident != lease.Incident)
            {
                return answer; // the moment on the object is that of another incident, which holds the same pause
            }
        }

        return await reconciler.MarkAsync(operation, ct);
    }

    /// <summary>The moment on the object may be the later one; the lease's deadline counts, so nothing is to be undone.</summary>
    public Task<bool> IsThereAsync(Operation operation, CancellationToken ct) => Task.FromResult(false);

    public void Succeed(IncidentFile file, Operation operation)
    {
        if (file.Lease(operation.Lease) is not { State: LeaseState.Active } lease)
        {
            file.Save(operation.Fail("the override ended in that moment", file.Now));
            file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{operation.Plan.Target.Name:code} is not kept so: the override ended in that moment."), Tone.Warning, operation.Id);
            return;
        }

        file.Save(operation.Succeed(file.Now));
        file.Save(lease.Extend(operation.EndsAt(operation.RequestedAt)));
        file.Tell(TimelineKind.Extended, operation.RequestedBy, _ => Text.Of($"{lease.Target.Name:code} {(lease.Branch is { } held ? $"stays at commit {held.Spoken}" : "stays paused")} until {operation.EndsAt(operation.RequestedAt)}: {operation.Reason}"), Tone.Good, operation.Id);
    }

    public void Fail(IncidentFile file, Operation operation, ClusterAnswer answer, bool mayBeThere)
    {
        file.Save(operation.Fail(answer.Sentence, file.Now));
        file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{operation.Kind} of {operation.Plan.Target.Name:code} failed, nothing was changed: {answer.Sentence}."), Tone.Alarm, operation.Id);
    }

    private static bool IsThere(Lease lease, ApplicationFacts facts) => lease.Branch is null || lease.WindowIn is not null
        ? Holding.IsPaused(lease, facts)
        : facts.Mark?.Operation == lease.Operation;
}
