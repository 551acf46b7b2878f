using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Leases;

/// <summary><c>resume</c>, as a command or a button: by the owner, or by whom the rulebook lets resume.</summary>
public sealed class ResumeLease(WhichLease which, IRecords records, IncidentFiles files, Applications applications, AskRulebook rules)
{
    public async Task<Refusal?> HandleAsync(Command.Resume command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (lease, refusal) = await which.ResolveAsync(command.Application, delivery.Place, ct);
        return lease is null ? refusal : await ResumeAsync(lease.Id, speaker, delivery, ct);
    }

    public async Task<Refusal?> ResumeAsync(Guid id, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file || file.Lease(id) is not { } lease)
        {
            return new Refusal(RefusalKind.NotFound, "I do not know this pause any more.");
        }

        if (lease.State != LeaseState.Active)
        {
            return new Refusal(RefusalKind.AlreadyDecided, IncidentCard.Line(lease, Nobody, speaker.Account.Platform));
        }

        if (lease.Owner != speaker.Person.Name)
        {
            var (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
            if (facts is null)
            {
                return ClusterRefusals.For(answer, Text.Of($"I could not read {lease.Target.Name:code}."));
            }

            var (allowed, notAllowed) = await rules.DecideAsync(speaker.Person, "resume", facts, null, ct);
            if (allowed is null)
            {
                return notAllowed;
            }
        }

        EndLease.Begin(file, lease, speaker.Person.Name, "resumed by hand");
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private static Reception Nobody { get; } = new(new Register([]), []);
}
