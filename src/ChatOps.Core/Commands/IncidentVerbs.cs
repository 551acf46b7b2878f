using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary>Verbs about the incident, but for <c>declare</c>.</summary>
internal static class IncidentVerbs
{
    private const int LongestNote = 3000;

    public static Parsed Parse(Speech speech) => speech.Verb.Name switch
    {
        "status" => Numbered(speech, number => new Command.ShowIncident(number)),
        "timeline" => Numbered(speech, number => new Command.ShowTimeline(number)),
        "note" => Note(speech),
        "apps" => Applications(speech),
        "severity" => Severity(speech),
        "operator" => Person(speech, person => new Command.ChangeOperator(person)),
        "commander" => Person(speech, person => new Command.ChangeCommander(person)),
        "mitigated" => Alone(speech, new Command.Mitigated()),
        "close" => Alone(speech, new Command.Close()),
        "reopen" => Numbered(speech, number => new Command.Reopen(number)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>For verbs that take nothing.</summary>
    public static Parsed Alone(Speech speech, Command command) => speech.Words.Count == 0
        ? command
        : speech.Ask(Text.Of($"{speech.Verb.Name:code} takes nothing more, and I do not know what {speech.Words[0].Text:code} is to mean."), speech.Verb.Name);

    private static Parsed Numbered(Speech speech, Func<int?, Command> command) => speech.Words switch
    {
        [] => command(null),
        [var word] when Names.IncidentNumber(word.Text) is { } number => command(number),
        [var word, ..] => speech.AskExample(Text.Of($"{word.Text:code} is no number of an incident.")),
    };

    private static Parsed Note(Speech speech) => speech.Tail(0) switch
    {
        null or "" => speech.AskExample("What shall I write down?"),
        { Length: > LongestNote } text => Parsed.No(Text.Of($"The note has {text.Length} characters; {LongestNote} is the most."), "Write it in two."),
        { } text => new Command.AddNote(text),
    };

    private static Parsed Applications(Speech speech)
    {
        if (speech.Words is not [{ Key: "add" or "remove" } what, ..])
        {
            return speech.Words is [var strange, ..]
                ? speech.Strange(strange, "add", "remove")
                : speech.AskExample("Shall applications be added or removed?");
        }

        var applications = new List<ApplicationQuery>();
        return ReadApplications(speech, 1, speech.Words.Count, applications) is { } refusal ? refusal
            : applications.Count == 0 ? speech.Ask(Text.Of($"Which applications shall I {what.Key:b}?"), $"apps {what.Key} checkout")
            : what.Key == "add" ? new Command.AddApplications(applications)
            : new Command.RemoveApplications(applications);
    }

    /// <summary><c>a,b c</c>, from one word up to another; each once.</summary>
    public static Refusal? ReadApplications(Speech speech, int from, int to, List<ApplicationQuery> into)
    {
        for (var at = from; at < to; at++)
        {
            foreach (var name in speech.Words[at].Text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (Names.Application(name) is not { } application)
                {
                    return Parsed.No(Text.Of($"{name:code} is no name of an application."), Text.Of($"Write {"[instance/][namespace/]name":code}, several with commas between. {speech.Usage}"));
                }

                if (!into.Contains(application))
                {
                    into.Add(application);
                }
            }
        }

        return null;
    }

    private static Parsed Severity(Speech speech)
    {
        var said = string.Concat(speech.Words.Select(word => word.Text)).ToLowerInvariant();
        return Names.Severity(said.Length == 1 ? "sev" + said : said) is { } severity
            ? new Command.ChangeSeverity(severity)
            : speech.AskExample(Text.Of($"A severity is {"sev1":code}, {"sev2":code}, {"sev3":code} or {"sev4":code}."));
    }

    private static Parsed Person(Speech speech, Func<PersonMention, Command> command) =>
        speech.Words is [var word] && Names.Person(word.Text, signNeeded: false) is { } person
            ? command(person)
            : speech.AskExample(Text.Of($"Who shall be {speech.Verb.Name:b}? Name one person."));
}
