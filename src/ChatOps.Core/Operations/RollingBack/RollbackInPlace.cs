using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.RollingBack;

/// <summary>
/// A rollback where Argo CD does not act by itself already: auto-sync is off, or this incident has paused it. It needs no
/// override of its own, and is one operation at what the history entry says. Pure.
/// </summary>
public static class RollbackInPlace
{
    /// <summary>Whether it is one, or why there can be none now. Neither: it pauses first, as <see cref="RollbackPlan"/> has it.</summary>
    /// <param name="incident">Where it is asked for.</param>
    /// <param name="ours">The live override that this incident has on the application.</param>
    public static (bool InPlace, Refusal? Refusal) Judge(ApplicationFacts facts, int incident, Lease? ours)
    {
        var name = facts.Ref.Name;
        if (ours is { Branch: not null } or { Only: not null })
        {
            return (false, new(RefusalKind.AlreadyDecided, Text.Of($"{name:code} {ours.Condition} already, until {ours.Deadline}.")) { Instead = Text.Of($"{$"{ours.EndWord} {name}":code} ends that first; then roll back.") });
        }

        if (ours is not null and not { State: LeaseState.Active })
        {
            return (false, new(RefusalKind.AlreadyDecided, Text.Of($"The {ours.Noun} of {name:code} is being begun or ended at this moment.")) { Instead = "Wait for it, then ask again." });
        }

        if (ours is not null)
        {
            return !facts.AutoSyncOn || facts.IsHeldByWindow ? (true, null)
                : (false, new(RefusalKind.NotPossible, Text.Of($"This incident has paused {name:code}, and Argo CD syncs it by itself all the same.")) { Instead = Text.Of($"{$"resume {name}":code} takes off what is left of the pause; then {$"rollback {name} …":code} pauses it anew.") });
        }

        if (facts.Mark is { Branch: not null } or { Only: not null })
        {
            return (false, null);
        }

        var other = facts.AutoSyncOn || facts.Mark is not { } mark ? facts.OpenWindows.FirstOrDefault() : mark;
        if (other is not null && other.Incident != incident)
        {
            return (false, new(RefusalKind.AlreadyDecided, Text.Of($"{name:code} is paused by incident {other.Incident} until {other.ExpiresAt}.")) { Instead = Text.Of($"{$"pause {name} for 30m because …":code} holds it for this incident as well; then ask again. Or roll back in that incident.") });
        }

        if (!facts.AutoSyncOn && facts.OwnerOfAutomated == OwnersWord.PutsItBack)
        {
            return (false, new(RefusalKind.NotPossible, Text.Of($"Auto-sync of {name:code} is off at this moment, and whoever owns {name:code} puts it back.")) { Instead = "Ask again in a minute: with auto-sync on I pause it first, in a way that stays." });
        }

        // Such a set switches auto-sync off itself and syncs all the same.
        return (!facts.AutoSyncOn && !facts.Blockers.Any(blocker => blocker.Kind == BlockerKind.RollingSync), null);
    }

    /// <summary>As <see cref="ActionKind.Draft"/>: asked again before it runs.</summary>
    public static (Draft? Draft, Refusal? Refusal) Draft(PastDeployment entry, ApplicationFacts facts)
    {
        if ((Obstacles.Deleting(facts) ?? Obstacles.Skipped(facts) ?? Obstacles.Hydrated(facts) ?? Obstacles.InFlight(facts) ?? Obstacles.Window(facts) ?? Left(entry, facts) ?? Loose(facts)) is { } obstacle)
        {
            return (null, obstacle);
        }

        var sync = new SyncWork(entry.Revisions, entry.SeveralSources, Elsewhere: true, [], Prune: false, Force: false, facts.Syncing.SyncOptions)
        {
            Entry = entry,
            BehindWindow = facts.AutoSyncOn,
            From = facts.Syncing.History is [var deployed, ..] ? deployed.Revisions : [],
        };
        return (new(sync, [.. RollbackPlan.Deployed(entry, facts.Syncing.SyncOptions)], [.. Notices(entry, facts)]), null);
    }

    private static Refusal? Left(PastDeployment entry, ApplicationFacts facts) => RollbackPlan.Again(facts, entry) is null
        ? new(RefusalKind.NotFound, Text.Of($"Entry {entry.Number} has left the history of {facts.Ref.Name:code}."))
        : null;

    private static Refusal? Loose(ApplicationFacts facts) => facts.AutoSyncOn && !facts.IsHeldByWindow
        ? new(RefusalKind.NotPossible, Text.Of($"Auto-sync of {facts.Ref.Name:code} is on by now, so what Git says would be deployed again about a second later.")) { Instead = Text.Of($"{$"rollback {facts.Ref.Name} …":code} again: it pauses first.") }
        : null;

    private static IEnumerable<Text> Notices(PastDeployment entry, ApplicationFacts facts)
    {
        foreach (var notice in RollbackPlan.WhatItDoes(facts, entry))
        {
            yield return notice;
        }

        yield return facts.IsHeldByWindow || facts.Mark is not null
            ? Text.Of($"It is paused, and stays so until its end: that shows first what Git brings back, so revert the change in Git before.")
            : Text.Of($"Auto-sync is off already{(facts.PauseFieldManager is { } manager ? $" (switched off by {manager})" : "")}, so nothing is paused and nothing ends by itself: it stays until somebody syncs, or switches auto-sync on. Revert the change in Git before that.");
    }
}
