using System.Text.Json.Nodes;

namespace ChatOps.Platform.Tests.Fakes;

/// <summary>managedFields for the one field that the reconciler asks about.</summary>
internal static class FieldOwners
{
    public static void Note(JsonObject before, JsonObject after, string manager)
    {
        var was = before["spec"]?["syncPolicy"]?["automated"]?["enabled"];
        var now = after["spec"]?["syncPolicy"]?["automated"]?["enabled"];
        if (JsonNode.DeepEquals(was, now))
        {
            return;
        }

        var entries = (JsonArray)(after["metadata"]!["managedFields"] ??= new JsonArray());
        foreach (var old in entries.Where(entry => (string?)entry!["manager"] is "chatops" or "kubectl-edit").ToList())
        {
            entries.Remove(old);
        }

        if (now is not null)
        {
            entries.Add(JsonNode.Parse($$$$$$$"""
                {"manager":"{{{{{{{manager}}}}}}}","operation":"Update","apiVersion":"argoproj.io/v1alpha1","time":"2026-11-23T09:00:00Z","fieldsType":"FieldsV1",
                 "fieldsV1":{"f:spec":{"f:syncPolicy":{"f:automated":{"f:enabled":{}}}}}}
                """));
        }
    }
}
