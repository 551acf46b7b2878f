using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Conversation;

/// <summary>
/// A question or a warning to one person that the platform does not deliver. The record must not go on saying that they know:
/// the thread is told, and about an override the next people are asked, in the same step that lets go of the post.
/// </summary>
public sealed class Unreached(IRecords records, IncidentFiles files, AskAboutLease ask, Reception reception)
{
    /// <summary>False: nothing waits for an answer to it any more, and nothing was stored.</summary>
    /// <param name="isForGood">The post is given up because of this person; else it waits, and so would a question to others.</param>
    /// <param name="post">What becomes of the post.</param>
    public async Task<bool> TellAsync(Outgoing.Say say, ChatRefusedException refused, bool isForGood, Action<Changes> post, CancellationToken ct)
    {
        if (say.Where is not Where.ToPerson(var account) || reception.PersonOf(account) is not { } person)
        {
            return false;
        }

        var told = false;
        await UnlessFaster.DoAsync(async () =>
        {
            var file = say.Key switch
            {
                { AsksAboutLease: { } lease } => await OfLeaseAsync(lease, say, account, person, refused, isForGood, ct),
                { AsksAboutOperation: { } operation } => await OfOperationAsync(operation, person, refused, ct),
                { WarnsOfGrant: { } grant } => await OfGrantAsync(grant, say, (file, open) => GrantNotice.NotReached(file, open, reception, isForGood, refused.Fix), ct),
                { LeadsToGrant: { } grant } when say.Card.Parts.OfType<Part.Buttons>().SelectMany(row => row.Row).FirstOrDefault()?.Link is { } page =>
                    await OfGrantAsync(grant, say, (file, open) => ClaimNotice.NotReached(file, open, reception, refused.Fix, page), ct),
                _ => null,
            };
            if (file is not null)
            {
                post(file.Changes);
                await files.PutBackAsync(file, null, ct);
                told = true;
            }
        });
        return told;
    }

    private async Task<IncidentFile?> OfLeaseAsync(Guid id, Outgoing.Say say, ChatAccount account, Person person, ChatRefusedException refused, bool isForGood, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file || file.Lease(id) is not { } lease
            || lease.State != LeaseState.Active && !lease.WaitsForPeople || !await AsksStillAsync(say, lease, account, ct))
        {
            return null;
        }

        if (isForGood)
        {
            lease = lease with { Asked = [.. lease.Asked.Where(asked => asked.Message != say.Key)] };
            file.Save(lease);
            await ask.NotReachedAsync(file, lease, person.Name, refused.Fix, ct);
        }
        else
        {
            file.Tell(TimelineKind.NotReached, "chatops", platform => Text.Of($"{reception.Address(person.Name, platform)} {"is not reached yet":b} about the {lease.Noun} of {lease.Target.Name:code} (it ends {lease.Deadline}): I cannot send direct messages. To mend it: {refused.Fix}."), Tone.Alarm, id);
        }

        return file;
    }

    private async Task<IncidentFile?> OfGrantAsync(Guid id, Outgoing.Say say, Action<IncidentFile, Grant> tell, CancellationToken ct)
    {
        if (await records.FindGrantAsync(id, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file || file.Grant(id) is not { State: GrantState.Active } grant
            || await records.FindMessageAsync(say.Key, null, ct) is not null)
        {
            return null;
        }

        tell(file, grant);
        return file;
    }

    /// <summary>What reached them once is only brought up to date, and one that was answered or asked again meanwhile asks nothing.</summary>
    private async Task<bool> AsksStillAsync(Outgoing.Say say, Lease lease, ChatAccount account, CancellationToken ct) =>
        say.Key == MessageKey.AskAboutLease(lease.Id, lease.Deadline, lease.Escalations, account) && await records.FindMessageAsync(say.Key, null, ct) is null;

    /// <summary>Who may decide is the policy's to say, so nobody else is asked before their time; the silence of whoever was not reached counts for nothing.</summary>
    private async Task<IncidentFile?> OfOperationAsync(Guid id, Person person, ChatRefusedException refused, CancellationToken ct)
    {
        if (await records.FindOperationAsync(id, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file || file.Operation(id) is not { State: OperationState.AwaitingApproval } operation)
        {
            return null;
        }

        Text Said(ChatPlatform platform) => Text.Of($"{reception.Address(person.Name, platform)} {"could not be asked":b} about the request for {operation.Plan.Target.Name:code} in a direct message: {refused.Fix}. Their silence does not count; the card with the buttons is in this thread.");
        var sentence = Said(file.Incident.Channels[0].Platform).ToString();
        if ((await records.TimelineAsync(found.Incident, ct)).Any(entry => entry.Kind == TimelineKind.NotReached && entry.Subject == id && entry.Text == sentence))
        {
            return null; // each change of the card asks again, and once is enough to be told
        }

        file.Tell(TimelineKind.NotReached, "chatops", Said, Tone.Warning, id);
        return file;
    }
}
