using System.Globalization;
using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.RollingBack;

/// <summary>Which entry of the history somebody means after <c>to</c>: a rollback can run at once, so nothing is guessed. Pure.</summary>
internal static class MeantEntry
{
    /// <summary>As many as Argo CD keeps unless it is told otherwise.</summary>
    private const int MostNamed = 10;

    public static (PastDeployment? Entry, Refusal? Refusal) In(ApplicationFacts facts, string asked)
    {
        var history = facts.Syncing.History;
        if (long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && history.FirstOrDefault(past => past.Id == id) is { } numbered)
        {
            return (numbered, null);
        }

        // One commit can have been deployed with other parameters, and of several sources another one can have moved beside it.
        var revisions = MeantRevision.Among(history.SelectMany(past => past.Revisions), asked);
        var meant = history.Where(past => past.Revisions.Any(revisions.Contains)).DistinctBy(past => (string.Join('\n', past.Revisions), past.SourceJson)).ToList();
        return meant switch
        {
            [var one] => (one, null),
            [] => (null, new(RefusalKind.NotFound, Text.Of($"The history of {facts.Ref.Name:code} has no {asked:code}.")) { Instead = Known(history) + (IsTooShort(history, asked) ? $" Of a commit I take {MeantRevision.FewestDigits} digits or more." : "") }),
            _ => (null, new(RefusalKind.Ambiguous, Text.Of($"{asked:code} could be entry {string.Join(" or ", meant.Select(InWords))}.")) { Instead = Text.Of($"Say the number of the one you mean: {$"to {meant[0].Number}":code}.") }),
        };
    }

    private static bool IsTooShort(IReadOnlyList<PastDeployment> history, string asked) =>
        asked.Length < MeantRevision.FewestDigits && history.SelectMany(past => past.Revisions).Any(one => Commits.IsWhole(one) && one.StartsWith(asked, StringComparison.OrdinalIgnoreCase));

    private static Text Known(IReadOnlyList<PastDeployment> history) => history.Count == 0
        ? "It has no history at all."
        : Text.Of($"It has {string.Join(", ", history.Take(MostNamed).Select(InWords)):code}.");

    private static string InWords(PastDeployment past) => $"{past.Number} ({past.Spoken})";
}
