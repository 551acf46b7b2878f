using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>
/// Hooks of a sync, phase by phase: made anew, waited for, and looked at again at the next pass. A sync of single resources
/// and one whose strategy is "apply" run none.
/// </summary>
internal sealed class Hooks(Controller controller)
{
    public const string Annotation = "argocd.argoproj.io/hook";
    private const string DeletePolicy = "argocd.argoproj.io/hook-delete-policy";
    private const string BeforeCreation = "BeforeHookCreation";

    public static bool AreRunBy(JsonObject sync) => sync["resources"] is not JsonArray { Count: > 0 } && sync["syncStrategy"]?["apply"] is null;

    public static bool IsHook(JsonObject manifest) => manifest["metadata"]?["annotations"]?[Annotation] is not null;

    /// <param name="results">of the operation so far; what became of each hook is written into it</param>
    /// <returns>what it waits for, or why it failed; both null: the phase is over</returns>
    public async Task<(string? Waiting, string? Failure)> RunAsync(string phase, IEnumerable<Wanted> hooks, JsonArray results, CancellationToken ct)
    {
        foreach (var wave in hooks.Where(hook => hook.HookPhases.Contains(phase)).GroupBy(hook => hook.Wave).OrderBy(wave => wave.Key))
        {
            var running = new List<string>();
            foreach (var hook in wave)
            {
                switch (await RunAsync(phase, hook, results, ct))
                {
                    case ("Running", _):
                        running.Add($"{hook.Id.Type.Group}/{hook.Id.Type.Kind}/{hook.Id.Name}");
                        break;
                    case ("Failed", var message):
                        return (null, message);
                }
            }

            if (running.Count > 0)
            {
                return ($"waiting for completion of hook {running[0]}{(running.Count > 1 ? $" and {running.Count - 1} more hooks" : "")}", null);
            }
        }

        return (null, null);
    }

    private async Task<(string Phase, string Message)> RunAsync(string phase, Wanted hook, JsonArray results, CancellationToken ct)
    {
        var result = results.OfType<JsonObject>().FirstOrDefault(one => (string?)one["hookType"] == phase && (string?)one["kind"] == hook.Id.Type.Kind && (string?)one["name"] == hook.Id.Name);
        if ((string?)result?["hookPhase"] == "Succeeded")
        {
            return ("Succeeded", "");
        }

        if (result is null)
        {
            results.Add(result = Result(hook.Id, phase));
            if (await MakeAsync(hook, ct) is { } refusal)
            {
                return Write(result, "Failed", refusal);
            }
        }

        var (now, message) = StateOf(hook.Id, await controller.Api.GetAsync(hook.Id, ct));
        if (Policies(hook).Contains($"Hook{now}"))
        {
            await controller.Api.DeleteAsync(hook.Id, ct);
        }

        return Write(result, now, message);
    }

    /// <returns>why it could not be made</returns>
    private async Task<string?> MakeAsync(Wanted hook, CancellationToken ct)
    {
        if (await controller.Api.GetAsync(hook.Id, ct) is not null)
        {
            if (!Policies(hook).Contains(BeforeCreation))
            {
                return null; // what is there counts as run
            }

            await controller.Api.DeleteAsync(hook.Id, ct);
        }

        var answer = await controller.Api.CreateAsync(hook.Id, hook.Manifest, SyncRun.Manager, ct);
        return answer.Succeeded ? null : answer.Message;
    }

    private static (string Phase, string Message) Write(JsonObject result, string phase, string message)
    {
        (result["hookPhase"], result["message"]) = (phase, message);
        return (phase, message);
    }

    /// <summary>What is no Job is done when it is there.</summary>
    private static (string Phase, string Message) StateOf(ResourceId id, JsonObject? live)
    {
        if (live is null)
        {
            return ("Failed", $"{id.Spoken} is gone");
        }

        var ended = (live["status"]?["conditions"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(one => (string?)one["type"] is "Complete" or "Failed" && (string?)one["status"] == "True");
        return id.Type.Kind != "Job" ? ("Succeeded", "created")
            : ended is null ? ("Running", "")
            : ((string?)ended["type"] == "Complete" ? "Succeeded" : "Failed", (string?)ended["message"] ?? "");
    }

    private static IReadOnlyList<string> Policies(Wanted hook) =>
        (string?)hook.Manifest["metadata"]?["annotations"]?[DeletePolicy] is { Length: > 0 } named ? [.. named.Split(',', StringSplitOptions.TrimEntries)] : [BeforeCreation];

    private static JsonObject Result(ResourceId id, string phase) => new()
    {
        ["group"] = id.Type.Group,
        ["hookPhase"] = "Running",
        ["hookType"] = phase,
        ["kind"] = id.Type.Kind,
        ["message"] = "",
        ["name"] = id.Name,
        ["namespace"] = id.Namespace,
        ["status"] = "Synced",
        ["syncPhase"] = phase,
        ["version"] = id.Type.Version,
    };
}
