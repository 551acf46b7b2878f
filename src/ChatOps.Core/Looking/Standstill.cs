using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>One sentence on what the engine does or why it does nothing, and what changes that.</summary>
public sealed record Explanation(Text Why, Text Change, bool IsStuck);

/// <summary>Why nothing happens to an application, or what will. Pure.</summary>
public static class Standstill
{
    /// <summary>What stands in the way of everything behind it comes first.</summary>
    private static readonly BlockerKind[] Order =
    [
        BlockerKind.SkipReconcile, BlockerKind.CannotRender, BlockerKind.MalformedWindow, BlockerKind.RollingSync, BlockerKind.AutoSyncOff,
        BlockerKind.LastSyncFailed, BlockerKind.DenyWindow, BlockerKind.InactiveAllowWindow,
    ];

    /// <summary>A controller at work looks at every application each few minutes, changed or not.</summary>
    private static readonly TimeSpan LongBetweenLooks = TimeSpan.FromMinutes(10);

    public static Explanation Of(Deployed deployed, Lease? ours)
    {
        var facts = deployed.Facts;
        if (facts.Deleting)
        {
            return new("It is being deleted, with what it deployed as its finalizers say.", "Nothing takes that back; what Git still has can be deployed anew.", true);
        }

        var blocker = Order.Select(kind => facts.Blockers.FirstOrDefault(one => one.Kind == kind)).FirstOrDefault(one => one is not null);
        if (blocker is { Kind: BlockerKind.SkipReconcile })
        {
            return Blocked(blocker, facts);
        }

        if (Paused(facts, ours) is { } paused)
        {
            return paused;
        }

        return FlightWords.Of(facts) is { } flight ? flight
            : blocker is not null ? Blocked(blocker, facts)
            : Free(deployed);
    }

    private static Explanation? Paused(ApplicationFacts facts, Lease? ours)
    {
        if (facts.AutoSyncOn && !facts.IsHeldByWindow)
        {
            return null;
        }

        if (ours is { WaitsForPeople: true })
        {
            return new(OvertakenTexts.Seen(ours), OvertakenTexts.LeftToDo(ours), true);
        }

        if (ours is { Branch: null })
        {
            return new(Text.Of($"It is paused by incident {ours.Incident} until {ours.Deadline}: {ours.Reason}"), ours.HeldWith.Count > 0
                ? Text.Of($"It is held by {SharedPause.InWords(ours.HeldWith)} as well: {$"/gitops resume {facts.Ref.Name}":code} in the last of them puts back what was there, and Git rules again.")
                : Text.Of($"{$"/gitops resume {facts.Ref.Name}":code} puts back what was there, and Git rules again."), true);
        }

        return facts.Mark is { Branch: null } mark
            ? new(Text.Of($"It carries a pause of incident {mark.Incident} until {mark.ExpiresAt}, which is not in my books yet."), Text.Of($"{$"/gitops resume {facts.Ref.Name}":code} once I have taken it over; {$"/gitops own {facts.Ref.Name}":code} says whose it is."), true)
            : null;
    }

    private static Explanation Blocked(Blocker blocker, ApplicationFacts facts) => new(blocker.Sentence, Remedy.For(blocker.Kind, facts), true);

    /// <summary>Nothing holds it: what it does then.</summary>
    private static Explanation Free(Deployed deployed)
    {
        var facts = deployed.Facts;
        if (facts.RefreshPending)
        {
            return new("A refresh is asked for and the controller has not answered it: it is at work on others, overloaded or down.", "If that stays so for more than some seconds, look at the application controller.", true);
        }

        if (deployed.ComparedAt is { } looked && facts.ReadAt - looked > LongBetweenLooks)
        {
            return new(
                Text.Of($"It was {facts.Sync.ToString()} when Argo CD looked last, {facts.ReadAt - looked} ago, and nobody knows what it is now: the controller is down or overloaded, or its resync is set that long."),
                Text.Of($"{$"/gitops refresh {facts.Ref.Name}":code} asks for a look now and says whether it comes; then look at the application controller."), true);
        }

        if (facts.Sync == SyncState.Synced)
        {
            return new("Nothing to do: what is live is what Git says, as far as Git says it.", Text.Of($"What was added by hand does not count here: {$"/gitops diff {facts.Ref.Name}":code} shows it."), false);
        }

        if (!deployed.PruneOn && deployed.OutOfStep.Count > 0 && deployed.OutOfStep.All(resource => resource.State.StartsWith("not in Git", StringComparison.Ordinal)))
        {
            return new("What is left over is no longer in Git, and pruning is off, so Argo CD leaves it.", Text.Of($"{Remedy.Sync(facts.Ref.Name) + (Remedy.Sync(facts.Ref.Name)[0] == '/' ? " prune" : " --prune"):code} removes it."), true);
        }

        return facts switch
        {
            { SelfHealOn: true, NextRevert: { } due } when due > facts.ReadAt => new(Text.Of($"Self-heal waits: it puts Git's state back at {due}."), Text.Of($"{$"/gitops pause {facts.Ref.Name} for 45m because <why>":code} before that keeps changes by hand."), false),
            { SelfHealOn: true } => new("Argo CD is about to put Git's state back.", Text.Of($"{$"/gitops pause {facts.Ref.Name} for 45m because <why>":code} keeps changes by hand."), false),
            _ => new("Auto-sync is on and self-heal is not: changes by hand stay until the next commit, which takes all of them away.", Text.Of($"{Remedy.Sync(facts.Ref.Name):code} puts Git's state back now."), true),
        };
    }
}
