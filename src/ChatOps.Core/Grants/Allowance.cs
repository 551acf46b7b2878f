using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Grants;

/// <summary>
/// What was given lately to one person, or in one scope. Whoever gives more saves every one that it concerns in the step
/// that writes the grant down, so that of two replicas that counted the same free place only one gives it away.
/// </summary>
/// <param name="Of">Whose, or where: <see cref="OfPerson"/> and the like.</param>
/// <param name="Grants">Of a person: those that live or ended within <see cref="Day"/>, and perhaps one that never came to be. Of a scope: the newest.</param>
public sealed record Allowance(string Of, IReadOnlyList<Guid> Grants)
{
    /// <summary>What is longer ago counts for nothing.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public int Version { get; init; }

    public static string OfPerson(string name) => $"person/{name}";

    /// <summary>The application, and each namespace that is reached.</summary>
    public static IEnumerable<string> OfScope(ApplicationRef application, string cluster, IEnumerable<string> namespaces) =>
        namespaces.Select(ns => $"namespace/{cluster}/{ns}").Prepend($"application/{application}");

    public bool Equals(Allowance? other) => other is not null && Of == other.Of && Version == other.Version && Grants.SequenceEqual(other.Grants);

    public override int GetHashCode() => HashCode.Combine(Of, Version, Grants.Count);
}
