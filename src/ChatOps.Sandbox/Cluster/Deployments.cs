using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>The little of a Deployment's life that others look at: the selector cannot change, and pods become ready by themselves.</summary>
internal static class Deployments
{
    public static void Admit(WriteRequest request, JsonObject next, JsonObject? before, bool podsBecomeReady)
    {
        var spec = next["spec"] as JsonObject ?? throw ApiRefusal.Invalid(request.Kind, request.Name, "spec", "FieldValueRequired", "Required value");
        if (before is not null && !JsonNode.DeepEquals(before["spec"]?["selector"], spec["selector"]))
        {
            var shown = spec["selector"]?.ToJsonString() ?? "null";
            throw ApiRefusal.Invalid(request.Kind, request.Name, "spec.selector", "FieldValueInvalid", $"Invalid value: {shown}: field is immutable");
        }

        spec["replicas"] ??= 1;
        if (podsBecomeReady && request.Subresource != "status")
        {
            // No node of the pretended cluster has labels: what asks for one waits for ever.
            var isSchedulable = spec["template"]?["spec"]?["nodeSelector"] is null;
            var works = !HasBrokenImage(spec);
            var replicas = isSchedulable && works ? spec["replicas"]!.GetValue<int>() : 0;
            next["status"] = new JsonObject
            {
                ["availableReplicas"] = replicas,
                ["readyReplicas"] = replicas,
                ["replicas"] = replicas,
                ["updatedReplicas"] = replicas,
            };
            if (!works)
            {
                next["status"]!["conditions"] = new JsonArray(new JsonObject
                {
                    ["type"] = "Progressing",
                    ["status"] = "False",
                    ["reason"] = "ProgressDeadlineExceeded",
                    ["message"] = $"ReplicaSet \"{request.Name}\" has timed out progressing.",
                });
            }
        }
    }

    /// <summary>An image with this tag is in no registry, and its deadline passes at once.</summary>
    public static bool HasBrokenImage(JsonObject spec) =>
        (spec["template"]?["spec"]?["containers"] as JsonArray ?? []).Any(container => ((string?)container?["image"])?.EndsWith(":broken", StringComparison.Ordinal) == true);

    public static JsonObject ToScale(JsonObject deployment) => new()
    {
        ["kind"] = "Scale",
        ["apiVersion"] = "autoscaling/v1",
        ["metadata"] = new JsonObject(deployment["metadata"]!.AsObject()
            .Where(entry => entry.Key is "name" or "namespace" or "uid" or "resourceVersion" or "creationTimestamp")
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone()))),
        ["spec"] = new JsonObject { ["replicas"] = deployment["spec"]?["replicas"]?.DeepClone() },
        ["status"] = new JsonObject { ["replicas"] = deployment["status"]?["replicas"]?.DeepClone() ?? 0 },
    };

    public static JsonObject WithScale(JsonObject deployment, JsonObject scale)
    {
        deployment["spec"]!["replicas"] = scale["spec"]?["replicas"]?.DeepClone();
        return deployment;
    }
}
