using System.Text.Json.Nodes;

namespace ChatOps.Platform.Tests.Fakes;

/// <summary>managedFields for the fields that the reconciler asks about.</summary>
internal static class FieldOwners
{
    private static readonly string[][] Fields =
    [
        ["spec", "syncPolicy", "automated", "enabled"], ["spec", "source", "targetRevision"], ["spec", "sources"], ["spec", "syncWindows"], ["spec", "ignoreDifferences"], ["spec", "ignoreApplicationDifferences"],
        ["metadata", "annotations", "argocd.argoproj.io/skip-reconcile"], ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
    ];

    public static void Note(JsonObject before, JsonObject after, string manager)
    {
        foreach (var field in Fields.Where(field => !JsonNode.DeepEquals(At(before, field), At(after, field))))
        {
            var entries = (JsonArray)(after["metadata"]!["managedFields"] ??= new JsonArray());
            foreach (var old in entries.Where(entry => (string?)entry!["manager"] is "chatops" or "kubectl-edit" && At(entry["fieldsV1"], [.. field.Select(key => $"f:{key}")]) is not null).ToList())
            {
                entries.Remove(old);
            }

            if (At(after, field) is not null)
            {
                entries.Add(new JsonObject
                {
                    ["manager"] = manager,
                    ["operation"] = "Update",
                    ["apiVersion"] = "argoproj.io/v1alpha1",
                    ["time"] = "2026-11-23T09:00:00Z",
                    ["fieldsType"] = "FieldsV1",
                    ["fieldsV1"] = field.Reverse().Aggregate(new JsonObject(), (inner, key) => new JsonObject { [$"f:{key}"] = inner }),
                });
            }
        }
    }

    private static JsonNode? At(JsonNode? from, IEnumerable<string> path) => path.Aggregate(from, (node, key) => (node as JsonObject)?[key]);
}
