using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// Looks whether a pause works, from the moment it is stored until it is settled, and says what changed: also after
/// somebody else took it, because what is left of it can change again before people have decided.
/// </summary>
public sealed class WatchLease(IRecords records, IncidentFiles files, Applications applications, Reception reception)
{
    private static readonly TimeSpan ClusterPatience = TimeSpan.FromSeconds(30);

    /// <summary>Since when a cluster has not answered about a lease. Only memory: after a start patience begins anew.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> silentSince = new();

    /// <param name="unsettled">All leases that are not settled, as they were read when this look began.</param>
    /// <returns>True: settled for now; false: look again soon.</returns>
    public async Task<bool> HandleAsync(Guid id, IReadOnlyList<Lease> unsettled, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { } lease || !IsWatched(lease))
        {
            return true;
        }

        var (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
        if (await files.OpenAsync(lease.Incident, ct) is not { } file || file.Lease(id) is not { } current || !IsWatched(current))
        {
            return true;
        }

        var before = file.Incident.Entries;
        if (current is { FromBackup: true, Outside: null } && facts is not null)
        {
            current = EndAfterBackup.Tell(file, current, facts);
        }

        if (current.State == LeaseState.Active && facts is not null && Holding.IsPaused(current, facts))
        {
            current = TellOfOthers(file, current, SharedPause.Told(current, unsettled, facts));
        }

        var holding = Look(current, answer, facts, file.Now);
        if (current.State == LeaseState.Active && facts is not null && Holding.Slipped(current, facts) is { } slipped)
        {
            current = current with { RevertsToldUpTo = slipped.StartedAt };
            file.Save(current);
            file.Tell(TimelineKind.RevertSlippedThrough, "Argo CD", _ => Text.Of($"A revert that was already on its way ran at {slipped.StartedAt!.Value} and touched {string.Join(", ", slipped.Resources):code}. Hand changes there are gone: apply them again. Where I may watch it, a message here has each with the command."), Tone.Alarm, id, slipped.StartedAt);
        }

        if (current.WaitsForPeople && facts is { Mark: null, AutoSyncOn: false } && holding is not (Holding.Taken or Holding.Gone)
            && SharedPause.Rivals(current, await records.UnsettledLeasesAsync(ct)) is [var later, ..])
        {
            holding = new Holding.Taken("chatops", Hold.OffByOthers, later.Mark); // a set took the mark of the later one away
        }

        if (holding is Holding.Taken again && current.InSet is { } entry && (!SharedPause.KeepsEntry(current, unsettled) || SharedPause.Heir(current, unsettled) is not null) && await IsHeldAgainAsync(current.Target, again, ct))
        {
            EndLease.Begin(file, current, "chatops", $"another override holds it now, and our entry is still in ApplicationSet {entry.Set}");
        }
        else if (holding is Holding.Taken shut && current.WindowIn is { } project && facts?.Marks.Any(mark => current.IsMarkedBy(mark.Operation)) == true && await IsHeldAgainAsync(current.Target, shut, ct))
        {
            EndLease.Begin(file, current, "chatops", $"another override holds it now, and our window is still in project {project}");
        }
        else if (holding is Holding.Taken taken && await IsHeldAgainAsync(current.Target, taken, ct))
        {
            file.Save(current.Finish("chatops", file.Now));
            file.Tell(TimelineKind.Settled, "chatops", _ => Text.Of($"{current.Target.Name:code} is held by another override now, which has an end and an owner of its own: this one is settled."), Tone.Neutral, id);
        }
        else if (current.WaitsForPeople)
        {
            SayOfOvertaken(file, current, holding, facts);
        }
        else
        {
            Say(file, current, holding, facts);
        }

        if (file.Incident.Entries > before || file.Changes.Leases.Count > 0)
        {
            await files.PutBackAsync(file, null, ct);
        }

        return holding is Holding.Proved or Holding.Taken or Holding.Gone;
    }

    private static bool IsWatched(Lease lease) => lease.State == LeaseState.Active || lease.WaitsForPeople;

    /// <summary>A mark that no lease of ours answers for is somebody's text on an object, and settles nothing.</summary>
    private async Task<bool> IsHeldAgainAsync(ApplicationRef target, Holding.Taken taken, CancellationToken ct) =>
        taken.Another is { } another && (await records.UnsettledLeasesAsync(ct)).Any(lease => lease.IsLive && lease.Mark == another && lease.Target == target);

    /// <summary>Which other incidents hold the same pause, said to this one when it changes.</summary>
    private static Lease TellOfOthers(IncidentFile file, Lease lease, IReadOnlyList<Lease> others)
    {
        var now = others.Select(other => other.Incident).ToList();
        if (now.SequenceEqual(lease.HeldWith))
        {
            return lease;
        }

        var (came, left) = (others.Where(other => !lease.HeldWith.Contains(other.Incident)).ToList(), lease.HeldWith.Except(now).ToList());
        var told = lease with { HeldWith = now };
        file.Save(told);
        foreach (var other in came)
        {
            file.Tell(TimelineKind.StateChanged, "chatops", _ => Text.Of($"{lease.Target.Name:code} is held by incident {other.Incident} as well, until {other.Deadline}: it stays paused until the last of them lets it go."), Tone.Neutral, lease.Id);
        }

        if (left.Count > 0)
        {
            file.Tell(TimelineKind.StateChanged, "chatops", _ => Text.Of($"{lease.Target.Name:code} was let go by {SharedPause.InWords(left)}. It stays paused: this incident holds it until {lease.Deadline}{(now.Count > 0 ? $", and {SharedPause.InWords(now)} as well" : "")}."), Tone.Neutral, lease.Id);
        }

        return told;
    }

    /// <summary>Until its time is over people may still want it back; after that a pause that is simply gone needs nobody.</summary>
    private void SayOfOvertaken(IncidentFile file, Lease lease, Holding? holding, ApplicationFacts? facts)
    {
        switch (holding)
        {
            case null or Holding.NotKnown when facts is null:
                break;
            case Holding.Gone:
                SayGone(file, lease);
                break;
            case Holding.Taken { Left: Hold.Reverted } when lease.Outside is { } outside:
                file.Save(lease.Finish("chatops", file.Now));
                file.Tell(TimelineKind.Settled, "chatops", _ => Text.Of($"{lease.Target.Name:code}: {outside.Over:b}, and not by me. The override that {outside.Hand} made is settled."), Tone.Good, lease.Id);
                break;
            case Holding.Taken taken when taken.Left != lease.Hold:
                Overtaken(file, lease, taken);
                break;
            case Holding.Taken { Left: Hold.Reverted } when file.Now >= lease.Deadline:
                EndLease.Begin(file, lease, "chatops", lease.WindowIn is not null ? "its time is over, and its window does not hold any more" : lease.Only is not null ? "its time is over, and our rules are not all there any more" : lease.Branch is null ? "its time is over, and auto-sync is on again" : "its time is over, and somebody else says what it follows");
                break;
            case Holding.Taken:
                break;
            default:
                file.Save(lease.Stored(file.Now));
                file.Tell(TimelineKind.TakenOver, "chatops", _ => Text.Of($"{lease.Target.Name:code} {(lease.WindowIn is not null ? "is held by our window again" : lease.Only is not null ? "has our rules again" : lease.Branch is null ? "is off again" : "names our commit again")} and carries our mark (changed last by {(lease.WindowIn is not null ? facts?.WindowsManager : lease.Only is not null ? facts?.Rules.Writer : facts?.PauseFieldManager) ?? "somebody that the cluster does not name"}): it counts as held until {lease.Deadline}."), Tone.Warning, lease.Id);
                break;
        }
    }

    private void Overtaken(IncidentFile file, Lease lease, Holding.Taken taken)
    {
        var overtaken = lease.Overtake(taken.By, taken.Left, file.Now);
        file.Save(overtaken);
        OvertakenTexts.Tell(file, overtaken, taken.By, Text.Empty, reception);
    }

    private static void SayGone(IncidentFile file, Lease lease)
    {
        if (lease.WindowIn is { } project)
        {
            EndLease.Begin(file, lease, "chatops", $"it was deleted, and its window is still in project {project}"); // and would hold the next of its name
            return;
        }

        if (lease.InSet is { } entry)
        {
            EndLease.Begin(file, lease, "chatops", $"it was deleted, and our entry is still in ApplicationSet {entry.Set}");
            return;
        }

        file.Save(lease.Finish("chatops", file.Now));
        file.Tell(TimelineKind.Resumed, "chatops", _ => Text.Of($"{lease.Target.Name:code} was deleted, and the {lease.Noun} with it."), Tone.Warning, lease.Id);
    }

    private Holding? Look(Lease lease, ClusterAnswer answer, ApplicationFacts? facts, DateTimeOffset now)
    {
        if (facts is not null)
        {
            silentSince.TryRemove(lease.Id, out _);
            return Holding.Judge(lease, facts, now);
        }

        if (answer.Kind == ClusterAnswerKind.Gone)
        {
            return new Holding.Gone();
        }

        return now - silentSince.GetOrAdd(lease.Id, now) > ClusterPatience ? new Holding.NotKnown(answer.Sentence) : null;
    }

    private void Say(IncidentFile file, Lease lease, Holding? holding, ApplicationFacts? facts)
    {
        var name = lease.Target.Name;
        switch (holding)
        {
            case Holding.Proved when lease.Hold != Hold.Holding:
                file.Save(lease.Seen(Hold.Holding, file.Now));
                file.Tell(TimelineKind.Holding, "chatops", _ => Text.Of($"{name:code} is {"holding":b}: {(lease.WindowIn is null ? $"the controller has seen the pause and nothing older is left running{(lease.InSet is { } entry ? $", and ApplicationSet {entry.Set} has worked on it since and left it so" : "")}" : "the controller has compared since the window is there, and starts nothing by itself while it is open")}. {(lease.Only is { } only ? $"Hand changes to {only.Spoken} stand" : "Hand changes stand")} until {lease.Deadline}{(lease.Only is null ? "" : "; everything else Argo CD goes on putting back")}."), Tone.Good, lease.Id);
                break;
            case Holding.Proved when lease.OwnerLookedAt is null && facts is not null && Holding.OwnerLookedAt(lease, facts) is { } looked:
                file.Save(lease with { OwnerLookedAt = looked });
                file.Tell(TimelineKind.Holding, "chatops", _ => Text.Of($"{name:code} is {"holding":b}, and the parent application {facts.Owner.Name:code} leaves it so: it began to compare at {looked}, after the pause was there, and found nothing to put back."), Tone.Good, lease.Id);
                break;
            case Holding.NotKnown notKnown when lease.Hold != Hold.NotKnown:
                file.Save(lease.Seen(Hold.NotKnown, file.Now));
                file.Tell(TimelineKind.NotKnownToHold, "chatops", _ => Text.Of($"{name:code} is paused, but {"not known to hold":b}: {notKnown.Why}."), Tone.Alarm, lease.Id);
                break;
            case Holding.Taken taken:
                Overtaken(file, lease, taken);
                break;
            case Holding.Gone:
                SayGone(file, lease);
                break;
        }
    }
}
