using ChatOps.Core.Operations;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>What follows the stored pause of a rollback: one operation at what the history entry says. Pure.</summary>
internal static class RollbackStep
{
    public static EngineStep Next(ApplicationJson application, Operation operation, DateTimeOffset now) => BehindFence.Next(
        application,
        operation,
        now,
        RollbackWork.StillToBegin,
        PauseFence.Holds(application, operation) ? null : $"its pause was taken back by {PauseFence.WhoWrote(application, operation.StateSince)}",
        () => Write(OverrideMarks.Read(application) is null
            ? new JsonPatch().TestText("/metadata/uid", application.Uid).Test($"{ApplicationJson.AutomatedPath}/enabled", "false")
            : new JsonPatch().TestText("/metadata/uid", application.Uid).TestText(PauseFence.PathOf(Annotations.Operation), operation.Id.ToString()), application, operation));

    /// <param name="isHeld">Its window is there and open.</param>
    public static EngineStep BehindWindow(ApplicationJson application, Operation operation, DateTimeOffset now, bool isHeld) => BehindFence.Next(
        application,
        operation,
        now,
        RollbackWork.StillToBegin,
        BehindFence.Taken(application, operation, isHeld),
        () => Write(BehindFence.InProject(application, operation), application, operation));

    private static JsonPatch Write(JsonPatch guard, ApplicationJson application, Operation operation)
    {
        var work = operation.Plan.Of<RollbackWork>();
        var sync = SyncStep.Revisions(work.To.Revisions, work.To.SeveralSources);
        SyncStep.AddSource(sync, work.To);
        SyncStep.AddOptions(sync, work.SyncOptions);
        return SyncStep.Write(guard, application, operation, sync);
    }
}
