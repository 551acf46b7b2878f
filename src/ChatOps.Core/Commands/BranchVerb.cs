using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary><c>branch &lt;app&gt; &lt;branch&gt; [follow] for &lt;time&gt; because &lt;reason&gt;</c>: the application comes before its branch, the rest in any order.</summary>
internal static partial class BranchVerb
{
    private const int LongestReason = 1000;
    private static readonly string[] Keywords = ["follow", "for", "until", "because"];

    public static Parsed Parse(Speech speech)
    {
        ApplicationQuery? application = null;
        string? branch = null;
        var follow = false;
        HowLong? howLong = null;
        string? reason = null;
        var words = speech.Words;
        for (var at = 0; at < words.Count;)
        {
            var word = words[at];
            switch (word.Key)
            {
                case "because" when reason is null:
                    (reason, at) = GitOpsVerbs.Reason(speech, at + 1, howLong is null);
                    break;
                case "for" or "until" or "till" when howLong is null:
                    var (value, refusal, next) = HowLongReader.Clause(speech, at);
                    if (refusal is not null)
                    {
                        return refusal;
                    }

                    (howLong, at) = (value, next);
                    break;
                case "follow" when branch is not null && !follow:
                    (follow, at) = (true, at + 1);
                    break;
                default:
                    if (application is null && Names.Application(word.Text) is { } named)
                    {
                        application = named;
                    }
                    else if (application is not null && branch is null && Name(word.Text) is { } name)
                    {
                        branch = name;
                    }
                    else if (branch == "follow" && !follow && Name(word.Text) is { } other)
                    {
                        (branch, follow) = (other, true); // said before the branch
                    }
                    else
                    {
                        return application is not null && branch is null
                            ? Parsed.No(Text.Of($"{word.Text:code} is no name that a branch can have."), Text.Of($"For example {speech.Program + speech.Verb.Example:code}"))
                            : speech.Strange(word, Keywords);
                    }

                    at++;
                    break;
            }
        }

        return Complete(speech, application, branch, follow, howLong, reason);
    }

    private static Parsed Complete(Speech speech, ApplicationQuery? application, string? branch, bool follow, HowLong? howLong, string? reason) =>
        application is null ? speech.AskExample(Text.Of($"Which application shall run from a {"branch":b}?"))
        : branch is null ? speech.Ask(Text.Of($"Which branch shall {application.ToString():code} run from?"), $"branch {application} <branch> for 1h because {reason ?? "<why>"}")
        : howLong is null ? speech.Ask(Text.Of($"How long shall {application.ToString():code} run from {branch:code}? Every override ends."), $"branch {application} {branch}{(follow ? " follow" : "")} for 1h because {reason ?? "<why>"}")
        : reason is null || !reason.Any(char.IsLetterOrDigit) || reason == "<why>" ? speech.Ask(
            Text.Of($"Why shall {application.ToString():code} run from {branch:code}? The approver and the record need it."),
            $"branch {application} {branch}{(follow ? " follow" : "")} {GitOpsVerbs.Said(howLong)} because <why>")
        : reason.Length > LongestReason ? Parsed.No(
            Text.Of($"The reason has {reason.Length} characters; {LongestReason} is the most."),
            Text.Of($"Say it short here and the rest with {"/incident note":code}."))
        : new Command.Branch(application, branch, howLong, reason) { Follow = follow };

    /// <summary>What git allows, less what nobody names a branch on purpose.</summary>
    private static string? Name(string text)
    {
        var name = text.StartsWith("refs/heads/", StringComparison.Ordinal) ? text["refs/heads/".Length..] : text;
        return Shape().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("//", StringComparison.Ordinal) && !name.Contains("/.", StringComparison.Ordinal)
            && !name.EndsWith('/') && !name.EndsWith('.') && !name.EndsWith(".lock", StringComparison.Ordinal) && name != "HEAD" ? name : null;
    }

    [GeneratedRegex(@"\A[\p{L}\p{N}_][\p{L}\p{N}._/+#=,@-]{0,199}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
