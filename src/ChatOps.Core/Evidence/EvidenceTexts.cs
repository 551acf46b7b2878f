using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Evidence;

/// <summary>What hands did, as the record says it: whole, with the commands that do it again.</summary>
public static class EvidenceTexts
{
    private const int MostNamed = 5;

    /// <summary>How each of these begins.</summary>
    public static string Head(ApplicationRef application) => $"Changed by hand in {application.Name}:";

    public static string Found(ApplicationRef application, IReadOnlyList<ResourceDrift> hands, int leftOut)
    {
        var ways = hands.Select(resource => resource.PutBack).OfType<string>().ToList();
        return $"{Head(application)} {string.Join("; ", HandChanges.Lines(hands))}{(leftOut > 0 ? $"; and {leftOut} fields more" : "")}."
            + (NoWay(hands) is { } none ? $" {none}" : "")
            + (ways.Count > 0 ? $"\nTo do it again:\n{string.Join('\n', ways)}" : ""); // a command may have several lines, and ends where its line does
    }

    /// <summary>What of it can be done again by a command, for under a list of it.</summary>
    public static string Ways(IReadOnlyList<ResourceDrift> hands) => (NoWay(hands), hands.Any(resource => resource.Fields.Any(resource.Brings))) switch
    {
        (null, _) => "It is in the record with the commands that do it again.",
        (var none, true) => $"It is in the record, and what a command can do again with that. {none}",
        (var none, false) => $"It is in the record. {none}",
    };

    /// <summary>What no command does again, and why; null where there is none.</summary>
    public static string? NoWay(IReadOnlyList<ResourceDrift> hands)
    {
        List<string> without = [.. hands.SelectMany(resource => resource.Fields.Where(field => !resource.Brings(field)).Select(field => Named(resource, field)))];
        return without.Count == 0 ? null
            : $"No command does this again: {string.Join(", ", without.Take(MostNamed))}{(without.Count > MostNamed ? $" and {without.Count - MostNamed} more" : "")}.";
    }

    private static string Named(ResourceDrift resource, Drift field) => $"{resource.Kind}/{resource.Name}" + (field.Path.Length > 0 ? $" {field.Path}" : "") + field.NoWay switch
    {
        NoWayBack.Secret => " (it holds something secret)",
        NoWayBack.TooLong => " (it is too long)",
        null => "",
    };

    /// <summary>When the last of it was written; null where the cluster does not tell, or tells a moment that is not yet.</summary>
    public static DateTimeOffset? At(IEnumerable<ResourceDrift> hands, DateTimeOffset now) => HandChanges.LastAt(hands) is { } moment && moment <= now ? moment : null;
}
