using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>Looks whether a pause works, from the moment it is stored to the end of its lease, and says what changed.</summary>
public sealed class WatchLease(IRecords records, IncidentFiles files, Applications applications, Reception reception)
{
    private static readonly TimeSpan ClusterPatience = TimeSpan.FromSeconds(30);

    /// <summary>Since when a cluster has not answered about a lease. Only memory: after a start patience begins anew.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> silentSince = new();

    /// <summary>True: settled for now; false: look again soon.</summary>
    public async Task<bool> HandleAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { State: LeaseState.Active } lease)
        {
            return true;
        }

        var (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
        if (await files.OpenAsync(lease.Incident, ct) is not { } file || file.Lease(id) is not { State: LeaseState.Active } current)
        {
            return true;
        }

        var before = file.Incident.Entries;
        var holding = Look(current, answer, facts, file.Now);
        if (facts is not null && Holding.Slipped(current, facts) is { } slipped)
        {
            current = current with { RevertsToldUpTo = slipped.StartedAt };
            file.Save(current);
            file.Tell(TimelineKind.RevertSlippedThrough, "Argo CD", _ => Text.Of($"A revert that was already on its way ran at {slipped.StartedAt!.Value} and touched {string.Join(", ", slipped.Resources):code}. Hand changes there are gone: apply them again."), Tone.Alarm, id, slipped.StartedAt);
        }

        Say(file, current, holding);
        if (file.Incident.Entries > before)
        {
            await files.PutBackAsync(file, null, ct);
        }

        return holding is Holding.Proved or Holding.Taken or Holding.Gone;
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

    private void Say(IncidentFile file, Lease lease, Holding? holding)
    {
        var name = lease.Target.Name;
        switch (holding)
        {
            case Holding.Proved when lease.Hold != Hold.Holding:
                file.Save(lease.Seen(Hold.Holding, file.Now));
                file.Tell(TimelineKind.Holding, "chatops", _ => Text.Of($"{name:code} is {"holding":b}: the controller has seen the pause and nothing older is left running. Hand changes stand until {lease.Deadline}."), Tone.Good, lease.Id);
                break;
            case Holding.NotKnown notKnown when lease.Hold != Hold.NotKnown:
                file.Save(lease.Seen(Hold.NotKnown, file.Now));
                file.Tell(TimelineKind.NotKnownToHold, "chatops", _ => Text.Of($"{name:code} is paused, but {"not known to hold":b}: {notKnown.Why}."), Tone.Alarm, lease.Id);
                break;
            case Holding.Taken taken:
                file.Save(lease.Overtake(file.Now));
                file.Tell(TimelineKind.Reverted, taken.By, platform => Text.Of($"{name:code} is {"not paused any more":b}: {taken.By} changed the field {file.Now - lease.StartedAt} after the pause. {reception.Address(lease.Owner, platform)}, decide: {$"pause {name} for 30m because …":code} pauses again."), Tone.Alarm, lease.Id);
                break;
            case Holding.Gone:
                file.Save(lease.Finish("chatops", file.Now));
                file.Tell(TimelineKind.Resumed, "chatops", _ => Text.Of($"{name:code} was deleted, and the pause with it."), Tone.Warning, lease.Id);
                break;
        }
    }
}
