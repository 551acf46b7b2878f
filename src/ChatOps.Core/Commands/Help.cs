using System.Text;
using ChatOps.Core.Conversation;

namespace ChatOps.Core.Commands;

/// <summary>What the table of verbs looks like to people: cards, the README and the hints of chat manifests.</summary>
public static class Help
{
    /// <summary>The whole table as Markdown, for the README.</summary>
    public static string CommandTable
    {
        get
        {
            var table = new StringBuilder("| Command | What it does |\n| --- | --- |\n");
            foreach (var verb in Verb.All)
            {
                table.Append($"| `{verb.Line.Replace("|", "\\|", StringComparison.Ordinal)}` | {verb.Does} |\n");
            }

            return table.ToString();
        }
    }

    /// <summary>Help for one verb, or for all when there is no such verb.</summary>
    public static Card Card(string? verb) => Verb.All.Where(one => one.Name == verb).ToList() switch
    {
        [] => ForAll(),
        [var one] => ForVerb(one),
        var several => new Card($"{verb} means two things", Tone.Neutral, [.. several.SelectMany(one => ForVerb(one).Parts.Prepend(new Part.Paragraph(Text.Of($"{one.Line:code}"))))]),
    };

    /// <summary>The short hint that Slack shows while a slash command is typed.</summary>
    public static string UsageHint(string program) =>
        string.Join(" | ", Verb.All.Where(verb => verb.Program == program).Select(verb => verb.Name));

    private static Card ForVerb(Verb verb) => new(verb.Line, Tone.Neutral,
    [
        new Part.Paragraph($"It {verb.Does}."),
        new Part.Paragraph(Text.Of($"For example: {$"/{verb.Program} {verb.Example}":code}")),
        .. verb.Usage.Contains("<time>", StringComparison.Ordinal)
            ? new[] { new Part.Footnote(Text.Of($"A time is {"45m":code}, {"1h30m":code}, {"90 minutes":code}, or {"until 14:30":code} in your own time zone.")) }
            : [],
    ]);

    private static Card ForAll() => new("What you can say", Tone.Neutral,
    [
        .. Verb.Programs.Select(program => new Part.Paragraph(Text.Lines(
            Verb.All.Where(verb => verb.Program == program).Select(verb => Text.Of($"{verb.Line:code} {verb.Does}"))))),
        new Part.Footnote(Text.Of($"In a thread, mention me and write the same words. {"/gitops help pause":code} tells more about one verb. An application is {"[instance/][namespace/]name":code}.")),
    ]);
}
