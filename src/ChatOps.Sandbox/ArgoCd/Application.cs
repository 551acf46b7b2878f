using System.Text.Json.Nodes;
using ChatOps.Sandbox.Cluster;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>A copy of an Application as the controller read it; what is decided from it may be out of date, which is the point.</summary>
internal sealed record Application(JsonObject Json)
{
    public const string RefreshAnnotation = "argocd.argoproj.io/refresh";
    public const string SkipAnnotation = "argocd.argoproj.io/skip-reconcile";

    public string Name => Text("metadata", "name") ?? "";

    public string Namespace => Text("metadata", "namespace") ?? "";

    public ResourceId Id => new(ResourceType.Application, Namespace, Name);

    public string Project => Text("spec", "project") ?? "default";

    public Origin Origin => Origin.In(Json["spec"] as JsonObject) ?? new Origin([[]], IsSeveral: false);

    public string DestinationNamespace => Text("spec", "destination", "namespace") ?? "default";

    public string? Refresh => Json["metadata"]?["annotations"]?[RefreshAnnotation]?.GetValue<string>();

    public bool Skipped => Json["metadata"]?["annotations"]?[SkipAnnotation]?.GetValue<string>() == "true";

    public bool IsDeleting => Text("metadata", "deletionTimestamp") is not null;

    public JsonObject? SyncPolicy => Json["spec"]?["syncPolicy"] as JsonObject;

    public JsonObject? Automated => SyncPolicy?["automated"] is JsonObject automated && automated["enabled"]?.GetValue<bool>() != false ? automated : null;

    public bool SelfHeals => Automated?["selfHeal"]?.GetValue<bool>() == true;

    public bool Prunes => Automated?["prune"]?.GetValue<bool>() == true;

    public IReadOnlyList<string> SyncOptions => [.. SyncPolicy?["syncOptions"]?.AsArray().Select(option => option!.GetValue<string>()) ?? []];

    public JsonObject? Operation => Json["operation"] as JsonObject;

    public JsonObject Status => Json["status"] as JsonObject ?? [];

    public JsonObject? OperationState => Status["operationState"] as JsonObject;

    public string? Phase => OperationState?["phase"]?.GetValue<string>();

    /// <summary>Running, and yet finished: the last attempt failed and the next one waits.</summary>
    public bool IsBetweenAttempts => OperationState?["finishedAt"] is not null;

    /// <summary>A wave is applied and the next one waits for it to be healthy, or for a hook to end.</summary>
    public bool IsBetweenWaves => Phase == "Running" && OperationState?["message"]?.GetValue<string>() is { } message
        && (message.StartsWith("waiting for healthy state", StringComparison.Ordinal) || message.StartsWith("waiting for completion of hook", StringComparison.Ordinal));

    public DateTimeOffset? FinishedAt => Timestamps.Read(OperationState?["finishedAt"]?.GetValue<string>());

    /// <summary>What a change of makes the controller compare against the branch as it is now, and not as it was last seen.</summary>
    public string ComparedTo => new JsonObject
    {
        ["source"] = Json["spec"]?["source"]?.DeepClone(),
        ["sources"] = Json["spec"]?["sources"]?.DeepClone(),
        ["destination"] = Json["spec"]?["destination"]?.DeepClone(),
        ["ignoreDifferences"] = Json["spec"]?["ignoreDifferences"]?.DeepClone(),
    }.ToJsonString();

    private string? Text(params string[] path)
    {
        JsonNode? node = Json;
        foreach (var step in path)
        {
            node = node?[step];
        }

        return node?.GetValue<string>();
    }
}
