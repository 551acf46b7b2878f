using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Compares one application with Git, decides about an automatic sync, and writes status; one comparison at a time for each application.</summary>
internal sealed class Refreshing(Controller controller)
{
    /// <summary>Called when a comparison comes upon an operation that nobody is working on, which a window may have blocked.</summary>
    public Action<string>? OperationWaits { get; set; }

    public void Ask(string application, TimeSpan after, bool fully)
    {
        var memory = controller.Remember(application);
        memory.CompareFully |= fully;
        if (memory.Comparing)
        {
            memory.AskedMeanwhile = true;
            return;
        }

        controller.Queue.Add($"compare/{application}", controller.Now + after + controller.Lag, ct => BeginAsync(application, ct));
    }

    private async Task BeginAsync(string name, CancellationToken ct)
    {
        var memory = controller.Remember(name);
        if (memory.Comparing)
        {
            memory.AskedMeanwhile = true;
            return;
        }

        if (await controller.ReadAsync(name, ct) is not { } app)
        {
            return;
        }

        var onceMore = memory.CompareOnceMore;
        memory.CompareOnceMore = false;
        if (app.Skipped && !onceMore)
        {
            AskAtResync(name);
            return;
        }

        var resync = controller.Now - memory.ComparedFullyAt >= controller.Resync;
        var fully = memory.CompareFully || app.Refresh is not null || memory.ComparedTo != app.ComparedTo || memory.Revisions is null || resync;
        memory.CompareFully = false;
        memory.Comparing = true;
        var finding = await CompareAsync(app, memory, fully, ct);
        if ((fully || app.IsBetweenWaves) && app is { Operation: not null, Phase: "Running", IsBetweenAttempts: false })
        {
            OperationWaits?.Invoke(name);
        }

        if (finding.Decision.LookAgainAt is { } again)
        {
            controller.Queue.Add($"heal/{name}", again, _ =>
            {
                Ask(name, TimeSpan.Zero, fully: false);
                return Task.CompletedTask;
            });
        }

        if (finding.Decision.Operation is not null && controller.Hold is { } hold)
        {
            controller.Hold = null;
            hold.Hold(name, () => controller.Queue.Add($"write/{name}", controller.Now, token => WriteAsync(finding, token)));
            return;
        }

        controller.Queue.Add($"write/{name}", controller.Now + controller.Pace.Decide, token => WriteAsync(finding, token));
    }

    private async Task<Finding> CompareAsync(Application app, Remembered memory, bool fully, CancellationToken ct)
    {
        memory.ComparedTo = app.ComparedTo;
        if (fully)
        {
            memory.ComparedFullyAt = controller.Now;
            AskAtResync(app.Name);
            var (commits, problem) = await controller.Target.ResolveAsync(app.Origin, asked: null, ct);
            memory.Revisions = commits;
            if (commits is null)
            {
                return new Finding(app, fully, null, new Revisions(app.Origin.Asked, app.Origin.IsSeveral), AutoSyncDecision.Nothing, $"Failed to load target state: {problem}");
            }
        }

        var (wanted, sourceTypes) = await controller.Target.RenderAsync(app, app.Origin, memory.Revisions!, ct);
        memory.Managed.Clear();
        memory.Managed.UnionWith(wanted.Select(target => target.Id));
        var comparison = Comparison.Of(app, wanted, await LiveAsync(app, wanted, ct));
        memory.Managed.UnionWith(comparison.Resources.Select(resource => resource.Id));
        var window = SyncWindows.Ask(await controller.ReadProjectAsync(app, ct), app, manual: false, controller.Now);
        var decision = window.MaySync ? AutoSync.Decide(app, memory.Revisions!, comparison, controller.Now) : AutoSyncDecision.Nothing;
        return new Finding(app, fully, comparison, memory.Revisions!, decision, null) { SourceTypes = sourceTypes };
    }

    private void AskAtResync(string name)
    {
        controller.Queue.Remove($"resync/{name}");
        controller.Queue.Add($"resync/{name}", controller.Now + controller.Resync, _ =>
        {
            Ask(name, TimeSpan.Zero, fully: true);
            return Task.CompletedTask;
        });
    }

    public async Task<IReadOnlyList<JsonObject>> LiveAsync(Application app, IReadOnlyList<Wanted> wanted, CancellationToken ct)
    {
        var known = app.Status["resources"]?.AsArray().OfType<JsonObject>()
            .Select(resource => (ResourceType.Of(resource["group"] is { } group ? $"{group}/{resource["version"]}" : resource["version"]?.GetValue<string>() ?? "v1", resource["kind"]!.GetValue<string>()), resource["namespace"]?.GetValue<string>() ?? "")) ?? [];
        var places = wanted.Select(target => (target.Id.Type, target.Id.Namespace)).Concat(known).Distinct();
        var live = new List<JsonObject>();
        foreach (var (type, ns) in places)
        {
            live.AddRange(await controller.Api.ListAsync(type, ns, ct));
        }

        return live;
    }

    private async Task WriteAsync(Finding finding, CancellationToken ct)
    {
        var app = finding.App;
        var memory = controller.Remember(app.Name);
        if (finding.Decision.Operation is { } operation)
        {
            await StartAsync(app, operation, ct);
        }

        var patch = StatusPatch.For(finding, controller.Timestamp);
        if (patch.Count > 0)
        {
            await controller.PatchAsync(app, patch, ct);
        }

        foreach (var (from, to) in new[] { ("sync", "sync"), ("health", "health") })
        {
            var before = app.Status[from]?["status"]?.GetValue<string>() ?? "";
            if (patch["status"]?[to]?["status"]?.GetValue<string>() is { } after && before != after)
            {
                await controller.TellAsync(app, "ResourceUpdated", $"Updated {to} status: {before} -> {after}", ct);
            }
        }

        memory.Comparing = false;
        if (memory.AskedMeanwhile)
        {
            memory.AskedMeanwhile = false;
            Ask(app.Name, TimeSpan.Zero, fully: false);
        }
    }

    /// <summary>Reads the Application again, only to see that no operation is there; whether it may still sync is not asked again.</summary>
    private async Task StartAsync(Application app, JsonObject operation, CancellationToken ct)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            if (await controller.ReadAsync(app.Name, ct) is not { Operation: null } current)
            {
                return;
            }

            var answer = await controller.Api.PatchAsync(
                app.Id,
                new JsonObject
                {
                    ["metadata"] = new JsonObject { ["resourceVersion"] = current.Json["metadata"]!["resourceVersion"]!.DeepClone() },
                    ["operation"] = operation.DeepClone(),
                    ["status"] = new JsonObject { ["operationState"] = null },
                },
                Controller.Manager,
                ct);
            if (answer.Status != 409)
            {
                answer.Require();
                controller.Remember(app.Name).OwnOperation = true;
                await controller.TellAsync(app, "OperationStarted", $"Initiated automated sync to '{Revisions.In(operation["sync"] as JsonObject)}'", ct);
                return;
            }
        }
    }
}

/// <summary>What one comparison found, on the copy it began with.</summary>
internal sealed record Finding(Application App, bool Fully, Comparison? Comparison, Revisions Revisions, AutoSyncDecision Decision, string? Error)
{
    /// <summary>What each source is rendered by; none for a source that is only referred to.</summary>
    public IReadOnlyList<string> SourceTypes { get; init; } = [];
}
