using ChatOps.Core.Conversation;

namespace ChatOps.Core.Commands;

/// <summary>The language of the commands: what somebody typed, understood or answered. Never throws, whatever is typed.</summary>
public static class CommandLine
{
    private const int LongestText = 12_000;

    /// <summary>What people say elsewhere for a verb of ours; only ever suggested, never assumed.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["suspend"] = "pause",
        ["freeze"] = "pause",
        ["stop"] = "pause",
        ["hold"] = "pause",
        ["unpause"] = "resume",
        ["continue"] = "resume",
        ["unfreeze"] = "resume",
        ["end"] = "resume",
        ["prolong"] = "extend",
        ["new"] = "declare",
        ["start"] = "declare",
        ["open"] = "declare",
        ["log"] = "timeline",
        ["resolve"] = "close",
        ["resolved"] = "close",
        ["take"] = "own",
        ["rules"] = "policy",
        ["access"] = "request",
        ["grant"] = "request",
        ["reload"] = "refresh",
        ["undo"] = "rollback",
        ["revert"] = "rollback",
        ["deploy"] = "sync",
        ["abort"] = "terminate",
        ["cancel"] = "terminate",
        ["kill"] = "terminate",
        ["metrics"] = "signals",
        ["graph"] = "signals",
    };

    /// <param name="program">The slash command without its slash; null after a mention, where the first word may name it.</param>
    /// <param name="timeZone">IANA zone of the speaker; null when it is not known.</param>
    /// <param name="command">What was understood; help when the answer is a refusal.</param>
    public static Refusal? Parse(string? program, string text, string? timeZone, DateTimeOffset now, out Command command)
    {
        var parsed = Parse(program, text, timeZone, now);
        command = parsed.Command ?? new Command.Help(null);
        return parsed.Refusal;
    }

    private static Parsed Parse(string? program, string text, string? timeZone, DateTimeOffset now)
    {
        if (text.Length > LongestText)
        {
            return Parsed.No(Text.Of($"That is {text.Length} characters long; I read {LongestText} at most."), "Say it shorter.");
        }

        var clean = Words.Clean(text);
        var words = Words.Of(clean).ToList();
        var named = program?.TrimStart('/').ToLowerInvariant();
        if (named is null && words is [var first, ..] && Verb.Programs.Contains(first.Key.TrimStart('/')))
        {
            named = first.Key.TrimStart('/');
            words.RemoveAt(0);
        }

        words.RemoveAll(word => word.Start == (words.Count > 0 ? words[0].Start : -1) && word.Key == "please");
        if (words is [{ Quoted: false } app, { } later, ..]
            && Verb.Find(app.Key) is null && Suggestion.Nearest(app.Key, Verb.Programs) is null
            && Verb.All.Any(verb => verb.Name == later.Key && verb is { Program: Verb.GitOps, Usage: ['<', ..] }))
        {
            // "checkout pause for 45m": said the other way round.
            (words[0], words[1]) = (later, app);
        }

        return words switch
        {
            [] => new Command.Help(null),
            [{ Key: "help" or "?" or "--help" or "-h" or "—help" }] => new Command.Help(null),
            [{ Key: "help" }, var about, ..] => Help(about),
            [var word, { Key: "help" or "?" or "--help" or "-h" or "—help" }] when Verb.Find(word.Key) is { } verb => new Command.Help(verb.Name),
            [var word, ..] when Verb.Find(word.Key, named, words[1..]) is { } verb =>
                ParseVerb(new(program is null ? "" : $"/{verb.Program} ", verb, clean, words[1..], timeZone, now)),
            [var word, ..] => Unknown(word, program is null ? null : named),
        };
    }

    private static Parsed ParseVerb(Speech speech) => speech.Verb.Name switch
    {
        _ when speech.Verb.Program == Verb.BreakGlass => BreakGlassVerbs.Parse(speech),
        "apps" or "status" or "diff" or "plan" or "runbook" or "signals" when speech.Verb.Program == Verb.GitOps => LookingVerbs.Parse(speech),
        "declare" => DeclareVerb.Parse(speech),
        "policy" => IncidentVerbs.Alone(speech, new Command.ShowPolicy()),
        "pause" or "extend" or "own" or "resume" or "restore" => GitOpsVerbs.Parse(speech),
        "branch" => BranchVerb.Parse(speech),
        "rollback" => RollbackVerb.Parse(speech),
        "refresh" or "sync" or "terminate" => ActionVerbs.Parse(speech),
        _ => IncidentVerbs.Parse(speech),
    };

    private static Parsed Help(Word about)
    {
        var key = about.Text.ToLowerInvariant().TrimStart('/');
        return Verb.Programs.Contains(key) ? new Command.Help(null)
            : Verb.Find(key) is { } verb ? new Command.Help(verb.Name)
            : Unknown(about with { Quoted = false }, null);
    }

    private static Refusal Unknown(Word word, string? program)
    {
        var verbs = Verb.All.OrderByDescending(verb => verb.Program == program).Select(verb => verb.Name);
        var meant = Elsewhere.GetValueOrDefault(word.Key) ?? Suggestion.Nearest(word.Key, verbs.Concat(program is null ? Verb.Programs : []));
        return Parsed.No(
            Text.Of($"I know no command {word.Text:code}."),
            meant is null ? Text.Of($"{"/gitops help":code} shows what there is.")
            : Verb.Find(meant, program, []) is { } verb ? Text.Of($"Did you mean {meant:code}? For example {$"/{verb.Program} {verb.Example}":code}")
            : Text.Of($"Did you mean {meant:code}?"));
    }
}
