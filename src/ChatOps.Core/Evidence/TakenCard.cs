using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Evidence;

/// <summary>What hands changed and Argo CD took back, with the command that does it again and with what makes it stay then.</summary>
internal static class TakenCard
{
    private const int OnePiece = 3000;

    /// <param name="held">The override of this incident that is there all the same.</param>
    public static Card Of(ApplicationRef application, IReadOnlyList<ResourceDrift> hands, int leftOut, Lease? held)
    {
        var isOne = HandChanges.Count(hands) == 1;
        var again = string.Join('\n', hands.Select(resource => resource.PutBack).OfType<string>());
        return new($"{application.Name}: {EvidenceTexts.What(hands)}, and Argo CD took {(isOne ? "it" : "them")} back", Tone.Warning,
        [
            new Part.Verbatim(EvidenceCard.Shown(HandChanges.Lines(hands), leftOut)),
            .. again.Length == 0 ? Array.Empty<Part>()
                : again.Length > OnePiece ? [new Part.Paragraph("The command that does it again is too long for a message; it is in the record.")]
                : [new Part.Paragraph(held is null ? "To do it again by hand, once Argo CD is paused:" : "To do it again by hand:"), new Part.Verbatim(again)],
            new Part.Footnote(Text.Of($"{EvidenceTexts.Ways(hands)} ") + Why(application, held) + Text.Of($" {EvidenceTexts.Who(hands)}")),
        ]);
    }

    private static Text Why(ApplicationRef application, Lease? held) => held is null
        ? Text.Of($"No override of this incident holds {application.Name:code}. While Argo CD syncs it by itself it does that again each time, and {$"/gitops pause {application.Name} for 45m because <why>":code} makes a change stay; a sync that somebody asks for writes over it in any case.")
        : Text.Of($"There is a {held.Noun} of {application.Name:code}: this was on its way before that was seen, or is not held by it.");
}
