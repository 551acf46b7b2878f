using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ChatOps.Core.Operations;

/// <summary>One field that will be written: what is there, and what will be there. JSON text; null means absent.</summary>
public sealed record FieldChange(string Path, string? Before, string? After);

/// <summary>
/// What exactly will happen to what exactly. People approve a plan, not a wish: votes are bound to <see cref="Hash"/>.
/// Status and resourceVersion are not part of it, so that a plan does not move by itself.
/// </summary>
public sealed record Plan
{
    public required PlanTarget Target { get; init; }

    public required PlannedWork Work { get; init; }

    public required IReadOnlyList<FieldChange> Changes { get; init; }

    public required string PolicyVersion { get; init; }

    /// <summary>The target of a plan about one application; only its kind may ask.</summary>
    public ApplicationTarget Application => Target as ApplicationTarget
        ?? throw new InvalidOperationException($"{Target.Name} is no application");

    /// <summary>SHA-256 over all of the above, hexadecimal. The duration is not part of it: shortening keeps the votes.</summary>
    public string Hash
    {
        get
        {
            object?[] all = [1, .. Target.Sealed, Work.SealedAs, Changes.Select(change => new[] { change.Path, change.Before, change.After }), .. Work.Sealed, PolicyVersion];
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(all))));
        }
    }

    /// <summary>What is done, for the kind that knows how.</summary>
    public TWork Of<TWork>()
        where TWork : PlannedWork => Work as TWork ?? throw new InvalidOperationException($"{Work.Kind} is no {typeof(TWork).Name}");

    public bool Equals(Plan? other) => other is not null && Hash == other.Hash;

    public override int GetHashCode() => Hash.GetHashCode(StringComparison.Ordinal);
}
