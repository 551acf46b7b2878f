using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Evidence;

/// <summary>What hands changed under one override: one message in the thread that edits itself, from the first change to the commands that bring them back.</summary>
public static class EvidenceCard
{
    private const int OnePiece = 3000;

    public static Card Of(Lease lease, int leftOut = 0)
    {
        var name = lease.Target.Name;
        return lease switch
        {
            { Hands.Count: 0 } => Card.Note($"{name}: no change by hand stands", Tone.Neutral, "What was changed or deleted is as Git says again, or was taken back. The record has what it was."),
            { IsUnsettled: true } => new($"{name}: {EvidenceTexts.What(lease.Hands)}", Tone.Neutral,
            [
                new Part.Verbatim(Shown(HandChanges.Lines(lease.Hands), leftOut)),
                new Part.Footnote(Text.Of($"{EvidenceTexts.Ways(lease.Hands)} {What(lease)} {EvidenceTexts.Who(lease.Hands)}")),
            ]),
            _ => Ended(lease),
        };
    }

    /// <summary>What was there before the incident.</summary>
    public static Card Found(ApplicationRef application, IReadOnlyList<ResourceDrift> hands, int leftOut) =>
        new($"{application.Name}: {EvidenceTexts.What(hands)} before it came into scope", Tone.Warning,
        [
            new Part.Verbatim(Shown(HandChanges.Lines(hands), leftOut)),
            new Part.Footnote(Text.Of($"{EvidenceTexts.Ways(hands)} Where Argo CD heals {application.Name:code} by itself, what Git mentions does not stay. {EvidenceTexts.Who(hands)}")),
        ]);

    /// <summary>What hands did while nothing of ours keeps it.</summary>
    public static Card Unheld(ApplicationRef application, IReadOnlyList<ResourceDrift> hands, int leftOut) =>
        new($"{application.Name}: {EvidenceTexts.What(hands)}, and nothing of mine keeps {(HandChanges.Count(hands) == 1 ? "it" : "them")}", Tone.Warning,
        [
            new Part.Verbatim(Shown(HandChanges.Lines(hands), leftOut)),
            new Part.Footnote(Text.Of($"{EvidenceTexts.Ways(hands)} No override of this incident holds {application.Name:code}, so what Git mentions is overwritten by the next sync; {$"/gitops pause {application.Name} for 45m because <why>":code} keeps it. {EvidenceTexts.Who(hands)}")),
        ]);

    /// <summary>Verbatim lines of what Argo CD makes as Git says, and of what it leaves, for the question before a resume.</summary>
    public static IReadOnlyList<Part> Before(HandsSeen look)
    {
        var (lost, stays) = (HandChanges.Overwritten(look.Hands), HandChanges.LeftAlone(look.Hands));
        var ofThese = stays.Count > 0 ? 0 : look.LeftOut; // what is overwritten is kept first
        return
        [
            .. lost.Count > 0 ? [new Part.Verbatim(Shown(HandChanges.Lines(lost), ofThese))] : Array.Empty<Part>(),
            .. EvidenceTexts.NoWay(lost) is { } none ? [new Part.Footnote(none)] : Array.Empty<Part>(), // the one thing that nothing brings back
            .. stays.Count > 0 ? [new Part.Paragraph(Text.Of($"Git does not mention these, or Argo CD finds nothing to do there, so they stay:")), new Part.Verbatim(Shown(HandChanges.Lines(stays), look.LeftOut))] : Array.Empty<Part>(),
            .. look.OfControllers.Count > 0 ? [new Part.Paragraph(Text.Of($"Controllers of the cluster changed these, and Argo CD makes them as Git says too:")), new Part.Verbatim(Shown(HandChanges.Lines(look.OfControllers), 0))] : Array.Empty<Part>(),
            .. look.NotSeen.Select(sentence => new Part.Footnote(sentence)),
        ];
    }

    private static Card Ended(Lease lease)
    {
        var lost = HandChanges.Overwritten(lease.Hands);
        var room = OnePiece;
        var ways = lost.Where(resource => resource.PutBack is not null).ToList();
        var within = ways.OrderBy(resource => resource.PutBack!.Length).TakeWhile(resource => (room -= resource.PutBack!.Length + 1) >= -1).ToList();
        var (shown, gone, longer) = (within.Where(resource => !resource.IsDeleted).ToList(), within.Where(resource => resource.IsDeleted).ToList(), ways.Except(within).ToList());
        return new($"{lease.Target.Name}: {EvidenceTexts.What(lease.Hands, " had been")}", Tone.Warning,
        [
            new Part.Verbatim(Shown(HandChanges.Lines(lease.Hands), 0)),
            .. shown.Count > 0 ? [new Part.Paragraph(Text.Of($"The {lease.Noun} is over, and Argo CD makes what Git mentions as Git says. To do it again by hand, while Argo CD is paused:")), new Part.Verbatim(string.Join('\n', shown.Select(resource => resource.PutBack)))] : Array.Empty<Part>(),
            .. gone.Count > 0 ? [new Part.Paragraph(Text.Of($"Who or what deleted is not known, and Argo CD makes it again. To delete it again by hand, while Argo CD is paused:")), new Part.Verbatim(string.Join('\n', gone.Select(resource => resource.PutBack)))] : Array.Empty<Part>(),
            .. longer.Count > 0 ? [new Part.Paragraph(Text.Of($"Too long for a message are the commands that do it again for {HandChanges.Named([.. longer.Select(resource => (resource.Kind, resource.Namespace, resource.Name))])}. They are in the record with this {lease.Noun}: on its page, to which {$"/incident timeline {lease.Incident}":code} has the link where pages are served, and in {$"ChatOps.Server incident export {lease.Incident}":code}."))] : Array.Empty<Part>(),
            new Part.Footnote(Text.Of($"Better: bring it into Git, where it stays.{(EvidenceTexts.NoWay(lost) is { } none ? $" {none}" : "")}")),
        ]);
    }

    private static Text What(Lease lease) => lease.Branch is null
        ? Text.Of($"When {lease.Target.Name:code} is resumed, Argo CD overwrites what Git mentions: bring it into Git before.")
        : Text.Of($"Argo CD goes on syncing {lease.Target.Name:code} and overwrites what the branch mentions.");

    /// <summary>As much of them as one message takes.</summary>
    internal static string Shown(IEnumerable<string> lines, int leftOut)
    {
        var text = string.Join('\n', lines);
        var cut = text.Length > OnePiece ? text[..OnePiece] + "\n… the rest is in the record" : text;
        return leftOut > 0 ? $"{cut}\n… and {leftOut} fields more" : cut;
    }
}
