using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <content>Switches to a branch and back.</content>
public sealed partial class ArgoCdReconciler
{
    public Task<ClusterAnswer> SwitchAsync(AuthorizedOperation operation, CancellationToken ct) => CarryOnAsync(operation, BranchStep.Next, ct);

    public Task<ClusterAnswer> SwitchBackAsync(AuthorizedEnd end, CancellationToken ct) => GoBackAsync(end, BranchRestore.Next, ct);

    public Task<ClusterAnswer> PutBackAsync(AuthorizedEnd end, CancellationToken ct) => GoBackAsync(end, PutBack.Next, ct);

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
