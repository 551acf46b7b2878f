using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>A list of a project that an entry of ours stands in, and how one speaks of it.</summary>
internal sealed record ProjectList(string Field, string One, string Many)
{
    public static readonly ProjectList Windows = new("syncWindows", "window", "sync windows");
    public static readonly ProjectList Roles = new("roles", "role", "roles");

    public IReadOnlyList<string> Path { get; } = ["spec", Field];
}

/// <summary>
/// Who would take an entry of a project's list out again, or bring an old copy of the list back. As with applications, what
/// Git lacks survives the syncs of a parent and what Git has is put back within a second; an owner that could not be read is
/// taken to put it back. Pure.
/// </summary>
internal static class ProjectOwner
{
    public const string Kind = "AppProject";

    /// <param name="claim">Who may manage it, as the project says.</param>
    /// <param name="parent">That application; null when it could not be read.</param>
    public static (string? TakenBack, string? Risk) Judge(ProjectList list, ApplicationJson project, ParentClaim? claim, JsonElement? parent)
    {
        if (project.Raw.Items("metadata", "ownerReferences").FirstOrDefault() is { ValueKind: JsonValueKind.Object } owner)
        {
            return ($"{owner.Text("kind")} {owner.Text("name")} owns the project and may write it anew.", null);
        }

        if (Owners.Other(project) is { Kind: OwnerKind.Other } other)
        {
            return Survives(list, project, IsOther)
                ? (null, $"Once {other.Name} applies the project with {list.Many} of its own, that ends it.")
                : ($"the project is applied by {other.Name}, which may take the {list.One} out again.", null);
        }

        if (claim is not null && parent is null && claim.ByTrackingId)
        {
            return ($"the project is managed by the application {claim.Name}, which could not be read and whose Git may take the {list.One} out again.", null);
        }

        return claim is not null && parent is { } read && Owners.Manages(new(read), project, claim, Kind) ? OfParent(list, project, claim.Name, read) : OfNobody(list, project);
    }

    private static (string? TakenBack, string? Risk) OfParent(ProjectList list, ApplicationJson project, string name, JsonElement parent)
    {
        if (ParentRules.Replaces(parent, project.Raw))
        {
            return ($"the application {name} replaces the project whole (Replace=true), so its next sync takes the {list.One} out again.", null);
        }

        if (ParentRules.Respects(parent, project.Raw, Kind, list.Path))
        {
            return (null, $"If {name} no longer ignores differences in the project's {list.Many}, its next sync takes the {list.One} out.");
        }

        return Survives(list, project)
            ? (null, $"A commit that gives the project {list.Many} in the Git of {name} ends it.")
            : ($"the Git of {name} sets the project's {list.Many}, as far as can be told, so it takes another one out again.", null);
    }

    /// <summary>An Argo CD that tracks by a key of its own shows only in the fields that it wrote; people apply by hand.</summary>
    private static (string? TakenBack, string? Risk) OfNobody(ProjectList list, ApplicationJson project)
    {
        if (ManagedFields.WritersOf(project.Raw, "spec").Any(writer => writer.Manager == FieldRules.Applier) && !Survives(list, project))
        {
            return ($"an application of Argo CD applies the project with {list.Many} of its own, and takes another one out again.", null);
        }

        return (null, FieldRules.InLastApplied(project.Raw, list.Path) == true ? $"The project was applied by hand with {list.Many} of its own: whoever applies it again ends it." : null);
    }

    private static bool Survives(ProjectList list, ApplicationJson project, Func<JsonElement, bool>? isApplier = null) => FieldRules.IsApplied(project.Raw, list.Path, isApplier) == false;

    private static bool IsOther(JsonElement entry) => entry.Text("manager") is { } manager
        && (Owners.IsKnownApplier(manager) || (entry.Text("operation") == "Apply" && !manager.StartsWith("argocd-server", StringComparison.Ordinal)));
}
