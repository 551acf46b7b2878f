using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Who would take a window out of a project again. As with applications, what Git lacks survives the syncs of a parent and
/// what Git has is put back within a second; an owner that could not be read is taken to put it back. Pure.
/// </summary>
internal static class ProjectOwner
{
    public const string Kind = "AppProject";
    private static readonly string[] Windows = ["spec", "syncWindows"];

    /// <param name="claim">Who may manage it, as the project says.</param>
    /// <param name="parent">That application; null when it could not be read.</param>
    public static (string? TakenBack, string? Risk) Judge(ApplicationJson project, ParentClaim? claim, JsonElement? parent)
    {
        if (project.Raw.Items("metadata", "ownerReferences").FirstOrDefault() is { ValueKind: JsonValueKind.Object } owner)
        {
            return ($"{owner.Text("kind")} {owner.Text("name")} owns the project and may write it anew.", null);
        }

        if (Owners.Other(project) is { Kind: OwnerKind.Other } other)
        {
            return ($"the project is applied by {other.Name}, which may take the window out again.", null);
        }

        if (claim is null)
        {
            return (null, null);
        }

        return parent is { } read
            ? Owners.Manages(new(read), project, claim, Kind) ? OfParent(project, claim.Name, read) : (null, null)
            : claim.ByTrackingId ? ($"the project is managed by the application {claim.Name}, which could not be read and whose Git may take the window out again.", null) : (null, null);
    }

    private static (string? TakenBack, string? Risk) OfParent(ApplicationJson project, string name, JsonElement parent)
    {
        if (ParentRules.Replaces(parent, project.Raw))
        {
            return ($"the application {name} replaces the project whole (Replace=true), so its next sync takes the window out again.", null);
        }

        if (ParentRules.Respects(parent, project.Raw, Kind, Windows))
        {
            return (null, $"If {name} no longer ignores differences in the project's windows, its next sync takes the window out.");
        }

        return FieldRules.IsApplied(project.Raw, Windows) == false
            ? (null, $"A commit that gives the project sync windows in the Git of {name} ends it.")
            : ($"the Git of {name} sets the project's sync windows, as far as can be told, so it takes another one out again.", null);
    }
}
