using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>From facts to the plan of a pause, or to the reason why there can be none. Pure.</summary>
public static class PausePlan
{
    /// <summary>An automatic operation goes on overwriting after the pause, for minutes when it is tried again and again; so the pause ends it.</summary>
    private static readonly FieldChange EndOfOperation = new("/status/operationState/phase", "\"Running\"", "\"Terminating\"");

    /// <summary>Whether the people who approve this are told that an automatic operation ends with it.</summary>
    public static bool EndsOperation(Plan plan) => plan.Changes.Contains(EndOfOperation);

    /// <param name="endsOperation">
    /// What was approved: an operation that is over by itself since makes no other plan, and one that came since is not
    /// ended by a plan that did not say so. Null: as the facts are. Somebody's own operation is never ended.
    /// </param>
    public static Plan Of(ApplicationFacts facts, string policyVersion, bool? endsOperation = null) => new()
    {
        Target = ApplicationTarget.Of(facts),
        Work = new PauseWork(facts.Mechanism, facts.Automated),
        Changes =
        [
            facts.Mechanism switch
            {
                PauseMechanism.SwitchOff => new FieldChange(facts.Automated.Path + "/enabled", null, "false"),
                PauseMechanism.TakeOut => new FieldChange(facts.Automated.Path, facts.Automated.Json, null),
            },
            .. (endsOperation ?? facts.Flight is { Automated: true, Phase: "Running" }) ? [EndOfOperation] : Array.Empty<FieldChange>(),
        ],
        PolicyVersion = policyVersion,
    };

    /// <summary>The plan that was approved, if it still fits; else what people decide anew, and that is as the facts are now.</summary>
    /// <param name="of">The plan for what was approved about an automatic operation, or, for null, as the facts are.</param>
    public static Plan Again(Plan approved, Func<bool?, Plan> of) =>
        of(EndsOperation(approved)) is var same && same.Hash == approved.Hash ? same : of(null);

    /// <summary>What speaks against pausing this application now. Null: nothing.</summary>
    public static Refusal? Obstacle(ApplicationFacts facts)
    {
        var name = facts.Ref.Name;
        if (facts.Deleting)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"{name:code} is being deleted."));
        }

        if (Branching.BranchPlan.HeldByBranch(facts) is { } held)
        {
            return held;
        }

        if (facts.Way.Missing is { } missing)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"A pause of {name:code} would not hold. {facts.Way.Because}"))
            {
                Instead = Text.Of($"Until then: {missing}, or add a deny window with {"manualSync: true":code} to project {facts.Project:code}."),
            };
        }

        if (!facts.AutoSyncOn)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"{name:code} does not sync by itself: its auto-sync is off already{(facts.PauseFieldManager is { } manager ? $", switched off by {manager}" : "")}."))
            {
                Instead = "A hand fix stands as it is; somebody should own that it is off.",
            };
        }

        return null;
    }
}
