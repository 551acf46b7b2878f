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

    /// <summary>One of ours, whichever.</summary>
    public static bool IsIn(System.Text.Json.JsonElement engineOperation) => engineOperation.Items("info").Any(info => info.Text("name") == InfoName);

    /// <summary>It is on the object and has been begun.</summary>
    public static bool IsUnderWay(ApplicationJson application, Operation operation) =>
        application.Raw.At("operation").IsObject && application.OperationState.Text("startedAt") is not null && IsIn(application.OperationState.At("operation"), operation);

    public static bool IsIn(System.Text.Json.JsonElement engineOperation, Operation operation) =>
        engineOperation.Items("info").Any(info => info.Text("name") == InfoName && info.Text("value") == operation.Id.ToString());
}
