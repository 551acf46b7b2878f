using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;

namespace ChatOps.Core.Evidence;

/// <summary>One quiet message in the thread for each grant that was used; it edits itself.</summary>
internal static class UseCard
{
    private const int MostLines = 8;

    public static void Show(IncidentFile file, Grant grant, GrantUse use, Register register)
    {
        var key = new MessageKey($"grant/{grant.Id:N}/use");
        file.Say(key, _ => Of(grant, use, register));
    }

    private static Card Of(Grant grant, GrantUse use, Register register)
    {
        var own = use.Deeds.Where(deed => deed.Kind != DeedKind.ByOthers).ToList();
        List<Text> lines = [.. own.TakeLast(MostLines).Select(deed => Text.Of($"{deed.FirstAt} ") + Who(deed, grant, register) + UseTexts.Line(deed))];
        var others = use.OfKind(DeedKind.ByOthers).ToList();
        if (others.Count > 0)
        {
            lines.Add("By others in the same place meanwhile:");
            lines.AddRange(others.TakeLast(MostLines / 2).Select(deed => Text.Of($"{deed.FirstAt} {UseTexts.Who(deed, register):b} ") + UseTexts.Line(deed)));
        }

        var notShown = Math.Max(0, own.Count - MostLines) + Math.Max(0, others.Count - MostLines / 2);
        if (notShown > 0)
        {
            lines.Add($"{notShown} earlier ones are in the record.");
        }

        if (use.LeftOut.Values.Sum() is > 0 and var leftOut)
        {
            lines.Add($"{leftOut} more came at once than the record has room for; they are only counted here, and in the cluster's own audit log.");
        }

        return new Card(
            $"Done with access {grant.ShortId}: {UseTexts.HowMuch(use)}",
            use.OfKind(DeedKind.Lasting).Any() ? Tone.Warning : Tone.Neutral,
            [new Part.Paragraph(Text.Lines(lines)), new Part.Footnote(Text.Of($"From the audit log of cluster {grant.Scope.Cluster}. What is typed into a shell is not in it."))]);
    }

    /// <summary>The person is in the title of the access; named are those who acted as them.</summary>
    private static Text Who(Deed deed, Grant grant, Register register) => deed.Through is null && deed.By == grant.Subject ? Text.Empty : Text.Of($"{UseTexts.Who(deed, register):b} ");
}
