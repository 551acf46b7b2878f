using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary><c>rollback &lt;app&gt; [to &lt;id|revision&gt;] [for &lt;time&gt;] because &lt;reason&gt;</c>, in any order; the reason goes to the end.</summary>
internal static class RollbackVerb
{
    private const int LongestReason = 1000;
    private static readonly string[] Keywords = ["to", "for", "until", "because"];

    public static Parsed Parse(Speech speech)
    {
        ApplicationQuery? application = null;
        string? to = null;
        HowLong? howLong = null;
        string? reason = null;
        var words = speech.Words;
        for (var at = 0; at < words.Count;)
        {
            var word = words[at];
            switch (word.Key)
            {
                case "because":
                    (reason, at) = (speech.Tail(at + 1) ?? "", words.Count);
                    break;
                case "to" when to is null:
                    if (at + 1 >= words.Count || words[at + 1].Key is "because" or "for" or "until")
                    {
                        return speech.AskExample(Text.Of($"To what? {"to":code} wants the number of a history entry, or the commit it deployed."));
                    }

                    (to, at) = (words[at + 1].Text.TrimStart('#'), at + 2);
                    break;
                case "for" or "until" or "till" when howLong is null:
                    var (value, refusal, next) = HowLongReader.Clause(speech, at);
                    if (refusal is not null)
                    {
                        return refusal;
                    }

                    (howLong, at) = (value, next);
                    break;
                default:
                    if (application is not null || Names.Application(word.Text) is not { } named)
                    {
                        return speech.Strange(word, Keywords);
                    }

                    (application, at) = (named, at + 1);
                    break;
            }
        }

        return application is null ? speech.AskExample(Text.Of($"Which application do you want to {"roll back":b}?"))
            : reason is null || !reason.Any(char.IsLetterOrDigit) || reason == "<why>" ? speech.Ask(
                Text.Of($"Why shall {application.ToString():code} be rolled back? The approver and the record need it."),
                $"rollback {application}{(to is null ? "" : $" to {to}")} because <why>")
            : reason.Length > LongestReason ? Parsed.No(
                Text.Of($"The reason has {reason.Length} characters; {LongestReason} is the most."),
                Text.Of($"Say it short here and the rest with {"/incident note":code}."))
            : new Command.Rollback(application, to, howLong, reason);
    }
}
