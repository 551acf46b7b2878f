using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Troubles;

internal static class SomeVitals
{
    public const string Immutable = "one or more synchronization tasks completed unsuccessfully, reason: error when patching \"FILE\": Deployment.apps \"shop-c\" is invalid: spec.selector: field is immutable (retried 2 times).";

    public static Vitals Fine => new()
    {
        Uid = "1",
        Sync = SyncState.Synced,
        Health = "Healthy",
        HealthSince = Some.Now.AddHours(-1),
        WasDeployed = true,
        AutoSyncOn = true,
        SelfHealOn = true,
        Last = new(Succeeded: true, Terminated: false, "auto-sync", Ours: false, "af8534df961163f4e7367c88827d095bc10b2a5c", "successfully synced (all tasks run)", Some.Now.AddHours(-1), 0, [], 0),
    };

    /// <summary>As the recording of a sync that fails has it at its end.</summary>
    public static Vitals Failed(DateTimeOffset at, string message = Immutable, params string[] resources) => Fine with
    {
        Sync = SyncState.OutOfSync,
        TriesNoMore = true,
        Last = Fine.Last! with { Succeeded = false, Message = message, FinishedAt = at, Failed = resources.Length > 0 ? resources : ["Deployment/shop-c"] },
    };

    public static Vitals Synced(DateTimeOffset at) => Fine with { Last = Fine.Last! with { FinishedAt = at, Revision = "362a4af0ab215c9a86bcec71d7ec7319649cbbd4" } };

    public static Vitals Degraded(DateTimeOffset since) => Fine with { Health = "Degraded", HealthSince = since };

    public static Vitals Healthy(DateTimeOffset since) => Fine with { HealthSince = since };
}
