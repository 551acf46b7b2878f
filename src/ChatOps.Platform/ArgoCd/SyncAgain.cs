using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// A pause that ended an automatic sync has left Argo CD with a failed one, after which it neither syncs nor heals. So the
/// sync that was taken away is given back with the resume, in the same patch. Nobody else's failed sync is ours to repeat.
/// </summary>
internal static class SyncAgain
{
    private static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(5);

    /// <summary>Only while the one that we ended is still the last, and nobody is at it.</summary>
    public static bool IsOwed(ApplicationJson application, OverrideMark? mark, Lease lease) =>
        (mark is null ? IsTheEndedOne(application, lease) : mark is { EndedLast: true, Last.StartedAt: { } started } && Flights.Seen(application).StartedAt == started)
        && !application.Raw.At("operation").IsObject
        && !application.IsBeingDeleted;

    // Where an owner has taken our note of it away: an automatic sync that we were to end, and that was ended when we paused.
    private static bool IsTheEndedOne(ApplicationJson application, Lease lease) =>
        lease.EndedSync
        && application.OperationState is var state && state.Text("phase") == "Failed" && state.Flag("operation", "initiatedBy", "automated")
        && state.Time("startedAt") < lease.StartedAt + ClockDifference
        && Flights.Seen(application).FinishedAt is { } finished && (finished - lease.StartedAt).Duration() < ClockDifference;

    /// <summary>Absent options mean none, so the application's own go with it; what is left of the last operation would leak into it.</summary>
    public static void Write(JsonPatch patch, ApplicationJson application, Lease lease) => patch
        .TestNothingAt("/operation")
        .Add("/operation", Operation(application, lease).ToJsonString())
        .Add("/status/operationState", "null");

    private static JsonObject Operation(ApplicationJson application, Lease lease)
    {
        var sync = new JsonObject { ["syncStrategy"] = new JsonObject { ["hook"] = new JsonObject() } };
        if (application.SyncPolicy.At("syncOptions") is { ValueKind: System.Text.Json.JsonValueKind.Array } options)
        {
            sync["syncOptions"] = JsonNode.Parse(options.GetRawText());
        }

        if (JsonNode.Parse(lease.Before.Json ?? "{}") is JsonObject automated && automated["prune"]?.GetValue<bool>() == true)
        {
            sync["prune"] = true;
        }

        var operation = new JsonObject
        {
            ["initiatedBy"] = new JsonObject { ["username"] = $"chatops ({lease.EndedBy ?? "chatops"})" },
            ["info"] = new JsonArray(new JsonObject { ["name"] = "Reason", ["value"] = $"Resumed in incident {lease.Incident}; the pause had ended the last sync" }),
            ["sync"] = sync,
        };
        if (application.SyncPolicy.At("retry") is { IsObject: true } retry)
        {
            operation["retry"] = JsonNode.Parse(retry.GetRawText());
        }

        return operation;
    }
}
