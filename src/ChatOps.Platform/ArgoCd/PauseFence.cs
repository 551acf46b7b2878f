using System.Diagnostics;
using System.Text.Json;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// The pause as one patch that proves itself. The controller removes the refresh annotation only when the copy it worked
/// on had it; that copy then has the pause too, and no older decision is left. So: the object is the one people approved,
/// nobody changed the field, no older refresh is pending; then ask for a refresh and switch off in the same breath.
/// </summary>
internal static class PauseFence
{
    private const string AnnotationsPath = "/metadata/annotations";
    private const string StatePath = "/status/operationState";
    private static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(5);
    private static readonly string RefreshPath = PathOf(Annotations.Refresh);

    public static string PathOf(string annotation) => $"{AnnotationsPath}/{JsonPatch.Segment(annotation)}";

    /// <summary>What to answer without asking the cluster to write; null when the patch may be tried.</summary>
    public static ClusterAnswer? JudgeBefore(ApplicationJson application, Operation operation)
    {
        var plan = operation.Plan;
        var pause = plan.Of<AboutPause>();
        if (application.Uid != plan.Application.Uid)
        {
            return Moved($"{plan.Target.Name} was deleted and made again since this was approved");
        }

        if (OverrideMarks.Read(application)?.Operation == operation.Id)
        {
            return application.IsSwitchedOff(pause.Mechanism)
                ? ClusterAnswer.Ok
                : Moved($"{plan.Target.Name} was paused by this operation, and {WhoWrote(application, operation.RequestedAt)} has taken the pause back since");
        }

        if (IsPausedUnmarked(application, operation))
        {
            return ClusterAnswer.Ok;
        }

        if (application.IsBeingDeleted)
        {
            return Moved($"{plan.Target.Name} is being deleted");
        }

        if (OverrideMarks.Standing(application) is { } other)
        {
            return Moved($"Incident {other.Incident} has stored another override of {plan.Target.Name} since this was approved");
        }

        if (pause.Before.Json is null or "null")
        {
            return new(ClusterAnswerKind.Rejected, $"{plan.Target.Name} has no automated sync to pause");
        }

        if (!CanonicalJson.AreEqual(application.AutomatedAsRead.Json, pause.Before.Json))
        {
            return Moved($"The sync policy of {plan.Target.Name} was changed since this was approved, by {WhoWrote(application, operation.RequestedAt)}: it is {application.AutomatedAsRead.InWords} now, and was {pause.Before.InWords}");
        }

        return application.RefreshPending
            ? new(ClusterAnswerKind.FenceBusy, $"Argo CD has not answered an earlier refresh of {plan.Target.Name} yet; the pause waits for it, so that it can be proved to hold") { RetryAfter = TimeSpan.FromMilliseconds(500) }
            : null;
    }

    /// <summary>Our mark without our pause: it would look like an override one day. On an object that was made again with it the sweep finds it.</summary>
    public static bool IsLeftOver(ApplicationJson application, Operation operation) =>
        application.Uid == operation.Plan.Application.Uid && OverrideMarks.Read(application)?.Operation == operation.Id && !application.IsSwitchedOff(operation.Plan.Of<AboutPause>().Mechanism);

    /// <summary>What of ours is on the object belongs to this operation.</summary>
    public static bool Holds(ApplicationJson application, Operation operation) => OverrideMarks.Read(application) is { } mark
        ? mark.Operation == operation.Id && application.IsSwitchedOff(operation.Plan.Of<AboutPause>().Mechanism)
        : IsPausedUnmarked(application, operation);

    /// <summary>
    /// A set takes our annotations away within half a second and leaves the field. Whoever switched it off as us since this
    /// operation began was this operation: the books let only one at a time be made (<see cref="Underway"/>).
    /// </summary>
    private static bool IsPausedUnmarked(ApplicationJson application, Operation operation) =>
        OverrideMarks.Read(application) is null
        && operation.State == OperationState.Running
        && operation.Plan.Of<AboutPause>().Mechanism == PauseMechanism.SwitchOff
        && application.IsSwitchedOff(PauseMechanism.SwitchOff)
        && application.WriterOfPauseField() is { Manager: ArgoCdReconciler.FieldManager, At: { } at }
        && at >= operation.StateSince - ClockDifference;

    public static string Patch(ApplicationJson application, Operation operation, DateTimeOffset expiresAt)
    {
        var plan = operation.Plan;
        var pause = plan.Of<AboutPause>();
        var ends = PausePlan.EndsOperation(plan) && Flights.RunsByItself(application);
        var marks = OverrideMarks.Write(operation, expiresAt, Flights.Seen(application), ends);
        var patch = new JsonPatch()
            .TestText("/metadata/uid", plan.Application.Uid)
            .Test(ApplicationJson.AutomatedPath, pause.Before.Json!);
        if (application.Annotations.IsObject)
        {
            OverrideMarks.Unchanged(patch, application).TestNothingAt(RefreshPath).AddText(RefreshPath, "normal");
            foreach (var (name, value) in marks)
            {
                patch.AddText(PathOf(name), value);
            }
        }
        else
        {
            patch.TestNothingAt(AnnotationsPath).AddTexts(AnnotationsPath, [new(Annotations.Refresh, "normal"), .. marks]);
        }

        _ = pause.Mechanism switch
        {
            PauseMechanism.SwitchOff => patch.Add($"{ApplicationJson.AutomatedPath}/enabled", "false"),
            PauseMechanism.TakeOut => patch.Remove(ApplicationJson.AutomatedPath),
            PauseMechanism.Window or PauseMechanism.Fields => throw new UnreachableException("that is no switch of the application"),
        };
        return (ends ? EndOperation(patch, application.OperationState) : patch).ToString();
    }

    /// <summary>Exactly that operation, at exactly that point: one that waits must not have begun its next try.</summary>
    private static JsonPatch EndOperation(JsonPatch patch, JsonElement state)
    {
        patch.TestText($"{StatePath}/phase", "Running").TestText($"{StatePath}/startedAt", state.Text("startedAt")!);
        _ = state.Text("finishedAt") is { } finished ? patch.TestText($"{StatePath}/finishedAt", finished) : patch.TestNothingAt($"{StatePath}/finishedAt");
        return patch.ReplaceText($"{StatePath}/phase", "Terminating");
    }

    /// <summary>
    /// Who changed the field after a moment. Nobody is named for a key that was taken out: whoever wrote what is left of it
    /// long before did not do it. Some seconds are left for clocks that differ.
    /// </summary>
    public static string WhoWrote(ApplicationJson application, DateTimeOffset since) => application.WriterOfAutomated() switch
    {
        { At: { } before } when before < since - ClockDifference => "somebody that the cluster does not name",
        { At: { } at } writer => $"{writer.Manager} at {at:HH:mm:ss} UTC",
        { } writer => writer.Manager,
        null => "somebody that the cluster does not name",
    };

    private static ClusterAnswer Moved(string sentence) => new(ClusterAnswerKind.Moved, sentence);
}
