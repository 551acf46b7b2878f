using System.Text.Json;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Terminating;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Ends one operation, and no other: each write is bound to its start. Where a window keeps it from ending, it is taken
/// off the object, because it would start when the window goes. Pure.
/// </summary>
internal static class TerminateStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static EngineStep Next(ApplicationJson application, Operation operation, DateTimeOffset now)
    {
        var meant = operation.Plan.Of<TerminateWork>();
        var state = application.OperationState;
        var started = state.Time("startedAt");
        var requested = application.Raw.At("operation");
        var phase = state.Text("phase");
        var runs = phase is "Running" or "Terminating";
        if (!requested.IsObject && !runs)
        {
            return Over(meant, phase, started, EngineWords.Of(state), operation);
        }

        if (!runs)
        {
            // Written and not begun: nobody works on it, and it is what was approved as long as it is the same text. The version,
            // because one that has begun since has that text too, and would be left at work without an end.
            return meant.StartedAt is null && IsAsWritten(meant, requested)
                ? EngineStep.Write(Unchanged(Guard(application), application).Remove("/operation"), "taken off the object before it began")
                : EngineStep.Say(ClusterAnswerKind.Moved, "it is over, and another operation waits in its place");
        }

        if (started != meant.StartedAt)
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, $"another operation runs in its place, since {started:HH:mm:ss} UTC");
        }

        var guard = Guard(application).TestText("/status/operationState/startedAt", state.Text("startedAt")!).TestText("/status/operationState/phase", phase!);
        if (phase == "Running")
        {
            return EngineStep.Write(guard.AddText("/status/operationState/phase", "Terminating"), "Argo CD is asked to end it");
        }

        if (Flights.IsKeptByWindow(state) && requested.IsObject && !IsAsWritten(meant, requested))
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, "another operation was written in its place, and a window keeps that waiting");
        }

        // Only what a window keeps waiting: anything else is the controller's to end, however long that takes it.
        return Flights.IsKeptByWindow(state)
            ? EngineStep.Write(Off(guard, application, requested.IsObject), "a window keeps it from ending; it is taken off the object")
            : EngineStep.Say(ClusterAnswerKind.UnderWay, now - operation.StateSince < Patience ? "Argo CD is ending it" : "Argo CD was asked to end it and has not yet: its controller is busy, or down. It ends when the controller comes to it");
    }

    private static bool IsAsWritten(TerminateWork meant, JsonElement requested) => meant.Written.Length == 0 || meant.Written == Flights.HashOf(requested);

    private static JsonPatch Off(JsonPatch guard, ApplicationJson application, bool isRequested) =>
        (isRequested ? Unchanged(guard, application).Remove("/operation") : guard.TestNothingAt("/operation")).Remove("/status/operationState");

    /// <summary>By the version of the whole object: whoever hands over another one in its place since loses nothing.</summary>
    private static JsonPatch Unchanged(JsonPatch guard, ApplicationJson application) =>
        guard.TestText("/metadata/resourceVersion", application.Raw.Text("metadata", "resourceVersion") ?? "");

    private static JsonPatch Guard(ApplicationJson application) => new JsonPatch().TestText("/metadata/uid", application.Uid);

    private static EngineStep Over(TerminateWork meant, string? phase, DateTimeOffset? started, string? message, Operation operation)
    {
        if (started == meant.StartedAt && phase is not null)
        {
            return phase == "Succeeded"
                ? EngineStep.Say(ClusterAnswerKind.Moved, "it had succeeded before it could be ended")
                : EngineStep.Say(ClusterAnswerKind.Ok, $"the operation of {meant.By} is ended ({phase}: {message ?? "no message"})");
        }

        return operation.Progress is not null
            ? EngineStep.Say(ClusterAnswerKind.Ok, $"the operation of {meant.By} is gone from the object; nothing of it starts later")
            : EngineStep.Say(ClusterAnswerKind.Moved, "it was over before it could be ended");
    }
}
