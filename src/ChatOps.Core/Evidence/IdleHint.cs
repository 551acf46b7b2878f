using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Evidence;

/// <summary>
/// Asks somebody once, in a direct message, whether they still need access with which they change nothing. Only where the audit
/// log shows that they do not; where nobody knows, and of access that is there for reading, nobody is asked.
/// </summary>
public sealed class IdleHint(IRecords records, IncidentFiles files, Reception reception)
{
    public async Task HandleAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindUseAsync(id, ct) is not { IsUsed: false, HintedAt: null } use || await files.OpenAsync(use.Incident, ct) is not { } file || file.Grant(id) is not { State: GrantState.Active } grant)
        {
            return;
        }

        file.Changes.Save(use with { HintedAt = file.Now });
        Say(file, grant, Asking);
        await files.PutBackAsync(file, null, ct);
    }

    /// <summary>A button that can only refuse misleads: at the end the question says that it is over.</summary>
    internal void Close(IncidentFile file, Grant grant, GrantUse use)
    {
        if (use.HintedAt is not null)
        {
            Say(file, grant, (_, ended, _) => Card.Note($"Your access to {ended.Target.Name} has ended", Tone.Neutral, Text.Of($"As {ended.Role:b}, {(ended.WasGone ? "no later than " : "")}{ended.EndedAt ?? ended.EndsAt}.")));
        }
    }

    private void Say(IncidentFile file, Grant grant, Func<IncidentFile, Grant, MessageKey, Card> card)
    {
        foreach (var account in file.Incident.Channels.Select(channel => channel.Platform).Distinct().Select(platform => reception.AccountOf(grant.Person, platform)).OfType<ChatAccount>())
        {
            var key = new MessageKey($"grant/{grant.Id:N}/idle/{account.Platform}/{account.UserId}");
            file.Changes.Post(new Outgoing.Say(key, new Where.ToPerson(account), card(file, grant, key)));
        }
    }

    private static Card Asking(IncidentFile file, Grant grant, MessageKey key) => new(
        $"No change was made with your access to {grant.Target.Name}",
        Tone.Waiting,
        [
            new Part.Paragraph(Text.Of($"As {grant.Role:b}, open since {grant.GivenAt ?? grant.StartedAt}, until {grant.EndsAt}. The audit log of cluster {grant.Scope.Cluster:code} tells of no change and no shell by {grant.Subject:code} with it; what you only read is not in it. If you do not need it any more, give it back.")),
            new Part.Buttons([GrantCards.Offer(file, grant, key, "Give back", ChoiceKind.EndGrant)]),
        ]);
}
