using ChatOps.Core.Leases;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>
/// A pause of what an ApplicationSet takes back, by an entry of ours that tells the set to leave the field alone: where the
/// rule lets us edit the set, the cluster does too, and nobody takes the entry out again. Else the facts stay as they are, and
/// <see cref="WindowWay"/> looks for a window.
/// </summary>
public static class SetWay
{
    /// <summary>As if the rule allowed it: what cannot be paused even so is refused before the rulebook is asked.</summary>
    public static ApplicationFacts AtBest(ApplicationFacts facts) => facts.Set is { TakenBack: null } set ? ByEntry(facts, set, []) : facts;

    /// <param name="rule">Null: not known yet.</param>
    public static async Task<ApplicationFacts> UnderAsync(RuleConfiguration? rule, IReconciler reconciler, ApplicationFacts facts, IReadOnlyList<Lease> unsettled, CancellationToken ct)
    {
        if (rule is null)
        {
            return AtBest(facts);
        }

        var mayBe = rule.MayAddIgnoreApplicationDifferences && facts.Set is { TakenBack: null };
        return Under(rule, facts, unsettled, mayBe ? await reconciler.CoversSetAsync(facts.Ref.Namespace, facts.Set!.Name, ct) : null);
    }

    /// <param name="covered">Whether the cluster's own RBAC lets us edit the set; null where that cannot be asked.</param>
    public static ApplicationFacts Under(RuleConfiguration rule, ApplicationFacts facts, IReadOnlyList<Lease> unsettled, bool? covered)
    {
        if (Left(facts, unsettled) is { } left)
        {
            return facts with { Way = facts.Way with { Because = $"ApplicationSet {left.Set} leaves this field alone by an entry of ours, which an earlier pause left among its ignoreApplicationDifferences; it goes with the end of this one.", InSet = left } };
        }

        return facts.Set is not { } set || !rule.MayAddIgnoreApplicationDifferences ? facts
            : set.TakenBack is { } taken ? Not(facts, $"An entry of ours in the set would not hold: {taken}")
            : covered == false ? Not(facts, $"Rule {rule.Name} lets me add an entry there, and the cluster's RBAC does not let {ReservedUser.Sets} patch the set (`ChatOps.Server rbac` writes that right).")
            : ByEntry(facts, set, unsettled);
    }

    private static ApplicationFacts ByEntry(ApplicationFacts facts, SetFacts set, IReadOnlyList<Lease> unsettled)
    {
        var name = facts.Ref.Name;
        return facts with
        {
            Way = new(PauseMechanism.SwitchOff, $"{facts.Way.Because} So the set itself is edited: an entry for {name} alone is added there first, and taken out again after the end. {set.Name} then leaves this one field of {name} alone and goes on updating everything else.")
            {
                Risk = $"If somebody takes the entry out, {set.Name} takes the pause back within a second.{(set.Risk is { } risk ? $" {risk}" : "")}",
                InSet = new(set.Name, set.Uid, name, HadList(facts, set, unsettled)),
            },
        };
    }

    /// <summary>A list that another pause of ours began is none that was there before us.</summary>
    private static bool HadList(ApplicationFacts facts, SetFacts set, IReadOnlyList<Lease> unsettled) => unsettled
        .FirstOrDefault(lease => lease.InSet?.SetUid == set.Uid && lease.Target.Instance == facts.Ref.Instance && lease.Target.Namespace == facts.Ref.Namespace)?.InSet!.HadList ?? set.HasList;

    private static SetEntry? Left(ApplicationFacts facts, IReadOnlyList<Lease> unsettled) => facts.Way is { Missing: null, Mechanism: PauseMechanism.SwitchOff }
        ? unsettled.FirstOrDefault(lease => lease.InSet?.Set == facts.Owner.Name && facts.Owner.Kind == OwnerKind.Set && lease.Target == facts.Ref && lease.Uid == facts.Uid)?.InSet
        : null;

    private static ApplicationFacts Not(ApplicationFacts facts, string because) => facts with { Way = facts.Way with { Because = $"{facts.Way.Because} {because}" } };
}
