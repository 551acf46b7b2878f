using System.Text.Json;
using ChatOps.Core.Conversation;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.RollingBack;

/// <summary>From facts and an entry of the history to the plan of a rollback, or to why there can be none. Pure.</summary>
public static class RollbackPlan
{
    /// <param name="asked">Number of an entry, a version, or a commit, whole or its first digits; null: the newest that deployed something else than what is deployed.</param>
    public static (PastDeployment? Entry, Refusal? Refusal) Entry(string? asked, ApplicationFacts facts)
    {
        var history = facts.Syncing.History;
        if (asked is null)
        {
            return history.Skip(1).FirstOrDefault(past => !past.Revisions.SequenceEqual(history[0].Revisions)) is { } before
                ? (before, null)
                : (null, new Refusal(RefusalKind.NotPossible, Text.Of($"The history of {facts.Ref.Name:code} has nothing else than what is deployed.")) { Instead = Text.Of($"A commit that it never deployed: {$"pause {facts.Ref.Name} …":code}, then {$"sync {facts.Ref.Name} at <commit>":code}.") });
        }

        return MeantEntry.In(facts, asked);
    }

    public static Refusal? Obstacle(ApplicationFacts facts) =>
        Obstacles.Deleting(facts) ?? Obstacles.Skipped(facts) ?? Obstacles.Hydrated(facts) ?? PausePlan.Obstacle(facts) ?? Obstacles.Window(facts);

    /// <param name="endsOperation">As for a pause: what was approved; null: as the facts are.</param>
    public static Plan Of(ApplicationFacts facts, PastDeployment entry, string policyVersion, bool? endsOperation = null)
    {
        var options = facts.Syncing.SyncOptions;
        var pause = PausePlan.Of(facts, policyVersion, endsOperation);
        var (mechanism, before) = (pause.Of<PauseWork>().Mechanism, pause.Of<PauseWork>().Before);
        List<FieldChange> changes = [.. pause.Changes, .. Deployed(entry, options)];
        return new() { Target = ApplicationTarget.Of(facts), Work = new RollbackWork(mechanism, before, entry, options) { From = facts.Syncing.History is [var deployed, ..] ? deployed.Revisions : [], InSet = pause.Of<PauseWork>().InSet }, Changes = changes, PolicyVersion = policyVersion };
    }

    /// <summary>What is written into the operation.</summary>
    internal static IEnumerable<FieldChange> Deployed(PastDeployment entry, IReadOnlyList<string> options)
    {
        yield return new($"/operation/sync/{(entry.SeveralSources ? "revisions" : "revision")}", null, string.Join(", ", entry.Revisions));
        if (entry.SourceJson is not null)
        {
            // Not its text, which may hold parameters that are nobody's business; the work seals it whole.
            yield return new($"/operation/sync/{(entry.SeveralSources ? "sources" : "source")}", null, $"as entry {entry.Number} deployed it");
        }

        if (options.Count > 0)
        {
            yield return new("/operation/sync/syncOptions", null, JsonSerializer.Serialize(options));
        }
    }

    /// <summary>The same entry, if the history has it still.</summary>
    internal static PastDeployment? Again(ApplicationFacts facts, PastDeployment entry) =>
        facts.Syncing.History.FirstOrDefault(past => past.Id == entry.Id && past.Revisions.SequenceEqual(entry.Revisions));

    public static IEnumerable<Text> Notices(ApplicationFacts facts, PastDeployment entry)
    {
        var way = WindowWay.Of(facts);
        foreach (var notice in WhatItDoes(facts, entry))
        {
            yield return notice;
        }

        yield return Text.Of($"Auto-sync is {(way.Mechanism == PauseMechanism.Window ? "held off by a deny window" : "switched off")} before, or {string.Join(", ", facts.TargetRevisions):code} would be deployed again about a second later. Until it is resumed no new commit is deployed, wanted ones neither.");
        yield return OperationCard.InWords(way);
        if (facts.Flight is { } flight)
        {
            yield return Text.Of($"An operation of {flight.By} is {(flight.WaitsToRetry ? "waiting to be tried again" : "under way")}; I wait for its end some minutes, and {$"terminate {facts.Ref.Name}":code} ends it.");
        }
    }

    /// <summary>What any rollback to this entry does to what runs.</summary>
    internal static IEnumerable<Text> WhatItDoes(ApplicationFacts facts, PastDeployment entry)
    {
        yield return entry.At is { } at ? Text.Of($"Entry {entry.Number} was deployed {at}.") : Text.Of($"When entry {entry.Number} was deployed is not recorded.");
        yield return "Nothing is pruned: what later commits added stays. Hand changes of what is deployed are overwritten.";
        yield return facts.Syncing.Hooks is { Count: > 0 } hooks
            ? Text.Of($"The hooks of that revision run with it; the last sync ran {string.Join(", ", hooks):code}. What a hook has done since, as to a database, is not taken back.")
            : "If that revision has hooks, they run with it; whether it has is not known from the last sync.";
    }
}
