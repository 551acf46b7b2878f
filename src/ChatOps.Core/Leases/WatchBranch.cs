using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Revisions;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// Looks after a switch to a branch: whether it is still there and the engine follows it, and what becomes of the branch. A
/// new commit is announced, and deployed by itself only where people approved that the branch is followed; a branch that is
/// deleted or rewritten while in use is an alarm.
/// </summary>
public sealed class WatchBranch(IRecords records, IncidentFiles files, Applications applications, FollowBranch follow, Reception reception, LookAtBranch look, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClusterPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GitPatience = TimeSpan.FromMinutes(5);

    /// <summary>Only memory: after a start the branch is looked at once more, and patience begins anew.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> lookedAt = new();
    private readonly ConcurrentDictionary<(Guid Lease, string What), DateTimeOffset> silentSince = new();

    /// <summary>True: settled for now; false: look again soon.</summary>
    public async Task<bool> HandleAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { State: LeaseState.Active, Branch: not null } lease)
        {
            lookedAt.TryRemove(id, out _);
            return true;
        }

        var (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
        var branch = await LookAtBranchAsync(lease, ct);
        if (await files.OpenAsync(lease.Incident, ct) is not { } file || file.Lease(id) is not { State: LeaseState.Active, Branch: not null } current)
        {
            return true;
        }

        var before = file.Incident.Entries;
        if (current.FromBackup && facts is not null)
        {
            current = EndAfterBackup.Tell(file, current, facts);
        }

        var holding = facts is not null ? Holding.Judge(current, facts, file.Now)
            : answer.Kind == ClusterAnswerKind.Gone ? new Holding.Gone()
            : IsSilent(id, "cluster", file.Now, ClusterPatience) ? new Holding.NotKnown(answer.Sentence) : null;
        if (facts is not null)
        {
            silentSince.TryRemove((id, "cluster"), out _);
        }

        Say(file, current, holding);
        if (file.Lease(id) is { State: LeaseState.Active } live && branch is not null && live.Branch!.Commit == lease.Branch.Commit)
        {
            Say(file, live, branch, facts);
        }

        if (file.Incident.Entries > before || file.Changes.Leases.Count > 0)
        {
            await files.PutBackAsync(file, null, ct);
        }

        return holding is Holding.Proved or Holding.Taken or Holding.Gone;
    }

    private async Task<BranchLook?> LookAtBranchAsync(Lease lease, CancellationToken ct)
    {
        var now = Clock.Now(time);
        if (lookedAt.TryGetValue(lease.Id, out var last) && now - last < BetweenLooks)
        {
            return null;
        }

        lookedAt[lease.Id] = now;
        return await look(lease.Branch!.Repository, lease.Branch.Branch, lease.BranchTip, ct);
    }

    private void Say(IncidentFile file, Lease lease, Holding? holding)
    {
        var (name, spoken) = (lease.Target.Name, lease.Branch!.Spoken);
        switch (holding)
        {
            case Holding.Proved when lease.Hold != Hold.Holding:
                file.Save(lease.Seen(Hold.Holding, file.Now));
                file.Tell(TimelineKind.Holding, "chatops", _ => lease.WindowIn is null
                    ? Text.Of($"{name:code} is {"holding":b}: Argo CD follows commit {spoken:code}{(lease.Follows is null ? " and nothing newer" : "; I move it on when something is pushed on top")}, until {lease.Deadline}.")
                    : Text.Of($"{name:code} is {"holding":b}: commit {spoken:code} is deployed, and Argo CD, which has compared since the window is there, deploys nothing else by itself until {lease.Deadline}."), Tone.Good, lease.Id);
                break;
            case Holding.NotKnown notKnown when lease.Hold != Hold.NotKnown:
                file.Save(lease.Seen(Hold.NotKnown, file.Now));
                file.Tell(TimelineKind.NotKnownToHold, "chatops", _ => Text.Of($"{name:code} is switched to commit {spoken:code}, but {"not known to hold":b}: {notKnown.Why}."), Tone.Alarm, lease.Id);
                break;
            case Holding.Taken taken:
                var overtaken = lease.Overtake(taken.By, taken.Left, file.Now);
                file.Save(overtaken);
                OvertakenTexts.Tell(file, overtaken, taken.By, Text.Empty, reception);
                break;
            case Holding.Gone when lease.WindowIn is { } project:
                EndLease.Begin(file, lease, "chatops", $"it was deleted, and its window is still in project {project}"); // and would hold the next of its name
                break;
            case Holding.Gone:
                file.Save(lease.Finish("chatops", file.Now));
                file.Tell(TimelineKind.Resumed, "chatops", _ => Text.Of($"{name:code} was deleted, and the switch to {spoken:code} with it."), Tone.Warning, lease.Id);
                break;
        }
    }

    private void Say(IncidentFile file, Lease lease, BranchLook seen, ApplicationFacts? facts)
    {
        var (name, branch, pinned) = (lease.Target.Name, lease.Branch!.Branch, Commits.Abbreviate(lease.Branch.Commit));
        var isAhead = lease.Follows is not null && file.Now < lease.Deadline && seen is BranchLook.Found tip && tip.Commit != lease.BranchTip;
        var isUnread = isAhead && seen is BranchLook.Found { SinceUnread: true };
        if (seen is not BranchLook.Silent && !isUnread)
        {
            silentSince.TryRemove((lease.Id, "git"), out _);
        }

        switch (seen)
        {
            case BranchLook.Absent when !lease.BranchGone:
                file.Save(lease with { BranchGone = true });
                file.Tell(TimelineKind.BranchGone, "chatops", platform => Text.Of($"Branch {branch:code} of {name:code} was {"deleted while in use":b}. What runs is commit {pinned:code}, as long as Argo CD can still fetch it: once the host drops it, nothing can be compared or deployed. {reception.Address(lease.Owner, platform)}, push it again, or {$"restore {name}":code}.{(lease.Follows is null ? "" : " Nothing more of it is deployed before it is there again.")}"), Tone.Alarm, lease.Id);
                break;
            case BranchLook.Found unread when isUnread: // neither on top of it nor rewritten, as far as anybody knows
                if (IsSilent(lease.Id, "git", file.Now, GitPatience))
                {
                    silentSince[(lease.Id, "git")] = DateTimeOffset.MaxValue; // said once
                    file.Tell(TimelineKind.NotKnownToHold, "chatops", _ => Text.Of($"Branch {branch:code} of {name:code} was pushed to, and whether its newest commit {Commits.Abbreviate(unread.Commit):code} is on top of what runs could not be read for {GitPatience}. What runs stays at {pinned:code} until it can."), Tone.Warning, lease.Id);
                }

                break;
            case BranchLook.Found found when isAhead:
                follow.Go(file, lease, found, facts);
                break;
            case BranchLook.Found found when found.Commit != lease.BranchTip:
                file.Save(lease with { BranchTip = found.Commit, BranchGone = false });
                file.Tell(TimelineKind.NewCommit, "Git", _ => NewCommit(lease, found), Tone.Warning, lease.Id);
                break;
            case BranchLook.Found when lease.BranchGone:
                file.Save(lease with { BranchGone = false });
                file.Tell(TimelineKind.NewCommit, "chatops", _ => Text.Of($"Branch {branch:code} of {name:code} is there again, at the same commit as before."), Tone.Good, lease.Id);
                break;
            case BranchLook.Silent silent when IsSilent(lease.Id, "git", file.Now, GitPatience):
                silentSince[(lease.Id, "git")] = DateTimeOffset.MaxValue; // said once
                file.Tell(TimelineKind.NotKnownToHold, "chatops", _ => Text.Of($"Whether branch {branch:code} of {name:code} has new commits is not known: {silent.Why}. What runs stays at {pinned:code}."), Tone.Warning, lease.Id);
                break;
        }
    }

    private static Text NewCommit(Lease lease, BranchLook.Found found)
    {
        var (name, branch) = (lease.Target.Name, lease.Branch!.Branch);
        if (found.Commit == lease.Branch.Commit)
        {
            return Text.Of($"Branch {branch:code} is back at commit {Commits.Abbreviate(found.Commit):code}, which is what {name:code} runs: what was pushed after it is gone from the branch.");
        }

        var who = found.Note is { } note ? Text.Of($"Branch {branch:code} has a new commit {Commits.Abbreviate(found.Commit):code}, by {note.Author} as it says itself: “{note.Message}”.") : Text.Of($"Branch {branch:code} has a new commit {Commits.Abbreviate(found.Commit):code}; who made it could not be read.");
        return who + Text.Of($" {name:code} {"stays":b} at {Commits.Abbreviate(lease.Branch.Commit):code}. To deploy the new one: {$"branch {name} {branch} for 30m because …":code}, which is approved as the first one was.");
    }

    private bool IsSilent(Guid lease, string what, DateTimeOffset now, TimeSpan patience) => now - silentSince.GetOrAdd((lease, what), now) > patience;
}
