using System.Text.Json;

namespace ChatOps.Core.Reconciliation;

/// <summary>
/// The entry among the <c>ignoreApplicationDifferences</c> of an ApplicationSet by which it leaves the pause of one application
/// alone. Nothing in it can be a mark, so the lease remembers it, and it is known again by its value.
/// </summary>
/// <param name="HadList">The set had a list before any entry of ours, be it empty. One that we began goes with our last entry.</param>
public sealed record SetEntry(string Set, string SetUid, string Application, bool HadList)
{
    public const string ListPath = "/spec/ignoreApplicationDifferences";

    public const string Field = "/spec/syncPolicy/automated/enabled";

    /// <summary>The cluster answered that we wrote it. Until then only its note of who wrote the list last tells ours from the same by somebody else.</summary>
    public bool IsOurs { get; init; }

    public string Json => JsonSerializer.Serialize(new { name = Application, jsonPointers = new[] { Field } });

    /// <summary>What the hash of a plan covers.</summary>
    internal object[] Sealed => [Set, SetUid, Application, HadList];
}

/// <summary>The set that made an application and takes a pause of it back, where an entry of ours would make it leave that alone.</summary>
public sealed record SetFacts(string Name, string Uid, bool HasList)
{
    /// <summary>Who would take the entry out again, in a sentence; null: nobody that is known.</summary>
    public string? TakenBack { get; init; }

    /// <summary>Who could end it all the same, in a sentence.</summary>
    public string? Risk { get; init; }
}
