using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Whether the controller syncs by itself, and when again if not yet. Decided from one copy of the Application.</summary>
internal static class AutoSync
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(300);

    public static AutoSyncDecision Decide(Application app, Revisions revisions, Comparison comparison, DateTimeOffset now)
    {
        if (app.Automated is null || app.Operation is not null || app.IsDeleting || comparison.IsSynced)
        {
            return AutoSyncDecision.Nothing;
        }

        var differing = comparison.Resources.Where(resource => resource.Differs).ToList();
        if (!app.Prunes && differing.TrueForAll(resource => resource.ToPrune))
        {
            return AutoSyncDecision.Nothing;
        }

        if (!AlreadyAttempted(app, revisions))
        {
            return comparison.Resources.Count > 0 && app.Prunes && comparison.Resources.All(resource => resource.ToPrune) && app.Automated["allowEmpty"]?.GetValue<bool>() != true
                ? new AutoSyncDecision(null, null, "Skipping sync attempt to [" + revisions + "]: auto-sync will wipe out all resources")
                : new AutoSyncDecision(Operation(app, revisions), null, null);
        }

        if (app.Phase != "Succeeded")
        {
            return new AutoSyncDecision(null, null, $"Failed last sync attempt to [{revisions}]: {app.OperationState?["message"]?.GetValue<string>()}");
        }

        if (!app.SelfHeals)
        {
            return AutoSyncDecision.Nothing;
        }

        var attempts = app.OperationState?["operation"]?["sync"]?["autoHealAttemptsCount"]?.GetValue<int>() ?? 0;
        var next = app.FinishedAt is { } finished ? finished + Backoff(attempts) : now;
        if (next > now)
        {
            return new AutoSyncDecision(null, next, null);
        }

        var operation = Operation(app, revisions);
        operation["sync"]!["autoHealAttemptsCount"] = attempts + 1;
        operation["sync"]!["resources"] = new JsonArray([.. differing.Where(resource => !resource.ToPrune || app.Prunes).Select(resource => resource.ToReference())]);
        return new AutoSyncDecision(operation, null, null);
    }

    /// <summary>2 s × 3^(n−1), at most five minutes; none before the first.</summary>
    public static TimeSpan Backoff(int attempts)
    {
        var wait = attempts == 0 ? TimeSpan.Zero : FirstBackoff;
        for (var attempt = 1; attempt < attempts && wait < LongestBackoff; attempt++)
        {
            wait *= 3;
        }

        return wait < LongestBackoff ? wait : LongestBackoff;
    }

    private static bool AlreadyAttempted(Application app, Revisions revisions) =>
        app.OperationState?["syncResult"] is JsonObject result && revisions.AreThoseOf(result) && app.Origin.IsThatOf(result);

    private static JsonObject Operation(Application app, Revisions revisions)
    {
        var sync = new JsonObject();
        revisions.WriteTo(sync);
        app.Origin.WriteTo(sync);
        if (app.Prunes)
        {
            sync["prune"] = true;
        }

        if (app.SyncOptions.Count > 0)
        {
            sync["syncOptions"] = new JsonArray([.. app.SyncOptions.Select(option => (JsonNode)option)]);
        }

        return new JsonObject
        {
            ["initiatedBy"] = new JsonObject { ["automated"] = true },
            ["retry"] = app.SyncPolicy?["retry"]?.DeepClone() ?? new JsonObject { ["limit"] = 5 },
            ["sync"] = sync,
        };
    }
}

/// <summary>At most one of: an operation to write, a moment to look again, an error to show.</summary>
internal sealed record AutoSyncDecision(JsonObject? Operation, DateTimeOffset? LookAgainAt, string? SyncError)
{
    public static readonly AutoSyncDecision Nothing = new(null, null, null);
}
