using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;

namespace ChatOps.Core.Leases;

/// <content>A branch that an application runs from for a while: the switch, and each further commit of it.</content>
public sealed partial record Lease
{
    /// <summary>Of a switch to a branch: where to, and the way back. Then there is no pause, and <see cref="Mechanism"/> says no more than whether a window holds it.</summary>
    public HeldBranch? Branch { get; init; }

    /// <summary>The newest commit of the branch that people were told of.</summary>
    public string? BranchTip { get; init; }

    /// <summary>The branch was deleted while in use, and people were told.</summary>
    public bool BranchGone { get; init; }

    /// <summary>The operation by which people approved that it follows the branch: later commits are deployed by themselves. Null: it stays where it is.</summary>
    public Guid? Follows { get; init; }

    /// <summary>People were told that a newer commit waits for the one that is being deployed.</summary>
    public bool PushWaits { get; init; }

    /// <summary>A further switch that is being written, so that a crash in the middle leaves nobody in doubt about whose it is.</summary>
    public SwitchUnderWay? Moving { get; init; }

    /// <summary>The switch before the one that it was moved to last: where nobody has learned whether that was stored, this one may still be there.</summary>
    public SwitchUnderWay? MovedFrom { get; init; }

    /// <summary>What people call it.</summary>
    public string Noun => Outside is not null ? "override" : Branch is null ? "pause" : "branch switch";

    /// <summary>The word of the command that ends it.</summary>
    public string EndWord => Branch is null ? "resume" : "restore";

    public string EndedWord => Branch is null ? "resumed" : "restored";

    /// <summary>"is paused", "runs commit …".</summary>
    public string Condition => this switch
    {
        { Outside: not null } => "is overridden from outside",
        { Branch: { } held, Follows: not null } => $"follows branch {held.Branch}, now at commit {Commits.Abbreviate(held.Commit)}",
        { Branch: { } held } => $"runs commit {held.Spoken}",
        { Only: { } only } => $"is paused in part ({only.Spoken})",
        _ => "is paused",
    };

    /// <summary>What asks for such a pause again, up to how long.</summary>
    public string PauseWords => $"pause {Target.Name}{(Only is { } only ? $" only {only.Spoken}" : "")}";

    /// <summary>The lease of a switch that is about to be stored in the cluster.</summary>
    public static Lease Switched(Operation operation, DateTimeOffset now)
    {
        var work = operation.Plan.Of<BranchWork>();
        var (held, byWindow) = (work.To, work.BehindWindow is not null);
        return new()
        {
            Id = operation.Lease,
            Kind = LeaseKind.Branch,
            Incident = operation.Incident,
            Operation = operation.Id,
            Target = operation.Plan.Application.Ref,
            Uid = operation.Plan.Application.Uid,
            Mechanism = byWindow ? PauseMechanism.Window : PauseMechanism.SwitchOff,
            WindowIn = byWindow ? operation.Plan.Application.Project : null,
            Deploys = work.BehindWindow ?? [],
            Before = held.Sources[0].Before,
            Branch = held,
            BranchTip = held.Commit,
            Follows = operation.Plan.Of<BranchWork>().Follows ? operation.Id : null,
            KubernetesUser = operation.Authority.KubernetesUser,
            Owner = operation.RequestedBy,
            Reason = operation.Reason,
            StartedAt = now,
            Deadline = operation.EndsAt(now),
            Latest = now + operation.Authority.LongestInAll,
            ResumeAtDeadline = operation.Authority.ResumeAtDeadline || byWindow,
            Overwriting = operation.Authority.Overwriting,
            State = LeaseState.Starting,
            Hold = Hold.Stored,
            HoldSince = now,
        };
    }

    public Lease Move(Operation further) => this with { Moving = new(further.Id, further.Plan.Of<BranchWork>().To) };

    /// <summary>The further switch is stored: it is what the lease is about now, with its own end.</summary>
    public Lease Moved(Operation further, DateTimeOffset now) => (further.Plan.Of<BranchWork>().Standing is null ? Extend(further.EndsAt(further.StateSince)) : this) with
    {
        Operation = further.Id,
        MovedFrom = new(Operation, Branch!),
        Branch = further.Plan.Of<BranchWork>().To,
        BranchTip = further.Plan.Of<BranchWork>().To.Commit,
        BranchGone = false,
        Follows = FollowsAfter(further),
        Deploys = further.Plan.Of<BranchWork>().BehindWindow ?? [],
        Reason = further.Reason,
        Moving = null,
        PushWaits = PushWaits && further.Plan.Of<BranchWork>().Standing is not null,
        Hold = Hold.Stored,
        HoldSince = now,
    };

    /// <summary>A commit of what was followed begins no following anew that people ended meanwhile.</summary>
    private Guid? FollowsAfter(Operation further) => further.Plan.Of<BranchWork>() switch
    {
        { Follows: false } => null,
        { Standing: { } standing } => Follows == standing ? standing : null,
        _ => further.Id,
    };

    public Lease NotMoved() => this with { Moving = null };

    /// <summary>Whether a mark in the cluster is that of this override.</summary>
    public bool IsMarkedBy(Guid operation) => operation == Mark || operation == Moving?.Operation || operation == MovedFrom?.Operation;
}

/// <summary>A further commit that a branch switch is about to be moved to, or the one that it was moved from.</summary>
public sealed record SwitchUnderWay(Guid Operation, HeldBranch To);
