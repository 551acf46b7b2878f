using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.Refreshing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Operations.Terminating;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>One operation from its plan to its end, as <c>RunOperation</c> and <c>EndLease</c> carry it.</summary>
internal sealed class Story(Stage stage, ArgoCdReconciler reconciler)
{
    /// <summary>How often it is looked at when nobody does anything any more.</summary>
    private const int Quiet = 3;

    public static async Task PlayAsync(FakeKubernetesApi fake, ArgoCdReconciler reconciler, Tale tale, int[] script)
    {
        var stage = new Stage(fake) { DropsEmptyPolicies = tale == Tale.PauseByTakingOut && script.Length % 2 == 0, AnswersAtOnce = script.Length % 3 == 0 };
        var story = new Story(stage, reconciler);
        Opening.Put(fake, tale, isAnnotated: script.Length % 3 > 0);
        var (_, facts) = await reconciler.InspectAsync(new("argocd", "argocd", "shop"), default);
        var operation = Opening.Planned(tale, facts!);
        var judge = new Judge(operation, (JsonObject)stage.Application.DeepClone());
        stage.Open(script, judge.Look);
        var (final, live) = await story.RunAsync(operation, judge);
        if (live is not null)
        {
            await story.EndAsync(live);
        }

        stage.ThrowWhatWasJudged();
        stage.AssertNothingIsLeft(operation, judge, final?.Sentence, isNotKnownAsOurs: final is { IsOk: false });
    }

    /// <summary>What became of it, null where it is under way for ever and people end it; and the lease of what may be there of it.</summary>
    public async Task<(ClusterAnswer? Final, Lease? Live)> RunAsync(Operation operation, Judge judge)
    {
        var runs = Runs(operation.Kind);
        var (final, ran, attempts) = await ApplyAsync(runs, operation);
        AssertNothingWaits(operation, final);
        judge.LookAtOutcome(final, stage.Application);
        Assert.True(operation.Plan.Work is not SyncWork || final is not { IsOk: true } || stage.Somebody.Succeeded.Any(one => one.Contains(operation.Id.ToString(), StringComparison.Ordinal)), $"it is said to be done, and another one was ({final?.Sentence})");
        var isLive = ran.Plan.Work.StartsOverride && (final is null || final.IsOk || ran.Progress is not null
            || ((attempts > 1 || !ran.Plan.Work.IsOneWrite || final.Kind is ClusterAnswerKind.Unknown or ClusterAnswerKind.Unavailable) && await runs.IsThereAsync(ran, default)));
        return (final, isLive ? LeaseOf(ran, isStored: final is null or { IsOk: true }) : null);
    }

    public Task<ClusterAnswer> EndAsync(Lease lease) => stage.UntilAnsweredAsync(() => lease.Kind == LeaseKind.Branch ? reconciler.SwitchBackAsync(lease.End("bob"), default) : reconciler.EndPauseAsync(lease.End("bob"), default));

    private async Task<(ClusterAnswer? Final, Operation Ran, int Attempts)> ApplyAsync(IKindOfOperation runs, Operation operation)
    {
        var quiet = 0;
        for (var attempt = 1; attempt <= Stage.Most; attempt++)
        {
            operation = stage.Somebody.HasLapsed ? operation with { RequestExpiresAt = Some.Now } : operation;
            // The kind would ask the books first for other pauses in that set; there are none.
            var answer = operation.Plan.Work is PauseWork { InSet: not null } ? await reconciler.PauseAsync(operation.Continue(), default) : await runs.ApplyAsync(operation.Continue(), default);
            if (answer.Kind == ClusterAnswerKind.UnderWay)
            {
                operation = operation.Goes(answer.Sentence);
                if (stage.IsQuiet && ++quiet > Quiet)
                {
                    return (null, operation, attempt);
                }
            }
            else if (!answer.IsTransient)
            {
                return (answer, operation, attempt);
            }

            stage.WorkOn();
        }

        throw new InvalidOperationException("it never came to an end");
    }

    private static Lease LeaseOf(Operation operation, bool isStored)
    {
        var written = operation.Plan.Work is BranchWork ? Lease.Switched(operation, Some.Now) : Lease.Written(operation, Some.Now);
        return isStored ? written.Stored(Some.Now) : written;
    }

    /// <summary>What has failed does not start by itself later.</summary>
    private void AssertNothingWaits(Operation operation, ClusterAnswer? final) =>
        Assert.False(final is not null && stage.Application["operation"]?.ToJsonString().Contains(operation.Id.ToString(), StringComparison.Ordinal) == true, $"an operation of ours is left behind ({final?.Sentence})");

    private IKindOfOperation Runs(OperationKind kind)
    {
        var applications = new Applications([reconciler]);
        var pause = new PauseKind(null!, applications, null!);
        return kind switch
        {
            OperationKind.Branch => new BranchKind(applications, null!),
            OperationKind.Refresh => new RefreshKind(applications, null!),
            OperationKind.Sync => new SyncKind(applications, null!),
            OperationKind.Terminate => new TerminateKind(applications, null!),
            OperationKind.Rollback => new RollbackKind(pause, null!, applications, null!),
            _ => pause,
        };
    }
}
