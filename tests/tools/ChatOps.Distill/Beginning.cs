using System.Text.Json.Nodes;

namespace ChatOps.Distill;

/// <summary>Of an object that was there at the start, what a replay puts in place.</summary>
public static class Beginning
{
    /// <summary>How often it had healed itself; the healing that the story set off is not of the beginning.</summary>
    public static int? Healings(JsonObject seen, bool storyBegan) =>
        seen["status"]?["operationState"]?["operation"]?["sync"]?["autoHealAttemptsCount"]?.GetValue<int>()
        ?? (storyBegan ? seen["operation"]?["sync"]?["autoHealAttemptsCount"]?.GetValue<int>() - 1 : null);

    /// <summary>It was in sync when first seen, and nothing automatic could have brought it there.</summary>
    public static bool WasDeployedByHand(JsonObject seen) => seen["status"]?["sync"]?["status"]?.GetValue<string>() == "Synced"
        && (seen["spec"]?["syncPolicy"]?["automated"] is not JsonObject automated || automated["enabled"]?.GetValue<bool>() == false);

    /// <summary>
    /// Argo CD's settings are not in the recordings. Where a window goes to one project and reaches an application of another, which
    /// carries a label for that, they can be told: the first is a global project for those with the label.
    /// </summary>
    public static JsonObject? Settings(JsonArray start, Recording recording)
    {
        var label = start.OfType<JsonObject>().Where(placed => placed["kind"]?.GetValue<string>() == "AppProject").Select(project => project["metadata"]?["labels"] as JsonObject).FirstOrDefault(labels => labels is not null);
        var written = recording.Lines.Select(line => line["request"]).FirstOrDefault(request => request?["body"]?.ToJsonString().Contains("/spec/syncWindows", StringComparison.Ordinal) == true);
        return label is null || written is null ? null : new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = "argocd-cm", ["namespace"] = "argocd" },
            ["data"] = new JsonObject
            {
                ["globalProjects"] = $"- projectName: {written["path"]!.GetValue<string>().Split('/')[^1]}\n  labelSelector:\n    matchLabels: {label.ToJsonString()}\n",
            },
        };
    }

    public static JsonObject Of(JsonObject seen)
    {
        var metadata = new JsonObject();
        foreach (var key in new[] { "name", "namespace", "labels", "finalizers" })
        {
            if (seen["metadata"]?[key] is { } value)
            {
                metadata[key] = value.DeepClone();
            }
        }

        var annotations = (seen["metadata"]?["annotations"] as JsonObject ?? []).Where(entry => !entry.Key.Contains("last-applied", StringComparison.Ordinal)).ToList();
        if (annotations.Count > 0)
        {
            metadata["annotations"] = new JsonObject(annotations.Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));
        }

        return new JsonObject
        {
            ["apiVersion"] = seen["apiVersion"]!.DeepClone(),
            ["kind"] = seen["kind"]!.DeepClone(),
            ["metadata"] = metadata,
            ["spec"] = seen["spec"]?.DeepClone(),
        };
    }
}
