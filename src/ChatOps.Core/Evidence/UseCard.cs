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
        List<Text> lines = [.. use.Own.TakeLast(MostLines).Select(deed => Text.Of($"{deed.FirstAt} ") + Who(deed, grant, register) + UseTexts.Line(deed))];
        AddOthers(lines, use, DeedKind.ByOthers, "By others in the same place meanwhile:", register);
        AddOthers(lines, use, DeedKind.Guessed, "As live objects say; that names tools and the fields they hold, and is a guess as to who:", register);
        AddOthers(lines, use, DeedKind.ToldByEngine, "As Argo CD says:", register);
        if (use.Deeds.Count > lines.Count)
        {
            lines.Add("Earlier ones are in the record.");
        }

        if (use.LeftOut.Values.Sum() is > 0 and var leftOut)
        {
            lines.Add($"{leftOut} more came than the record has room for; they are only counted here, and in the cluster's own audit log.");
        }

        return new Card(
            use.Own.Count > 0 ? $"Done with access {grant.ShortId}: {UseTexts.HowMuch(use)}" : grant.Kind == GrantKind.ArgoCdRole ? $"Done in Argo CD while access {grant.ShortId} was open"
                : $"Written while access {grant.ShortId} was open",
            use.OfKind(DeedKind.Lasting).Any() ? Tone.Warning : Tone.Neutral,
            [new Part.Paragraph(Text.Lines(lines)), .. use.Deeds.All(deed => deed.Kind is DeedKind.Guessed or DeedKind.ToldByEngine) ? [] : new[] { new Part.Footnote(Text.Of($"From the audit log of cluster {grant.Scope.Cluster}. What is typed into a shell is not in it.")) }]);
    }

    private static void AddOthers(List<Text> lines, GrantUse use, DeedKind kind, string head, Register register)
    {
        if (use.OfKind(kind).OrderBy(deed => deed.FirstAt).TakeLast(MostLines / 2).ToList() is { Count: > 0 } shown)
        {
            lines.Add(head);
            lines.AddRange(shown.Select(deed => Text.Of($"{deed.FirstAt} {UseTexts.Who(deed, register):b} ") + UseTexts.Line(deed)));
        }
    }

    /// <summary>The person is in the title of the access; named are those who acted as them.</summary>
    private static Text Who(Deed deed, Grant grant, Register register) => deed.Through is null && deed.By == grant.Subject ? Text.Empty : Text.Of($"{UseTexts.Who(deed, register):b} ");
}
