using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Core.Policy;

/// <summary>What the end of an override needs where the engine would then overwrite what people changed by hand; from the least to the most.</summary>
public enum OverwritingNeeds
{
    /// <summary>That whoever ends it was shown what that overwrites, and presses once more.</summary>
    SecondPress,

    /// <summary>That somebody else agrees.</summary>
    Approval,

    /// <summary>That Git says the same, so that nothing is overwritten.</summary>
    InGit,
}

/// <summary>The same for one override: by the rule that allowed it, and kept with it.</summary>
/// <param name="FromRole">Who may agree; null where nobody needs to.</param>
public sealed record Overwriting(OverwritingNeeds Needs, string? FromRole, string Rule)
{
    /// <summary>Whoever is known by something weaker cannot agree.</summary>
    public Recognition KnownByAtLeast { get; init; }

    /// <summary>Where no rule is known to have allowed it.</summary>
    public static Overwriting BySecondPress { get; } = new(OverwritingNeeds.SecondPress, null, "");

    public static Overwriting Of(RuleConfiguration rule) =>
        new(rule.OverwritingNeeds, rule.OverwritingNeeds == OverwritingNeeds.Approval ? rule.OverwritingApprover : null, rule.Name) { KnownByAtLeast = rule.KnownByAtLeast };

    /// <summary>
    /// Of several that all count for one override: the one that wants the most, and of two that want as much the first, with
    /// the strongest recognition that any of these wants. Nobody can be two people's agreement, so of two roles one counts.
    /// </summary>
    public static Overwriting Strictest(IReadOnlyList<Overwriting> all)
    {
        var strictest = all.MaxBy(one => one.Needs)!;
        return strictest with { KnownByAtLeast = all.Where(one => one.Needs == strictest.Needs).Max(one => one.KnownByAtLeast) };
    }

    /// <summary>A sentence for the policy, about an end that would overwrite changes by hand.</summary>
    public Text InWords => Needs switch
    {
        OverwritingNeeds.SecondPress => Text.Of($"Under {Rule:code} whoever ends an override is shown which changes by hand that would overwrite, and presses once more."),
        OverwritingNeeds.Approval => Text.Of($"Under {Rule:code} nothing changed by hand is overwritten by the end of an override unless somebody else, as {FromRole ?? "nobody"}, agrees. At the deadline people are asked instead."),
        OverwritingNeeds.InGit => Text.Of($"Under {Rule:code} no override ends over changes by hand: Git has to say the same first, as Argo CD compares it. At the deadline people are asked instead."),
    };
}
