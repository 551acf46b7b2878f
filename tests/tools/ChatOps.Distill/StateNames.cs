using System.Text.Json.Nodes;

namespace ChatOps.Distill;

/// <summary>What an operator would call the state of an Application. A state without a name is an error: it must be looked at, not skipped.</summary>
public static class StateNames
{
    private static readonly (string Part, string Name)[] Messages =
    [
        ("successfully synced (all tasks run)", "synced"),
        ("successfully synced (no more tasks)", "synced"),
        ("waiting for healthy state of", Waiting),
        ("waiting for completion of hook", Waiting),
        (" Retrying attempt #", "failed, will retry"),
        (" (retried ", "failed for good"),
        ("Retrying operation. Attempt", "retrying"),
        ("one or more synchronization tasks completed unsuccessfully", "failed"),
        ("one or more objects failed to apply", "failed"),
        ("ComparisonError", "cannot be rendered"),
        ("Operation terminated", "terminated"),
        ("Sync operation blocked by sync window", "blocked by window"),
        ("operation is terminating", "terminating"),
    ];

    private static readonly string[] Syncs = ["", "Synced", "OutOfSync", "Unknown"];
    private static readonly string[] Phases = ["Running", "Succeeded", "Failed", "Error", "Terminating"];
    private static readonly string[] Conditions = ["ComparisonError", "SyncError", "InvalidSpecError", "DeletionError", "SharedResourceWarning", "ExcludedResourceWarning"];

    public const string Waiting = "waiting for health";

    public static string Sync(JsonObject app) => Named(Syncs, app["status"]?["sync"]?["status"]?.GetValue<string>() ?? "", "sync status");

    public static string ConditionTypes(JsonObject app)
    {
        var types = app["status"]?["conditions"]?.AsArray().Select(condition => Named(Conditions, condition!["type"]!.GetValue<string>(), "condition")).Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>();
        return string.Join('+', types);
    }

    /// <summary>The operation, whether it waits, runs or is over, who asked for it, and how it stands.</summary>
    public static string Operation(JsonObject app, int emptySyncs)
    {
        var state = app["status"]?["operationState"] as JsonObject;
        var phase = state?["phase"]?.GetValue<string>();
        var isOver = phase is "Succeeded" or "Failed" or "Error";
        if (app["operation"] is JsonObject written && (phase is null || isOver))
        {
            return $"written{By(written, emptySyncs)}";
        }

        if (phase is null)
        {
            return "none";
        }

        var message = state!["message"]?.GetValue<string>() is { Length: > 0 } text ? ": " + Message(text) : "";
        return $"{Named(Phases, phase, "phase")}{By(state["operation"] as JsonObject ?? [], emptySyncs)}{message}";
    }

    /// <summary>Those that the operation has run so far; how they went, when it is over.</summary>
    public static string Hooks(JsonObject app)
    {
        var state = app["status"]?["operationState"];
        var isOver = state?["phase"]?.GetValue<string>() is "Succeeded" or "Failed" or "Error";
        var hooks = (state?["syncResult"]?["resources"] as JsonArray ?? []).Where(result => result!["hookType"] is not null);
        return string.Join('+', hooks.Select(hook => $"{hook!["hookType"]} {hook["kind"]}/{hook["name"]}{(isOver ? $" {hook["hookPhase"]}" : "")}"));
    }

    private static string By(JsonObject operation, int emptySyncs)
    {
        var initiator = operation["initiatedBy"];
        var who = initiator?["username"]?.GetValue<string>() is { Length: > 0 } name ? name : initiator?["automated"]?.GetValue<bool>() == true ? "auto" : "nobody";
        var sync = operation["sync"];
        var healing = sync?["autoHealAttemptsCount"]?.GetValue<int>() is { } attempts && attempts > 0 ? $" healing #{attempts - emptySyncs}" : "";
        var partial = sync?["resources"] is JsonArray { Count: > 0 } ? " partly" : "";
        return $" by {who}{partial}{healing}";
    }

    private static string Message(string text)
    {
        var name = Messages.FirstOrDefault(known => text.Contains(known.Part, StringComparison.Ordinal)).Name;
        return name ?? throw new UnnamedStateException($"no name for the message \"{text}\"");
    }

    private static string Named(string[] names, string value, string what) =>
        names.Contains(value) ? value : throw new UnnamedStateException($"no name for the {what} \"{value}\"");
}

/// <summary>The recording shows something that <see cref="StateNames"/> does not know.</summary>
public sealed class UnnamedStateException(string message) : Exception(message);
