using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <content>Switches to a branch and back, rollbacks, and what ends like them: what is deployed behind a pause or a window.</content>
public sealed partial class ArgoCdReconciler
{
    public Task<ClusterAnswer> RollBackAsync(AuthorizedOperation operation, CancellationToken ct) =>
        operation.Operation.Plan.Of<AboutPause>().Mechanism == PauseMechanism.Window
            ? BehindWindowAsync(operation, RollbackStep.BehindWindow, ct)
            : CarryOnAsync(operation, RollbackStep.Next, ct, minded: true);

    public async Task<ClusterAnswer> SwitchAsync(AuthorizedOperation operation, CancellationToken ct)
    {
        if (operation.Operation.Plan.Of<BranchWork>().BehindWindow is null)
        {
            return await CarryOnAsync(operation, BranchStep.Next, ct, minded: true);
        }

        if (operation.Operation.Progress is not null)
        {
            return await BehindWindowAsync(operation, BehindFence.Switch, ct);
        }

        // That the window is stored is written down before anything else is asked for.
        var answer = await windows.PauseAsync(operation, ct);
        return answer.IsOk ? new(ClusterAnswerKind.UnderWay, $"{BranchWork.StillToBegin}the sync follows when Argo CD has seen it") : answer;
    }

    public Task<ClusterAnswer> SwitchBackAsync(AuthorizedEnd end, CancellationToken ct) =>
        end.Lease.WindowIn is null ? GoBackAsync(end, BranchRestore.Next, ct) : windows.EndAsync(end, ct);

    public Task<ClusterAnswer> PutBackAsync(AuthorizedEnd end, CancellationToken ct) => GoBackAsync(end, PutBack.Next, ct);

    public Task<ClusterAnswer> LeaveAsync(AuthorizedEnd end, Lease to, CancellationToken ct) => GoBackAsync(end, (application, lease) => PauseRestore.Leave(application, lease, to), ct);

    private async Task<ClusterAnswer> BehindWindowAsync(AuthorizedOperation operation, Func<ApplicationJson, Operation, DateTimeOffset, bool, EngineStep> next, CancellationToken ct)
    {
        var (answer, project) = await windows.ReadAsync(operation.Operation.Plan.Application.Project, ct);
        return project is null ? answer
            : await CarryOnAsync(operation, (application, of, now) => next(application, of, now, project.Holds(application, of.Id, now)), ct, minded: true);
    }

    private async Task<ClusterAnswer> GoBackAsync(AuthorizedEnd end, Func<ApplicationJson, Lease, PauseRestore.Step> next, CancellationToken ct)
    {
        var lease = end.Lease;
        var who = new Impersonation(end.KubernetesUser, end.OnBehalfOf);
        for (var tried = 1; ; tried++)
        {
            var (seen, read) = await look.AtAsync(lease.Target, ct);
            if (read is not { } application)
            {
                return seen;
            }

            var step = next(application, lease);
            if (step.Patch is null)
            {
                return step.Answer;
            }

            var reply = await patches.SendAsync(lease.Target, step.Patch, who, ct);
            if (await patches.SettleAsync(reply, lease.Target, who, tried, found => next(found, lease) is { Patch: null } done ? done.Answer : null) is { } answer)
            {
                return answer.IsOk ? step.Answer : answer;
            }
        }
    }
}
