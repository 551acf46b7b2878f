using ChatOps.Core.Operations;
using ChatOps.Core.People;

namespace ChatOps.Core.Policy;

/// <summary>Who asks, as the rulebook sees them: a mapped person and the roles they hold at this moment.</summary>
public sealed record Actor(string Person, IReadOnlySet<string> Roles)
{
    public Recognition KnownBy { get; init; } = Recognition.Configured;
}

/// <summary>What is asked of the rulebook. <paramref name="Duration"/> is in all, counted from the first start; null for verbs without one.</summary>
public sealed record PolicyQuestion(string Verb, string Application, string Project, string Namespace, string Cluster, TimeSpan? Duration)
{
    /// <summary>The role of <c>BreakGlass:Roles</c> that is asked for, for the verbs that give access.</summary>
    public string? Access { get; init; }
}

/// <summary>The answer of the rulebook, with the rule that gave it.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    public sealed record Allowed(RuleConfiguration Rule, Authority Authority) : Decision;

    public sealed record Refused(Refusal Refusal) : Decision;
}
