using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;

namespace ChatOps.Core.Commands;

/// <summary>
/// What a command that is written down leaves open, such as <c>&lt;why&gt;</c>, and the question for it. What is answered
/// is said as if it had been typed there, by whoever answers. Pure.
/// </summary>
public static partial class Blanks
{
    private static readonly Question[] Known =
    [
        new("why", "Why?", Multiline: true, MostCharacters: 500) { Hint = "Whoever approves reads it, and the record keeps it." },
        new("branch", "Which branch?", Multiline: false, MostCharacters: 250),
        new("text", "What shall the record say?", Multiline: true, MostCharacters: 1000),
    ];

    /// <summary>In the order in which they stand; of others nothing is known to ask.</summary>
    public static IReadOnlyList<Question> In(string said) =>
        [.. Blank().Matches(said).Select(match => Array.Find(Known, one => one.Key == match.Groups["name"].Value)).OfType<Question>().Distinct()];

    /// <summary>Also where nothing is left open.</summary>
    public static bool CanBeAsked(string said) => Blank().Matches(said).All(match => Known.Any(one => one.Key == match.Groups["name"].Value));

    /// <summary>What was not answered stays open, which no verb takes.</summary>
    public static string Filled(string said, IReadOnlyDictionary<string, string> answers) =>
        Blank().Replace(said, match => answers.GetValueOrDefault(match.Groups["name"].Value)?.Trim() is { Length: > 0 } answer ? answer : match.Value);

    /// <summary>As it would be said, to see whether it is understood.</summary>
    public static string Tried(string said) => Blank().Replace(said, "some");

    /// <summary>For a button, which stands for the whole of it.</summary>
    public static string Open(string said) => Blank().Replace(said, "…");

    [GeneratedRegex("<(?<name>[^<>]+)>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Blank();
}
