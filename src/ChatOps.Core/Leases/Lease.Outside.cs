using ChatOps.Core.Outside;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Leases;

/// <content>An override that somebody else made and somebody took as theirs: it waits for people from the start, with an owner and an end.</content>
public sealed partial record Lease
{
    /// <summary>What was done from outside, and the way back. Null: the override is ours.</summary>
    public OutsideOverride? Outside { get; init; }

    /// <summary>They have changed it once more, and people are told what it is now: that is what an end puts back from.</summary>
    public Lease SeenAs(OutsideOverride now) => this with { Outside = now, Before = now.Fields[0].Before, Reason = ReasonOf(now), EndedBy = now.Hand };

    private static string ReasonOf(OutsideOverride made) => $"{made.Condition}, changed by {made.Hand}";

    /// <summary>It is not stored by us, so nothing proves that it holds; we only know that it is there.</summary>
    public static Lease Taken(OutsideOverride made, ApplicationFacts facts, int incident, string owner, string kubernetesUser, Overwriting overwriting, DateTimeOffset deadline, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Kind = LeaseKind.Outside,
        Outside = made,
        Incident = incident,
        Operation = Guid.CreateVersion7(now),
        Target = facts.Ref,
        Uid = facts.Uid,
        Mechanism = facts.Mechanism,
        Before = made.Fields is [var first, ..] ? first.Before : facts.Automated,
        KubernetesUser = kubernetesUser,
        Owner = owner,
        Reason = ReasonOf(made),
        StartedAt = now,
        Deadline = deadline,
        Latest = deadline,
        ResumeAtDeadline = false,
        Overwriting = overwriting,
        State = LeaseState.Overtaken,
        Hold = Hold.OffByOthers,
        HoldSince = made.At ?? now,
        EndedBy = made.Hand,
    };
}
