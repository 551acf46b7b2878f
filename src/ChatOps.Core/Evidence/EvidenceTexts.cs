using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Evidence;

/// <summary>What hands did, as the record says it: whole, with the commands that do it again.</summary>
public static class EvidenceTexts
{
    /// <summary>How each of these begins.</summary>
    public static string Head(ApplicationRef application) => $"Changed by hand in {application.Name}:";

    public static string Found(ApplicationRef application, IReadOnlyList<ResourceDrift> hands, int leftOut)
    {
        var ways = hands.Select(resource => resource.PutBack).OfType<string>().ToList();
        return $"{Head(application)} {string.Join("; ", HandChanges.Lines(hands))}{(leftOut > 0 ? $"; and {leftOut} fields more" : "")}."
            + (ways.Count > 0 ? $" To do it again: {string.Join("; ", ways)}" : "");
    }

    /// <summary>When the last of it was written; null where the cluster does not tell, or tells a moment that is not yet.</summary>
    public static DateTimeOffset? At(IEnumerable<ResourceDrift> hands, DateTimeOffset now) => HandChanges.LastAt(hands) is { } moment && moment <= now ? moment : null;
}
