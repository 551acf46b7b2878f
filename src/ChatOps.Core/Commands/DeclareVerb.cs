using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary>
/// <c>declare</c>: the title is what is quoted, else the words that are no clause. People type it in a hurry, so a title
/// without quotes may hold any word; only what surely is a clause is taken for one.
/// </summary>
internal static class DeclareVerb
{
    private const int LongestTitle = 200;

    private static readonly string[] Keywords = ["operator", "commander", "apps", "sev1", "sev2", "sev3", "sev4"];

    public static Parsed Parse(Speech speech)
    {
        var words = speech.Words;
        var titleQuoted = words.Any(word => word.Quoted);
        var applications = new List<ApplicationQuery>();
        var people = new Dictionary<string, PersonMention>(StringComparer.Ordinal);
        Severity? severity = null;
        (int First, int Last)? title = null;
        for (var at = 0; at < words.Count;)
        {
            var next = ClauseEnd(speech, at, titleQuoted);
            if (next is null)
            {
                // Out of quotes a stray word is a mistake; without any quotes it belongs to the title, in one piece.
                if (titleQuoted && !words[at].Quoted)
                {
                    return speech.Strange(words[at], Keywords);
                }

                if (title is { } before && (titleQuoted || before.Last != at - 1))
                {
                    return speech.AskExample("I cannot tell which words are the title. Put it in quotes.");
                }

                title = (title?.First ?? at, at);
                at++;
                continue;
            }

            switch (words[at].Key)
            {
                case "operator" or "commander" when !people.TryAdd(words[at].Key, Names.Person(words[at + 1].Text, signNeeded: false)!):
                    return speech.AskExample(Text.Of($"You named two people as {words[at].Key:b}."));
                case "apps" when IncidentVerbs.ReadApplications(speech, at + 1, next.Value, applications) is { } refusal:
                    return refusal;
                case "operator" or "commander" or "apps":
                    break;
                case var said when severity is null && SeverityAt(words, at) is { } known:
                    severity = known;
                    break;
                case var said:
                    return speech.AskExample(severity is null
                        ? Text.Of($"There is no {said:code}: a severity is {"sev1":code}, {"sev2":code}, {"sev3":code} or {"sev4":code}.")
                        : "You named two severities.");
            }

            at = next.Value;
        }

        var text = title is { } found ? Words.Between(speech.Text, words[found.First], words[found.Last]).ReplaceLineEndings(" ") : "";
        return !text.Any(char.IsLetterOrDigit) ? speech.AskExample("What is wrong? An incident needs a title; put it in quotes.")
            : text.Length > LongestTitle ? Parsed.No(Text.Of($"The title has {text.Length} characters; {LongestTitle} is the most."), Text.Of($"Say it short, and the rest with {"/incident note":code}."))
            : new Command.Declare(text, severity, people.GetValueOrDefault("operator"), people.GetValueOrDefault("commander"), applications);
    }

    /// <summary>Where the clause that starts here ends; null when none does.</summary>
    private static int? ClauseEnd(Speech speech, int at, bool titleQuoted)
    {
        var words = speech.Words;
        switch (words[at].Key)
        {
            case "operator" or "commander":
                return at + 1 < words.Count && Names.Person(words[at + 1].Text, signNeeded: !titleQuoted) is not null ? at + 2 : null;
            case "apps":
                var end = at + 1;
                while (end < words.Count && !words[end].Quoted && ClauseEnd(speech, end, titleQuoted) is null && words[end].Key != "apps")
                {
                    end++;
                }

                return end > at + 1 ? end : null;
            case "sev" when at + 1 < words.Count && words[at + 1].Key is [>= '0' and <= '9']:
                return at + 2;
            case ['s', 'e', 'v', >= '0' and <= '9']:
                return at + 1;
            default:
                return null;
        }
    }

    private static Severity? SeverityAt(IReadOnlyList<Word> words, int at) =>
        Names.Severity(words[at].Key == "sev" ? $"sev{words[at + 1].Key}" : words[at].Key);
}
