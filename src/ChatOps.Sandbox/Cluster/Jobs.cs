using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>The little of a Job's life that others look at: its pods run and end, well unless their image is in no registry.</summary>
internal static class Jobs
{
    public static void Admit(JsonObject next, JsonObject? before, bool endsAtOnce)
    {
        if (before is not null)
        {
            return;
        }

        next["status"] = !endsAtOnce ? new JsonObject { ["active"] = 1 }
            : Deployments.HasBrokenImage(next["spec"] as JsonObject ?? []) ? Ended("Failed", "Job has reached the specified backoff limit")
            : Ended("Complete", "Reached expected number of succeeded pods");
    }

    public static JsonObject Ended(string how, string message) => new()
    {
        ["conditions"] = new JsonArray(new JsonObject { ["type"] = how, ["status"] = "True", ["message"] = message }),
    };
}
