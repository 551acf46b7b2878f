using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Leases;

/// <content>How a lease moves. It is written before the override exists, and ends only when the override is known to be gone.</content>
public sealed partial record Lease
{
    /// <summary>The lease of a pause that is about to be stored in the cluster.</summary>
    public static Lease Written(Operation pause, DateTimeOffset now) => new()
    {
        Id = pause.Lease,
        Kind = pause.Kind == OperationKind.Rollback ? LeaseKind.RollbackHold : LeaseKind.Pause,
        Incident = pause.Incident,
        Operation = pause.Id,
        Target = pause.Plan.Application.Ref,
        Uid = pause.Plan.Application.Uid,
        Mechanism = pause.Plan.Of<AboutPause>().Mechanism,
        Before = pause.Plan.Of<AboutPause>().Before,
        Only = pause.Plan.Of<AboutPause>().Only,
        InSet = pause.Plan.Of<AboutPause>().InSet,
        Joins = (pause.Plan.Work as JoinWork)?.Mark,
        EndedSync = pause.Plan.Work is JoinWork join ? join.EndedSync : PausePlan.EndsOperation(pause.Plan),
        KubernetesUser = pause.Authority.KubernetesUser,
        Owner = pause.RequestedBy,
        Reason = pause.Reason,
        StartedAt = now,
        Deadline = pause.EndsAt(now),
        JoinedSince = pause.Plan.Of<AboutPause>().Since,
        Latest = (pause.Plan.Of<AboutPause>().Since ?? now) + pause.Authority.LongestInAll,
        WindowIn = pause.Plan.Of<AboutPause>().Mechanism == PauseMechanism.Window ? pause.Plan.Application.Project : null,
        Deploys = pause.Plan.Work is RollbackWork { Mechanism: PauseMechanism.Window } back ? back.To.Revisions : [],
        ResumeAtDeadline = pause.Authority.ResumeAtDeadline || pause.Plan.Of<AboutPause>().Mechanism == PauseMechanism.Window,
        Overwriting = pause.Authority.Overwriting,
        State = LeaseState.Starting,
        Hold = Hold.Stored,
        HoldSince = now,
    };

    public Lease Stored(DateTimeOffset now) => this with { State = LeaseState.Active, Hold = Hold.Stored, HoldSince = now, Held = null, EndedBy = null, InSet = InSet is { } entry ? entry with { IsOurs = true } : null };

    public Lease Seen(Hold hold, DateTimeOffset now) => Hold == hold ? this : this with { Hold = hold, HoldSince = now, Held = HeldAt(now) };

    /// <summary>
    /// Something is about to be deployed under it that Git does not say. The first of these knows what people wanted to get rid
    /// of; of a rollback hold that is its own operation.
    /// </summary>
    public Lease Deploy(Guid operation, InsteadOfGit what, DateTimeOffset now) =>
        (Deploys.Count > 0 ? this with { Deploys = what.Runs, Hold = Hold.Stored, HoldSince = now } : this) with { Deployed = Kind == LeaseKind.RollbackHold ? Deployed : Deployed ?? operation };

    /// <summary>A new end; what was said about the old one is forgotten.</summary>
    public Lease Extend(DateTimeOffset deadline) => this with { Deadline = deadline, NoticedAt = null, Escalations = 0, EscalatedAt = null };

    /// <summary>Somebody else changed the field. It stays open: it is over when it is settled, not when we learn that it was taken.</summary>
    public Lease Overtake(string by, Hold left, DateTimeOffset now) =>
        this with { State = LeaseState.Overtaken, Hold = left, HoldSince = now, Held = HeldAt(now), EndedBy = by, NextAttemptAt = null, EscalatedAt = null };

    private TimeSpan? HeldAt(DateTimeOffset now) => Hold == Hold.Holding ? now - HoldSince : Held;

    public Lease Finish(string by, DateTimeOffset now) => this with { State = LeaseState.Ended, EndedAt = now, EndedBy = by, NextAttemptAt = null };

    /// <summary>Active → Ending, with the proof that the port asks for. Also for a lease whose end was begun and not finished.</summary>
    public AuthorizedEnd End(string onBehalfOf)
    {
        if (!IsLive)
        {
            throw new InvalidOperationException($"Lease {Id} is {State}: there is nothing to undo");
        }

        return new(this with { State = LeaseState.Ending, Attempts = Attempts + 1 }, onBehalfOf);
    }
}
