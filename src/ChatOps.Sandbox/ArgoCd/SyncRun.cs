using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Applies what an operation names, as far as it goes: a refused resource does not keep the others of its wave from being applied.</summary>
internal sealed class SyncRun(Controller controller, Refreshing refreshing)
{
    public const string Manager = "argocd-controller";
    private readonly Hooks hooks = new(controller);

    /// <param name="app">as it is now</param>
    /// <param name="operation">what to sync</param>
    /// <param name="applied">what earlier passes of the same attempt did, which is not done again</param>
    /// <param name="ct">stops it</param>
    public async Task<SyncResult> ApplyAsync(Application app, JsonObject operation, JsonArray applied, CancellationToken ct)
    {
        var sync = operation["sync"] as JsonObject ?? [];
        var origin = Origin.In(sync) ?? app.Origin;
        var asked = Revisions.In(sync);
        var (commits, problem) = await controller.Target.ResolveAsync(origin, asked, ct);
        if (commits is null)
        {
            return new SyncResult(asked ?? new Revisions(origin.Asked, origin.IsSeveral), origin, [], $"ComparisonError: Failed to load target state: {problem}");
        }

        var (wanted, _) = await controller.Target.RenderAsync(app, origin, commits, ct);
        var comparison = Comparison.Of(app, wanted, await refreshing.LiveAsync(app, wanted, ct));
        var options = sync["syncOptions"]?.AsArray().Select(option => option!.GetValue<string>()).ToHashSet() ?? [];
        var tasks = comparison.Resources.Where(resource => IsAsked(sync["resources"] as JsonArray, resource.Id)).ToList();
        if (options.Contains("CreateNamespace=true"))
        {
            await CreateNamespaceAsync(app.DestinationNamespace, ct);
        }

        var results = new JsonArray([.. applied.OfType<JsonObject>().Where(result => result["status"]?.GetValue<string>() != "SyncFailed").Select(result => result.DeepClone())]);
        var done = results.OfType<JsonObject>().Select(result => $"{result["group"]}/{result["kind"]}/{result["namespace"]}/{result["name"]}").ToHashSet(StringComparer.Ordinal);
        var asHooks = Hooks.AreRunBy(sync) ? wanted.Where(one => one.HookPhases.Count > 0).ToList() : [];
        if (await PhaseAsync("PreSync") is { } before)
        {
            return before;
        }

        var failures = new List<string>();
        var waves = tasks.GroupBy(task => task.Target is null ? 0 : new Wanted(task.Id, task.Target).Wave).OrderBy(wave => wave.Key).ToList();
        foreach (var wave in waves)
        {
            foreach (var task in wave.Where(task => !done.Contains($"{task.Id.Type.Group}/{task.Id.Type.Kind}/{task.Id.Namespace}/{task.Id.Name}")))
            {
                await ApplyAsync(app, task, sync, options, results, failures, ct);
            }

            if (failures.Count > 0)
            {
                break;
            }

            if ((wave != waves[^1] || asHooks.Exists(hook => hook.HookPhases.Contains("PostSync"))) && await UnhealthyAsync(wave, ct) is { } unhealthy)
            {
                return new SyncResult(commits, origin, results, null, $"waiting for healthy state of {unhealthy}");
            }
        }

        if (failures.Count == 0 && (await PhaseAsync("Sync") ?? await PhaseAsync("PostSync")) is { } after)
        {
            return after;
        }

        var failure = failures.Count == 0 ? null : $"one or more synchronization tasks completed unsuccessfully, reason: {string.Join(',', failures)}";
        return new SyncResult(commits, origin, results, failure);

        async Task<SyncResult?> PhaseAsync(string phase)
        {
            var (waiting, failed) = await hooks.RunAsync(phase, asHooks, results, ct);
            return failed is not null ? new SyncResult(commits, origin, results, $"one or more synchronization tasks completed unsuccessfully, reason: {failed}")
                : waiting is not null ? new SyncResult(commits, origin, results, null, waiting)
                : null;
        }
    }

    private async Task ApplyAsync(Application app, Compared task, JsonObject sync, HashSet<string> options, JsonArray results, List<string> failures, CancellationToken ct)
    {
        if (task.Target is null)
        {
            if (sync["prune"]?.GetValue<bool>() == true && !task.PruneDisabled)
            {
                await controller.Api.DeleteAsync(task.Id, ct);
                results.Add(Result(task.Id, "Pruned", "pruned"));
            }

            return;
        }

        var (answer, verb) = await ApplyAsync(app, task, options, ct);
        if (answer is null || answer.Succeeded)
        {
            results.Add(Result(task.Id, "Synced", $"{task.Id.Spoken} {verb}"));
            return;
        }

        var failure = task.Live is null ? answer.Message : $"error when patching \"FILE\": {answer.Message}";
        results.Add(Result(task.Id, "SyncFailed", failure));
        failures.Add(failure);
    }

    private async Task<(ApiAnswer? Answer, string Verb)> ApplyAsync(Application app, Compared task, HashSet<string> options, CancellationToken ct)
    {
        var target = task.Target!;
        if (task.Live is null)
        {
            return (await controller.Api.CreateAsync(task.Id, Comparison.WithLastApplied(target), Manager, ct), "created");
        }

        if (options.Contains("RespectIgnoreDifferences=true") && IgnoredFields.For(app, task.Id) is { Any: true } ignored)
        {
            target = (JsonObject)target.DeepClone();
            ignored.Carry(task.Live, target);
        }

        if (options.Contains("Replace=true"))
        {
            // As kubectl replace does: an API server takes no custom resource without the version that it replaces.
            var replaced = Comparison.WithLastApplied(target);
            replaced["metadata"]!["resourceVersion"] = (await controller.Api.GetAsync(task.Id, ct))?["metadata"]?["resourceVersion"]?.DeepClone();
            return (await controller.Api.ReplaceAsync(task.Id, replaced, Controller.Manager, ct), "replaced");
        }

        var marked = Comparison.WithLastApplied(target);
        return Difference.Between(Comparison.LastAppliedOf(task.Live), marked, task.Live, task.Id.Type.IsCustom) is { } patch
            ? (await controller.Api.PatchAsync(task.Id, patch, Manager, ct), "configured")
            : (null, "unchanged");
    }

    private async Task<string?> UnhealthyAsync(IEnumerable<Compared> wave, CancellationToken ct)
    {
        foreach (var task in wave.Where(task => task.Target is not null))
        {
            if (Health.Of(task with { Live = await controller.Api.GetAsync(task.Id, ct) }) != "Healthy")
            {
                return $"{task.Id.Type.Group}/{task.Id.Type.Kind}/{task.Id.Name}";
            }
        }

        return null;
    }

    private async Task CreateNamespaceAsync(string name, CancellationToken ct)
    {
        var id = new ResourceId(ResourceType.Namespace, "", name);
        if (await controller.Api.GetAsync(id, ct) is null)
        {
            await controller.Api.CreateAsync(id, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } }, Manager, ct);
        }
    }

    private static bool IsAsked(JsonArray? resources, ResourceId id) => resources is not { Count: > 0 } || resources.OfType<JsonObject>().Any(resource =>
        (resource["group"]?.GetValue<string>() ?? "") == id.Type.Group
        && resource["kind"]?.GetValue<string>() == id.Type.Kind
        && resource["name"]?.GetValue<string>() == id.Name
        && (resource["namespace"]?.GetValue<string>() is not { Length: > 0 } ns || ns == id.Namespace));

    private static JsonObject Result(ResourceId id, string status, string message) => new()
    {
        ["group"] = id.Type.Group,
        ["hookPhase"] = status == "SyncFailed" ? "Failed" : "Running",
        ["kind"] = id.Type.Kind,
        ["message"] = message,
        ["name"] = id.Name,
        ["namespace"] = id.Namespace,
        ["status"] = status,
        ["syncPhase"] = "Sync",
        ["version"] = id.Type.Version,
    };
}

/// <summary>What a sync did, and the reason if it did not do all of it.</summary>
internal sealed record SyncResult(Revisions Revisions, Origin Origin, JsonArray Resources, string? Failure, string? Waiting = null)
{
    public JsonObject ToJson()
    {
        var result = new JsonObject { ["resources"] = Resources.DeepClone(), ["revision"] = "" };
        Revisions.WriteTo(result);
        Origin.WriteTo(result);
        return result;
    }
}
