using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>
/// How a namespace is paused: each application by its own write under the one operation, with the leases of all written down
/// before the first. Called again it goes on where it was, because each write is done once. Where one will not, what was
/// done is undone: all, or none.
/// </summary>
public sealed class NamespacePauseKind(PauseKind pause, IRecords records, LookAtNamespace look) : IKindOfOperation
{
    public OperationKind Kind => OperationKind.Pause;

    public bool IsOf(Operation operation) => operation.Plan.Work is NamespacePauseWork;

    public async Task<SecondLook> LookAgainAsync(IncidentFile file, Operation operation, Person requester, CancellationToken ct)
    {
        var target = (NamespaceTarget)operation.Plan.Target;
        var unsettled = await records.UnsettledLeasesAsync(ct);
        if (operation.Plan.Of<NamespacePauseWork>().Parts.Select(part => Underway.Before(operation, part.Target.Ref, unsettled)).OfType<SecondLook>().MaxBy(wait => wait is SecondLook.No) is { } wait)
        {
            return wait;
        }

        var (seen, unseen) = await look.AtAsync(new(target.InCluster, target.Namespace), operation.Incident, ct);
        if (seen is null)
        {
            return unseen!.Kind == RefusalKind.ClusterSilent ? new SecondLook.Later() : new SecondLook.No(unseen.Why.ToString());
        }

        if (seen.Paused.FirstOrDefault(facts => !file.Incident.Scope.Contains(facts.Ref)) is { } stranger)
        {
            return new SecondLook.No($"{stranger.Ref.Name} owns something in {target.Name} by now and is not in the scope of the incident");
        }

        var (authority, _, notAllowed) = await look.DecideAsync(requester, seen.Paused, operation.EndsAt(file.Now) - file.Now, ct);
        if (authority is null)
        {
            return notAllowed!.Kind == RefusalKind.ChatSilent ? new SecondLook.Later() : new SecondLook.No($"{requester.DisplayName} may not do this any more: {notAllowed.Why}");
        }

        var plan = NamespacePausePlan.Of(seen, target.Namespace, look.PolicyVersion, operation.Plan.Of<NamespacePauseWork>());
        return NamespacePausePlan.TooLong(plan, authority.LongestInAll, operation.EndsAt(file.Now)) is { } tooLong
            ? new SecondLook.No(tooLong.Why.ToString())
            : new SecondLook.Planned(plan, authority, [.. NamespacePausePlan.Notices(seen, target.Namespace)]);
    }

    public void Begin(IncidentFile file, Operation operation)
    {
        foreach (var part in operation.Plan.Of<NamespacePauseWork>().Parts)
        {
            file.Save(Lease.Written(operation.Of(part), file.Now) with { Id = Guid.CreateVersion7(file.Now) });
        }
    }

    public async Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct)
    {
        var parts = operation.Operation.Plan.Of<NamespacePauseWork>().Parts;
        foreach (var part in parts)
        {
            var answer = await pause.ApplyAsync(operation.Of(part), ct);
            if (!answer.IsOk)
            {
                return answer with { Sentence = $"{part.Target.Name}: {answer.Sentence}" };
            }
        }

        return ClusterAnswer.Ok;
    }

    /// <summary>Asked of each when it is undone.</summary>
    public Task<bool> IsThereAsync(Operation operation, CancellationToken ct) => Task.FromResult(true);

    public void Succeed(IncidentFile file, Operation operation)
    {
        file.Save(operation.Succeed(file.Now));
        var stored = file.Leases.Where(lease => lease.Operation == operation.Id && lease.State == LeaseState.Starting).ToList();
        foreach (var lease in stored)
        {
            file.Save(lease.Stored(file.Now));
        }

        if (stored.Count > 0)
        {
            file.Tell(TimelineKind.Paused, operation.RequestedBy, _ => Text.Of($"{operation.Plan.Target.Name:code} is {"paused":b} until {stored[0].Deadline}: {string.Join(", ", stored.Select(lease => lease.Target.Name)):code}. I say of each when the controller is known to have seen it. {$"resume {operation.Plan.Target.Name}":code} ends all of them."), Tone.Good, operation.Id);
        }
    }

    public void Fail(IncidentFile file, Operation operation, ClusterAnswer answer, bool mayBeThere)
    {
        file.Save(operation.Fail(answer.Sentence, file.Now));
        var begun = file.Leases.Where(lease => lease.Operation == operation.Id && lease.State == LeaseState.Starting).ToList();
        file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{operation.Plan.Target.Name:code} is not paused: {answer.Sentence}. All of it, or none: whatever was paused of {string.Join(", ", begun.Select(lease => lease.Target.Name)):code} I undo, until the cluster confirms of each that nothing is left{(begun.Exists(lease => lease.Joins is not null) ? "; what another incident had paused before is let go by this one and stays with that one" : "")}."), Tone.Alarm, operation.Id);
        foreach (var lease in begun)
        {
            EndLease.Begin(file, lease with { OnlyLetsGo = lease.Joins is not null }, "chatops", $"the pause of {operation.Plan.Target.Name} failed");
        }
    }
}
