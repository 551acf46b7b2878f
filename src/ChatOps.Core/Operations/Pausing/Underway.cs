using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>
/// What is just being made or ended on an application: it decides what a pause of it would be. A set takes our marks away, and
/// then the cluster does not tell one pause by the application's switch from another, so the books let only one at a time be
/// made. Each lease is written first and the others are read then, so of two at once one sees the other. Pure.
/// </summary>
public static class Underway
{
    /// <summary>An end that has not come by then is for people to look into, and nothing else may wait for it in silence.</summary>
    private const int PatientTries = 2;

    /// <summary>Of two replicas.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(10);

    /// <summary>Whether a pause that is not begun has to wait, or cannot be; null: neither.</summary>
    public static SecondLook? Before(Operation operation, ApplicationRef target, IReadOnlyList<Lease> unsettled)
    {
        var others = unsettled.Where(lease => lease.Target == target && lease.Operation != operation.Id).ToList();
        return others.Where(lease => lease.State == LeaseState.Ending).MaxBy(lease => lease.Attempts) is { } ending
            ? ending.Attempts <= PatientTries ? new SecondLook.Later() : new SecondLook.No($"the end of incident {ending.Incident}'s {ending.Noun} of {target.Name} is not done after {ending.Attempts} tries; its thread says why")
            : others.Exists(lease => lease is { State: LeaseState.Starting, Joins: null } && SharedPause.IsByField(lease)) ? new SecondLook.Later()
            : null;
    }

    /// <summary>
    /// Whether another pause of the same switch is ahead of one whose leases are in the books. It is waited for while it may come
    /// to nothing; where it has come to stand, or where both wait for each other, one gives up. What stood before is not ahead: the
    /// second look has seen what is left of it.
    /// </summary>
    public static ClusterAnswer? Ahead(Operation operation, IReadOnlyList<Lease> unsettled) =>
        (from ours in unsettled
         where ours.Operation == operation.Id && ours.State == LeaseState.Starting
         from other in SharedPause.Rivals(ours, unsettled)
         where other.State != LeaseState.Active || other.HoldSince is null || other.HoldSince >= ours.StartedAt - ClockDifference
         orderby GivesUp(ours, other) descending
         select GivesUp(ours, other)
             ? new ClusterAnswer(ClusterAnswerKind.Moved, $"Incident {other.Incident} has paused {ours.Target.Name} in that moment")
             : new ClusterAnswer(ClusterAnswerKind.FenceBusy, $"incident {other.Incident} is just {(other.State == LeaseState.Ending ? "ending its" : "making a")} pause of {ours.Target.Name}, and what comes of that shows in a moment")).FirstOrDefault();

    private static bool GivesUp(Lease ours, Lease other) => other.State == LeaseState.Active || other.State == LeaseState.Starting && ours.Operation.CompareTo(other.Operation) > 0;
}
