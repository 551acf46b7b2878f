using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Revisions;

namespace ChatOps.Core.Leases;

/// <summary>Asks, before an override ends that keeps a rollback, what Git says by now: the engine, and Git itself where it may be asked.</summary>
public sealed class LookAtComeback(IRecords records, Applications applications, LookAtBranch git)
{
    /// <summary>Null: no rollback stands behind it, be it another incident's that this one joined; or there is nothing left to deploy to.</summary>
    public async Task<Comeback?> LookAsync(Lease lease, CancellationToken ct)
    {
        if (await records.FindOperationAsync(lease.Mark, ct) is not { Plan.Work: RollbackWork work })
        {
            return null;
        }

        var (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
        return facts is not null ? Comeback.Of(work, facts, await Task.WhenAll(facts.TargetRevisions.Select((follows, at) => AskAsync(facts, follows, at, ct))))
            : answer.Kind == ClusterAnswerKind.Gone ? null
            : Comeback.Unread(work, answer.Sentence);
    }

    /// <summary>Where the engine is not asked, since it did not answer just now.</summary>
    public async Task<Comeback?> UnaskedAsync(Lease lease, CancellationToken ct) =>
        await records.FindOperationAsync(lease.Mark, ct) is { Plan.Work: RollbackWork work } ? Comeback.Unread(work, "Argo CD did not answer just now") : null;

    private async Task<BranchLook?> AskAsync(ApplicationFacts facts, string follows, int at, CancellationToken ct)
    {
        var runs = facts.Syncing.History is [var newest, ..] && at < newest.Revisions.Count ? newest.Revisions[at] : null;
        return at < facts.Sources.Count && facts.Sources[at] is { Kind: SourceKind.Git } source && !Commits.IsWhole(follows)
            ? await git(source.Repository, follows, runs, ct)
            : null;
    }
}
