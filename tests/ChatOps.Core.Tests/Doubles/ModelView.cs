using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <summary>What the model cluster looks like to people.</summary>
internal sealed class ModelView(ModelCluster cluster) : IApplicationView
{
    public IReadOnlyList<ResourceDrift> Drifts { get; set; } = [];

    /// <summary>Objects that cannot be read.</summary>
    public HashSet<(string Kind, string Namespace, string Name)> NotRead { get; } = [];

    /// <summary>The cluster does not show its live objects.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Thrown by each comparison.</summary>
    public Exception? Breaks { get; set; }

    /// <summary>How often it was asked to compare.</summary>
    public int Compared { get; private set; }

    /// <summary>Whether the engine tells what it did with one application; it may throw.</summary>
    public Func<ApplicationRef, ClusterAnswer>? Telling { get; set; }

    public string Instance => cluster.Instance;

    public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationLine> Lines)> LinesAsync(IReadOnlyList<ApplicationRef> applications, CancellationToken ct) =>
        Task.FromResult<(ClusterAnswer, IReadOnlyList<ApplicationLine>)>((ClusterAnswer.Ok,
            [.. applications.Select(cluster.FactsOf).Select(facts => new ApplicationLine(facts.Ref, facts.Project, facts.Sync, facts.Health, facts.AutoSyncOn ? "on" : "paused", null))]));

    /// <summary>What the engine tells of whatever application.</summary>
    public List<Happening> Happened { get; } = [];

    public Task<(ClusterAnswer Answer, IReadOnlyList<Happening> Happened)> HappenedAsync(ApplicationRef application, CancellationToken ct) =>
        Task.FromResult<(ClusterAnswer, IReadOnlyList<Happening>)>(Telling?.Invoke(application) is { IsOk: false } silent ? (silent, []) : (ClusterAnswer.Ok, [.. Happened.OrderBy(one => one.At)]));

    public async Task<(ClusterAnswer Answer, Deployed? Deployed)> ShowAsync(ApplicationRef application, CancellationToken ct)
    {
        var (answer, facts) = await cluster.InspectAsync(application, ct);
        return (answer, facts is null ? null : Some.Deployed(facts));
    }

    public IReadOnlyList<string> NotWatched => [];

    public IAsyncEnumerable<HandsTaken> WatchHandsAsync(Func<IReadOnlySet<ApplicationRef>> scope, CancellationToken ct) => throw new NotSupportedException();

    public async Task<(ClusterAnswer Answer, DriftReport? Report)> CompareAsync(ApplicationRef application, CancellationToken ct)
    {
        Compared++;
        if (Breaks is not null)
        {
            throw Breaks;
        }

        if (IsSilent)
        {
            return (ModelCluster.Answer(ClusterAnswerKind.Unavailable), null);
        }

        var (answer, facts) = await cluster.InspectAsync(application, ct);
        return (answer, facts is null ? null : new(facts, "what was applied last", Drifts, [], IsComplete: NotRead.Count == 0) { NotRead = NotRead });
    }
}
