using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// The one operation that follows a stored pause or window: it waits until the controller has seen that and nothing older
/// runs, is handed over once, and is looked at until its end. Pure.
/// </summary>
internal static class BehindFence
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="stillToBegin">How its progress begins until it has been handed over.</param>
    /// <param name="taken">Why what was stored does not hold any more; null: it does.</param>
    /// <param name="write">The guarded patch.</param>
    public static EngineStep Next(ApplicationJson application, Operation operation, DateTimeOffset now, string stillToBegin, string? taken, Func<JsonPatch> write)
    {
        if (SyncStep.HowFar(application, operation, now) is { } far)
        {
            return far;
        }

        if (operation.Progress?.StartsWith(stillToBegin, StringComparison.Ordinal) != true)
        {
            return SyncStep.Vanished(application, operation, now);
        }

        if (application.IsBeingDeleted)
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, "the application is being deleted");
        }

        if (taken is not null)
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, $"{taken} before anything was deployed");
        }

        return InTheWay(application) is not { } inTheWay ? EngineStep.Write(write(), "handed to Argo CD")
            : now - operation.StateSince < Patience ? EngineStep.Say(ClusterAnswerKind.UnderWay, stillToBegin + inTheWay)
            : EngineStep.Say(ClusterAnswerKind.Failed, $"nothing was deployed: for five minutes {inTheWay}");
    }

    /// <summary>The sync of a branch's commit behind a window: the project must still be the one that has it.</summary>
    public static EngineStep Switch(ApplicationJson application, Operation operation, DateTimeOffset now, bool isHeld) =>
        Next(application, operation, now, BranchWork.StillToBegin, Taken(application, operation, isHeld) ?? Elsewhere(application, operation), () =>
        {
            var work = operation.Plan.Of<BranchWork>();
            var sync = SyncStep.Revisions(work.BehindWindow!, work.SeveralSources);
            SyncStep.AddOptions(sync, work.SyncOptions);
            return SyncStep.Write(SyncStep.FromThere(InProject(application, operation), application), application, operation, sync);
        });

    /// <summary>A window says whom it holds by name, and holds nobody who has gone to another project.</summary>
    public static string? Taken(ApplicationJson application, Operation operation, bool isHeld) =>
        application.Project != operation.Plan.Application.Project ? $"it was moved to project {application.Project}, where its window does not hold it,"
        : isHeld ? null
        : $"its window in project {operation.Plan.Application.Project} was taken out or changed";

    public static JsonPatch InProject(ApplicationJson application, Operation operation) =>
        new JsonPatch().TestText("/metadata/uid", application.Uid).TestText("/spec/project", operation.Plan.Application.Project);

    /// <summary>The approved commit from another path, or with other parameters, is not what was approved.</summary>
    private static string? Elsewhere(ApplicationJson application, Operation operation) => operation.Plan.Of<BranchWork>().Source != SyncReading.Source(application)
        ? "where the application takes its manifests from was changed since this was approved,"
        : null;

    private static string? InTheWay(ApplicationJson application) => application.RefreshPending ? "the controller has not seen the pause"
        : Flights.InFlight(application) is { } flight ? $"an operation of {flight.By} was {(flight.WaitsToRetry ? "waiting to be tried again" : "under way")}"
        : null;
}
