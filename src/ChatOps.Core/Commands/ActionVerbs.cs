using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary>Verbs that the engine carries out, once: refresh, sync, terminate. Their words may come in any order.</summary>
internal static partial class ActionVerbs
{
    private const int LongestReason = 1000;

    public static Parsed Parse(Speech speech)
    {
        var said = new Said();
        var words = speech.Words;
        var keywords = Keywords(speech.Verb.Name);
        for (var at = 0; at < words.Count; at++)
        {
            var word = words[at];
            switch (word.Key)
            {
                case "because":
                    said.Reason = speech.Tail(at + 1) ?? "";
                    at = words.Count;
                    break;
                case "hard" or "prune" or "force" when keywords.Contains(word.Key):
                    said.Flags.Add(word.Key);
                    break;
                case "at" when keywords.Contains("at") && said.Revision is null:
                    if (++at >= words.Count || !Revision().IsMatch(words[at].Text))
                    {
                        return speech.AskExample(Text.Of($"At which commit? {"at":code} wants one."));
                    }

                    said.Revision = words[at].Text;
                    break;
                case "only" when keywords.Contains("only"):
                    while (at + 1 < words.Count && Resource().IsMatch(words[at + 1].Text))
                    {
                        said.Only.AddRange(words[++at].Text.Split(',', StringSplitOptions.RemoveEmptyEntries));
                    }

                    if (said.Only.Count == 0)
                    {
                        return speech.AskExample(Text.Of($"Only what? Write {"only kind/name":code}, for example {"only deployment/shop":code}."));
                    }

                    break;
                default:
                    if (said.Application is not null)
                    {
                        return speech.Strange(word, keywords);
                    }

                    said.Application = Names.Application(word.Text);
                    if (said.Application is null)
                    {
                        return Parsed.No(
                            Text.Of($"{word.Text:code} is no name of an application."),
                            Text.Of($"Write {"[instance/][namespace/]name":code}, for example {speech.Program + speech.Verb.Example:code}"));
                    }

                    break;
            }
        }

        return Complete(speech, said);
    }

    private static Parsed Complete(Speech speech, Said said)
    {
        if (said.Application is not { } application)
        {
            return speech.AskExample(Text.Of($"Which application do you want to {speech.Verb.Name:b}?"));
        }

        if (said.Reason is { Length: > LongestReason })
        {
            return Parsed.No(Text.Of($"The reason has {said.Reason.Length} characters; {LongestReason} is the most."), Text.Of($"Say it short here and the rest with {"/incident note":code}."));
        }

        var reason = string.IsNullOrWhiteSpace(said.Reason) ? null : said.Reason;
        return speech.Verb.Name switch
        {
            "refresh" => new Command.Refresh(application, said.Flags.Contains("hard"), reason),
            "terminate" => new Command.Terminate(application, reason),
            "sync" => new Command.Sync(application, said.Revision, said.Only, said.Flags.Contains("prune"), said.Flags.Contains("force"), reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static string[] Keywords(string verb) => verb switch
    {
        "refresh" => ["hard", "because"],
        "sync" => ["at", "only", "prune", "force", "because"],
        _ => ["because"],
    };

    [GeneratedRegex(@"\A[\p{L}\p{N}][\p{L}\p{N}._/+-]{0,249}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Revision();

    [GeneratedRegex(@"\A[a-z][a-z0-9.]*/[a-z0-9][a-z0-9.:_-]*(,[a-z][a-z0-9.]*/[a-z0-9][a-z0-9.:_-]*)*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Resource();

    /// <summary>What has been understood so far.</summary>
    private sealed class Said
    {
        public ApplicationQuery? Application { get; set; }

        public string? Revision { get; set; }

        public string? Reason { get; set; }

        public List<string> Only { get; } = [];

        public HashSet<string> Flags { get; } = [];
    }
}
