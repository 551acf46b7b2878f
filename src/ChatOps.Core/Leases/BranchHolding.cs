using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;

namespace ChatOps.Core.Leases;

/// <summary>What one look at an application says about its switch to a branch. Pure.</summary>
public static class BranchHolding
{
    public static Holding Judge(Lease lease, ApplicationFacts facts, DateTimeOffset now)
    {
        if (facts.Uid != lease.Uid)
        {
            return new Holding.Gone();
        }

        if (lease.MovedFrom is { } from && facts.Mark?.Operation == from.Operation && IsPinned(facts, from.To))
        {
            // A look from before the move says nothing of it.
            return facts.ReadAt > lease.HoldSince
                ? new Holding.NotKnown($"the move to commit {Commits.Abbreviate(lease.Branch!.Commit)} was not stored, and it still runs {from.To.Spoken}")
                : new Holding.Waiting("the controller");
        }

        var held = lease.Moving is { } moving && IsPinned(facts, moving.To) ? moving.To : lease.Branch!;
        if (!IsPinned(facts, held) || !IsOurs(lease, facts, held))
        {
            var another = facts.Mark is { } mark && !lease.IsMarkedBy(mark.Operation) ? mark.Operation : (Guid?)null;
            return new Holding.Taken(WriterOf(facts, held) ?? "somebody (the cluster does not say who)", Hold.Reverted, another);
        }

        if (facts.Blockers.FirstOrDefault(blocker => blocker.Kind is BlockerKind.SkipReconcile or BlockerKind.CannotRender) is { } blocker)
        {
            return new Holding.NotKnown(blocker.Sentence.TrimEnd('.'));
        }

        if (lease.Hold == Hold.Holding || held.Sources.All(source => Of(facts, source)!.Compared == held.Commit))
        {
            return new Holding.Proved();
        }

        return now - (lease.HoldSince ?? lease.StartedAt) < Holding.ControllerPatience
            ? new Holding.Waiting("the controller")
            : new Holding.NotKnown("the controller has not compared with that commit since the switch was stored: it is down, overloaded or told to skip this application");
    }

    /// <summary>Every source that was switched still names the commit.</summary>
    public static bool IsPinned(ApplicationFacts facts, HeldBranch held) => held.Sources.All(source => Of(facts, source)?.Follows.Json == held.Pinned);

    /// <summary>An override of ours that the object carries and that is really there.</summary>
    public static bool IsOverridden(ApplicationFacts facts) => facts.Mark is { } mark && IsOverridden(facts, mark);

    /// <summary>The one that this mark tells of.</summary>
    public static bool IsOverridden(ApplicationFacts facts, OverrideMark mark) =>
        mark.Window is { } window ? window.IsOpen : mark.Only is { } only ? only.IsIn(facts.Rules) : mark.Branch is { } held ? IsPinned(facts, held) : !facts.AutoSyncOn;

    private static SourceFacts? Of(ApplicationFacts facts, HeldSource held) =>
        facts.Sources.FirstOrDefault(source => source.Follows.Path == held.Before.Path && source.Repository == held.Repository);

    /// <summary>Our mark; or, where somebody took the annotations away, our own hand on the field.</summary>
    private static bool IsOurs(Lease lease, ApplicationFacts facts, HeldBranch held) =>
        facts.Mark is { } mark ? lease.IsMarkedBy(mark.Operation) : WriterOf(facts, held) == "chatops";

    private static string? WriterOf(ApplicationFacts facts, HeldBranch held) =>
        held.Sources.Select(source => facts.Sources.FirstOrDefault(one => one.Follows.Path == source.Before.Path)?.Writer).FirstOrDefault(writer => writer is not null);
}
