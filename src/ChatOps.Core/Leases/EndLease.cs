using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// Undoes one override. Begun once and written down; then tried until the cluster says that it is gone, for as long as
/// it takes. Needs no policy and no chat.
/// </summary>
public sealed class EndLease(IRecords records, IncidentFiles files, Applications applications, Register register)
{
    /// <summary>Marks the end as begun in an open file; <see cref="FinishAsync"/> does it.</summary>
    public static void Begin(IncidentFile file, Lease lease, string by, string why)
    {
        file.Save(lease with { State = LeaseState.Ending, EndedBy = by, NextAttemptAt = file.Now, Attempts = 0 });
        file.Record(TimelineKind.StateChanged, by, Text.Of($"{by} ends the pause of {lease.Target.Name}: {why}"), lease.Id);
    }

    public async Task FinishAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { State: LeaseState.Ending } lease)
        {
            return;
        }

        var by = lease.EndedBy ?? "chatops";
        var end = lease.End(register.Find(by)?.KubernetesUser ?? by);
        var reconciler = applications.Of(lease.Target);
        var answer = await reconciler.EndPauseAsync(end, ct);

        // From here on the cluster may have changed: a shutdown must not keep us from writing that down.
        var (_, after) = answer.IsOk ? await reconciler.InspectAsync(lease.Target, CancellationToken.None) : default;
        await WriteDownAsync(end, answer, after, CancellationToken.None);
    }

    /// <summary>Git rules again only if nothing else keeps Argo CD from acting; what does is named.</summary>
    private static Text WhatFollows(ApplicationFacts? after) => after switch
    {
        null => "whether Argo CD applies what Git says could not be read.",
        { AutoSyncOn: false } => "and it does not sync by itself.",
        { Flight: { Automated: false } flight } => Text.Of($"and a sync by {flight.By} is on its way."),
        { Blockers: [var blocker, ..] } => Text.Of($"but Argo CD does not apply what Git says: {blocker.Sentence} {LookAfterEnd.WhatToDo(blocker)}"),
        _ => "and Argo CD is free to apply what Git says. I say so when it is seen.",
    };

    private async Task WriteDownAsync(AuthorizedEnd end, ClusterAnswer answer, ApplicationFacts? after, CancellationToken ct)
    {
        if (await files.OpenAsync(end.Lease.Incident, ct) is not { } file || file.Lease(end.Lease.Id) is not { State: LeaseState.Ending } lease)
        {
            return;
        }

        lease = lease with { Attempts = end.Lease.Attempts };
        var name = lease.Target.Name;
        var by = lease.EndedBy ?? "chatops";
        if (answer.IsOk || answer.Kind == ClusterAnswerKind.Gone)
        {
            file.Save(lease.Finish(by, file.Now) with { AwaitsEngine = answer.IsOk && after is not { Flight: null, Blockers.Count: > 0 } });
            if (file.Incident.State is IncidentState.Open or IncidentState.Mitigated)
            {
                file.Change(file.Incident with { State = IncidentState.Reconciling });
            }

            file.Tell(TimelineKind.Resumed, by, _ => answer.IsOk
                ? Text.Of($"{name:code} is {"resumed":b} by {register.Find(by)?.DisplayName ?? by} after {file.Now - lease.StartedAt}: what was there before is back, ") + WhatFollows(after)
                : Text.Of($"{name:code} does not exist any more, so there is nothing to resume."), Tone.Good, lease.Id);
        }
        else if (answer.Kind == ClusterAnswerKind.Moved)
        {
            file.Save(lease.Overtake(file.Now));
            file.Tell(TimelineKind.Reverted, "chatops", _ => Text.Of($"I did not resume {name:code}: somebody else changed it meanwhile, and I put back only what is mine. {answer.Sentence}. Look at it and decide."), Tone.Alarm, lease.Id);
        }
        else
        {
            file.Save(lease with { NextAttemptAt = file.Now + (answer.RetryAfter ?? Backoff.After(lease.Attempts)) });
            if (lease.Attempts is 1 or 10 || lease.Attempts % 100 == 0)
            {
                file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{name:code} is not resumed yet: {answer.Sentence}. I keep trying."), Tone.Alarm, lease.Id);
            }
        }

        await files.PutBackAsync(file, null, ct);
    }
}
