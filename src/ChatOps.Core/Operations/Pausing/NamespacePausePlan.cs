using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>From the applications of a namespace to the one plan that pauses all of them. Pure.</summary>
public static class NamespacePausePlan
{
    /// <param name="approved">What was approved about automatic operations, as <see cref="PausePlan.Of"/> wants it; null: as the facts are.</param>
    public static Plan Of(NamespaceSeen seen, string name, string policyVersion, NamespacePauseWork? approved = null)
    {
        var parts = seen.Paused.Select(facts => Part(facts, [.. seen.Standing[facts.Ref]], policyVersion, approved?.Parts.FirstOrDefault(part => part.Target.Is(facts.Ref)))).ToList();
        return new()
        {
            Target = new NamespaceTarget(seen.Cluster, name, [.. parts.Select(part => part.Target)]),
            Work = new NamespacePauseWork(parts),
            Changes = [.. parts.SelectMany(part => part.Changes.Select(change => change with { Path = $"{part.Target.Name} {change.Path}" }))],
            PolicyVersion = policyVersion,
        };
    }

    /// <summary>One part as the plan of an ordinary pause: what the ports take.</summary>
    public static Plan Of(PausePart part, string policyVersion) => new() { Target = part.Target, Work = part.Work, Changes = part.Changes, PolicyVersion = policyVersion };

    /// <summary>Why one of them may not be held for so long; null: all may.</summary>
    public static Refusal? TooLong(Plan plan, TimeSpan longestInAll, DateTimeOffset until) =>
        plan.Of<NamespacePauseWork>().Parts.Select(part => JoinPlan.TooLong(Of(part, plan.PolicyVersion), longestInAll, until)).FirstOrDefault(tooLong => tooLong is not null);

    /// <summary>One notice for each application: its way, whose work it stops, what else it owns, what stands in its way; then what is left as it is.</summary>
    public static IEnumerable<Text> Notices(NamespaceSeen seen, string name)
    {
        foreach (var facts in seen.Paused)
        {
            var standing = seen.Standing[facts.Ref].ToList();
            var joins = standing.Exists(SharedPause.IsByField); // and then nothing is written, and nothing ended
            yield return Text.Of($"{facts.Ref.Name:code}: ") + (joins ? Text.Empty : OperationCard.InWords(WindowWay.Of(facts)))
                + new Text([.. standing.SelectMany(lease => (Text.Of($" ") + JoinPlan.Beside(lease)).Runs)]) + Elsewhere(facts, name) + Stopped(facts) + (joins ? Text.Empty : InFlight(facts))
                + new Text([.. facts.Blockers.Where(blocker => !joins || blocker.Kind != BlockerKind.AutoSyncOff).SelectMany(blocker => Text.Of($" {blocker.Sentence} {blocker.Instead}").Runs)])
                + new Text([.. OperationCard.WindowsNotKnown(facts).SelectMany(unknown => (Text.Of($" ") + unknown).Runs)]);
        }

        if (seen.Left.Count > 0)
        {
            yield return Text.Lines(seen.Left);
        }
    }

    private static PausePart Part(ApplicationFacts facts, IReadOnlyList<Lease> standing, string policyVersion, PausePart? approved)
    {
        var plan = JoinPlan.Of(facts, standing, policyVersion) ?? (approved is null
            ? PausePlan.Of(facts, policyVersion)
            : PausePlan.Again(Of(approved, policyVersion), ends => PausePlan.Of(facts, policyVersion, ends)));
        return new(plan.Application, plan.Of<AboutPause>(), plan.Changes);
    }

    private static Text InFlight(ApplicationFacts facts) => facts.Flight switch
    {
        null => Text.Empty,
        { Automated: true } when WindowWay.Of(facts).Mechanism == PauseMechanism.Window => " An automatic sync is on its way: the window holds back what it has not begun.",
        { Automated: true, Phase: "Running" } => " An automatic sync is on its way: the pause ends it, and resuming syncs again.",
        var flight => Text.Of($" An operation of {flight.By} is {(flight.WaitsToRetry ? "waiting to be tried again" : "running")}: the pause does not end it, and it can still overwrite hand changes."),
    };

    private static Text Elsewhere(ApplicationFacts facts, string name)
    {
        var others = facts.ResourceNamespaces.Where(other => other != name).Concat(facts.ClusterScoped).ToList();
        return others.Count == 0 ? Text.Empty : Text.Of($" It is paused as a whole, and owns something in {string.Join(", ", others):code} as well.");
    }

    /// <summary>Whose last sync it was: the nearest thing to whoever waits for the next.</summary>
    private static Text Stopped(ApplicationFacts facts) => facts.LastOperation is { Automated: false } last
        ? Text.Of($" Synced last by {last.By}, whose changes, like everybody's, wait until it is resumed.")
        : Text.Empty;
}
