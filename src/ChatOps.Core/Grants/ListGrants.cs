using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;

namespace ChatOps.Core.Grants;

/// <summary><c>list</c>: everything that is open, in every incident, with buttons for whoever may press them.</summary>
public sealed class ListGrants(IRecords records, GrantCards cards, AskRulebook rules, TimeProvider time)
{
    /// <summary>More than anybody reads at night; the rest is counted.</summary>
    private const int Most = 12;

    public async Task<Refusal?> HandleAsync(Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var changes = new Changes();
        var card = new Card("Open access", Tone.Neutral,
        [
            .. await PartsAsync(speaker, changes, ct),
            new Part.Footnote(Text.Of($"{"/breakglass done <id>":code} gives yours back; {"/breakglass revoke <id>":code} ends somebody else's, if the policy lets you.")),
        ]);
        await records.CommitAsync(changes.Post(new Outgoing.Whisper(delivery.From, delivery.Place, card, delivery.ReplyHandle)).Done(delivery), ct);
        return null;
    }

    /// <summary>A line for each open grant, what ends first on top, and under it what this person may do about it.</summary>
    public async Task<IReadOnlyList<Part>> PartsAsync(Speaker speaker, Changes changes, CancellationToken ct)
    {
        var open = (await records.UnsettledGrantsAsync(ct)).Where(grant => grant.IsLive).OrderBy(grant => grant.EndsAt).ToList();
        if (open.Count == 0)
        {
            return [new Part.Paragraph("Nobody has break-glass access at this moment.")];
        }

        var parts = new List<Part>();
        foreach (var grant in open.Take(Most))
        {
            parts.Add(new Part.Paragraph(cards.Line(grant, speaker.Account.Platform) + UseTexts.SoFar(await records.FindUseAsync(grant.Id, ct))));
            if (await ButtonsAsync(grant, speaker, changes, ct) is { Count: > 0 } buttons)
            {
                parts.Add(new Part.Buttons(buttons));
            }
        }

        if (open.Count > Most)
        {
            parts.Add(new Part.Paragraph($"{open.Count - Most} more end later."));
        }

        return parts;
    }

    private async Task<IReadOnlyList<Button>> ButtonsAsync(Grant grant, Speaker speaker, Changes changes, CancellationToken ct)
    {
        if (!grant.IsOpen)
        {
            return [];
        }

        if (grant.Person == speaker.Person.Name)
        {
            return [Offer("I am done", ChoiceKind.EndGrant), .. grant.State == GrantState.Active ? new[] { Offer("Extend …", ChoiceKind.ExtendGrant) } : []];
        }

        return await MayRevokeAsync(grant, speaker.Person, ct) ? [Offer("Revoke", ChoiceKind.EndGrant, ButtonStyle.Danger)] : [];

        Button Offer(string label, ChoiceKind kind, ButtonStyle style = ButtonStyle.Plain)
        {
            var token = Tokens.Next();
            changes.Offer(new Choice(token, kind, grant.Id, null, MessageKey.SeenOnlyBy(speaker.Account), Incidents.Clock.Now(time) + TimeSpan.FromDays(1)));
            return new Button(label, token, style) { Confirm = kind == ChoiceKind.EndGrant ? "The access is taken away at once." : null };
        }
    }

    private async Task<bool> MayRevokeAsync(Grant grant, Person person, CancellationToken ct)
    {
        if (await records.FindOperationAsync(grant.Operation, ct) is not { Plan.Application: var target })
        {
            return false;
        }

        var (allowed, _) = await rules.DecideAsync(person, new PolicyQuestion(PolicyVerb.Revoke, grant.Target.Name, target.Project, target.DestinationNamespace, target.DestinationCluster, null), ct);
        return allowed is not null;
    }
}
