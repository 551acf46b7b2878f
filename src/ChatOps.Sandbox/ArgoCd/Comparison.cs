using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Git and cluster side by side, resource by resource.</summary>
internal sealed class Comparison
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private Comparison(IReadOnlyList<Compared> resources) => Resources = resources;

    public IReadOnlyList<Compared> Resources { get; }

    public bool IsSynced => Resources.All(resource => !resource.Differs || resource.ToPrune && resource.PruneDisabled);

    public static Comparison Of(Application app, IReadOnlyList<Wanted> wanted, IReadOnlyList<JsonObject> live)
    {
        var byId = new Dictionary<ResourceId, JsonObject>();
        foreach (var found in live.Where(found => !Hooks.IsHook(found)))
        {
            byId[ResourceId.Of(found, app.DestinationNamespace)] = found;
        }

        wanted = [.. wanted.Where(target => !Hooks.IsHook(target.Manifest))]; // hooks are run by syncs, and compared with nothing
        var resources = wanted.Select(target => Compare(app, target, byId.GetValueOrDefault(target.Id))).ToList();
        var known = wanted.Select(target => target.Id).ToHashSet();
        resources.AddRange(byId
            .Where(entry => !known.Contains(entry.Key) && entry.Value["metadata"]?["annotations"]?[TargetState.TrackingAnnotation]?.GetValue<string>() == entry.Key.TrackedBy(app.Name))
            .Select(entry => new Compared(entry.Key, null, entry.Value, null)));
        return new Comparison([.. resources.OrderBy(resource => Rank(resource.Id)).ThenBy(resource => resource.Id.Name, StringComparer.Ordinal)]);
    }

    public static JsonObject? LastAppliedOf(JsonObject live) =>
        live["metadata"]?["annotations"]?[LastApplied]?.GetValue<string>() is { } text ? JsonNode.Parse(text) as JsonObject : null;

    public static JsonObject WithLastApplied(JsonObject manifest)
    {
        var marked = (JsonObject)manifest.DeepClone();
        marked["metadata"]!["annotations"]![LastApplied] = manifest.ToJsonString();
        return marked;
    }

    private static Compared Compare(Application app, Wanted target, JsonObject? live)
    {
        if (live is null)
        {
            return new Compared(target.Id, target.Manifest, null, null);
        }

        var ignored = IgnoredFields.For(app, target.Id);
        var last = LastAppliedOf(live);
        var patch = Difference.Between(ignored.RemoveFrom(last), ignored.RemoveFrom(target.Manifest)!, ignored.RemoveFrom(live)!, target.Id.Type.IsCustom);
        return new Compared(target.Id, target.Manifest, live, patch);
    }

    private static int Rank(ResourceId id) => id.Type.Kind switch { "Namespace" => 0, "ConfigMap" or "Secret" => 1, "Service" => 2, _ => 3 };
}

/// <summary>One resource: wanted, there, or both, and the patch between them.</summary>
internal sealed record Compared(ResourceId Id, JsonObject? Target, JsonObject? Live, JsonObject? Patch)
{
    public bool Differs => Live is null || Target is null || Patch is not null;

    public bool ToPrune => Target is null;

    public bool PruneDisabled => Live?["metadata"]?["annotations"]?["argocd.argoproj.io/sync-options"]?.GetValue<string>().Contains("Prune=false", StringComparison.Ordinal) == true;

    public JsonObject ToStatus()
    {
        var status = new JsonObject();
        if (Id.Type.Group.Length > 0)
        {
            status["group"] = Id.Type.Group;
        }

        status["kind"] = Id.Type.Kind;
        status["name"] = Id.Name;
        if (Id.Namespace.Length > 0)
        {
            status["namespace"] = Id.Namespace;
        }

        if (ToPrune)
        {
            status["requiresPruning"] = true;
        }

        status["status"] = Differs ? "OutOfSync" : "Synced";
        status["version"] = Id.Type.Version;
        return status;
    }

    public JsonObject ToReference()
    {
        var reference = new JsonObject();
        if (Id.Type.Group.Length > 0)
        {
            reference["group"] = Id.Type.Group;
        }

        reference["kind"] = Id.Type.Kind;
        reference["name"] = Id.Name;
        return reference;
    }
}
