using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>The merge patch from the copy of an Application to what its comparison found.</summary>
internal static class StatusPatch
{
    public static JsonObject For(Finding finding, string now)
    {
        var app = finding.App;
        var status = new JsonObject();
        Set(status, app, "conditions", Conditions(finding, now));
        Set(status, app, "sync", Sync(finding));
        if (finding.Comparison is { } comparison)
        {
            Set(status, app, "resources", new JsonArray([.. comparison.Resources.Select(resource => (JsonNode)resource.ToStatus())]));
            SetHealth(status, app, Health.Of(comparison), now);
            SetSourceTypes(status, finding);
            Set(status, app, "controllerNamespace", app.Namespace);
        }
        else if (app.Status["health"] is null)
        {
            SetHealth(status, app, "Healthy", now);
        }

        if (finding.Fully)
        {
            Set(status, app, "reconciledAt", now);
        }

        var patch = new JsonObject();
        if (status.Count > 0)
        {
            patch["status"] = status;
        }

        if (app.Refresh is not null)
        {
            patch["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Application.RefreshAnnotation] = null } };
        }

        if (app.SyncPolicy is { Count: 0 })
        {
            patch["spec"] = new JsonObject { ["syncPolicy"] = null };
        }

        return patch;
    }

    private static JsonObject Sync(Finding finding)
    {
        var comparedTo = new JsonObject { ["destination"] = finding.App.Json["spec"]?["destination"]?.DeepClone() };
        finding.App.Origin.WriteTo(comparedTo);
        var sync = new JsonObject { ["comparedTo"] = comparedTo, ["status"] = finding.Comparison is null ? "Unknown" : finding.Comparison.IsSynced ? "Synced" : "OutOfSync" };
        finding.Revisions.WriteTo(sync);
        return sync;
    }

    private static void SetSourceTypes(JsonObject status, Finding finding)
    {
        if (finding.App.Origin.IsSeveral)
        {
            Set(status, finding.App, "sourceTypes", new JsonArray([.. finding.SourceTypes.Select(type => (JsonNode)type)]));
        }
        else
        {
            Set(status, finding.App, "sourceType", finding.SourceTypes[0]);
        }
    }

    private static JsonArray? Conditions(Finding finding, string now)
    {
        var conditions = new JsonArray();
        void Add(string type, string? message)
        {
            if (message is null)
            {
                return;
            }

            var before = finding.App.Status["conditions"]?.AsArray().OfType<JsonObject>().FirstOrDefault(condition => condition["type"]?.GetValue<string>() == type);
            conditions.Add(before?["message"]?.GetValue<string>() == message
                ? before.DeepClone()
                : new JsonObject { ["lastTransitionTime"] = now, ["message"] = message, ["type"] = type });
        }

        Add("ComparisonError", finding.Error);
        Add("SyncError", finding.Decision.SyncError);
        return conditions.Count == 0 ? null : conditions;
    }

    private static void SetHealth(JsonObject status, Application app, string health, string now)
    {
        if (app.Status["health"]?["status"]?.GetValue<string>() != health)
        {
            status["health"] = new JsonObject { ["lastTransitionTime"] = now, ["status"] = health };
        }
    }

    private static void Set(JsonObject status, Application app, string key, JsonNode? value)
    {
        if (!JsonNode.DeepEquals(app.Status[key], value))
        {
            status[key] = value;
        }
    }
}
