namespace ChatOps.Core.Reconciliation;

/// <summary>
/// What is at one path of an object. Absent, null and empty are three things, and a parent that is not there is a
/// fourth: <paramref name="Json"/> is null when the field is absent, "null" when it is null.
/// <paramref name="ParentJson"/> is the same for the object that holds it.
/// </summary>
public sealed record JsonValueAt(string Path, string? Json, string? ParentJson)
{
    public bool IsAbsent => Json is null;

    public string InWords => Json ?? "(not set)";
}
