using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <content>What each application follows: a switch is stored by its first call and deployed by the next.</content>
internal sealed partial class ModelCluster
{
    public const string RevisionPath = "/spec/source/targetRevision";
    private readonly Dictionary<ApplicationRef, (string? Json, string Writer)> follows = [];

    /// <summary>What the engine has compared with; null: whatever the application follows.</summary>
    public string? Compared { get; set; }

    public string? Follows(ApplicationRef application) => follows.TryGetValue(application, out var one) ? one.Json : "\"main\"";

    /// <summary>Somebody else writes it.</summary>
    public void Follow(ApplicationRef application, string? json, string writer = "kubectl-edit") => follows[application] = (json, writer);

    public Task<ClusterAnswer> SwitchAsync(AuthorizedOperation operation, CancellationToken ct)
    {
        var target = operation.Operation.Plan.Application;
        var work = operation.Operation.Plan.Of<BranchWork>();
        if (work.BehindWindow is not null)
        {
            return operation.Operation.Progress is null
                ? Write(() => applications.TryGetValue(target.Ref, out var held) ? HoldByWindow(operation, held) is ClusterAnswerKind.Ok ? ClusterAnswerKind.UnderWay : ClusterAnswerKind.Moved : ClusterAnswerKind.Gone, BranchWork.StillToBegin)
                : Carry(operation, "sync");
        }

        if (applications.TryGetValue(target.Ref, out var there) && there.Mark?.Operation == operation.Operation.Id)
        {
            return Task.FromResult(Follows(target.Ref) != work.To.Pinned ? Answer(ClusterAnswerKind.Moved)
                : Outcomes.TryDequeue(out var outcome) ? outcome : new ClusterAnswer(ClusterAnswerKind.Ok, "Succeeded at " + Commits.Abbreviate(work.To.Commit)));
        }

        return Write(() =>
        {
            if (!applications.TryGetValue(target.Ref, out var one) || one.Uid != target.Uid)
            {
                return ClusterAnswerKind.Gone;
            }

            // The mark of a switch that somebody has taken back is left over, and stands in nobody's way.
            var standing = one.Mark is { Branch: { } held } && Follows(target.Ref) != held.Pinned ? null : one.Mark?.Operation;
            if (Follows(target.Ref) != work.AsRead[0].Json || standing != work.Replaces)
            {
                return ClusterAnswerKind.Moved;
            }

            OnChange?.Invoke(operation);
            var mark = new OverrideMark(operation.Operation.Incident, operation.Operation.Id, operation.Operation.EndsAt(operation.Operation.StateSince), work.To.Sources[0].Before, operation.KubernetesUser) { Branch = work.To };
            applications[one.Ref] = one with { Mark = mark };
            follows[one.Ref] = (work.To.Pinned, "chatops");
            Effects.Add((operation.Operation.Id, "switch", operation.KubernetesUser));
            return ClusterAnswerKind.UnderWay;
        });
    }

    public Task<ClusterAnswer> SwitchBackAsync(AuthorizedEnd end, CancellationToken ct) => end.Lease.WindowIn is not null ? Write(() => EndWindow(end)) : Write(() =>
    {
        var held = end.Lease.Moving?.To is { } moving && Follows(end.Lease.Target) == moving.Pinned ? moving : end.Lease.Branch!;
        if (!applications.TryGetValue(end.Lease.Target, out var one) || one.Uid != end.Lease.Uid)
        {
            return ClusterAnswerKind.Gone;
        }

        if (Follows(one.Ref) != held.Pinned)
        {
            applications[one.Ref] = one with { Mark = null };
            return one.Mark is null && Follows(one.Ref) == held.Sources[0].Before.Json ? ClusterAnswerKind.Ok : ClusterAnswerKind.Moved;
        }

        follows[one.Ref] = (held.Sources[0].Before.Json, "chatops");
        applications[one.Ref] = one with { Mark = null };
        Effects.Add((end.Lease.Operation, "switch back", end.KubernetesUser));
        return ClusterAnswerKind.Ok;
    });

    private SourceFacts SourceOf(ApplicationRef application)
    {
        var json = Follows(application);
        return new(World.Repository, SourceKind.Git, new(RevisionPath, json, null), Permitted: true)
        {
            Compared = Compared ?? json?.Trim('"'),
            Hand = new(follows.TryGetValue(application, out var one) && one.Writer is { } writer ? writer : "kubectl-create", null),
        };
    }
}
