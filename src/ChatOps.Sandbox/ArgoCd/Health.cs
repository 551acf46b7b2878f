using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>The worst of the resources' health, for the kinds the sandbox uses; a child Application has none in Argo CD either.</summary>
internal static class Health
{
    private static readonly string[] WorstFirst = ["Degraded", "Progressing", "Missing"];

    public static string Of(Comparison comparison)
    {
        var states = comparison.Resources.Where(resource => resource.Target is not null).Select(Of).ToList();
        return WorstFirst.FirstOrDefault(states.Contains) ?? "Healthy";
    }

    public static string Of(Compared resource)
    {
        if (resource.Live is not { } live)
        {
            return "Missing";
        }

        if (resource.Id.Type.Kind != "Deployment")
        {
            return "Healthy";
        }

        if ((live["status"]?["conditions"] as JsonArray ?? []).Any(condition => (string?)condition?["reason"] == "ProgressDeadlineExceeded"))
        {
            return "Degraded";
        }

        var wanted = live["spec"]?["replicas"]?.GetValue<int>() ?? 1;
        return Count(live, "updatedReplicas") >= wanted && Count(live, "availableReplicas") >= wanted ? "Healthy" : "Progressing";
    }

    private static int Count(JsonObject live, string field) => live["status"]?[field]?.GetValue<int>() ?? 0;
}
