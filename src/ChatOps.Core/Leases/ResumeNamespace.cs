using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Leases;

/// <summary><c>resume ns:…</c>: ends every pause that one request for a namespace made, each as it would be ended alone, hand changes shown first.</summary>
public sealed class ResumeNamespace(WhichIncident which, IRecords records, IncidentFiles files, ResumeLease resume)
{
    public async Task<Refusal?> HandleAsync(Command.ResumeNamespace command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (incident, refusal) = await which.ResolveAsync(delivery.Place, null, null, ct);
        if (incident is null || await files.OpenAsync(incident.Number, ct) is not { } file)
        {
            return refusal;
        }

        var meant = file.Operations.Where(operation => operation.Plan.Target is NamespaceTarget target && target.Namespace == command.Namespace.Name && (command.Namespace.Cluster ?? target.InCluster) == target.InCluster).ToList();
        if (meant.Select(operation => operation.Plan.Target.Name).Distinct().ToList() is { Count: > 1 } several)
        {
            return new Refusal(RefusalKind.Ambiguous, Text.Of($"{command.Namespace.ToString():code} could be {string.Join(" or ", several)}."));
        }

        var leases = file.Leases.Where(lease => (lease.State == LeaseState.Active || lease.WaitsForPeople) && meant.Exists(operation => operation.Id == lease.Operation)).ToList();
        var isBegun = leases.Count == 0 && file.Leases.Any(lease => lease.State == LeaseState.Ending && meant.Exists(operation => operation.Id == lease.Operation));
        if (leases.Count == 0 && (!isBegun || delivery.IsPlan)) // else a redelivery, and all ends are begun
        {
            return isBegun
                ? new Refusal(RefusalKind.AlreadyDecided, Text.Of($"{command.Namespace.ToString():code} is being resumed already."))
                : new Refusal(RefusalKind.NotFound, Text.Of($"No pause of {command.Namespace.ToString():code} stands in incident {incident.Number}.")) { Instead = Text.Of($"A pause of one application ends with {"resume <app>":code}.") };
        }

        var refused = new Dictionary<Guid, Text>();
        foreach (var lease in leases)
        {
            // Each is stored at once, so that what the next one takes long for does not hold it up; a plan is one file, and stored never.
            var no = delivery.IsPlan ? await resume.DecideAsync(file, lease.Id, speaker, delivery, ct) : await resume.ResumeOneOfAsync(lease.Id, speaker, delivery, ct);
            if (no is not null)
            {
                refused[lease.Id] = Text.Of($"{lease.Target.Name:code}: ") + no.Why;
            }
        }

        if (delivery.IsPlan && refused.Count < leases.Count)
        {
            await files.ShowPlanAsync(file, delivery, refused, ct);
            return null;
        }

        if (refused.Count > 0)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"Not all of {command.Namespace.ToString():code} is being resumed.\n") + Text.Lines(refused.Values));
        }

        await records.CommitAsync(new Changes().Done(delivery), ct);
        return null;
    }
}
