using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>Operations of Argo CD, as the object tells them.</summary>
internal static class Flights
{
    /// <summary>
    /// What runs, waits to run or waits to be retried. A finish time alone means nothing: between attempts the phase is
    /// Running and the time is set. Done is when <c>operation</c> is gone.
    /// </summary>
    public static Flight? InFlight(ApplicationJson application)
    {
        var requested = application.Raw.At("operation");
        var state = application.OperationState;
        var runs = state.Text("phase") is "Running" or "Terminating";
        if (!requested.IsObject && !runs)
        {
            return null;
        }

        return (runs ? Of(state.At("operation"), state) : Of(requested, default)) with { Written = requested.IsObject ? HashOf(requested) : "" };
    }

    public static Flight? Last(ApplicationJson application)
    {
        var state = application.OperationState;
        return state.Text("phase") is null or "Running" or "Terminating" ? null : Of(state.At("operation"), state);
    }

    public static DateTimeOffset? LastFinishedAt(ApplicationJson application) =>
        Last(application) is null ? null : application.OperationState.Time("finishedAt");

    /// <summary>At work by itself, and such that it can be ended: what is only written yet, or ending, cannot.</summary>
    public static bool RunsByItself(ApplicationJson application) => InFlight(application) is { Automated: true, Phase: "Running", StartedAt: not null };

    /// <summary>The controller leaves it as it was written until it has ended. A hash, because Helm parameters may be in it.</summary>
    public static string HashOf(JsonElement requested) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Of(requested) ?? "")));

    /// <summary>The last or running operation, to be compared with a later look.</summary>
    public static OperationSeen Seen(ApplicationJson application) => Seen(application.OperationState);

    private static OperationSeen Seen(JsonElement state) => state.IsObject
        ? new(state.Time("startedAt"), state.Time("finishedAt"), state.Text("phase") ?? "", state.Number("operation", "sync", "autoHealAttemptsCount") ?? 0)
        : OperationSeen.None;

    private static Flight Of(JsonElement operation, JsonElement state)
    {
        var automated = operation.Flag("initiatedBy", "automated");
        var by = operation.Text("initiatedBy", "username") is { Length: > 0 } name ? name : automated ? "auto-sync" : "somebody unnamed";
        var waitsToRetry = state.Text("phase") == "Running" && state.Time("finishedAt") is not null;
        return new(automated, by, state.Time("startedAt"), waitsToRetry, state.Text("phase") ?? "Pending", EngineWords.Of(state) ?? "", Resources(operation, state))
        {
            Seen = Seen(state),
            Respects = operation.Texts("sync", "syncOptions").Contains(HeldFields.Respect),
            KeptByWindow = automated && IsKeptByWindow(state),
            SaysBlocked = IsKeptByWindow(state),
        };
    }

    /// <summary>Its whole message says so; of somebody's own operation the first status does as well, for some milliseconds.</summary>
    public static bool IsKeptByWindow(JsonElement state) => (state.Text("message") ?? "").Contains("blocked by sync window", StringComparison.Ordinal);

    // A revert names what it syncs; a whole sync names only what it did.
    private static IReadOnlyList<string> Resources(JsonElement operation, JsonElement state)
    {
        var named = operation.Items("sync", "resources").ToList();
        return [.. (named.Count > 0 ? named : state.Items("syncResult", "resources")).Select(item => $"{item.Text("kind")}/{item.Text("name")}")];
    }
}
