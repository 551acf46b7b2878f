using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Carries an operation from written to done: Running, blocked, retried, terminated, Succeeded or Failed.</summary>
internal sealed class Operating(Controller controller, Refreshing refreshing)
{
    private readonly SyncRun run = new(controller, refreshing);

    public void Ask(string application, TimeSpan after) =>
        controller.Queue.Add($"operate/{application}", controller.Now + after + controller.Lag, ct => BeginAsync(application, ct));

    private async Task BeginAsync(string name, CancellationToken ct)
    {
        if (await controller.ReadAsync(name, ct) is not { Operation: { } operation } app || (app.Skipped && !controller.Remember(name).OwnOperation))
        {
            return;
        }

        switch (app.Phase)
        {
            case "Terminating":
                if ((await AskWindowsAsync(app, operation, ct)).MaySync)
                {
                    await FinishAsync(app, app.OperationState!["operation"] as JsonObject ?? operation, "Failed", TerminatedMessage(app), app.OperationState?["syncResult"]?.DeepClone() as JsonObject, ct);
                }

                return;
            case "Running" when app.IsBetweenAttempts:
                await RetryAsync(app, ct);
                return;
            case "Running":
                break;
            default:
                // A merge, as the real one does it: what the last operation's record had and this one does not name stays in it.
                controller.Queue.Remove($"apply/{name}");
                await controller.PatchAsync(app, State(new JsonObject { ["operation"] = operation.DeepClone(), ["phase"] = "Running", ["startedAt"] = controller.Timestamp, ["finishedAt"] = null }), ct);
                break;
        }

        controller.Queue.Add($"apply/{name}", controller.Now + controller.Pace.Apply, token => ApplyAsync(name, app.Phase == "Running" ? null : operation, token));
    }

    /// <param name="name">the application</param>
    /// <param name="written">
    /// the operation as it was written, for its first pass; every later pass goes by the record, into which it was merged,
    /// and with it by what the record of the operation before had and this one does not name
    /// </param>
    /// <param name="ct">stops it</param>
    private async Task ApplyAsync(string name, JsonObject? written, CancellationToken ct)
    {
        if (await controller.ReadAsync(name, ct) is not { Operation: not null, Phase: "Running", IsBetweenAttempts: false } app)
        {
            Ask(name, TimeSpan.Zero);
            return;
        }

        var operation = written ?? app.OperationState!["operation"]!.AsObject();
        var window = await AskWindowsAsync(app, operation, ct);
        if (window.PassesAsManual && app.OperationState?["message"] is null)
        {
            // The real one's first status of such an operation says so too, for some 30 ms.
            await controller.PatchAsync(app, State(new JsonObject { ["message"] = "Sync operation blocked by sync window" }), ct);
        }

        if (!window.MaySync)
        {
            var message = window.Problem is { } problem ? $"Sync operation blocked by sync window: {problem}" : "Sync operation blocked by sync window";
            await controller.PatchAsync(app, State(new JsonObject { ["message"] = message }), ct);
            return;
        }

        var applied = written is null ? app.OperationState!["syncResult"]?["resources"] as JsonArray : null;
        var result = await run.ApplyAsync(app, operation, applied ?? [], ct);
        if (result.Waiting is { } waiting)
        {
            await controller.PatchAsync(app, State(new JsonObject { ["message"] = waiting, ["syncResult"] = result.ToJson() }), ct);
            return;
        }

        if (result.Failure is null)
        {
            await FinishAsync(app, operation, "Succeeded", "successfully synced (all tasks run)", result.ToJson(), ct);
            return;
        }

        var attempts = app.OperationState?["retryCount"]?.GetValue<long>() ?? 0;
        var limit = operation["retry"]?["limit"]?.GetValue<long>() ?? 0;
        if (attempts >= limit && limit >= 0)
        {
            await FinishAsync(app, operation, "Failed", attempts > 0 ? $"{result.Failure} (retried {attempts} times)." : result.Failure, result.ToJson(), ct);
            return;
        }

        // The real one announces the wait before it counts the attempt, and then waits for the next, longer one.
        var announced = controller.Now + Backoff(operation["retry"]?["backoff"], attempts);
        var clock = announced.UtcDateTime.ToString("h:mmtt", CultureInfo.InvariantCulture);
        await controller.PatchAsync(app, State(new JsonObject
        {
            ["finishedAt"] = controller.Timestamp,
            ["message"] = $"{result.Failure}. Retrying attempt #{attempts + 1} at {clock}.",
            ["retryCount"] = attempts + 1,
            ["syncResult"] = result.ToJson(),
        }), ct);
        controller.Queue.Add($"retry/{name}", controller.Now + Backoff(operation["retry"]?["backoff"], attempts + 1), token => RetryAsync(name, token));
    }

    private async Task<WindowAnswer> AskWindowsAsync(Application app, JsonObject operation, CancellationToken ct)
    {
        var automated = operation["initiatedBy"]?["automated"]?.GetValue<bool>() == true;
        return SyncWindows.Ask(await controller.ReadProjectAsync(app, ct), app, manual: !automated, controller.Now);
    }

    /// <summary>Ended between two attempts, it keeps the reason of the one that failed.</summary>
    private static string TerminatedMessage(Application app)
    {
        var message = app.OperationState?["message"]?.GetValue<string>() ?? "";
        var retrying = message.IndexOf(". Retrying attempt", StringComparison.Ordinal);
        return app.IsBetweenAttempts && retrying > 0 ? $"{message[..retrying]} (retried {app.OperationState?["retryCount"]} times)." : "Operation terminated";
    }

    private async Task RetryAsync(string name, CancellationToken ct)
    {
        if (await controller.ReadAsync(name, ct) is { Operation: not null, Phase: "Running", Skipped: false, IsBetweenAttempts: true } app)
        {
            await RetryAsync(app, ct);
        }
    }

    /// <summary>The pause is not asked for here: a sync that waits to be retried goes on in spite of it.</summary>
    private async Task RetryAsync(Application app, CancellationToken ct)
    {
        var attempts = app.OperationState?["retryCount"]?.GetValue<long>() ?? 0;
        var finished = app.FinishedAt ?? controller.Now;
        var operation = app.OperationState!["operation"]!.AsObject();
        var due = finished + Backoff(operation["retry"]?["backoff"], attempts);
        if (due > controller.Now)
        {
            controller.Queue.Add($"retry/{app.Name}", due, token => RetryAsync(app.Name, token));
            return;
        }

        await controller.PatchAsync(app, State(new JsonObject { ["finishedAt"] = null, ["message"] = $"Retrying operation. Attempt #{attempts}", ["syncResult"] = null }), ct);
        controller.Queue.Add($"apply/{app.Name}", controller.Now + controller.Pace.Apply, token => ApplyAsync(app.Name, null, token));
    }

    private async Task FinishAsync(Application app, JsonObject operation, string phase, string message, JsonObject? result, CancellationToken ct)
    {
        var partial = operation["sync"]?["resources"] is JsonArray { Count: > 0 };
        if (phase == "Succeeded" && !partial && operation["sync"]?["dryRun"]?.GetValue<bool>() != true)
        {
            await controller.PatchAsync(app, new JsonObject { ["status"] = new JsonObject { ["history"] = History(app, operation, result) } }, ct);
        }

        var patch = State(new JsonObject { ["finishedAt"] = controller.Timestamp, ["message"] = message, ["phase"] = phase, ["syncResult"] = result?.DeepClone() });
        patch["operation"] = null;
        var memory = controller.Remember(app.Name);
        memory.CompareOnceMore = memory.OwnOperation;
        memory.OwnOperation = false;
        await controller.PatchAsync(app, patch, ct);
        var what = partial ? "Partial sync operation" : "Sync operation";
        var revision = Revisions.In(result) ?? Revisions.In(operation["sync"] as JsonObject);
        await controller.TellAsync(app, "OperationCompleted", phase == "Succeeded" ? $"{what} to {revision} succeeded" : $"{what} to {revision} failed: {message}", ct, phase == "Succeeded" ? "Normal" : "Warning");
        refreshing.Ask(app.Name, controller.Pace.Settle, fully: true);
    }

    private JsonArray History(Application app, JsonObject operation, JsonObject? result)
    {
        var history = app.Status["history"]?.DeepClone() as JsonArray ?? [];
        var last = history.OfType<JsonObject>().LastOrDefault()?["id"]?.GetValue<long>() ?? -1;
        var entry = new JsonObject
        {
            ["deployStartedAt"] = app.OperationState?["startedAt"]?.DeepClone(),
            ["deployedAt"] = controller.Timestamp,
            ["id"] = last + 1,
            ["initiatedBy"] = operation["initiatedBy"]?.DeepClone() ?? new JsonObject(),
        };
        Revisions.In(result)?.WriteTo(entry);
        (Origin.In(result) ?? app.Origin).WriteTo(entry);
        history.Add(entry);
        while (history.Count > 10)
        {
            history.RemoveAt(0);
        }

        return history;
    }

    private static TimeSpan Backoff(JsonNode? backoff, long attempts)
    {
        var first = Durations.Parse(backoff?["duration"]?.GetValue<string>()) ?? TimeSpan.FromSeconds(5);
        var factor = backoff?["factor"]?.GetValue<long>() ?? 2;
        var longest = Durations.Parse(backoff?["maxDuration"]?.GetValue<string>()) ?? TimeSpan.FromMinutes(3);
        var wait = first * Math.Pow(factor, Math.Max(0, attempts));
        return wait < longest ? wait : longest;
    }

    private static JsonObject State(JsonObject state) => new() { ["status"] = new JsonObject { ["operationState"] = state } };
}
