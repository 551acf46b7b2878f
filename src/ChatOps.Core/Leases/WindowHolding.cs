using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Leases;

/// <summary>
/// What one look at an application says about the deny window that holds it. Nothing on the application tells of windows
/// (argocd-observed, section 4), so it is proved as the pause by a field is: the engine has answered a refresh that was
/// asked for when the window was stored. Pure.
/// </summary>
public static class WindowHolding
{
    private const string Nobody = "somebody (the cluster does not say who)";

    public static Holding Judge(Lease lease, ApplicationFacts facts, DateTimeOffset now)
    {
        if (facts.Uid != lease.Uid)
        {
            return new Holding.Gone();
        }

        if (facts.UnreadProjects.Contains(lease.WindowIn))
        {
            return new Holding.NotKnown($"project {lease.WindowIn}, whose window holds it, cannot be read");
        }

        if (!IsThere(lease, facts))
        {
            return facts.Marks.Any(mark => lease.IsMarkedBy(mark.Operation)) && now >= lease.Deadline
                ? new Holding.Waiting("its end, which has come")
                : new Holding.Taken(Taker(lease, facts), Hold.Reverted, facts.OpenWindows.FirstOrDefault(mark => mark.Incident == lease.Incident)?.Operation);
        }

        if (facts.Blockers.FirstOrDefault(blocker => blocker.Kind == BlockerKind.SkipReconcile) is { } skip)
        {
            return new Holding.NotKnown(skip.Sentence.TrimEnd('.'));
        }

        if (lease.Hold == Hold.Holding)
        {
            return NotDeployed(lease, facts, now) ?? new Holding.Proved();
        }

        var isPatient = now - lease.StartedAt < Holding.ControllerPatience;
        if (facts.RefreshPending)
        {
            return isPatient ? new Holding.Waiting("the controller")
                : new Holding.NotKnown("the controller has not answered a refresh since the window was stored: it is down, overloaded or told to skip this application");
        }

        return facts.Flight switch
        {
            null or { KeptByWindow: true } => NotDeployed(lease, facts, now) ?? new Holding.Proved(),
            { Automated: false } when lease.Deploys.Count > 0 => new Holding.Waiting("a sync that is under way"),
            _ when isPatient => new Holding.Waiting("an operation that was already running"),
            var flight => new Holding.NotKnown($"an operation of {flight.By} is still {(flight.WaitsToRetry ? "waiting to be tried again" : "running")} and can overwrite hand changes"),
        };
    }

    public static bool IsThere(Lease lease, ApplicationFacts facts) => facts.OpenWindows.Any(mark => lease.IsMarkedBy(mark.Operation));

    /// <summary>A window lets syncs by hand pass, so what the engine says it deployed last decides; where it keeps no history nobody can tell.</summary>
    private static Holding? NotDeployed(Lease lease, ApplicationFacts facts, DateTimeOffset now)
    {
        if (lease.Deploys.Count == 0 || facts.Syncing.History is not [var newest, ..] || newest.Revisions.SequenceEqual(lease.Deploys))
        {
            return null;
        }

        if (facts.Flight is { Automated: false })
        {
            return new Holding.Waiting("a sync that is under way");
        }

        return lease.Hold == Hold.Holding
            ? new Holding.NotKnown($"{(facts.LastOperation is { Automated: false } last ? last.By : "somebody")} has synced it by hand since, and {newest.Spoken} is deployed now")
            : now - (lease.HoldSince ?? lease.StartedAt) < Holding.ControllerPatience ? new Holding.Waiting("the sync that deploys it")
            : new Holding.NotKnown($"{newest.Spoken} is deployed, and not {string.Join(", ", lease.Deploys.Select(Commits.Abbreviate))}");
    }

    private static string Taker(Lease lease, ApplicationFacts facts) => facts.Project != lease.WindowIn
        ? $"whoever moved it to project {facts.Project}"
        : facts.WindowsManager is { } manager and not "chatops" ? manager : Nobody;
}
