using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Evidence;

/// <summary>What hands did, as the record says it: whole, with the commands that do it again.</summary>
public static class EvidenceTexts
{
    private const int MostNamed = 5;

    /// <summary>It is one of these.</summary>
    public static bool IsOf(ApplicationRef application, string text) =>
        text.StartsWith(Head(application), StringComparison.Ordinal) || text.StartsWith(HeadOfDeleted(application), StringComparison.Ordinal);

    public static string Found(ApplicationRef application, IReadOnlyList<ResourceDrift> hands, int leftOut)
    {
        var (changed, deleted) = (hands.Where(resource => !resource.IsDeleted).ToList(), hands.Where(resource => resource.IsDeleted).ToList());
        string[] said =
        [
            .. changed.Count > 0 ? [$"{Head(application)} {string.Join("; ", HandChanges.Lines(changed))}"] : Array.Empty<string>(),
            .. deleted.Count > 0 ? [$"{HeadOfDeleted(application)} {string.Join("; ", HandChanges.Lines(deleted))}"] : Array.Empty<string>(),
        ];
        return $"{string.Join(". ", said)}{More(leftOut)}." + Commands(hands);
    }

    /// <summary>The same without a head of its own, of what was there and was not deleted.</summary>
    public static string Kept(IReadOnlyList<ResourceDrift> hands, int leftOut, bool withCommands) =>
        $"{string.Join("; ", HandChanges.Lines(hands))}{More(leftOut)}."
        + (withCommands ? Commands(hands) : " The commands that do it again are in this record already.");

    private static string More(int leftOut) => leftOut > 0 ? $"; and {leftOut} fields more" : "";

    private static string Commands(IReadOnlyList<ResourceDrift> hands)
    {
        string Lines(bool areDeleted) => string.Join('\n', hands.Where(resource => resource.IsDeleted == areDeleted).Select(resource => resource.PutBack).OfType<string>());
        return (NoWay(hands, most: int.MaxValue) is { } none ? $" {none}" : "")
            + (Lines(areDeleted: false) is { Length: > 0 } ways ? $"\nTo do it again:\n{ways}" : "") // a command may have several lines, and ends where its line does
            + (Lines(areDeleted: true) is { Length: > 0 } gone ? $"\nTo delete it again:\n{gone}" : "");
    }

    /// <summary>"2 fields changed by hand and 1 object deleted".</summary>
    /// <param name="had">Where it is over: " had been".</param>
    public static string What(IReadOnlyList<ResourceDrift> hands, string had = "") =>
        Both(hands, fields => $"{fields}{had} changed by hand", objects => $"{objects}{had} deleted");

    /// <summary>What the engine does to it when it is let loose.</summary>
    public static string Overwrites(IReadOnlyList<ResourceDrift> lost) =>
        Both(lost, fields => $"overwrite what was changed by hand ({fields})", objects => $"make again what was deleted ({objects})");

    /// <summary>The same, as what is going to be done.</summary>
    public static string Overwritten(IReadOnlyList<ResourceDrift> lost) =>
        Both(lost, fields => $"what was changed by hand is overwritten ({fields})", objects => $"what was deleted is made again ({objects})");

    /// <summary>How much is known of who did it.</summary>
    public static string Who(IReadOnlyList<ResourceDrift> hands) =>
        Both(hands, _ => "Who is the tool that wrote it, not a proof of the person.", _ => "Who or what deleted is not known.", " ");

    private static string Both(IReadOnlyList<ResourceDrift> hands, Func<string, string> changed, Func<string, string> deleted, string between = " and ")
    {
        var objects = hands.Count(resource => resource.IsDeleted);
        var fields = HandChanges.Count(hands) - objects;
        var (some, gone) = (fields == 1 ? "1 field" : $"{fields} fields", objects == 1 ? "1 object" : $"{objects} objects");
        return objects == 0 ? changed(some) : fields == 0 ? deleted(gone) : changed(some) + between + deleted(gone);
    }

    private static string Head(ApplicationRef application) => $"Changed by hand in {application.Name}:";

    private static string HeadOfDeleted(ApplicationRef application) => $"Deleted in {application.Name}, by whom or what is not known:";

    /// <summary>What of it can be done again by a command, for under a list of it.</summary>
    public static string Ways(IReadOnlyList<ResourceDrift> hands) => (NoWay(hands), hands.Any(resource => resource.Fields.Any(resource.Brings))) switch
    {
        (null, _) => "It is in the record with the commands that do it again.",
        (var none, true) => $"It is in the record, and what a command can do again with that. {none}",
        (var none, false) => $"It is in the record. {none}",
    };

    /// <summary>What no command does again, and why; null where there is none.</summary>
    public static string? NoWay(IReadOnlyList<ResourceDrift> hands, int most = MostNamed)
    {
        List<string> without = [.. hands.SelectMany(resource => resource.Fields.Where(field => !resource.Brings(field)).Select(field => Named(resource, field)))];
        return without.Count == 0 ? null
            : $"No command does this again: {string.Join(", ", without.Take(most))}{(without.Count > most ? $" and {without.Count - most} more" : "")}.";
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
