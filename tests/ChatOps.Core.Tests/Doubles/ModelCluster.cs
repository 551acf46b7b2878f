using System.Runtime.CompilerServices;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <summary>One application as the cluster has it.</summary>
internal sealed record ModelApplication(ApplicationRef Ref, string Uid, string? Automated, OverrideMark? Mark, bool RefreshPending, Flight? Flight)
{
    public const string Before = """{"prune":true,"selfHeal":true}""";

    public const string Off = """{"enabled":false,"prune":true,"selfHeal":true}""";

    public bool IsOff => Automated == Off;
}

/// <summary>
/// A cluster that follows the promises of <see cref="IReconciler"/> and misbehaves when told: it refuses, is silent, and
/// loses answers after it did what was asked.
/// </summary>
internal sealed partial class ModelCluster(TimeProvider time) : IReconciler
{
    private readonly Dictionary<ApplicationRef, ModelApplication> applications = [];

    public string Instance => "prod";

    public IReadOnlyList<WatchState> Watches => [];

    /// <summary>Answers of the next writes: what is said, and whether it was done all the same.</summary>
    public Queue<(ClusterAnswerKind Kind, bool Done)> NextWrites { get; } = new();

    /// <summary>Answers of the next reads.</summary>
    public Queue<ClusterAnswerKind> NextReads { get; } = new();

    /// <summary>What the engine says next about what it carries out; Succeeded when empty.</summary>
    public Queue<ClusterAnswer> Outcomes { get; } = new();

    /// <summary>Operations that the engine has.</summary>
    public HashSet<Guid> Carried { get; } = [];

    /// <summary>Facts as they would be read, changed as a test needs them.</summary>
    public Func<ApplicationFacts, ApplicationFacts> Seen { get; set; } = facts => facts;

    /// <summary>Every change that was really made, by whom.</summary>
    public List<(Guid Operation, string What, string User)> Effects { get; } = [];

    /// <summary>Called at the moment of a change, before it is made.</summary>
    public Action<AuthorizedOperation>? OnChange { get; set; }

    /// <summary>Called at the moment in which a pause is ended, before it is.</summary>
    public Action<Lease>? OnEnd { get; set; }

    /// <summary>A set owns the applications: it takes our marks away at once and leaves the switch.</summary>
    public bool StripsMarks { get; set; }

    /// <summary>Called when a write arrives.</summary>
    public Action? BeforeWrite { get; set; }

    /// <summary>What the next list of overrides says, however old.</summary>
    public IReadOnlyList<ApplicationFacts>? NextFound { get; set; }

    /// <summary>What is answered instead of the list of applications; it may never come.</summary>
    public Func<CancellationToken, Task<ClusterAnswer>>? NoList { get; set; }

    /// <summary>The name that a cache does not know of yet.</summary>
    public string? NotListedYet { get; set; }

    /// <summary>Lists and looks that were asked for.</summary>
    public int Calls { get; private set; }

    public bool? Covers { get; set; } = true;

    /// <summary>Awaited before that is said; it may never come.</summary>
    public Func<ApplicationRef, CancellationToken, Task>? BeforeCovers { get; set; }

    public bool? CoversWindows { get; set; } = true;

    public bool? CoversSets { get; set; } = true;

    /// <summary>The one user whose Role was not applied.</summary>
    public string? NotCovered { get; set; }

    public IEnumerable<ModelApplication> All => applications.Values;

    public ModelApplication this[ApplicationRef application]
    {
        get => applications[application];
        set => applications[application] = value;
    }

    public ApplicationRef Add(string name, string ns = "argocd")
    {
        var application = new ApplicationRef(Instance, ns, name);
        applications[application] = new(application, $"uid-{name}-1", ModelApplication.Before, null, false, null);
        return application;
    }

    public void Remove(ApplicationRef application) => applications.Remove(application);

    public ApplicationFacts FactsOf(ApplicationRef application) => Read(applications[application]);

    public async Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> ListAsync(CancellationToken ct)
    {
        Calls++;
        return NoList is { } no ? (await no(ct), []) : (ClusterAnswer.Ok, [.. applications.Keys.Where(one => one.Name != NotListedYet)]);
    }

    public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> NamedAsync(string name, CancellationToken ct)
    {
        Calls++;
        return Task.FromResult<(ClusterAnswer, IReadOnlyList<ApplicationRef>)>(NextReads.TryDequeue(out var kind) && kind != ClusterAnswerKind.Ok
            ? (Answer(kind), [])
            : (ClusterAnswer.Ok, [.. applications.Keys.Where(one => one.Name == name)]));
    }

    public Task<(ClusterAnswer Answer, ApplicationFacts? Facts)> InspectAsync(ApplicationRef application, CancellationToken ct)
    {
        Calls++;
        if (NextReads.TryDequeue(out var kind) && kind != ClusterAnswerKind.Ok)
        {
            return Task.FromResult<(ClusterAnswer, ApplicationFacts?)>((Answer(kind), null));
        }

        return Task.FromResult<(ClusterAnswer, ApplicationFacts?)>(applications.TryGetValue(application, out var one)
            ? (ClusterAnswer.Ok, Seen(Read(one)))
            : (Answer(ClusterAnswerKind.Gone), null));
    }

    public async Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> InNamespaceAsync(string name, CancellationToken ct)
    {
        Calls++;
        return NoList is { } no ? (await no(ct), []) : (ClusterAnswer.Ok, [.. applications.Keys.Where(one => Seen(Read(applications[one])) is var facts && (facts.ResourceNamespaces.Contains(name) || facts.DestinationNamespace == name))]);
    }

    public async Task<bool?> CoversAsync(string kubernetesUser, ApplicationRef application, CancellationToken ct)
    {
        await (BeforeCovers?.Invoke(application, ct) ?? Task.CompletedTask);
        return kubernetesUser == NotCovered ? false : Covers;
    }

    /// <summary>What is in the projects; the windows of ours are told by their pauses.</summary>
    public List<SeenWindows> Projects { get; } = [];

    public Task<(ClusterAnswer Answer, IReadOnlyList<SeenWindows> Projects)> WindowsAsync(CancellationToken ct) => Task.FromResult<(ClusterAnswer, IReadOnlyList<SeenWindows>)>((ClusterAnswer.Ok, [.. Projects]));

    /// <summary>How often whom windows reach was asked for.</summary>
    public int ReachAsked { get; private set; }

    /// <summary>Those whose name is in the window's words.</summary>
    public Task<(ClusterAnswer Answer, IReadOnlyList<IReadOnlyList<ApplicationRef>> Reaches)> ReachAsync(IReadOnlyList<(string Project, SeenWindow Window)> windows, CancellationToken ct)
    {
        ReachAsked++;
        return Task.FromResult<(ClusterAnswer, IReadOnlyList<IReadOnlyList<ApplicationRef>>)>((ClusterAnswer.Ok,
            [.. windows.Select(one => applications.Keys.Where(application => one.Window.Words.Contains(application.Name, StringComparison.Ordinal)).ToList())]));
    }

    public Task<bool?> CoversWindowsAsync(string project, CancellationToken ct) => Task.FromResult(CoversWindows);

    public Task<bool?> CoversSetAsync(string ns, string set, CancellationToken ct) => Task.FromResult(CoversSets);

    public Task<ClusterAnswer> PauseAsync(AuthorizedOperation operation, CancellationToken ct) => Write(() =>
    {
        var target = operation.Operation.Plan.Application;
        var before = operation.Operation.Plan.Of<AboutPause>().Before;
        if (!applications.TryGetValue(target.Ref, out var one) || one.Uid != target.Uid)
        {
            return ClusterAnswerKind.Gone;
        }

        if (operation.Operation.Plan.Of<AboutPause>().Mechanism == PauseMechanism.Window)
        {
            return HoldByWindow(operation, one);
        }

        if (operation.Operation.Plan.Of<AboutPause>().Mechanism == PauseMechanism.Fields)
        {
            return LeaveAlone(operation, one);
        }

        if (one.Mark?.Operation == operation.Operation.Id)
        {
            return one.IsOff ? ClusterAnswerKind.Ok : ClusterAnswerKind.Moved;
        }

        if (StripsMarks && one is { IsOff: true, Mark: null })
        {
            return ClusterAnswerKind.Ok; // whoever switched it off as us just now was this operation
        }

        if (one.Automated != before.Json)
        {
            return ClusterAnswerKind.Moved;
        }

        if (one.RefreshPending)
        {
            return ClusterAnswerKind.FenceBusy;
        }

        if (AddEntry(operation) is { } notYet)
        {
            return notYet;
        }

        OnChange?.Invoke(operation);
        var mark = new OverrideMark(operation.Operation.Incident, operation.Operation.Id, operation.Operation.EndsAt(operation.Operation.StateSince), before, operation.KubernetesUser);
        applications[target.Ref] = one with { Automated = ModelApplication.Off, Mark = StripsMarks ? null : mark, RefreshPending = true };
        Effects.Add((operation.Operation.Id, "pause", operation.KubernetesUser));
        return ClusterAnswerKind.Ok;
    });

    public async Task<ClusterAnswer> EndPauseAsync(AuthorizedEnd end, CancellationToken ct) => LetGo(end, await EndFieldAsync(end));

    private Task<ClusterAnswer> EndFieldAsync(AuthorizedEnd end) => Write(() =>
    {
        if (end.Lease.WindowIn is not null)
        {
            return EndWindow(end);
        }

        if (end.Lease.Only is not null)
        {
            return TakeRulesOut(end);
        }

        if (!applications.TryGetValue(end.Lease.Target, out var one) || one.Uid != end.Lease.Uid)
        {
            return ClusterAnswerKind.Gone;
        }

        if (one.Mark is { } mark && mark.Operation != end.Lease.Mark)
        {
            return ClusterAnswerKind.Moved;
        }

        if (!one.IsOff)
        {
            applications[one.Ref] = one with { Mark = null };
            return one.Mark is null && one.Automated == end.Lease.Before.Json ? ClusterAnswerKind.Ok : ClusterAnswerKind.Moved;
        }

        if (one.Mark is null && !StripsMarks)
        {
            return ClusterAnswerKind.Moved;
        }

        OnEnd?.Invoke(end.Lease);
        applications[one.Ref] = one with { Automated = end.Lease.Before.Json, Mark = null };
        Effects.Add((end.Lease.Operation, "end", end.KubernetesUser));
        return ClusterAnswerKind.Ok;
    });

    public Task<ClusterAnswer> LeaveAsync(AuthorizedEnd end, Lease to, CancellationToken ct) => Write(() =>
    {
        if (!applications.TryGetValue(end.Lease.Target, out var one) || one.Uid != end.Lease.Uid)
        {
            return ClusterAnswerKind.Gone;
        }

        if (StripsMarks && one is { IsOff: true, Mark: null })
        {
            return ClusterAnswerKind.Ok;
        }

        if (one.Mark is not { } mark || mark.Operation != end.Lease.Mark || !(end.Lease.Only is null ? one.IsOff : Rules.ContainsKey(one.Ref)))
        {
            return one.Mark is null && one.Automated == end.Lease.Before.Json ? ClusterAnswerKind.Ok : ClusterAnswerKind.Moved;
        }

        if (mark.Incident == end.Lease.Incident)
        {
            applications[one.Ref] = one with { Mark = mark with { Incident = to.Incident, ExpiresAt = to.Deadline } };
            Effects.Add((end.Lease.Mark, "leave", end.KubernetesUser));
        }

        return ClusterAnswerKind.Ok;
    });

    public Task<ClusterAnswer> PutBackAsync(AuthorizedEnd end, CancellationToken ct) => Write(() =>
    {
        var made = end.Lease.Outside!;
        if (!applications.TryGetValue(end.Lease.Target, out var one) || one.Uid != end.Lease.Uid)
        {
            return ClusterAnswerKind.Gone;
        }

        if (made.Kind == Core.Outside.OutsideKind.AutoSyncOff && one.Automated != ModelApplication.Before)
        {
            if (one.Automated != (made.Fields[0].Before.Path.EndsWith("/enabled", StringComparison.Ordinal) ? ModelApplication.Off : made.Fields[0].Seen))
            {
                return ClusterAnswerKind.Moved;
            }

            applications[one.Ref] = one with { Automated = ModelApplication.Before };
            Effects.Add((end.Lease.Operation, "put back", end.KubernetesUser));
        }

        return ClusterAnswerKind.Ok;
    });

    public Task<ClusterAnswer> MarkAsync(AuthorizedOperation extension, CancellationToken ct) => Write(() =>
    {
        var target = extension.Operation.Plan.Application;
        if (!applications.TryGetValue(target.Ref, out var one) || one.Uid != target.Uid || one.Mark is null)
        {
            return ClusterAnswerKind.Moved;
        }

        var ends = extension.Operation.EndsAt(extension.Operation.StateSince);
        if (one.Mark.ExpiresAt != ends)
        {
            OnChange?.Invoke(extension);
            applications[one.Ref] = one with { Mark = one.Mark with { ExpiresAt = ends } };
            Effects.Add((extension.Operation.Id, "extend", extension.KubernetesUser));
        }

        return ClusterAnswerKind.Ok;
    });

    public Task<ClusterAnswer> RefreshAsync(AuthorizedOperation operation, CancellationToken ct) => Carry(operation, "refresh");

    public Task<ClusterAnswer> SyncAsync(AuthorizedOperation operation, CancellationToken ct) => Carry(operation, "sync");

    public Task<ClusterAnswer> RollBackAsync(AuthorizedOperation operation, CancellationToken ct) => Carry(operation, "rollback");

    public Task<ClusterAnswer> TerminateAsync(AuthorizedOperation operation, CancellationToken ct) => Carry(operation, "terminate");

    public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationFacts> Found)> FindOverridesAsync(CancellationToken ct) =>
        Task.FromResult<(ClusterAnswer, IReadOnlyList<ApplicationFacts>)>((ClusterAnswer.Ok, NextFound ?? [.. applications.Values.Where(one => one.Mark is not null || WindowsOf(one.Ref).Count > 0).Select(Read)]));

    public async IAsyncEnumerable<ApplicationNews> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Delay(Timeout.Infinite, ct);
        yield break;
    }

    public static ClusterAnswer Answer(ClusterAnswerKind kind) => kind == ClusterAnswerKind.Ok ? ClusterAnswer.Ok : new(kind, $"the cluster says {kind}");

    private Task<ClusterAnswer> Write(Func<ClusterAnswerKind> change, string? sentence = null)
    {
        BeforeWrite?.Invoke();
        if (NextWrites.TryDequeue(out var next) && next.Kind != ClusterAnswerKind.Ok)
        {
            if (next.Done)
            {
                change();
            }

            return Task.FromResult(Answer(next.Kind));
        }

        var answer = Answer(change());
        return Task.FromResult(sentence is null || answer.IsOk ? answer : answer with { Sentence = sentence });
    }

    /// <summary>What the engine carries out: taken by the first call that is not refused, done by the next.</summary>
    private Task<ClusterAnswer> Carry(AuthorizedOperation operation, string what)
    {
        if (Carried.Contains(operation.Operation.Id))
        {
            return Task.FromResult(Outcomes.TryDequeue(out var outcome) ? outcome : new ClusterAnswer(ClusterAnswerKind.Ok, "Succeeded"));
        }

        return Write(() =>
        {
            OnChange?.Invoke(operation);
            Carried.Add(operation.Operation.Id);
            Effects.Add((operation.Operation.Id, what, operation.KubernetesUser));
            return ClusterAnswerKind.UnderWay;
        });
    }

    private ApplicationFacts Read(ModelApplication one) => ReadField(one) with { Mark = one.Mark ?? (WindowsOf(one.Ref) is [var first, ..] ? first : null), OurWindows = WindowsOf(one.Ref) };

    private ApplicationFacts ReadField(ModelApplication one) => new()
    {
        Ref = one.Ref,
        Uid = one.Uid,
        Project = "shop",
        Cluster = "prod",
        DestinationNamespace = "shop",
        Sync = SyncState.Synced,
        Health = "Healthy",
        TargetRevisions = ["main"],
        ResourceNamespaces = ["shop"],
        Automated = new("/spec/syncPolicy/automated", one.Automated, $$"""{"automated":{{one.Automated}}}"""),
        AutoSyncOn = one.Automated is not null && !one.IsOff,
        SelfHealOn = one.Automated is not null && !one.IsOff,
        Owner = Owner.Nobody,
        Flight = one.Flight,
        RefreshPending = one.RefreshPending,
        Blockers = [],
        Mark = one.Mark,
        Rules = RulesOf(one),
        Sources = [SourceOf(one.Ref)],
        PauseFieldManager = one.Mark is null && !(StripsMarks && one.IsOff) ? "kubectl-edit" : "chatops",
        AutoSyncHand = new(one.Mark is null ? "kubectl-edit" : "chatops", time.GetUtcNow()),
        ReadAt = time.GetUtcNow(),
    };
}
