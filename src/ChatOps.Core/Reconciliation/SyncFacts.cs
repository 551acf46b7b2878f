namespace ChatOps.Core.Reconciliation;

/// <summary>One object that an application manages; <paramref name="Group"/> is empty for the core API.</summary>
public sealed record ManagedResource(string Group, string Kind, string Namespace, string Name)
{
    /// <summary>As people write it after <c>only</c>.</summary>
    public string Spoken => $"{Kind}/{Name}";

    public bool IsCalled(string spoken) => string.Equals(Spoken, spoken, StringComparison.OrdinalIgnoreCase);
}

/// <summary>One entry of the engine's history of whole deployments.</summary>
/// <param name="Revisions">Commits or versions, one per source.</param>
/// <param name="SourceJson">What was deployed from, as the engine wrote it: an object, or an array for several sources.</param>
public sealed record PastDeployment(long Id, IReadOnlyList<string> Revisions, DateTimeOffset? At, string? SourceJson, bool SeveralSources)
{
    public string Spoken => string.Join(", ", Revisions.Select(Commits.Abbreviate));

    /// <summary>As people say it after <c>to</c>.</summary>
    public string Number => Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What decides about operations of an application, as read with its other facts.</summary>
public sealed record SyncFacts
{
    public static SyncFacts None { get; } = new();

    /// <summary>What it syncs with by itself: an operation that names none runs with none.</summary>
    public IReadOnlyList<string> SyncOptions { get; init; } = [];

    /// <summary>Commits last compared, one per source; empty when nothing could be rendered.</summary>
    public IReadOnlyList<string> Revisions { get; init; } = [];

    public bool SeveralSources { get; init; }

    /// <summary>SHA-256, in hexadecimal, of where it takes its manifests from: repositories, paths, charts, parameters, what it follows.</summary>
    public string Source { get; init; } = "";

    public IReadOnlyList<ManagedResource> Resources { get; init; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<PastDeployment> History { get; init; } = [];

    /// <summary>The window that would keep an operation waiting, in words; null when none would.</summary>
    public string? BlockedByWindow { get; init; }

    /// <summary>Hooks that the last whole sync ran, as <c>PreSync Job/migrate</c>.</summary>
    public IReadOnlyList<string> Hooks { get; init; } = [];
}

/// <summary>Commits as people read them.</summary>
public static class Commits
{
    private const int ShortLength = 8;

    /// <summary>A whole commit, and nothing that could be a branch or a version.</summary>
    public static bool IsWhole(string revision) => revision.Length is 40 or 64 && revision.All(char.IsAsciiHexDigitLower);

    public static string Abbreviate(string revision) => IsWhole(revision) ? revision[..ShortLength] : revision;
}
