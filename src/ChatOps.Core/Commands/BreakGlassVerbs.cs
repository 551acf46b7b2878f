using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary>Verbs about access: request, list, extend, done, revoke. Clauses may come in any order.</summary>
internal static class BreakGlassVerbs
{
    private const int LongestReason = 1000;
    private const int ShortId = 8;
    private static readonly string[] Keywords = ["as", "for", "until", "because"];

    /// <summary>An id as it is shown: eight hexadecimal digits, which an application can also be called, but rarely is.</summary>
    public static bool IsId(string text) => text.Length == ShortId && text.All(char.IsAsciiHexDigit);

    public static Parsed Parse(Speech speech) => speech.Verb.Name switch
    {
        "request" => Request(speech),
        "extend" => Extend(speech),
        "done" => speech.Words switch
        {
            [] => new Command.GiveBackAccess(null),
            [var id] => Id(speech, id, found => new Command.GiveBackAccess(found)),
            [_, var more, ..] => speech.Strange(more),
        },
        "revoke" => speech.Words switch
        {
            [] => speech.AskExample("Whose access shall end? Say its id."),
            [var id] => Id(speech, id, found => new Command.RevokeAccess(found)),
            [_, var more, ..] => speech.Strange(more),
        },
        _ => IncidentVerbs.Alone(speech, new Command.ListAccess()),
    };

    private static Parsed Request(Speech speech)
    {
        ApplicationQuery? application = null;
        string? role = null, reason = null;
        HowLong? howLong = null;
        var words = speech.Words;
        for (var at = 0; at < words.Count;)
        {
            var word = words[at];
            switch (word.Key)
            {
                case "as" when role is null && at + 1 < words.Count:
                    (role, at) = (words[at + 1].Text.ToLowerInvariant(), at + 2);
                    break;
                case "for" or "until" or "till" when howLong is null:
                    var (value, refusal, next) = HowLongReader.Clause(speech, at);
                    if (refusal is not null)
                    {
                        return refusal;
                    }

                    (howLong, at) = (value, next);
                    break;
                case "because" when at + 1 < words.Count:
                    (reason, at) = words[at + 1].Quoted ? (words[at + 1].Text, at + 2) : (speech.Tail(at + 1), words.Count);
                    break;
                case var key when key.StartsWith("ns:", StringComparison.Ordinal):
                    return Parsed.No("Access to a whole namespace by its name is not built yet.", "Name the application: access reaches exactly the namespaces that its resources live in.");
                default:
                    if (application is not null)
                    {
                        return speech.Strange(word, Keywords);
                    }

                    if (Names.Application(word.Text) is not { } named)
                    {
                        return Parsed.No(Text.Of($"{word.Text:code} is no name of an application."), speech.Usage);
                    }

                    (application, at) = (named, at + 1);
                    break;
            }
        }

        return Complete(speech, application, role, howLong, reason);
    }

    private static Parsed Complete(Speech speech, ApplicationQuery? application, string? role, HowLong? howLong, string? reason) => (application, role, howLong, reason) switch
    {
        (null, _, _, _) => speech.AskExample("Access to which application?"),
        (_, null, _, _) => speech.AskExample("Access as what? Say the role."),
        (_, _, null, _) => speech.AskExample("For how long? All access ends."),
        (_, _, _, null) or (_, _, _, "<reason>") => speech.AskExample("Why? The approver and the record need it."),
        (_, _, _, { Length: > LongestReason }) => Parsed.No(Text.Of($"The reason has {reason.Length} characters; {LongestReason} is the most."), "Say it short, and the rest as a note."),
        _ => new Command.RequestAccess(application, role, howLong, reason),
    };

    private static Parsed Extend(Speech speech)
    {
        if (speech.Words is not [var id, { Key: "by" or "for" }, ..])
        {
            return speech.AskExample("Which access shall go on, and by how long?");
        }

        var (value, refusal, next) = HowLongReader.Clause(speech, 1);
        return refusal is not null ? refusal
            : next < speech.Words.Count && speech.Words[next].Key != "because" ? speech.Strange(speech.Words[next], "because")
            : Id(speech, id, found => new Command.ExtendAccess(found, value!, next < speech.Words.Count ? speech.Tail(next + 1) : null));
    }

    private static Parsed Id(Speech speech, Word word, Func<string, Command> then) => IsId(word.Text)
        ? then(word.Text.ToLowerInvariant())
        : Parsed.No(Text.Of($"{word.Text:code} is no id of a grant."), Text.Of($"{"/breakglass list":code} shows them, eight letters and digits each. {speech.Usage}"));
}
