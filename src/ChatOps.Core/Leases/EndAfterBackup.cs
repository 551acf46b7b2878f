using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// The end of an override after its books were put back from a backup. An extension that was approved since is lost from
/// them and stands on the object; ended by the older moment, hand changes would be lost that people had agreed to keep.
/// Whoever may annotate the object could write there too, so it is believed once, and never past what the rule allowed.
/// </summary>
public static class EndAfterBackup
{
    /// <summary>For this long after an older end the object is waited for, when its cluster does not answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Lease Tell(IncidentFile file, Lease lease, ApplicationFacts facts)
    {
        var told = facts.Marks.FirstOrDefault(mark => mark.Operation == lease.Mark && mark.Incident == lease.Incident)?.ExpiresAt ?? lease.Deadline;
        var end = told < lease.Latest ? told : lease.Latest;
        var known = (end > lease.Deadline ? lease.Extend(end) : lease) with { FromBackup = false };
        file.Save(known);
        if (known.Deadline != lease.Deadline)
        {
            file.Tell(TimelineKind.TakenOver, "chatops", _ => Text.Of($"The {lease.Noun} of {lease.Target.Name:code} was extended after the backup that my books come from: the object says until {known.Deadline}, so that counts."), Tone.Warning, lease.Id);
        }

        return known;
    }
}
