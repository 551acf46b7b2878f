using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Revisions;

namespace ChatOps.Core.Leases;

/// <summary>Asks, before an override ends that keeps a rollback, what Git says by now: the engine, and Git itself where it may be asked.</summary>
public sealed class LookAtComeback(IRecords records, Applications applications, LookAtBranch git)
{
    /// <summary>Null: nothing else than Git says was deployed under it, nor behind the pause of another incident that it joined; or there is nothing left to deploy to.</summary>
    public async Task<Comeback?> LookAsync(Lease lease, CancellationToken ct)
    {
        if (await InsteadAsync(lease, ct) is not { } instead)
        {
            return null;
        }

        var (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
        return facts is { Flight: { Automated: false } flight } ? Comeback.Unread(instead, $"an operation of {flight.By} is under way, and what it deploys is in no history yet")
            : facts is not null ? Comeback.Of(instead, facts, await Task.WhenAll(facts.TargetRevisions.Select((follows, at) => AskAsync(facts, follows, at, ct))))
            : answer.Kind == ClusterAnswerKind.Gone ? null
            : Comeback.Unread(instead, answer.Sentence);
    }

    /// <summary>Where the engine is not asked, since it did not answer just now.</summary>
    public async Task<Comeback?> UnaskedAsync(Lease lease, CancellationToken ct) =>
        await InsteadAsync(lease, ct) is { } instead ? Comeback.Unread(instead, "Argo CD did not answer just now") : null;

    private async Task<InsteadOfGit?> InsteadAsync(Lease lease, CancellationToken ct) => (await records.FindOperationAsync(lease.Deployed ?? lease.Mark, ct))?.Plan.Work.Instead;

    private async Task<BranchLook?> AskAsync(ApplicationFacts facts, string follows, int at, CancellationToken ct)
    {
        var runs = facts.Syncing.History is [var newest, ..] && at < newest.Revisions.Count ? newest.Revisions[at] : null;
        return at < facts.Sources.Count && facts.Sources[at] is { Kind: SourceKind.Git } source && !Commits.IsWhole(follows)
            ? await git(source.Repository, follows, runs, ct)
            : null;
    }
}
