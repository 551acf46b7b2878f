using System.Globalization;
using System.Text.RegularExpressions;

namespace ChatOps.Core.Tests.Conventions;

/// <summary>Bugs that others of this kind had, as harvested from their trackers: each is named by a test here, by its number.</summary>
public sealed partial class FieldBugsTests
{
    private static readonly Dictionary<int, string> Bugs = new()
    {
        [1] = "a double click, or two approvals in the same second, acted twice",
        [2] = "buttons were still live after a decision elsewhere or a timeout",
        [3] = "the first click after a restart was swallowed; an unauthorized clicker got no answer",
        [4] = "an empty list of approvers meant that everybody may approve",
        [5] = "tokens of buttons could be guessed or used again; a button approved another pending request",
        [6] = "a late event overwrote who had approved",
        [7] = "a weak identity was used where the strong one was missing",
        [8] = "the requester approved through an alias; an approver taken from the group after the request still counted",
        [9] = "an approval was accepted after its deadline",
        [10] = "a policy reference that leads nowhere was read as no approval needed",
        [11] = "a shared client was changed by impersonation",
        [12] = "revocation was blocked by a missing template or a failing notifier",
        [13] = "two replicas posted everything twice",
        [14] = "a pause was reverted by the parent or the set; settings were lost on resume",
        [15] = "self-heal off alone was undone by the next commit",
        [16] = "a rollback was refused, or synced away at once",
        [17] = "a restart reset the drift's clock; a dead controller said Synced",
        [18] = "the bot or the person was not in the channel, a scope was missing, interactivity was off, and nobody was told",
        [19] = "what was longer than the chat's limits was lost",
        [20] = "a metric was renamed and its alert was silent ever after",
    };

    /// <summary>Those that do not concern what exists, each with the reason.</summary>
    private static readonly Dictionary<int, string> NotYet = [];

    [Fact]
    public void Every_bug_of_the_field_is_named_by_a_test_or_said_not_to_concern_us()
    {
        var named = NamedIn(Tests());

        Assert.Equal(Enumerable.Range(1, 20), Bugs.Keys.Order());
        Assert.Empty(Bugs.Where(bug => !named.Contains(bug.Key) && !NotYet.ContainsKey(bug.Key)).Select(bug => $"{bug.Key}: {bug.Value}"));
        Assert.DoesNotContain(NotYet.Keys, named.Contains);
    }

    [Fact]
    public void A_bug_is_named_by_a_trait_or_by_the_name_of_its_test() =>
        Assert.Equal([3, 18], NamedIn(["[Trait(\"Bug\", \"18\")]\npublic void It_is_told()", "public async Task Bug03_A_click_counts()", "// Bug 4 is only talked about"]).Order());

    private static HashSet<int> NamedIn(IEnumerable<string> sources) =>
        [.. sources.SelectMany(source => Named().Matches(source)).Select(match => int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture))];

    private static IEnumerable<string> Tests() => Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests"), "TheStory*.cs", SearchOption.AllDirectories))
        .Where(path => !path.EndsWith(nameof(FieldBugsTests) + ".cs", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    [GeneratedRegex("""\[Trait\("Bug", "(?<number>\d\d)"\)\]|\bTask Bug(?<number>\d\d)_|\bvoid Bug(?<number>\d\d)_""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Named();
}
