using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>A list of a project, or of a set, that an entry of ours stands in, and how one speaks of it.</summary>
internal sealed record ProjectList(string Field, string One, string Many)
{
    /// <summary>Of an ApplicationSet, which is kept by the same hands.</summary>
    public static readonly ProjectList Ignored = new("ignoreApplicationDifferences", "entry", "ignoreApplicationDifferences") { Kind = "ApplicationSet", Holder = "set" };

    public static readonly ProjectList Windows = new("syncWindows", "window", "sync windows");
    public static readonly ProjectList Roles = new("roles", "role", "roles");

    /// <summary>What the list stands in, as its kind and as one speaks of it.</summary>
    public string Kind { get; init; } = ProjectOwner.Kind;

    public string Holder { get; init; } = "project";

    public IReadOnlyList<string> Path { get; } = ["spec", Field];
}

/// <summary>
/// Who would take an entry of such a list out again, or bring an old copy of the list back. As with applications, what
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
            return ($"{owner.Text("kind")} {owner.Text("name")} owns the {list.Holder} and may write it anew.", null);
        }

        if (Owners.Other(project) is { Kind: OwnerKind.Other } other)
        {
            return Survives(list, project, IsOther)
                ? (null, $"Once {other.Name} applies the {list.Holder} with {list.Many} of its own, that ends it.")
                : ($"the {list.Holder} is applied by {other.Name}, which may take the {list.One} out again.", null);
        }

        if (claim is not null && parent is null && claim.ByTrackingId)
        {
            return ($"the {list.Holder} is managed by the application {claim.Name}, which could not be read and whose Git may take the {list.One} out again.", null);
        }

        return claim is not null && parent is { } read && Owners.Manages(new(read), project, claim, list.Kind) ? OfParent(list, project, claim.Name, read) : OfNobody(list, project);
    }

    private static (string? TakenBack, string? Risk) OfParent(ProjectList list, ApplicationJson project, string name, JsonElement parent)
    {
        if (ParentRules.Replaces(parent, project.Raw))
        {
            return ($"the application {name} replaces the {list.Holder} whole (Replace=true), so its next sync takes the {list.One} out again.", null);
        }

        if (ParentRules.Respects(parent, project.Raw, list.Kind, list.Path))
        {
            return (null, $"If {name} no longer ignores differences in the {list.Holder}'s {list.Many}, its next sync takes the {list.One} out.");
        }

        return Survives(list, project)
            ? (null, $"A commit that gives the {list.Holder} {list.Many} in the Git of {name} ends it.")
            : ($"the Git of {name} sets the {list.Holder}'s {list.Many}, as far as can be told, so it takes another one out again.", null);
    }

    /// <summary>An Argo CD that tracks by a key of its own shows only in the fields that it wrote; people apply by hand.</summary>
    private static (string? TakenBack, string? Risk) OfNobody(ProjectList list, ApplicationJson project)
    {
        if (ManagedFields.WritersOf(project.Raw, "spec").Any(writer => writer.Manager == FieldRules.Applier) && !Survives(list, project))
        {
            return ($"an application of Argo CD applies the {list.Holder} with {list.Many} of its own, and takes another one out again.", null);
        }

        return (null, FieldRules.InLastApplied(project.Raw, list.Path) == true ? $"The {list.Holder} was applied by hand with {list.Many} of its own: whoever applies it again ends it." : null);
    }

    private static bool Survives(ProjectList list, ApplicationJson project, Func<JsonElement, bool>? isApplier = null) => FieldRules.IsApplied(project.Raw, list.Path, isApplier) == false;

    private static bool IsOther(JsonElement entry) => entry.Text("manager") is { } manager
        && (Owners.IsKnownApplier(manager) || (entry.Text("operation") == "Apply" && !manager.StartsWith("argocd-server", StringComparison.Ordinal)));
}
