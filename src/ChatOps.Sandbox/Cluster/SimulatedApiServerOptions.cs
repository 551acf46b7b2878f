namespace ChatOps.Sandbox.Cluster;

/// <summary>What kind of cluster is pretended.</summary>
public sealed record SimulatedApiServerOptions
{
    /// <summary>False: an Application CRD from before <c>automated.enabled</c>; the field is then pruned, with a warning.</summary>
    public bool AutomatedEnabledInCrd { get; init; } = true;

    /// <summary>True: every Deployment's pods are ready at once. False: as on a cluster whose controller-manager is down.</summary>
    public bool PodsBecomeReady { get; init; } = true;

    /// <summary>False: a Job runs until somebody writes its status.</summary>
    public bool JobsEndAtOnce { get; init; } = true;

    /// <summary>Zero: any free one.</summary>
    public int Port { get; init; }

    public int TlsPort { get; init; }

    public string AdminToken { get; init; } = "simulated-admin";
}
