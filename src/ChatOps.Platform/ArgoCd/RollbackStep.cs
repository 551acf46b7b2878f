using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// What follows the stored pause of a rollback: it waits until the controller has seen the pause and nothing older runs,
/// then hands over one operation at what the history entry says. Pure.
/// </summary>
internal static class RollbackStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static EngineStep Next(ApplicationJson application, Operation operation, DateTimeOffset now)
    {
        var work = operation.Plan.Of<RollbackWork>();
        var state = application.OperationState;
        var requested = application.Raw.At("operation");
        if (OurOperation.IsIn(requested, operation) || OurOperation.IsIn(state.At("operation"), operation))
        {
            return requested.IsObject ? SyncStep.Going(application, operation, now) : SyncStep.Ended(state);
        }

        if (operation.Progress?.StartsWith(RollbackWork.StillToBegin, StringComparison.Ordinal) != true)
        {
            return EngineStep.Say(ClusterAnswerKind.Failed, "another operation has taken its place on the object, so how it ended cannot be told");
        }

        if (application.IsBeingDeleted)
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, "the application is being deleted");
        }

        if (!PauseFence.Holds(application, operation))
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, $"its pause was taken back by {PauseFence.WhoWrote(application, operation.StateSince)} before anything was deployed");
        }

        return InTheWay(application) is not { } inTheWay ? Write(application, operation, work)
            : now - operation.StateSince < Patience ? EngineStep.Say(ClusterAnswerKind.UnderWay, RollbackWork.StillToBegin + inTheWay)
            : EngineStep.Say(ClusterAnswerKind.Failed, $"nothing was deployed: for five minutes {inTheWay}");
    }

    private static string? InTheWay(ApplicationJson application) => application.RefreshPending ? "the controller has not seen the pause"
        : Flights.InFlight(application) is { } flight ? $"an operation of {flight.By} was {(flight.WaitsToRetry ? "waiting to be tried again" : "under way")}"
        : null;

    private static EngineStep Write(ApplicationJson application, Operation operation, RollbackWork work)
    {
        var sync = SyncStep.Revisions(work.To.Revisions, work.To.SeveralSources);
        if (work.To.SourceJson is { } source)
        {
            sync[work.To.SeveralSources ? "sources" : "source"] = JsonNode.Parse(source);
        }

        SyncStep.AddOptions(sync, work.SyncOptions);
        var guard = new JsonPatch().TestText("/metadata/uid", application.Uid);
        _ = OverrideMarks.Read(application) is null
            ? guard.Test($"{ApplicationJson.AutomatedPath}/enabled", "false")
            : guard.TestText(PauseFence.PathOf(Annotations.Operation), operation.Id.ToString());
        return EngineStep.Write(SyncStep.Write(guard, application, operation, sync), "handed to Argo CD");
    }
}
