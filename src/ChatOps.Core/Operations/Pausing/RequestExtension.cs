using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Pausing;

/// <summary><c>extend</c>: a longer override is a new request under the same rule, counted from the first start.</summary>
public sealed class RequestExtension(IRecords records, IncidentFiles files, Applications applications, AskRulebook rules, AskApprovers approvers)
{
    public async Task<Refusal?> HandleAsync(Guid leaseId, TimeSpan by, string reason, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(leaseId, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file || file.Lease(leaseId) is not { } lease)
        {
            return new Refusal(RefusalKind.NotFound, "I do not know this override any more.");
        }

        if (lease.WaitsForPeople)
        {
            return new Refusal(RefusalKind.NotPossible, OvertakenTexts.Seen(lease) + Text.Of($" There is nothing of ours to extend.")) { Instead = OvertakenTexts.LeftToDo(lease) };
        }

        if (lease.State != LeaseState.Active)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"The {lease.Noun} of {lease.Target.Name:code} is not there any more.")) { Instead = lease.Branch is { } held ? Text.Of($"{$"branch {lease.Target.Name} {held.Branch} for 30m because …":code} asks for it again.") : Text.Of($"{$"pause {lease.Target.Name} for 30m because …":code} pauses it again.") };
        }

        if (file.Operations.Any(operation => operation is { Kind: OperationKind.Extend, IsTerminal: false } && operation.Lease == leaseId))
        {
            return new Refusal(RefusalKind.StillOpen, "An extension was asked for already and waits for a decision.");
        }

        var deadline = Clock.WholeMilliseconds((lease.Deadline > file.Now ? lease.Deadline : file.Now) + by);
        var (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
        if (facts is null)
        {
            return ClusterRefusals.For(answer, Text.Of($"I could not read {lease.Target.Name:code}, so I cannot plan the extension."));
        }

        var (allowed, notAllowed) = await rules.DecideAsync(speaker.Person, ExtendKind.VerbOf(lease), facts, deadline - lease.StartedAt, ct);
        if (allowed is null)
        {
            return notAllowed;
        }

        if (deadline > lease.Latest)
        {
            return new Refusal(RefusalKind.NotAllowed, Text.Of($"The {lease.Noun} of {lease.Target.Name:code} may last until {lease.Latest} at the most, counted from its first start.")) { Instead = "Bring the fix into Git and resume; or end it and ask anew, with a new decision." };
        }

        var operation = Plan(lease, deadline, reason, speaker, allowed, facts, file);
        file.Save(operation);
        file.Record(TimelineKind.Requested, speaker.Person.Name, Text.Of($"{speaker.Person.DisplayName} asked to keep the {lease.Noun} of {lease.Target.Name} until {deadline}: {reason}"), operation.Id, delivery.ReceivedAt);
        await approvers.ShowAsync(file, operation, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private Operation Plan(Lease lease, DateTimeOffset deadline, string reason, Speaker speaker, Decision.Allowed allowed, ApplicationFacts facts, IncidentFile file) => new()
    {
        Id = Guid.CreateVersion7(file.Now),
        Kind = OperationKind.Extend,
        Incident = file.Incident.Number,
        RequestedBy = speaker.Person.Name,
        RequestedByKubernetesName = speaker.Person.KubernetesUser ?? speaker.Person.Name,
        RequestedAt = file.Now,
        Reason = reason,
        Duration = deadline - lease.StartedAt,
        Until = deadline,
        Plan = PausePlan.Of(facts, rules.Version) with
        {
            Work = new ExtendWork(lease.Mechanism, lease.Before, lease.Branch is null ? LeaseKind.Pause : LeaseKind.Branch),
            Changes = [new FieldChange($"end of the {lease.Noun}", $"{lease.Deadline.UtcDateTime:yyyy-MM-dd HH:mm} UTC", $"{deadline.UtcDateTime:yyyy-MM-dd HH:mm} UTC")],
        },
        Authority = allowed.Authority,
        State = allowed.Authority.ApprovalsNeeded == 0 ? OperationState.Approved : OperationState.AwaitingApproval,
        StateSince = file.Now,
        RequestExpiresAt = file.Now + (allowed.Rule.Approvals?.RequestLives ?? TimeSpan.FromMinutes(5)),
        Lease = lease.Id,
    };
}
