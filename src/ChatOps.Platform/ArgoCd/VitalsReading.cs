using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>From an Application, as a list or a watch brings it, to how it does; pure. Nothing of the object is kept.</summary>
public static class VitalsReading
{
    private const int MostFailed = 5;
    private const int LongestMessage = 1000;
    private const string ResourcesFinalizer = "resources-finalizer.argocd.argoproj.io";

    public static Vitals Of(ApplicationJson application) => new()
    {
        Uid = application.Uid,
        Sync = application.Raw.Text("status", "sync", "status") switch { "Synced" => SyncState.Synced, "OutOfSync" => SyncState.OutOfSync, _ => SyncState.Unknown },
        Health = application.Raw.Text("status", "health", "status") ?? "Unknown",
        HealthSince = application.Raw.Time("status", "health", "lastTransitionTime"),
        WasDeployed = application.Raw.Items("status", "history").Any(),
        AutoSyncOn = application.AutoSyncOn,
        SelfHealOn = application.SelfHealOn,
        Last = Last(application),
        Retried = Retried(application),
        TriesNoMore = Condition(application, "SyncError") is not null,
        CannotRender = Cannot(application)?.Text("message") is { } why ? Short(why) : null,
        CannotRenderSince = Cannot(application)?.Time("lastTransitionTime"),
        DeletedAt = application.Raw.Time("metadata", "deletionTimestamp"),
        TakesItsResources = application.IsBeingDeleted && application.Raw.Texts("metadata", "finalizers").Any(name => name.StartsWith(ResourcesFinalizer, StringComparison.Ordinal)),
        Set = application.IsBeingDeleted ? Owners.ClaimedSet(application) : null,
        IsBlind = application.IsBeingDeleted || Blockers.SkipsReconcile(application),
    };

    private static EndedOperation? Last(ApplicationJson application)
    {
        return Flights.InFlight(application) is null && Flights.Last(application) is { } last ? Of(last, last.Message, application.OperationState) : null;
    }

    private static EndedOperation? Retried(ApplicationJson application)
    {
        if (Flights.InFlight(application) is not { WaitsToRetry: true } flight || (application.OperationState.Number("retryCount") ?? 0) < 2)
        {
            return null;
        }

        var announced = flight.Message.IndexOf(" Retrying attempt #", StringComparison.Ordinal);
        return Of(flight, announced > 0 ? flight.Message[..announced] : flight.Message, application.OperationState);
    }

    private static EndedOperation Of(Flight last, string message, JsonElement state)
    {
        var failed = state.Items("syncResult", "resources")
            .Where(resource => resource.Text("status") is "SyncFailed" || resource.Text("hookPhase") is "Failed" or "Error")
            .Select(resource => $"{resource.Text("kind")}/{resource.Text("name")}")
            .Distinct().ToList();
        return new(
            last.Phase == "Succeeded",
            message.StartsWith("Operation terminated", StringComparison.Ordinal),
            last.By,
            OurOperation.IsRecorded(state),
            state.Text("syncResult", "revision"),
            Short(message),
            state.Time("finishedAt"),
            last.Seen.Heals,
            [.. failed.Take(MostFailed)],
            Math.Max(0, failed.Count - MostFailed));
    }

    private static JsonElement? Cannot(ApplicationJson application) => Condition(application, "ComparisonError") ?? Condition(application, "InvalidSpecError");

    private static JsonElement? Condition(ApplicationJson application, string type) =>
        application.Raw.Items("status", "conditions").Where(condition => condition.Text("type") == type).Select(condition => (JsonElement?)condition).FirstOrDefault();

    private static string Short(string message) => EngineWords.Of(message) is var said && said.Length > LongestMessage ? said[..LongestMessage] : said;
}
