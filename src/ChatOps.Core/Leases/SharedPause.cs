using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Leases;

/// <summary>
/// One pause that several incidents need. In the books each incident has a lease of its own, with owner, reason and end, and the
/// application is let go only when the last of them lets it go. In the cluster a pause by a field of the application is one
/// override with one mark; of deny windows each incident has its own. Pure.
/// </summary>
public static class SharedPause
{
    /// <summary>The leases of other incidents by which this application is paused now, the longest first: what a further incident can join.</summary>
    public static IReadOnlyList<Lease> Standing(IEnumerable<Lease> unsettled, ApplicationFacts facts, int incident) =>
        [.. unsettled.Where(lease => lease.State == LeaseState.Active && (IsByField(lease) || IsByWindow(lease)) && lease.Incident != incident && lease.Target == facts.Ref && lease.Uid == facts.Uid && Holding.IsPaused(lease, facts))
            .OrderByDescending(lease => lease.Deadline)];

    /// <summary>As <see cref="Standing"/>, of pauses of exactly these fields.</summary>
    public static IReadOnlyList<Lease> StandingOn(IReadOnlyList<HeldResource> resources, IEnumerable<Lease> unsettled, ApplicationFacts facts, int incident) =>
        [.. unsettled.Where(lease => lease.State == LeaseState.Active && lease.Only?.AreOf(resources) == true && lease.Incident != incident && lease.Target == facts.Ref && lease.Uid == facts.Uid && facts.Mark?.Operation == lease.Mark && Holding.IsPaused(lease, facts))
            .OrderByDescending(lease => lease.Deadline)];

    /// <summary>
    /// Who else holds the pause of this lease, the longest first. One that is about to begin counts where it would find the field
    /// put back under its hands, a window that is about to come does not; one that is being ended does not either: of two that
    /// end at once neither leaves it to the other.
    /// </summary>
    /// <param name="seen">The application now: of windows only those count that are open there, since each can go for itself. Null: not known, and then no window counts.</param>
    public static IReadOnlyList<Lease> Holders(Lease lease, IEnumerable<Lease> unsettled, ApplicationFacts? seen) =>
    [
        .. Fellows(lease, unsettled)
            .Where(other => other.WindowIn is null ? other.State is LeaseState.Starting or LeaseState.Active : other.State == LeaseState.Active && IsOpen(other, seen))
            .OrderByDescending(other => other.Deadline),
    ];

    private static bool IsOpen(Lease lease, ApplicationFacts? seen) =>
        seen is not null && lease.Deadline > seen.ReadAt && seen.OpenWindows.Any(mark => lease.IsMarkedBy(mark.Operation));

    /// <summary>An end that was begun when nobody else held the pause, as far as can be told; null where somebody holds it anyway.</summary>
    public static Lease? Ending(Lease joining, IReadOnlyList<Lease> unsettled) => Fellows(joining, unsettled).Any(other => other.State == LeaseState.Active)
        ? null
        : Fellows(joining, unsettled).FirstOrDefault(other => other.State == LeaseState.Ending);

    /// <summary>
    /// An end that people allowed only because somebody else held the pause, and nobody does any more: what hands changed
    /// would be lost, and nobody was shown it.
    /// </summary>
    public static bool MustAskFirst(Lease lease, IReadOnlyList<Lease> unsettled, ApplicationFacts? seen) =>
        lease.OnlyLetsGo && Holders(lease, unsettled, seen).Count == 0 && !Fellows(lease, unsettled).Any(other => other is { State: LeaseState.Ending, OnlyLetsGo: false });

    /// <summary>What the end of the pause needs: the strictest of what the rules of all want who hold it, or are just letting it go.</summary>
    public static Overwriting Rule(Lease lease, IEnumerable<Lease> unsettled) =>
        Overwriting.Strictest([lease.Overwriting, .. Fellows(lease, unsettled).Select(other => other.Overwriting)]);

    /// <summary>The incidents beside this one, as people are told of them.</summary>
    public static IReadOnlyList<Lease> Told(Lease lease, IEnumerable<Lease> unsettled, ApplicationFacts seen) =>
        [.. Holders(lease, unsettled, seen).Where(other => other.State == LeaseState.Active).OrderBy(other => other.Incident)];

    /// <summary>Another pause of the application counts on the entry of ours in its set, so an end of this one leaves that there.</summary>
    public static bool KeepsEntry(Lease lease, IEnumerable<Lease> unsettled) => lease.InSet is not null
        && unsettled.Any(other => CountsOnEntryOf(lease, other));

    private static bool CountsOnEntryOf(Lease lease, Lease other) =>
        other.State is LeaseState.Starting or LeaseState.Active && IsByField(other) && other.Id != lease.Id && other.Target == lease.Target && other.Uid == lease.Uid;

    /// <summary>Who is to take the entry out then, where none of those that count on it has it in its own books: the longest. Null: somebody has, or nobody counts on it.</summary>
    public static Lease? Heir(Lease lease, IEnumerable<Lease> unsettled)
    {
        var others = unsettled.Where(other => CountsOnEntryOf(lease, other)).ToList();
        return others.Exists(other => other.InSet is not null) ? null : others.MaxBy(other => other.Deadline);
    }

    /// <summary>A pause that is just ending takes the entry out of the set perhaps without having seen this one, which has to wait for it.</summary>
    public static Lease? TakesEntry(Lease lease, IEnumerable<Lease> unsettled) => lease.InSet is null ? null
        : unsettled.FirstOrDefault(other => other is { State: LeaseState.Ending, InSet: not null } && other.Id != lease.Id && other.Target == lease.Target && other.Uid == lease.Uid);

    /// <summary>"incident 2", "incidents 2 and 3".</summary>
    public static string InWords(IReadOnlyList<int> incidents) => incidents is [var only]
        ? $"incident {only}"
        : $"incidents {string.Join(", ", incidents.SkipLast(1))} and {incidents[^1]}";

    /// <summary>Pauses of the same switch that an operation of its own made or makes: one at the most can be in the cluster.</summary>
    public static IReadOnlyList<Lease> Rivals(Lease lease, IEnumerable<Lease> unsettled) =>
        [.. unsettled.Where(other => IsByField(lease) && IsByField(other) && other.IsLive && other.Target == lease.Target && other.Uid == lease.Uid && other.Mark != lease.Mark)];

    /// <summary>What the application's own sync policy holds; a switch has one commit only.</summary>
    internal static bool IsByField(Lease lease) => lease is { Mechanism: PauseMechanism.SwitchOff or PauseMechanism.TakeOut, WindowIn: null, Branch: null, Outside: null };

    /// <summary>A pause that a deny window holds, which ends by itself. A rollback's is not: what its end brings back is its own incident's to decide.</summary>
    private static bool IsByWindow(Lease lease) => lease is { Kind: LeaseKind.Pause, WindowIn: not null };

    private static IEnumerable<Lease> Fellows(Lease lease, IEnumerable<Lease> unsettled) =>
        unsettled.Where(other => other.Id != lease.Id && other.Target == lease.Target && other.Uid == lease.Uid
            && (other.Mark == lease.Mark && (IsByField(lease) && IsByField(other) || lease.Only is not null && other.Only is not null) || IsByWindow(lease) && IsByWindow(other) && other.WindowIn == lease.WindowIn && other.Incident != lease.Incident));
}
