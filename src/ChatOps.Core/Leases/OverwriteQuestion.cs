using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Leases;

/// <summary>What people were shown that the end of an override overwrites. A press counts for that and for nothing more.</summary>
/// <param name="Message">Whose button counts.</param>
/// <param name="Shown">As <see cref="HandChanges.Marks"/> has it.</param>
/// <param name="WhateverValue">The fields count and not their values: these were written again while somebody decided, and what never rests would keep anybody from the end.</param>
public sealed record OverwriteQuestion(string AskedBy, MessageKey Message, IReadOnlyList<string> Shown, bool WhateverValue)
{
    /// <summary>Who agreed, where the rule wants somebody else's word.</summary>
    public string? AgreedBy { get; init; }

    /// <summary>It was shown when nothing could be looked at, and said so.</summary>
    public bool Blind { get; init; }

    public bool Covers(IEnumerable<ResourceDrift> lost) => WhateverValue ? CoversFields(lost) : HandChanges.Marks(lost).All(Shown.Contains);

    /// <summary>It is about the same fields, whatever they hold now.</summary>
    public bool CoversFields(IEnumerable<ResourceDrift> lost)
    {
        var fields = Shown.Select(HandChanges.FieldOf).ToHashSet();
        return HandChanges.Marks(lost).All(mark => fields.Contains(HandChanges.FieldOf(mark)));
    }
}

/// <summary>Whether an override may end now, as far as changes by hand are concerned.</summary>
public enum Overwritable
{
    /// <summary>Nothing is lost, or it was agreed to.</summary>
    Yes,

    /// <summary>It has to be shown and pressed for, or agreed to.</summary>
    Ask,

    /// <summary>Git does not say the same, or whether it does is not known.</summary>
    NotInGit,
}

/// <summary>The rule about changes by hand against what a look found. Pure.</summary>
public static class OverwriteRule
{
    /// <param name="look">Null: nothing could be looked at.</param>
    /// <param name="agreed">The question whose press has come, by somebody who may give it; null without one.</param>
    /// <param name="back">Where it ends a rollback: what that brings back. A commit that came since it was shown is shown anew.</param>
    public static Overwritable Judge(Overwriting rule, IReadOnlyList<ResourceDrift> lost, HandsSeen? look, OverwriteQuestion? agreed, Comeback? back)
    {
        var (hands, release) = (Judge(rule, lost, look, agreed), back is not { Comes: true } ? Overwritable.Yes
            : rule.Needs == OverwritingNeeds.InGit ? Overwritable.NotInGit
            : agreed?.Shown.Contains(back.Mark) == true ? Overwritable.Yes : Overwritable.Ask);
        return hands > release ? hands : release;
    }

    private static Overwritable Judge(Overwriting rule, IReadOnlyList<ResourceDrift> lost, HandsSeen? look, OverwriteQuestion? agreed) => rule.Needs switch
    {
        OverwritingNeeds.InGit => lost.Count == 0 && look?.IsWhole == true ? Overwritable.Yes : Overwritable.NotInGit,
        OverwritingNeeds.Approval when lost.Count == 0 && look?.IsWhole == true => Overwritable.Yes,
        OverwritingNeeds.SecondPress when lost.Count == 0 => Overwritable.Yes,
        OverwritingNeeds.Approval when look is null && agreed?.Blind != true => Overwritable.Ask, // it was shown what there was, and what there is nobody knows
        OverwritingNeeds.Approval or OverwritingNeeds.SecondPress => agreed?.Covers(lost) == true ? Overwritable.Yes : Overwritable.Ask,
    };

    /// <summary>At its deadline people are asked where something would be overwritten. A window ends by itself and asks nobody.</summary>
    public static bool IsAskedFirst(Lease lease) => lease.Overwriting.Needs != OverwritingNeeds.SecondPress && lease.WindowIn is null;

    /// <summary>There has to be a look before it ends at its deadline: for its rule, or because a rollback may stand behind it.</summary>
    public static bool IsLookedAtFirst(Lease lease) => IsAskedFirst(lease) || lease.WindowIn is null && (lease.KeepsRollback || lease.Joins is not null);

    /// <summary>Nobody is there to be shown anything: at the deadline.</summary>
    public static bool MayEndUnseen(Lease lease, HandsSeen? look, Comeback? back) => back is not { Comes: true } && MayOverwriteUnseen(lease, look);

    public static bool MayOverwriteUnseen(Lease lease, HandsSeen? look) => !IsAskedFirst(lease)
        || Judge(lease.Overwriting, look is null ? [] : HandChanges.Overwritten(look.Beside(lease).Hands), look, agreed: null) == Overwritable.Yes;
}
