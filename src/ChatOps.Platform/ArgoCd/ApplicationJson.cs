using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>One Application as the API server sent it, with names for the places that matter.</summary>
public readonly record struct ApplicationJson(JsonElement Raw)
{
    public const string SyncPolicyPath = "/spec/syncPolicy";
    public const string AutomatedPath = "/spec/syncPolicy/automated";

    public string Name => Raw.Text("metadata", "name") ?? "";

    public string Namespace => Raw.Text("metadata", "namespace") ?? "";

    public string Uid => Raw.Text("metadata", "uid") ?? "";

    public bool IsBeingDeleted => Raw.Text("metadata", "deletionTimestamp") is not null;

    public string Project => Raw.Text("spec", "project") ?? "default";

    public JsonElement Annotations => Raw.At("metadata", "annotations");

    public JsonElement SyncPolicy => Raw.At("spec", "syncPolicy");

    public JsonElement Automated => Raw.At("spec", "syncPolicy", "automated");

    public JsonElement OperationState => Raw.At("status", "operationState");

    public bool AutoSyncOn => Automated.IsObject && Automated.At("enabled").ValueKind != JsonValueKind.False;

    public bool SelfHealOn => AutoSyncOn && Automated.Flag("selfHeal");

    public bool RefreshPending => Annotation(ArgoCd.Annotations.Refresh) is not null;

    /// <summary>What is to be put back one day, and what people approve to change.</summary>
    public JsonValueAt AutomatedAsRead => new(AutomatedPath, CanonicalJson.Of(Automated), CanonicalJson.Of(SyncPolicy));

    /// <summary>The field is as a pause of this kind leaves it.</summary>
    public bool IsSwitchedOff(PauseMechanism mechanism) => mechanism switch
    {
        PauseMechanism.SwitchOff => Automated.At("enabled").ValueKind == JsonValueKind.False,
        PauseMechanism.TakeOut => !Automated.IsObject,
        PauseMechanism.Window or PauseMechanism.Fields => false, // neither is a switch of the object
    };

    public RuleFacts Rules => new(
        new(RuleFacts.ListPath, CanonicalJson.Of(Raw.At("spec", "ignoreDifferences")), null),
        new(RuleFacts.OptionsPath, CanonicalJson.Of(SyncPolicy.At("syncOptions")), null),
        ManagedFields.LastWriterOf(Raw, "spec", "ignoreDifferences")?.Manager);

    public FieldWriter? WriterOfPauseField() =>
        ManagedFields.LastWriterOf(Raw, "spec", "syncPolicy", "automated", "enabled");

    public FieldWriter? WriterOfAutomated() =>
        WriterOfPauseField() ?? ManagedFields.LastWriterOf(Raw, "spec", "syncPolicy", "automated");

    public string? Annotation(string name) => Raw.Text("metadata", "annotations", name);

    /// <summary>What Argo CD says is the matter, as it may be repeated.</summary>
    public IEnumerable<(string Type, string Message)> Conditions =>
        Raw.Items("status", "conditions").Select(condition => (condition.Text("type") ?? "", EngineWords.Of(condition) ?? ""));
}
