using System.Diagnostics;
using System.Text.Json;
using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
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
    public static Plan Of(ApplicationFacts facts, string policyVersion, bool? endsOperation = null) =>
        WindowWay.Of(facts).Mechanism == PauseMechanism.Window ? ByWindow(facts, policyVersion) : ByField(facts, policyVersion, endsOperation);

    /// <summary>
    /// Begin and end are not in it: they follow from the moment at which it is stored. No operation is ended with it, since
    /// every step of one asks the windows again.
    /// </summary>
    private static Plan ByWindow(ApplicationFacts facts, string policyVersion) => new()
    {
        Target = ApplicationTarget.Of(facts),
        Work = new PauseWork(PauseMechanism.Window, new("/spec/syncWindows", facts.Window!.HasList ? "[]" : null, null)),
        Changes = [WindowAdded(facts)],
        PolicyVersion = policyVersion,
    };

    internal static FieldChange WindowAdded(ApplicationFacts facts) =>
        new($"AppProject {facts.Project} /spec/syncWindows/-", null, JsonSerializer.Serialize(new { kind = "deny", applications = new[] { facts.Ref.Name }, manualSync = true }));

    /// <summary>One that an earlier pause of ours left there stays.</summary>
    private static FieldChange EntryAdded(SetEntry entry) => new($"ApplicationSet {entry.Set} {SetEntry.ListPath}/-", entry.IsOurs ? entry.Json : null, entry.Json);

    private static Plan ByField(ApplicationFacts facts, string policyVersion, bool? endsOperation) => new()
    {
        Target = ApplicationTarget.Of(facts),
        Work = new PauseWork(facts.Mechanism, facts.Automated) { InSet = facts.Way.InSet },
        Changes =
        [
            .. facts.Way.InSet is { } entry ? [EntryAdded(entry)] : Array.Empty<FieldChange>(),
            facts.Mechanism switch
            {
                PauseMechanism.SwitchOff => new FieldChange(facts.Automated.Path + "/enabled", null, "false"),
                PauseMechanism.TakeOut => new FieldChange(facts.Automated.Path, facts.Automated.Json, null),
                PauseMechanism.Window or PauseMechanism.Fields => throw new UnreachableException("that is no switch of the application"),
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
    /// <param name="beside">Pauses of other incidents whose windows another one may be added beside.</param>
    public static Refusal? Obstacle(ApplicationFacts facts, IReadOnlyList<Lease>? beside = null)
    {
        var (name, way) = (facts.Ref.Name, WindowWay.Of(facts));
        if (facts.Deleting)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"{name:code} is being deleted."));
        }

        if (Branching.BranchPlan.HeldByBranch(facts) is { } held)
        {
            return held;
        }

        if (HeldInPart(facts) is { } part)
        {
            return part;
        }

        if (facts.OpenWindows.FirstOrDefault(window => way.Mechanism != PauseMechanism.Window || beside?.Any(lease => lease.IsMarkedBy(window.Operation)) != true) is { } mark)
        {
            return new Refusal(RefusalKind.AlreadyDecided, Text.Of($"A deny window of incident {mark.Incident} holds {name:code} until {mark.ExpiresAt}.")) { Instead = Text.Of($"{$"extend {name} by 30m":code} there moves its end, {$"resume {name}":code} takes it away.") };
        }

        if (way.Missing is { } missing)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"A pause of {name:code} would not hold. {way.Because}")) { Instead = Until(facts, missing) };
        }

        if (!facts.AutoSyncOn && facts.Mark is { } pause)
        {
            return new Refusal(RefusalKind.AlreadyDecided, Text.Of($"{name:code} is paused already, by incident {pause.Incident} until {pause.ExpiresAt}.")) { Instead = Text.Of($"{$"extend {name} by 30m":code} in that incident moves its end; nothing else is needed for a hand fix to stay until then.") };
        }

        // Such a set switches auto-sync off itself and syncs all the same.
        if (!facts.AutoSyncOn && !(way.Mechanism == PauseMechanism.Window && facts.Blockers.Any(blocker => blocker.Kind == BlockerKind.RollingSync)))
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"{name:code} does not sync by itself: its auto-sync is off already{(facts.PauseFieldManager is { } manager ? $", switched off by {manager}" : "")}."))
            {
                Instead = "A hand fix stands as it is; somebody should own that it is off.",
            };
        }

        return null;
    }

    /// <summary>One override at a time is on an application: what a second one found could not be put back.</summary>
    public static Refusal? HeldInPart(ApplicationFacts facts) => facts.Mark is { Only: { } only } mark && only.IsIn(facts.Rules)
        ? new Refusal(RefusalKind.AlreadyDecided, Text.Of($"{facts.Ref.Name:code} is paused in part ({only.Spoken:code}) by incident {mark.Incident} until {mark.ExpiresAt}.")) { Instead = Text.Of($"{$"extend {facts.Ref.Name} by 30m":code} keeps that longer; to hold something else, {$"resume {facts.Ref.Name}":code} first.") }
        : facts.Rules.HasOurs
        ? new Refusal(RefusalKind.NotPossible, Text.Of($"The ignoreDifferences of {facts.Ref.Name:code} hold a rule of ours, and our annotations beside it are gone: somebody took them away.")) { Instead = Text.Of($"{$"resume {facts.Ref.Name}":code} in the incident that it is from takes it out; where none has it any more, take the entry that names {HeldFields.Manager:code} out by hand. Then ask again.") }
        : null;

    private static Text Until(ApplicationFacts facts, string missing) =>
        facts.Window is not null ? Text.Of($"Until then: {missing}.")
        : Text.Of($"Until then: {missing}, or add a deny window with {"manualSync: true":code} to project {facts.Project:code}.");
}
