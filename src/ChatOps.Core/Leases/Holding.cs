using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Leases;

/// <summary>What one look at an application says about its pause.</summary>
public abstract record Holding
{
    /// <summary>After this long without an answer to the refresh that went with the pause, the controller is said not to answer.</summary>
    public static readonly TimeSpan ControllerPatience = TimeSpan.FromSeconds(10);

    /// <summary>The clocks of the API server and of the engine differ, and what an owner compares it hears of a moment later.</summary>
    private static readonly TimeSpan OwnerHearsWithin = TimeSpan.FromSeconds(5);

    private Holding()
    {
    }

    /// <summary>The controller has worked on a copy that has the pause, and no older operation is left.</summary>
    public sealed record Proved : Holding;

    /// <summary>Too early to tell.</summary>
    public sealed record Waiting(string For) : Holding;

    public sealed record NotKnown(string Why) : Holding;

    /// <summary>The field is not ours any more.</summary>
    /// <param name="By">The field manager that wrote it last, as far as the cluster says.</param>
    /// <param name="Left">Whether the engine syncs by itself again.</param>
    /// <param name="Another">The other operation whose mark keeps the engine from it now.</param>
    public sealed record Taken(string By, Hold Left, Guid? Another) : Holding;

    /// <summary>The application that was paused does not exist any more.</summary>
    public sealed record Gone : Holding;

    /// <summary>
    /// Who switched it on where the cluster names nobody: a field that is taken out leaves no writer, and an owner that takes out
    /// what it does not know does so within a second. A guess, and said as one.
    /// </summary>
    public static string Likely(ApplicationFacts facts) => (facts.AutoSyncOn, facts.Owner.Kind) switch
    {
        (true, OwnerKind.Set) => $"ApplicationSet {facts.Owner.Name}, as it seems (the cluster does not say who),",
        (true, OwnerKind.Parent) => $"the parent application {facts.Owner.Name}, as it seems (the cluster does not say who),",
        (true, OwnerKind.Other) => $"{facts.Owner.Name}, as it seems (the cluster does not say who),",
        _ => "somebody (the cluster does not say who)",
    };

    /// <summary>
    /// Judges facts; pure. Time without a revert proves nothing, because reverts back off for minutes: only the answered
    /// refresh of the fence does (argocd-observed, section 2).
    /// </summary>
    public static Holding Judge(Lease lease, ApplicationFacts facts, DateTimeOffset now)
    {
        if (lease.Outside is { } outside)
        {
            return facts.Uid != lease.Uid ? new Gone() : new Taken(outside.Hand, outside.IsStillThere(facts) ? Hold.OffByOthers : Hold.Reverted, Another: null);
        }

        if (lease.WindowIn is not null)
        {
            return WindowHolding.Judge(lease, facts, now);
        }

        if (lease.Branch is not null)
        {
            return BranchHolding.Judge(lease, facts, now);
        }

        if (lease.Only is not null)
        {
            return FieldsHolding.Judge(lease, facts, now);
        }

        if (facts.Uid != lease.Uid)
        {
            return new Gone();
        }

        if (facts.AutoSyncOn || !IsOf(lease.Mark, facts))
        {
            var another = !facts.AutoSyncOn && facts.Mark is { } mark && mark.Operation != lease.Mark ? mark.Operation : (Guid?)null;
            return new Taken(facts.PauseFieldManager ?? Likely(facts), facts.AutoSyncOn ? Hold.Reverted : Hold.OffByOthers, another);
        }

        if (facts.Blockers.FirstOrDefault(blocker => blocker.Kind == BlockerKind.SkipReconcile) is { } skip)
        {
            return new NotKnown(skip.Sentence);
        }

        if (lease.Hold == Hold.Holding)
        {
            // Proved once, and the field is still ours: whatever is asked of the controller since, it knows of the pause.
            return new Proved();
        }

        if (facts.RefreshPending)
        {
            return now - lease.StartedAt < ControllerPatience
                ? new Waiting("the controller")
                : new NotKnown("the controller has not answered a refresh since the pause was stored: it is down, overloaded or told to skip this application");
        }

        if (facts.Flight is { } flight)
        {
            return now - lease.StartedAt < ControllerPatience
                ? new Waiting("an operation that was already running")
                : new NotKnown($"an operation of {flight.By} is still {(flight.WaitsToRetry ? "waiting to be tried again" : "running")} and can overwrite hand changes");
        }

        if (lease.InSet is { } entry && facts.Mark is not null)
        {
            // A set takes our annotations off whenever it works on the application: one that has, has seen the pause as well.
            return now - lease.StartedAt < ControllerPatience
                ? new Waiting($"ApplicationSet {entry.Set}")
                : new NotKnown($"ApplicationSet {entry.Set} has not been seen to work on it since it was paused: our annotations, which it takes off, are still there");
        }

        return new Proved();
    }

    /// <summary>
    /// When the parent application began a whole comparison that found nothing to put back, of a copy that has our field; null
    /// while there was none. What it compares by itself whenever the child changes moves no such time.
    /// </summary>
    public static DateTimeOffset? OwnerLookedAt(Lease lease, ApplicationFacts facts) =>
        lease is { WindowIn: null, Branch: null, Only: null, Outside: null }
        && facts is { PauseFieldManager: "chatops", PauseFieldWrittenAt: { } written, ParentFoundSyncedAt: { } compared } && compared >= written + OwnerHearsWithin
            ? compared
            : null;

    /// <summary>
    /// An automated operation that was still at work when the pause was stored, or started after it: a revert that was
    /// already on its way. Told by what the controller said then and says now, because its clock is not ours and has
    /// whole seconds; not told where nobody noted what it said then.
    /// </summary>
    public static Flight? Slipped(Lease lease, ApplicationFacts facts) =>
        facts.LastOperation is { Automated: true, StartedAt: { } started } last
        && last.Resources.Count > 0
        && (lease.Joins is null || started > lease.StartedAt)
        && (lease.RevertsToldUpTo is { } told ? started > told : facts.Mark is { Last: { } then } mark && then != last.Seen && !(mark.EndedWhileWaiting && then.StartedAt == started))
        && (lease.Only is null || facts.Mark is { Last: { } before } && FieldsHolding.Overwrote(lease, before, last))
            ? last
            : null;

    /// <summary>The pause of this lease is in the cluster, as far as the facts say.</summary>
    public static bool IsPaused(Lease lease, ApplicationFacts facts) => lease.Only is not null ? FieldsHolding.IsThere(lease, facts)
        : lease.WindowIn is null ? !facts.AutoSyncOn && IsOf(lease.Mark, facts)
        : WindowHolding.IsThere(lease, facts);

    /// <summary>Our mark; or, where somebody took the annotations away (an ApplicationSet does at once), our own hand on the field.</summary>
    public static bool IsOf(Guid operation, ApplicationFacts facts) =>
        facts.Mark is { } mark ? mark.Operation == operation : facts.PauseFieldManager == "chatops";
}
