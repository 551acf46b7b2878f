using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Views;

/// <summary>From an Application as the API server sent it to what people see of it; pure.</summary>
public static class DeployedReading
{
    public static Deployed Of(ApplicationJson application, Surroundings around, DateTimeOffset now)
    {
        var facts = ApplicationReading.Facts(application, around, now);
        var resources = application.Raw.Items("status", "resources").ToList();
        return new()
        {
            Facts = facts,
            Sources = [.. Sources(application, facts.Revision?.Split(',') ?? [])],
            Last = application.Raw.Items("status", "history").Select(Entry).LastOrDefault(),
            ComparedAt = application.Raw.Time("status", "reconciledAt"),
            PruneOn = application.Automated.Flag("prune"),
            Conditions = [.. application.Raw.Items("status", "conditions").Select(condition => new Condition(
                condition.Text("type") ?? "", EngineWords.Of(condition) ?? "", condition.Time("lastTransitionTime")))],
            Resources = resources.Count,
            OutOfStep = [.. resources.Where(IsOutOfStep).Select(resource => new ResourceLine(resource.Text("kind") ?? "?", resource.Text("name") ?? "?", StateOf(resource)))],
            Failed = [.. application.OperationState.Items("syncResult", "resources")
                .Where(resource => resource.Text("status") is "SyncFailed" or "PruneSkipped" || resource.Text("hookPhase") is "Failed" or "Error")
                .Select(resource => new ResourceLine(resource.Text("kind") ?? "?", resource.Text("name") ?? "?", EngineWords.OfResource(resource, "failed")))],
            Windows = [.. SyncWindows.LinesOf(application, around.Projects, now)],
        };
    }

    public static ApplicationLine Line(ApplicationRef reference, ApplicationJson application) => new(
        reference,
        application.Project,
        application.Raw.Text("status", "sync", "status") switch { "Synced" => SyncState.Synced, "OutOfSync" => SyncState.OutOfSync, _ => SyncState.Unknown },
        application.Raw.Text("status", "health", "status") ?? "Unknown",
        OverrideMarks.Read(application)?.Branch is { } held && SourceReading.ArePinned(application, held) ? "on a branch"
            : !application.AutoSyncOn ? OverrideMarks.Read(application) is null ? "off" : "paused" : application.SelfHealOn ? "on" : "no self-heal",
        Trouble(application));

    private static string? Trouble(ApplicationJson application)
    {
        if (application.IsBeingDeleted)
        {
            return "being deleted";
        }

        if (Blockers.SkipsReconcile(application))
        {
            return "skip-reconcile: state is stale";
        }

        var error = application.Conditions.Select(condition => condition.Type).FirstOrDefault(type => type.EndsWith("Error", StringComparison.Ordinal));
        var (phase, isThere) = (application.OperationState.Text("phase"), application.Raw.At("operation").IsObject);
        return error ?? (isThere || phase is "Running" or "Terminating" ? "syncing" : phase is "Failed" or "Error" ? "last sync failed" : null);
    }

    private static IEnumerable<DeployedSource> Sources(ApplicationJson application, string[] commits)
    {
        var spec = application.Raw.At("spec");
        var several = spec.Items("sources").ToList();
        var all = several.Count > 0 ? several : [spec.At("sourceHydrator", "drySource") is { IsObject: true } dry ? dry : spec.At("source")];
        return all.Select((source, at) => new DeployedSource(
            source.Text("repoURL") ?? "",
            source.Text("chart") ?? source.Text("path") ?? "",
            source.Text("targetRevision") is { Length: > 0 } follows ? follows : "HEAD",
            at < commits.Length && commits[at].Length > 0 ? commits[at] : null));
    }

    private static Deployment Entry(JsonElement entry)
    {
        var several = entry.Texts("revisions").ToList();
        var by = entry.Text("initiatedBy", "username") is { Length: > 0 } name ? name : entry.Flag("initiatedBy", "automated") ? "auto-sync" : "somebody unnamed";
        return new(entry.Number("id") ?? 0, several.Count > 0 ? several : [entry.Text("revision") ?? ""], entry.Time("deployedAt"), by);
    }

    private static bool IsOutOfStep(JsonElement resource) =>
        resource.Text("status") is "OutOfSync" or "Unknown" || resource.Flag("requiresPruning") || resource.Text("health", "status") is "Degraded" or "Missing" or "Progressing";

    private static string StateOf(JsonElement resource) => string.Join(", ", new[]
    {
        resource.Flag("requiresPruning") ? "not in Git" : resource.Text("status") is { } sync and not "Synced" ? sync : null,
        resource.Text("health", "status") is { } health and not "Healthy" ? health : null,
    }.OfType<string>());
}
