using System.Text.Json;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>What is to be answered about something that Argo CD carries out, and what to write before that.</summary>
internal sealed record EngineStep(ClusterAnswer Answer, string? Patch = null)
{
    public static EngineStep Say(ClusterAnswerKind kind, string sentence) => new(new ClusterAnswer(kind, sentence));

    public static EngineStep Write(JsonPatch patch, string then) => new(new(ClusterAnswerKind.UnderWay, then), patch.ToString());
}

/// <summary>Operations of ours carry the id of the request, so that they are known again after a crash.</summary>
internal static class OurOperation
{
    public const string InfoName = "chatops.dev/operation";
    private const string Mark = " (chatops)";

    /// <summary>One of ours, whichever, in a record: by whom too, because one that notes nothing leaves there what was noted with the one before.</summary>
    public static bool IsRecorded(JsonElement state) =>
        state.Items("operation", "info").Any(info => info.Text("name") == InfoName) && (InitiatorOf(state) is not { Length: > 0 } by || by.EndsWith(Mark, StringComparison.Ordinal));

    /// <summary>It is on the object and has been begun.</summary>
    public static bool IsUnderWay(ApplicationJson application, Operation operation) =>
        IsIn(application.Raw.At("operation"), operation) && application.OperationState.Text("startedAt") is not null && IsRecorded(application.OperationState, operation);

    /// <summary>As <see cref="IsRecorded(JsonElement)"/>, of this one.</summary>
    public static bool IsRecorded(JsonElement state, Operation operation) =>
        IsIn(state.At("operation"), operation) && (InitiatorOf(state) is not { Length: > 0 } by || by == InitiatorOf(operation));

    /// <summary>Whom Argo CD names for it.</summary>
    public static string InitiatorOf(Operation operation) => operation.RequestedByKubernetesName + Mark;

    private static string? InitiatorOf(JsonElement state) => state.Text("operation", "initiatedBy", "username");

    /// <summary>The patch is for ours alone: what somebody handed over since in its place is not ours to touch.</summary>
    public static JsonPatch Unchanged(JsonPatch patch, JsonElement requested, Operation operation) =>
        patch.TestText($"/operation/info/{requested.Items("info").TakeWhile(info => info.Text("name") != InfoName).Count()}/value", operation.Id.ToString());

    public static bool IsIn(JsonElement engineOperation, Operation operation) =>
        engineOperation.Items("info").Any(info => info.Text("name") == InfoName && info.Text("value") == operation.Id.ToString());
}
