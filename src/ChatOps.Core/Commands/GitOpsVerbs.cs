using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary>Verbs about one application: pause, extend, own, resume, restore. Their clauses may come in any order.</summary>
internal static class GitOpsVerbs
{
    private const int LongestReason = 1000;

    private static readonly string[] Keywords = ["for", "by", "until", "because", "only"];

    public static Parsed Parse(Speech speech)
    {
        ApplicationQuery? application = null;
        NamespaceQuery? ns = null;
        PersonMention? person = null;
        HowLong? howLong = null;
        string? reason = null;
        IReadOnlyList<string> only = [];
        var verb = speech.Verb.Name;
        var words = speech.Words;
        for (var at = 0; at < words.Count;)
        {
            var word = words[at];
            switch (word.Key)
            {
                case "until" or "till" when verb == "extend":
                    return speech.AskExample(Text.Of($"An extension is counted from the end that was agreed, so say by how long."));
                case "for" or "by" or "until" or "till" when verb is "pause" or "extend":
                    var (value, refusal, next) = HowLongReader.Clause(speech, at);
                    if (refusal is not null || howLong is not null)
                    {
                        return refusal ?? Parsed.No("You said twice how long.", speech.Usage);
                    }

                    (howLong, at) = (value, next);
                    break;
                case "because" when verb == "pause" && reason is null:
                    (reason, at) = Reason(speech, at + 1, howLong is null);
                    break;
                case "only" when verb == "pause":
                    (var named, at) = OnlyClause.Read(words, at + 1);
                    if (named.Count == 0)
                    {
                        return speech.AskExample(Text.Of($"Only what? Write {"only kind/name":code}, for example {"only deployment/shop":code}, or one field of it: {"only deployment/shop:/spec/replicas":code}."));
                    }

                    only = [.. only, .. named];
                    break;
                case var key when (key.StartsWith("ns:", StringComparison.Ordinal) || key == "ns") && application is null && ns is null:
                    if (verb is not ("pause" or "resume"))
                    {
                        return Parsed.No(Text.Of($"{verb:code} is about one application; of a namespace each has its own."), Text.Of($"Name the application, for example {speech.Program + speech.Verb.Example:code}"));
                    }

                    ns = Names.Namespace(word.Text);
                    if (ns is null || key == "ns")
                    {
                        return Parsed.No(Text.Of($"{word.Text:code} is no name of a namespace."), Text.Of($"Write {"ns:[cluster/]name":code}, for example {$"{speech.Program}{verb} ns:shop{(verb == "pause" ? " for 45m because <why>" : "")}":code}"));
                    }

                    at++;
                    break;
                case var key when key.StartsWith('@') && verb == "own" && person is null:
                    if (Names.Person(word.Text, signNeeded: true) is not { } mentioned)
                    {
                        return speech.Strange(word);
                    }

                    (person, at) = (mentioned, at + 1);
                    break;
                case not "" when (application is not null || ns is not null) && howLong is null && verb is "pause" or "extend" && HowLongReader.Length(words, at) is ({ } length, var after):
                    if (HowLongReader.Judge(speech, length) is { } wrong)
                    {
                        return wrong;
                    }

                    (howLong, at) = (new(length, null), after);
                    break;
                default:
                    if (application is not null || ns is not null)
                    {
                        return Leftover(speech, word, application?.ToString() ?? ns!.ToString());
                    }

                    application = Names.Application(word.Text);
                    if (application is null)
                    {
                        return Parsed.No(
                            Text.Of($"{word.Text:code} is no name of an application."),
                            Text.Of($"Write {"[instance/][namespace/]name":code}, for example {speech.Program + speech.Verb.Example:code}"));
                    }

                    at++;
                    break;
            }
        }

        return (application, ns) switch
        {
            (null, null) => speech.AskExample(Text.Of($"Which application do you want to {verb:b}?")),
            (null, _) when verb == "resume" => new Command.ResumeNamespace(ns),
            (null, _) when only.Count > 0 => Parsed.No("A namespace is paused with all that its applications own.", Text.Of($"Narrow the pause of one application instead: {$"{speech.Program}pause <app> only {string.Join(' ', only)} for 45m because <why>":code}")),
            (null, _) => Pause(speech, ns.ToString(), howLong, reason, () => new Command.PauseNamespace(ns, howLong!, reason!)),
            _ => Complete(speech, application, person, howLong, reason, only),
        };
    }

    private static Parsed Complete(Speech speech, ApplicationQuery application, PersonMention? person, HowLong? howLong, string? reason, IReadOnlyList<string> only)
    {
        var what = only.Count == 0 ? application.ToString() : $"{application} only {string.Join(' ', only)}";
        switch (speech.Verb.Name)
        {
            case "resume":
                return new Command.Resume(application);
            case "restore":
                return new Command.Restore(application);
            case "own":
                return new Command.Own(application, person);
            case "extend":
                return howLong is null
                    ? speech.Ask(Text.Of($"By how long shall the override of {application.ToString():code} be extended?"), $"extend {application} by 30m")
                    : new Command.Extend(application, howLong);
        }

        return Pause(speech, what, howLong, reason, () => new Command.Pause(application, howLong!, reason!) { Only = only.Count == 0 ? [] : only });
    }

    private static Parsed Pause(Speech speech, string what, HowLong? howLong, string? reason, Func<Command> complete)
    {
        if (howLong is null)
        {
            return speech.Ask(
                Text.Of($"How long shall {what:code} be paused? Every override ends."),
                $"pause {what} for 45m because {reason ?? "<why>"}");
        }

        if (reason is null || !reason.Any(char.IsLetterOrDigit) || reason == "<why>")
        {
            return speech.Ask(
                Text.Of($"Why shall {what:code} be paused? The approver and the record need it."),
                $"pause {what} {Said(howLong)} because <why>");
        }

        return reason.Length > LongestReason
            ? Parsed.No(Text.Of($"The reason has {reason.Length} characters; {LongestReason} is the most."), Text.Of($"Say it short here and the rest with {"/incident note":code}."))
            : complete();
    }

    /// <summary>The reason goes to the end, unless it is quoted, or ends in how long and that was not said before.</summary>
    public static (string Reason, int Next) Reason(Speech speech, int at, bool lengthMissing)
    {
        var words = speech.Words;
        if (at < words.Count && words[at].Quoted)
        {
            return (words[at].Text, at + 1);
        }

        for (var clause = words.Count - 2; lengthMissing && clause > at && clause > words.Count - 10; clause--)
        {
            if (words[clause].Key is "for" or "until" or "till" && HowLongReader.Clause(speech, clause) is (_, _, var next) && next == words.Count)
            {
                return (Words.Between(speech.Text, words[at], words[clause - 1]), clause);
            }
        }

        return (speech.Tail(at) ?? "", words.Count);
    }

    private static Refusal Leftover(Speech speech, Word word, string application)
    {
        if (speech.Verb.Name is "resume" or "restore" && word.Key == "because")
        {
            return Parsed.No("Ending an override needs no reason.", Text.Of($"Write {$"{speech.Program}{speech.Verb.Name} {application}":code}, and the reason with {"/incident note":code} if it should be kept."));
        }

        return word.Key.Length > 0 && Suggestion.Nearest(word.Key, Keywords) is null && Names.Application(word.Text) is { } second
            ? Parsed.No(
                Text.Of($"I read {application:code} as the application and do not know what {second.ToString():code} is to mean."),
                Text.Of($"One application at a time, and a reason starts with {"because":code}. {speech.Usage}"))
            : speech.Strange(word, Keywords);
    }

    public static string Said(HowLong howLong) =>
        howLong.For is { } length ? $"for {Durations.Typed(length)}" : $"until {howLong.Until!.Value.UtcDateTime:HH:mm} UTC";
}
