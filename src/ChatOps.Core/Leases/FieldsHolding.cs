using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Leases;

/// <summary>
/// What one look at an application says about a pause of only some of its fields. Proved as every pause is: the engine has
/// answered the refresh that went with it, and no sync from before is left, since one goes on with the options that it began
/// with. Pure.
/// </summary>
public static class FieldsHolding
{
    public static Holding Judge(Lease lease, ApplicationFacts facts, DateTimeOffset now)
    {
        if (facts.Uid != lease.Uid)
        {
            return new Holding.Gone();
        }

        if (!IsThere(lease, facts))
        {
            var another = facts.Mark is { } mark && mark.Operation != lease.Mark ? mark.Operation : (Guid?)null;
            return new Holding.Taken(facts.Rules.Writer is { } writer and not "chatops" ? writer : "somebody (the cluster does not say who)", Hold.Reverted, another);
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
                : new Holding.NotKnown("the controller has not answered a refresh since the pause was stored: it is down, overloaded or told to skip this application");
        }

        return facts.Flight switch
        {
            null => new Holding.Proved(),
            { } flight when lease.Only!.AddsOption && flight.Respects => new Holding.Proved(), // it began with our option
            _ when isPatient => new Holding.Waiting("an operation that was already running"),
            var flight => new Holding.NotKnown($"an operation of {flight.By} from before the pause is still {(flight.WaitsToRetry ? "waiting to be tried again" : "running")} and can overwrite hand changes"),
        };
    }

    /// <summary>All our rules and the option, whatever the mark says: a rule of ours says itself whose it is, unless another pause in part has the same.</summary>
    public static bool IsThere(Lease lease, ApplicationFacts facts) =>
        lease.Only!.IsIn(facts.Rules) && (facts.Mark is not { } mark || mark.Operation == lease.Mark || !AreAnothers(lease.Only, mark));

    /// <summary>Rules of these fields are those of the pause that this mark tells of.</summary>
    public static bool AreAnothers(HeldFields only, OverrideMark mark) =>
        mark.Only is { } theirs && theirs.Resources.Any(one => only.Resources.Any(ours => JsonNode.DeepEquals(one.Rule, ours.Rule)));

    /// <summary>A sync that goes past the rules: it began before them, or without the option.</summary>
    public static bool Overwrote(Lease lease, OperationSeen then, Flight last) =>
        last.Resources.Intersect(lease.Only!.Resources.Select(resource => resource.Resource.Spoken)).Any()
        && (last.StartedAt == then.StartedAt || !last.Respects);
}
