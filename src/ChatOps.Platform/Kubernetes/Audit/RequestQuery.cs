namespace ChatOps.Platform.Kubernetes.Audit;

/// <summary>
/// The query of a request's address as an API server reads it. Whoever makes the request chooses it, and may write into the value of
/// one parameter what looks like another: what cannot be read for certain is taken for what shows more of them.
/// </summary>
internal static class RequestQuery
{
    /// <summary>A log that stays open. An API server takes everything for a yes but these two, which it reads in any case; old ones part parameters by a semicolon too.</summary>
    public static bool MayFollow(string uri) => Pairs(uri, '&', ';').Any(pair => pair.Name == "follow" && pair.Value is not "0" && !pair.Value.Equals("false", StringComparison.OrdinalIgnoreCase));

    /// <summary>Of all parameters of that name, in any order.</summary>
    public static IReadOnlyList<string> Values(string uri, string name) => [.. Pairs(uri, '&').Where(pair => pair.Name == name).Select(pair => pair.Value)];

    /// <summary>What <c>dryRun</c> has to be for nothing to happen; an API server refuses everything else.</summary>
    public static bool IsAll(IReadOnlyList<string> dryRun) => dryRun.Count > 0 && dryRun.All(value => value == "All");

    private static IEnumerable<(string Name, string Value)> Pairs(string uri, params char[] between) =>
        from pair in uri.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? uri[(at + 1)..].Split(between) : []
        let parts = pair.Split('=', 2)
        select (Read(parts[0]), parts.Length > 1 ? Read(parts[1]) : "");

    private static string Read(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));
}
