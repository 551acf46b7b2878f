using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>Pauses of only some fields: rules of ours among the application's <c>ignoreDifferences</c>, stored and taken out again.</summary>
internal sealed class FieldsPause(ApplicationLook look, GuardedPatch patches, string cluster, TimeProvider time)
{
    public async Task<ClusterAnswer> PauseAsync(AuthorizedOperation running, CancellationToken ct)
    {
        var operation = running.Operation;
        var target = operation.Plan.Application.Ref;
        var who = new Impersonation(running.KubernetesUser, running.OnBehalfOf);
        for (var tried = 1; ; tried++)
        {
            var (seen, read) = await look.AtAsync(target, ct);
            if (read is not { } application)
            {
                return seen;
            }

            if (FieldsFence.JudgeBefore(application, operation) is { } judged)
            {
                return judged;
            }

            var expiresAt = operation.EndsAt(operation.StateSince);
            if (expiresAt <= time.GetUtcNow())
            {
                return new(ClusterAnswerKind.Rejected, $"The pause of {target.Name} was to end at {OverrideMarks.Moment(expiresAt)}, before it could be stored; it is not there");
            }

            var reply = await patches.SendAsync(target, FieldsFence.Patch(application, operation, expiresAt), who, ct);
            if (reply.IsOk && !FieldsFence.IsThere(new(reply.Body), operation))
            {
                if (tried < GuardedPatch.Tries)
                {
                    continue; // stored without the rules: a schema or a webhook dropped them, and the next look says so
                }

                return new(ClusterAnswerKind.Rejected, $"Cluster {cluster} took the pause of {target.Name} and did not store all of it: an admission webhook takes it out");
            }

            if (await patches.SettleAsync(reply, target, who, tried, found => FieldsFence.JudgeBefore(found, operation)) is { } answer)
            {
                return answer;
            }
        }
    }

    public async Task<ClusterAnswer> EndAsync(AuthorizedEnd end, CancellationToken ct)
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

            var step = FieldsRestore.Next(application, lease);
            if (step.Patch is null)
            {
                return step.Answer;
            }

            var reply = await patches.SendAsync(lease.Target, step.Patch, who, ct);
            if (await patches.SettleAsync(reply, lease.Target, who, tried, found => FieldsRestore.Next(found, lease) is { Patch: null } done ? done.Answer : null) is { } answer)
            {
                return answer.IsOk ? step.Answer : answer;
            }
        }
    }
}
