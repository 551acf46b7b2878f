using System.Text;
using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Core.Policy;

/// <summary>The policy as people read it: a question a heading, the answers taken from the rules.</summary>
public static class PolicyDocument
{
    public static Card Card(PolicyConfiguration policy) => new($"Emergency policy, version {policy.Version}", Tone.Neutral,
    [
        .. PolicyAnswers.Of(policy).SelectMany(answer => new Part[]
        {
            new Part.Paragraph(Text.Lines(answer.Sentences.Prepend(Text.Of($"{answer.Question:b}")))),
        }),
    ]);

    /// <summary>For docs/policy.md.</summary>
    public static string Markdown(PolicyConfiguration policy)
    {
        var page = new StringBuilder($"# Emergency policy\n\nVersion {policy.Version}. Generated from the rules in the section `Policy` of the configuration; an edit here changes nothing.\n");
        foreach (var answer in PolicyAnswers.Of(policy))
        {
            page.Append($"\n## {answer.Question}\n\n");
            foreach (var sentence in answer.Sentences)
            {
                page.Append($"- {string.Concat(sentence.Runs.Select(Markdown))}\n");
            }
        }

        return page.ToString();
    }

    /// <summary>One rule in one sentence, without its name: "on-call may pause …".</summary>
    internal static string InWords(RuleConfiguration rule)
    {
        var words = new StringBuilder($"lets {Or(rule.Roles)} {And([.. rule.Verbs.Where(PolicyVerb.All.Contains)])} {Scope(rule)}");
        if (rule.Verbs.Exists(PolicyVerb.Lasts))
        {
            words.Append($", for {Durations.InWords(rule.LongestDuration)} in all");
        }

        if (rule.Verbs.Exists(PolicyVerb.IsDecided))
        {
            words.Append(rule.Approvals is { } approvals
                ? $", with {approvals.Count} {(approvals.Count == 1 ? "approval" : "approvals")} from {approvals.FromRole}"
                : ", without anybody's approval");
        }

        return (rule.KnownByAtLeast > default(Recognition) ? words.Append($", among people known by {rule.KnownByAtLeast.InWords()}{(rule.KnownByAtLeast < Recognition.Configured ? " or configured id" : "")}") : words).ToString();
    }

    internal static string Or(IReadOnlyCollection<string> values) => RuleFit.Listed(values, "nobody").Replace(", ", " or ", StringComparison.Ordinal);

    private static string And(IReadOnlyCollection<string> values) => RuleFit.Listed(values, "do nothing to").Replace(", ", " and ", StringComparison.Ordinal);

    private static string Scope(RuleConfiguration rule)
    {
        var narrowed = new[] { ("project", rule.Projects), ("namespace", rule.Namespaces), ("cluster", rule.Clusters) }
            .Where(part => !part.Item2.Contains("*"))
            .Select(part => $"{part.Item1} {Or(part.Item2)}")
            .ToList();
        var applications = rule.Applications.Contains("*") ? "every application" : $"applications {Or(rule.Applications)}";
        return narrowed.Count == 0 ? applications : $"{applications} in {string.Join(", ", narrowed)}";
    }

    private static string Markdown(Run run) => run switch
    {
        Run.Code(var value) => $"`{value.Replace('`', '\'')}`",
        Run.Bold(var value) => $"**{Escaped(value)}**",
        Run.LineBreak => " ",
        _ => Escaped(new Text([run]).ToString()),
    };

    private static string Escaped(string value) =>
        string.Concat(value.Select(character => character is '*' or '_' or '<' or '>' or '[' or ']' or '`' or '\\' ? $"\\{character}" : character.ToString()));
}
