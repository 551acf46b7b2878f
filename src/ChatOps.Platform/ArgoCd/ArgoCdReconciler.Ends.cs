using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <content>How a pause ends, and the entry in the application's set that goes after it.</content>
public sealed partial class ArgoCdReconciler
{
    private readonly SetPause sets = new(cluster);

    public Task<bool?> CoversSetAsync(string ns, string set, CancellationToken ct) => sets.CoversAsync(ns, set, ct);

    /// <remarks>
    /// Drift and commits are applied by Argo CD itself within about a second. Not so where an operation was ended with the
    /// pause: then the sync goes on in the same patch. Where the last sync failed by itself, people decide.
    /// </remarks>
    public async Task<ClusterAnswer> EndPauseAsync(AuthorizedEnd end, CancellationToken ct)
    {
        var lease = end.Lease;
        if (lease.WindowIn is not null)
        {
            return await windows.EndAsync(end, ct);
        }

        if (lease.Only is not null)
        {
            return await fields.EndAsync(end, ct);
        }

        var restored = await RestoreAsync(end, ct);
        return lease.InSet is { } entry ? await LetGoAsync(end, entry, restored, ct) : restored;
    }

    private async Task<ClusterAnswer> RestoreAsync(AuthorizedEnd end, CancellationToken ct)
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

            var step = PauseRestore.Next(application, lease);
            if (step.Patch is null)
            {
                return step.Answer;
            }

            var reply = await patches.SendAsync(lease.Target, step.Patch, who, ct);
            if (await patches.SettleAsync(reply, lease.Target, who, tried, found => PauseRestore.Next(found, lease) is { Patch: null } done ? done.Answer : null) is { } answer)
            {
                return answer.IsOk ? step.Answer : answer;
            }
        }
    }

    /// <summary>
    /// The entry goes after the pause, and only where the application is seen not to be switched off: a set that does not leave
    /// the field alone any more takes back whoever's that is, within half a second.
    /// </summary>
    private async Task<ClusterAnswer> LetGoAsync(AuthorizedEnd end, SetEntry entry, ClusterAnswer restored, CancellationToken ct)
    {
        if (restored.IsOk || restored.Kind == ClusterAnswerKind.Moved)
        {
            var (seen, read) = await look.AtAsync(end.Lease.Target, ct);
            if (read is { } application && application.IsSwitchedOff(PauseMechanism.SwitchOff))
            {
                return restored.IsOk ? new(ClusterAnswerKind.Moved, $"{end.Lease.Target.Name} was switched off again by {PauseFence.WhoWrote(application, end.Lease.StartedAt)}") : restored;
            }

            restored = read is null ? seen : restored;
        }

        return restored.IsAway || restored.Kind == ClusterAnswerKind.Moved ? await sets.RemoveAsync(end, entry, restored, ct) : restored;
    }
}
