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

        if (!IsThere(lease.Operation, facts))
        {
            return facts.Mark?.Operation == lease.Operation && now >= lease.Deadline
                ? new Holding.Waiting("its end, which has come")
                : new Holding.Taken(Taker(lease, facts), Hold.Reverted, facts.IsHeldByWindow ? facts.Mark!.Operation : null);
        }

        if (facts.Blockers.FirstOrDefault(blocker => blocker.Kind == BlockerKind.SkipReconcile) is { } skip)
        {
            return new Holding.NotKnown(skip.Sentence.TrimEnd('.'));
        }

        if (lease.Hold == Hold.Holding)
        {
            return new Holding.Proved();
        }

        var isPatient = now - lease.StartedAt < Holding.ControllerPatience;
        if (facts.RefreshPending)
        {
            return isPatient ? new Holding.Waiting("the controller")
                : new Holding.NotKnown("the controller has not answered a refresh since the window was stored: it is down, overloaded or told to skip this application");
        }

        return facts.Flight switch
        {
            null or { KeptByWindow: true } => new Holding.Proved(),
            _ when isPatient => new Holding.Waiting("an operation that was already running"),
            var flight => new Holding.NotKnown($"an operation of {flight.By} is still {(flight.WaitsToRetry ? "waiting to be tried again" : "running")} and can overwrite hand changes"),
        };
    }

    public static bool IsThere(Guid operation, ApplicationFacts facts) => facts.IsHeldByWindow && facts.Mark!.Operation == operation;

    private static string Taker(Lease lease, ApplicationFacts facts) => facts.Project != lease.WindowIn
        ? $"whoever moved it to project {facts.Project}"
        : facts.WindowsManager is { } manager and not "chatops" ? manager : Nobody;
}
