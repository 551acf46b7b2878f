using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>What was read beside the Application itself, to judge it by.</summary>
public sealed record Surroundings
{
    public required string Instance { get; init; }

    /// <summary>Name of the configured cluster for a destination as the Application writes it.</summary>
    public required Func<JsonElement, string> ClusterOf { get; init; }

    public required Owner Owner { get; init; }

    /// <summary>The owning set or parent application; Undefined when nobody owns it or the owner could not be read.</summary>
    public JsonElement OwnerObject { get; init; }

    /// <summary>The owning set syncs by itself, step by step.</summary>
    public bool IsRollingSync => Owner.Kind == OwnerKind.Set && OwnerObject.Text("spec", "strategy", "type") == "RollingSync";

    /// <summary>The application's project and the global ones that reach it, as far as they may be read.</summary>
    public IReadOnlyList<JsonElement> Projects { get; init; } = [];

    /// <summary>What a deny window in its project would do; null where nobody needs one, or the project could not be read.</summary>
    public WindowFacts? Window { get; init; }

    /// <summary>The owning set, where an entry of ours in it would keep a pause; null where nobody needs one, or it would not help.</summary>
    public SetFacts? Set { get; init; }

    /// <summary>Names of those of them that may not be read or are not there.</summary>
    public IReadOnlyList<string> UnreadProjects { get; init; } = [];

    /// <summary>The CRD knows <c>automated.enabled</c>; otherwise writing it would be dropped without a word.</summary>
    public required bool KnowsEnabled { get; init; }

    /// <summary>Where people look at Argo CD, if it is configured.</summary>
    public Uri? ServerUrl { get; init; }
}
