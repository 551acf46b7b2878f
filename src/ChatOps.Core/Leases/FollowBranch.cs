using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// What is done with a push to a branch that people approved to follow: it is told with its authors, and becomes an
/// operation of its own, by the votes of the one that was approved. That runs like every other: the rule and the roles of
/// whoever asked and agreed are asked again, and the write is guarded. A branch that was rewritten is followed no longer.
/// </summary>
public sealed class FollowBranch(AskRulebook rules, Reception reception)
{
    private const int MostTold = 5;
    private static readonly TimeSpan Lives = TimeSpan.FromMinutes(5);

    /// <summary>Where something stands in its way at this moment the next look finds the same commits. What may take minutes is said.</summary>
    public void Go(IncidentFile file, Lease lease, BranchLook.Found found, ApplicationFacts? facts)
    {
        if (found.Since is not { } since || found.Note is null)
        {
            Stop(file, lease, found);
            return;
        }

        var standing = file.Operations.FirstOrDefault(operation => operation.Id == lease.Follows);
        if (file.Operations.FirstOrDefault(operation => operation.State is OperationState.Approved or OperationState.Running && operation.Plan.Target.Is(lease.Target)) is { } before)
        {
            SayItWaits(file, lease, found, before);
            return;
        }

        if (facts is null || standing is null || lease.Moving is not null)
        {
            return;
        }

        var plan = BranchPlan.Of(facts, found, lease, standing.Id, rules.Version);
        var operation = Of(standing, plan, lease, file.Now);
        file.Save(lease with { BranchTip = found.Commit, BranchGone = false, PushWaits = false });
        file.Save(operation);
        var name = lease.Target.Name;
        file.Tell(TimelineKind.NewCommit, "Git", _ => Text.Of($"Branch {lease.Branch!.Branch:code} has {(since.Count == 1 ? "a new commit" : $"{since.Count} new commits")}: ")
            + Text.Lines(since.Take(MostTold).Select(one => Text.Of($"{Commits.Abbreviate(one.Commit):code} by {one.Note.Author} as it says itself, “{one.Note.Message}”")))
            + Text.Of($"{(since.Count > MostTold ? $" and {since.Count - MostTold} before these" : "")}.{(found.Merges ? " A merge is among them; what it brought in besides is not listed here." : "")} {name:code} follows it, as {string.Join(" and ", standing.Approvals.Select(vote => reception.NameOf(vote.Person)))} approved, and I deploy {Commits.Abbreviate(found.Commit):code}. To keep it where it is: {$"branch {name} {lease.Branch.Branch} for 30m because …":code}; to go back: {$"restore {name}":code}."),
            Tone.Warning, lease.Id);
    }

    /// <summary>A commit that cannot be rendered is waited for some minutes, and whoever pushed the next one would look at nothing.</summary>
    private static void SayItWaits(IncidentFile file, Lease lease, BranchLook.Found found, Operation before)
    {
        if (lease.PushWaits)
        {
            return; // whatever is pushed meanwhile is told when it is deployed
        }

        file.Save(lease with { PushWaits = true });
        var under = before.Plan.Work is BranchWork switching ? Text.Of($"the switch to {Commits.Abbreviate(switching.To.Commit):code}") : Text.Of($"a {before.Kind} of {before.RequestedBy}");
        file.Tell(TimelineKind.NewCommit, "Git", _ => Text.Of($"Branch {lease.Branch!.Branch:code} has a newer commit {Commits.Abbreviate(found.Commit):code}, by {found.Note!.Author} as it says itself, “{found.Note.Message}”. It {"waits":b}: ") + under
            + Text.Of($" is not done yet{(before.Progress is { } progress ? $" ({progress.TrimEnd('.')})" : "")}. What the branch is at by then is deployed after that."), Tone.Waiting, lease.Id);
    }

    /// <summary>What was approved is what is pushed on top; what replaces it is something else.</summary>
    private void Stop(IncidentFile file, Lease lease, BranchLook.Found found)
    {
        var (name, branch, pinned) = (lease.Target.Name, lease.Branch!.Branch, Commits.Abbreviate(lease.Branch.Commit));
        file.Save(lease with { BranchTip = found.Commit, BranchGone = false, Follows = null });
        file.Tell(TimelineKind.BranchRewritten, "Git", platform => Text.Of($"Branch {branch:code} of {name:code} was {"rewritten":b}, or has gone on further than I can follow: its newest commit {Commits.Abbreviate(found.Commit):code}{(found.Note is { } note ? $", by {note.Author} as it says itself, “{note.Message}”," : "")} is not known to contain what ran before. I deploy nothing more of it: {name:code} stays at {pinned:code} until {lease.Deadline}. {reception.Address(lease.Owner, platform)}, look at it, then {$"branch {name} {branch} follow for 30m because …":code}, which is approved anew, or {$"restore {name}":code}."), Tone.Alarm, lease.Id);
    }

    /// <summary>Approved as far as the votes still count, which is asked before it runs; it moves no deadline.</summary>
    private static Operation Of(Operation standing, Plan plan, Lease lease, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Kind = OperationKind.Branch,
        Incident = standing.Incident,
        RequestedBy = standing.RequestedBy,
        RequestedByKubernetesName = standing.RequestedByKubernetesName,
        RequestedAt = standing.RequestedAt, // whoever might agree then may be somebody who was asked next
        Reason = standing.Reason,
        Duration = lease.Deadline - now,
        Until = lease.Deadline,
        Plan = plan,
        Authority = standing.Authority,
        Approvals = [.. standing.Approvals.Select(vote => vote with { AtMost = null })],
        State = OperationState.Approved,
        StateSince = now,
        RequestExpiresAt = now + Lives,
        Lease = lease.Id,
    };
}
