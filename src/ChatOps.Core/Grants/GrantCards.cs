using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;

namespace ChatOps.Core.Grants;

/// <summary>The card of one grant in the thread, and the list of all.</summary>
public sealed class GrantCards(Reception reception)
{
    private static MessageKey Key(Grant grant) => new($"grant/{grant.Id:N}");

    /// <summary>Kept current under one key; without buttons once it is ending.</summary>
    public void Show(IncidentFile file, Grant grant)
    {
        var key = Key(grant);
        List<Button> buttons = grant.State == GrantState.Active
            ? [Offer(file, grant, key, "I am done", ChoiceKind.EndGrant), Offer(file, grant, key, "Revoke", ChoiceKind.EndGrant, ButtonStyle.Danger), Offer(file, grant, key, "Extend …", ChoiceKind.ExtendGrant)]
            : [];
        file.Say(key, platform => new Card(
            $"Access {grant.ShortId}",
            grant.State == GrantState.Active ? Tone.Warning : Tone.Neutral,
            [new Part.Paragraph(Line(grant, platform)), .. buttons.Count > 0 ? new Part[] { new Part.Buttons(buttons) } : []]));
    }

    /// <summary>One line about one grant, as it stands.</summary>
    public Text Line(Grant grant, ChatPlatform platform) =>
        Text.Of($"{grant.ShortId:code} {reception.NameOf(grant.Person)}: {grant.Target.Name:code} as {grant.Role:b} in ") + GrantTexts.Where(grant.Scope) + State(grant) + Text.Of($" Incident {grant.Incident}. {grant.Reason}");

    private static Text State(Grant grant) => grant.State switch
    {
        GrantState.Starting => ", being given.",
        GrantState.Active => Text.Of($", until {grant.EndsAt}."),
        GrantState.Ending => ", being ended.",
        GrantState.Ended when grant.WasGone => Text.Of($", gone no later than {grant.EndedAt ?? grant.EndsAt}."),
        GrantState.Ended => Text.Of($", ended {grant.EndedAt ?? grant.EndsAt}."),
        GrantState.Void => ", never given.",
    };

    internal static Button Offer(IncidentFile file, Grant grant, MessageKey key, string label, ChoiceKind kind, ButtonStyle style = ButtonStyle.Plain)
    {
        var token = Tokens.Next();
        file.Changes.Offer(new Choice(token, kind, grant.Id, null, key, file.Now + TimeSpan.FromDays(30)));
        return new Button(label, token, style) { Confirm = kind == ChoiceKind.EndGrant ? "The access is taken away at once." : null };
    }
}
