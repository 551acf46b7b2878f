using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Operations.Terminating;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>
/// One operation from its plan to its end, as <c>RunOperation</c> and <c>EndLease</c> carry it, while somebody does the next
/// thing of a script before each request of ours arrives. When the script is used up Argo CD works on, and everything ends.
/// </summary>
internal sealed class Story
{
    private const int Most = 60;

    /// <summary>How often it is looked at when nobody does anything any more.</summary>
    private const int Quiet = 3;
    private readonly FakeKubernetesApi fake;
    private readonly ArgoCdReconciler reconciler;
    private readonly Somebody somebody;
    private readonly Queue<int> script;

    private Story(FakeKubernetesApi fake, ArgoCdReconciler reconciler, IEnumerable<int> script)
    {
        this.fake = fake;
        this.reconciler = reconciler;
        somebody = new(fake);
        this.script = new(script);
    }

    public static async Task PlayAsync(FakeKubernetesApi fake, ArgoCdReconciler reconciler, Tale tale, IEnumerable<int> script)
    {
        fake.BeforeRequest = null;
        fake.AfterPatch = null;
        fake.Faults.Clear();
        Opening.Put(fake, tale);
        await new Story(fake, reconciler, script).PlayAsync(tale);
    }

    private async Task PlayAsync(Tale tale)
    {
        var (_, facts) = await reconciler.InspectAsync(new("argocd", "argocd", "shop"), default);
        var operation = Opening.Planned(tale, facts!);
        var runs = Runs(operation.Kind);
        var judge = new Judge(operation, (JsonObject)fake.At(Somebody.Application)!.DeepClone());
        ExceptionDispatchInfo? judged = null;
        fake.AfterPatch = (path, before, after) =>
        {
            try
            {
                judge.Look(path, before, after);
            }
            catch (Exception e)
            {
                judged ??= ExceptionDispatchInfo.Capture(e); // this is the server's thread
            }
        };
        fake.BeforeRequest = _ =>
        {
            if (script.TryDequeue(out var next) && next < Somebody.Acts.Count)
            {
                somebody.Do(next);
            }
        };

        var (final, ran, attempts) = await RunAsync(runs, operation);
        AssertNothingWaits(operation, final);
        judge.LookAtOutcome(final, fake.At(Somebody.Application)!);
        Assert.True(operation.Plan.Work is not SyncWork || final is not { IsOk: true } || somebody.Succeeded.Any(one => one.Contains(operation.Id.ToString(), StringComparison.Ordinal)), $"it is said to be done, and another one was ({final?.Sentence})");
        var isLive = ran.Plan.Work.StartsOverride && (final is null || final.IsOk || ran.Progress is not null
            || ((attempts > 1 || !ran.Plan.Work.IsOneWrite || final.Kind is ClusterAnswerKind.Unknown or ClusterAnswerKind.Unavailable) && await runs.IsThereAsync(ran, default)));
        if (isLive)
        {
            await EndAsync(ran, isStored: final is null or { IsOk: true });
        }

        judged?.Throw();
        AssertNothingIsLeft(operation, judge, final?.Sentence, isNotKnownAsOurs: final is { IsOk: false });
    }

    /// <summary>Null: it is under way for ever, and people end it.</summary>
    private async Task<(ClusterAnswer? Final, Operation Ran, int Attempts)> RunAsync(IKindOfOperation runs, Operation operation)
    {
        var quiet = 0;
        for (var attempt = 1; attempt <= Most; attempt++)
        {
            operation = somebody.HasLapsed ? operation with { RequestExpiresAt = Some.Now } : operation;
            // The kind would ask the books first for other pauses in that set; there are none.
            var answer = operation.Plan.Work is PauseWork { InSet: not null } ? await reconciler.PauseAsync(operation.Continue(), default) : await runs.ApplyAsync(operation.Continue(), default);
            if (answer.Kind == ClusterAnswerKind.UnderWay)
            {
                operation = operation.Goes(answer.Sentence);
                if (script.Count == 0 && ++quiet > Quiet)
                {
                    return (null, operation, attempt);
                }
            }
            else if (!answer.IsTransient)
            {
                return (answer, operation, attempt);
            }

            WorkOn();
        }

        throw new InvalidOperationException("it never came to an end");
    }

    private async Task EndAsync(Operation operation, bool isStored)
    {
        var written = operation.Plan.Work is BranchWork ? Lease.Switched(operation, Some.Now) : Lease.Written(operation, Some.Now);
        var lease = isStored ? written.Stored(Some.Now) : written;
        for (var attempt = 1; attempt <= Most; attempt++)
        {
            var answer = lease.Kind == LeaseKind.Branch ? await reconciler.SwitchBackAsync(lease.End("bob"), default) : await reconciler.EndPauseAsync(lease.End("bob"), default);
            if (!answer.IsTransient)
            {
                return;
            }

            WorkOn();
        }

        throw new InvalidOperationException("its end never came to an end");
    }

    private void WorkOn()
    {
        if (script.Count == 0)
        {
            fake.Faults.Clear();
            somebody.Work();
        }
    }

    /// <summary>What has failed does not start by itself later.</summary>
    private void AssertNothingWaits(Operation operation, ClusterAnswer? final) =>
        Assert.False(final is not null && fake.At(Somebody.Application)!["operation"]?.ToJsonString().Contains(operation.Id.ToString(), StringComparison.Ordinal) == true, $"an operation of ours is left behind ({final?.Sentence})");

    private void AssertNothingIsLeft(Operation operation, Judge judge, string? final, bool isNotKnownAsOurs)
    {
        var project = fake.At(Somebody.Project)!.ToJsonString();
        var annotations = fake.At(Somebody.Application)!["metadata"]!["annotations"]?.ToJsonString() ?? "";
        Assert.False(project.Contains(operation.Id.ToString(), StringComparison.Ordinal), $"a window is orphaned ({final}): {project}");
        Assert.False(operation.Plan.Work is PauseWork { Only: not null } && fake.At(Somebody.Application)!["spec"]!["ignoreDifferences"] is JsonArray rules && rules.Any(Judge.IsOurRule), $"a rule is orphaned ({final})");
        Assert.False(judge.WroteEntry && !somebody.WroteEntry && !(isNotKnownAsOurs && somebody.WroteEntries) && !IsStillOff() && fake.At(Somebody.Set)!["spec"]!["ignoreApplicationDifferences"] is JsonArray entries && entries.Any(Judge.IsOurEntry), $"an entry is orphaned ({final})");
        Assert.False(annotations.Contains(operation.Id.ToString(), StringComparison.Ordinal), $"a mark is orphaned ({final}): {annotations}");
        Assert.False(fake.At(Somebody.Application)!["metadata"]!["managedFields"] is JsonArray writers && IsStillOff() && writers.Any(entry => (string?)entry!["manager"] == "chatops" && entry["fieldsV1"]!.ToJsonString().Contains("f:enabled", StringComparison.Ordinal)), $"the override is orphaned ({final})");
    }

    private bool IsStillOff() => fake.At(Somebody.Application)!["spec"]!["syncPolicy"]?["automated"]?["enabled"]?.ToJsonString() == "false";

    private IKindOfOperation Runs(OperationKind kind)
    {
        var applications = new Applications([reconciler]);
        var pause = new PauseKind(null!, applications, null!);
        return kind switch
        {
            OperationKind.Branch => new BranchKind(applications, null!),
            OperationKind.Sync => new SyncKind(applications, null!),
            OperationKind.Terminate => new TerminateKind(applications, null!),
            OperationKind.Rollback => new RollbackKind(pause, null!, applications, null!),
            _ => pause,
        };
    }
}
