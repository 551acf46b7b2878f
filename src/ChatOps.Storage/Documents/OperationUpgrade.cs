using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.Storage.Documents;

/// <summary>Operations as earlier programs stored them, in today's shape.</summary>
internal static class OperationUpgrade
{
    private static readonly string[] OfTheTarget = ["uid", "project", "cluster", "destinationNamespace", "owner"];

    /// <summary>Version 1 knew only pauses of one application; target and work lay flat in the plan.</summary>
    public static void FromOne(JsonObject operation)
    {
        var plan = operation["plan"] as JsonObject ?? throw new JsonException("An operation without a plan.");
        var target = new JsonObject { ["is"] = "application" };
        Move(plan, "target", target, "ref");
        foreach (var name in OfTheTarget)
        {
            Move(plan, name, target, name);
        }

        var work = new JsonObject { ["is"] = operation["kind"]?.GetValue<string>() == "Pause" ? "pause" : "extend" };
        Move(plan, "mechanism", work, "mechanism");
        Move(plan, "before", work, "before");
        plan["target"] = target;
        plan["work"] = work;
    }

    private static void Move(JsonObject from, string name, JsonObject to, string newName)
    {
        if (from.Remove(name, out var value))
        {
            to[newName] = value;
        }
    }
}
