namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Which cluster and which repositories the simulated Argo CD works on, and how quickly.</summary>
public sealed record ArgoCdSimulationOptions
{
    public required Uri ApiServer { get; init; }

    public string? Token { get; init; }

    /// <summary>Makes the handler of the controller's HTTP client, for clients that must trust a private CA; else a plain one.</summary>
    public Func<HttpMessageHandler>? Handler { get; init; }

    /// <summary>Where each repoURL is on disk.</summary>
    public required IReadOnlyDictionary<string, string> Repositories { get; init; }

    public string Namespace { get; init; } = "argocd";

    /// <summary>Where its projects and settings are, for one that looks after applications of another namespace; null: beside them.</summary>
    public string? ProjectNamespace { get; init; }

    /// <summary>Argo CD's own default is two minutes and up to one more of jitter; here it is exact.</summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromMinutes(2);

    public ArgoCdPace Pace { get; init; } = ArgoCdPace.AsRecorded;

    /// <summary>True: nothing happens but in <see cref="SimulatedArgoCd.SettleAsync"/>; for tests that move the clock step by step.</summary>
    public bool ByHand { get; init; }

    public required TimeProvider Time { get; init; }
}

/// <summary>How long the controller takes between its steps.</summary>
/// <param name="Notice">from a change in the cluster to the comparison that sees it</param>
/// <param name="Decide">from the comparison's copy of the Application to what it writes: the pause that is stored in between is not seen</param>
/// <param name="Start">from a written operation to Running</param>
/// <param name="Apply">from Running to the result</param>
/// <param name="Settle">from the result to the comparison that follows</param>
public sealed record ArgoCdPace(TimeSpan Notice, TimeSpan Decide, TimeSpan Start, TimeSpan Apply, TimeSpan Settle)
{
    /// <summary>A quiet two-core machine, as in the recordings.</summary>
    public static ArgoCdPace AsRecorded { get; } = new(
        TimeSpan.FromMilliseconds(150),
        TimeSpan.FromMilliseconds(30),
        TimeSpan.FromMilliseconds(40),
        TimeSpan.FromMilliseconds(400),
        TimeSpan.FromMilliseconds(50));

    /// <summary>Every step at once; backoff and retries still take their time.</summary>
    public static ArgoCdPace Immediate { get; } = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
}
