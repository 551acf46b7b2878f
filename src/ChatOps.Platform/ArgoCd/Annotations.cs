namespace ChatOps.Platform.ArgoCd;

/// <summary>Annotations that are read or written. Ours carry enough to take an override over when the store has lost it.</summary>
public static class Annotations
{
    public const string Incident = "chatops.dev/incident";
    public const string Operation = "chatops.dev/operation";
    public const string ExpiresAt = "chatops.dev/expires-at";

    /// <summary>JSON: what was there (with its parent), and the Kubernetes user that wrote the override and may undo it.</summary>
    public const string Before = "chatops.dev/before";

    public const string Refresh = "argocd.argoproj.io/refresh";
    public const string SkipReconcile = "argocd.argoproj.io/skip-reconcile";
    public const string TrackingId = "argocd.argoproj.io/tracking-id";

    /// <summary>What an override of ours leaves on an object.</summary>
    public static IReadOnlyList<string> Ours { get; } = [Incident, Operation, ExpiresAt, Before];
}
