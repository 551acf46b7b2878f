using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>
/// The plan of a pause of what another incident has paused, or the reason why there can be none: one by the application's own
/// field is joined, beside a window goes a window of its own. Pure.
/// </summary>
public static class JoinPlan
{
    /// <summary>Null: no other incident holds it (<see cref="SharedPause.Standing"/>), so there is nothing to join.</summary>
    public static Plan? Of(ApplicationFacts facts, IReadOnlyList<Lease> standing, string policyVersion) =>
        standing.Count == 0 ? null
        : ToJoin(standing) is { } longest ? Of(facts, longest, Since(standing), policyVersion)
        : Beside(PausePlan.Of(facts, policyVersion), Since(standing));

    /// <summary>Why it may not be joined for so long; null: it may.</summary>
    public static Refusal? TooLong(Plan plan, TimeSpan longestInAll, DateTimeOffset until) => plan.Work is AboutPause { Since: { } since } && until > since + longestInAll
        ? new Refusal(RefusalKind.NotAllowed, Text.Of($"{plan.Target.Name:code} is paused since {since}, and may stay so until {since + longestInAll} at the most, whichever incident holds it.")) { Instead = "Ask for less; for longer, Git has to say what it is to be." }
        : null;

    public static Refusal? Obstacle(ApplicationFacts facts, IReadOnlyList<Lease> standing) =>
        ToJoin(standing) is null ? PausePlan.Obstacle(facts, standing)
        : facts.Deleting ? new Refusal(RefusalKind.NotPossible, Text.Of($"{facts.Ref.Name:code} is being deleted."))
        : null;

    public static IEnumerable<Text> Notices(ApplicationFacts facts, Plan plan, IReadOnlyList<Lease> standing) => plan.Work is not JoinWork
        ? [.. OperationCard.Notices(facts, plan), .. standing.Select(Beside)]
        : [.. standing.Select(Beside), .. facts.Blockers.Where(blocker => blocker.Kind != BlockerKind.AutoSyncOff).Select(blocker => Text.Of($"{blocker.Sentence} {blocker.Instead}"))];

    /// <summary>What it is to hold an application together with this one.</summary>
    public static Text Beside(Lease standing) => standing.WindowIn is null
        ? Text.Of($"It is paused already, by incident {standing.Incident} until {standing.Deadline}. When that one lets go it stays paused for this incident, and the other way round.")
        : Text.Of($"A window of incident {standing.Incident} holds it already, until {standing.Deadline}. This one is added beside that: it stays paused until the last of them is gone.");

    private static Lease? ToJoin(IReadOnlyList<Lease> standing) => standing.FirstOrDefault(SharedPause.IsByField);

    private static Plan Beside(Plan pause, DateTimeOffset since) => pause with { Work = pause.Of<PauseWork>() with { Since = since } };

    private static DateTimeOffset Since(IReadOnlyList<Lease> standing) => standing.Min(lease => lease.PausedSince);

    private static Plan Of(ApplicationFacts facts, Lease standing, DateTimeOffset since, string policyVersion) => new()
    {
        Target = ApplicationTarget.Of(facts),
        Work = new JoinWork(standing.Mechanism, standing.Before, standing.Mark, standing.EndedSync) { InSet = standing.InSet, Since = since },
        Changes = [standing.Mechanism == PauseMechanism.SwitchOff ? new($"{facts.Automated.Path}/enabled", "false", "false") : new(facts.Automated.Path, null, null)],
        PolicyVersion = policyVersion,
    };
}
