using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Outside;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// Undoes one override. Begun once and written down; then tried until the cluster says that it is gone, for as long as
/// it takes. Needs no policy and no chat. Where somebody else undid it first, what is left of ours (the marks) is taken
/// off, and what was seen is said; where it is still off by somebody else's hand, people decide.
/// </summary>
public sealed class EndLease(IRecords records, IncidentFiles files, Applications applications, KeepEvidence evidence, Register register, Reception reception)
{
    /// <summary>Marks the end as begun in an open file; <see cref="FinishAsync"/> does it.</summary>
    public static void Begin(IncidentFile file, Lease lease, string by, string why)
    {
        file.Save(lease with { State = LeaseState.Ending, EndedBy = by, NextAttemptAt = file.Now, Attempts = 0 });
        file.Record(TimelineKind.StateChanged, by, Text.Of($"{by} ends the {lease.Noun} of {lease.Target.Name}: {why}"), lease.Id);
    }

    public async Task FinishAsync(Guid id, CancellationToken ct)
    {
        await evidence.BeforeEndAsync(id, ct);
        if (await records.FindLeaseAsync(id, ct) is not { State: LeaseState.Ending } lease)
        {
            return;
        }

        var by = lease.EndedBy ?? "chatops";
        var reconciler = applications.Of(lease.Target);

        // Read after the end was begun: whoever joins the pause from here on sees that, and waits what comes of it.
        var unsettled = await records.UnsettledLeasesAsync(ct);
        var (look, seen) = lease.WindowIn is null ? (ClusterAnswer.Ok, null) : await reconciler.InspectAsync(lease.Target, ct);
        if (lease is { OnlyLetsGo: true, WindowIn: not null } && seen is null && look.Kind != ClusterAnswerKind.Gone)
        {
            await WriteDownAsync(lease.End(by), look, null, null, ct); // whether another window holds it on is not known
            return;
        }

        if (SharedPause.MustAskFirst(lease, unsettled, seen) && await GoesOnAsync(lease, ct))
        {
            return;
        }

        var holders = SharedPause.Holders(lease, unsettled, seen);
        var to = holders is [var longest, ..] ? longest : await UnmarkedAsync(lease, unsettled, ct);
        foreach (var holder in holders)
        {
            await HandOnAsync(lease, holder, ct);
        }

        var keepsEntry = SharedPause.KeepsEntry(lease, unsettled);
        if (keepsEntry && SharedPause.Heir(lease, unsettled) is { } heir)
        {
            await HandEntryOnAsync(lease, heir, ct);
        }

        var end = (keepsEntry ? lease with { InSet = null } : lease).End(register.Find(by)?.KubernetesUser ?? by);
        var answer = lease.Outside is not null ? await reconciler.PutBackAsync(end, ct)
            : lease.Branch is not null ? await reconciler.SwitchBackAsync(end, ct)
            : to is not null && lease.WindowIn is null ? await reconciler.LeaveAsync(end, to, ct)
            : await reconciler.EndPauseAsync(end, ct);

        // From here on the cluster may have changed: a shutdown must not keep us from writing that down.
        var (_, after) = answer.IsOk || answer.Kind == ClusterAnswerKind.Moved ? await reconciler.InspectAsync(lease.Target, CancellationToken.None) : default;
        await WriteDownAsync(end, answer, after, to, CancellationToken.None);
    }

    /// <summary>
    /// What its rule wants before changes by hand are overwritten stays with the pause when it goes, and so does what was
    /// deployed under it: whoever holds it last answers for both.
    /// </summary>
    private async Task HandOnAsync(Lease ending, Lease holder, CancellationToken ct)
    {
        var rule = Overwriting.Strictest([holder.Overwriting, ending.Overwriting]);
        if (rule == holder.Overwriting && (ending.Deployed is null || holder.Deployed is not null)
            || await files.OpenAsync(holder.Incident, ct) is not { } file || file.Lease(holder.Id) is not { State: LeaseState.Starting or LeaseState.Active } current)
        {
            return;
        }

        file.Save(current with { Overwriting = Overwriting.Strictest([current.Overwriting, ending.Overwriting]), Deployed = current.Deployed ?? ending.Deployed });
        if (rule != holder.Overwriting)
        {
            file.Record(TimelineKind.StateChanged, "chatops", Text.Of($"what rule {ending.Overwriting.Rule} wants before changes by hand are overwritten counts for the pause of {holder.Target.Name} from now on: incident {ending.Incident} held it by that rule"), holder.Id);
        }

        if (current.Deployed is null && ending.Deployed is not null)
        {
            file.Record(TimelineKind.StateChanged, "chatops", Text.Of($"incident {ending.Incident} deployed something else than Git says under its pause of {holder.Target.Name}; the end of this one shows what Git brings back"), holder.Id);
        }

        await files.PutBackAsync(file, null, ct);
    }

    /// <summary>Whoever counts on the entry in the set without having asked for it takes it out at last.</summary>
    private async Task HandEntryOnAsync(Lease ending, Lease heir, CancellationToken ct)
    {
        if (await files.OpenAsync(heir.Incident, ct) is { } file && file.Lease(heir.Id) is { State: LeaseState.Starting or LeaseState.Active, InSet: null } current)
        {
            file.Save(current with { InSet = ending.InSet });
            file.Record(TimelineKind.StateChanged, "chatops", Text.Of($"our entry in ApplicationSet {ending.InSet!.Set} goes with the end of this pause of {heir.Target.Name}: incident {ending.Incident} needs it no more"), heir.Id);
            await files.PutBackAsync(file, null, ct);
        }
    }

    /// <summary>A set took the marks away, and another pause of the same switch stands in the books: that one is there, and not this.</summary>
    private async Task<Lease?> UnmarkedAsync(Lease lease, IReadOnlyList<Lease> unsettled, CancellationToken ct)
    {
        var rivals = SharedPause.Rivals(lease, unsettled);
        var standing = rivals.FirstOrDefault(other => other.State == LeaseState.Active);
        foreach (var starting in rivals.Where(other => standing is null && other.State == LeaseState.Starting))
        {
            standing = await records.FindOperationAsync(starting.Operation, ct) is { Progress: not null } ? starting : standing; // its pause is stored, and it goes on
        }

        return standing is null || (await applications.Of(lease.Target).InspectAsync(lease.Target, ct)).Facts is { Mark: not null } ? null : standing;
    }

    /// <summary>It was to leave the application to somebody who has let go of it meanwhile, and that is not what people had decided.</summary>
    private async Task<bool> GoesOnAsync(Lease stale, CancellationToken ct)
    {
        var (answer, facts) = await applications.Of(stale.Target).InspectAsync(stale.Target, ct);
        if (answer.Kind == ClusterAnswerKind.Gone || facts is not null && !Holding.IsPaused(stale, facts))
        {
            return false; // whoever let go last has put back what was there
        }

        if (await files.OpenAsync(stale.Incident, ct) is { } file && file.Lease(stale.Id) is { State: LeaseState.Ending } lease)
        {
            file.Save(lease.GoOn());
            file.Tell(TimelineKind.Failed, "chatops", _ => (HasFailed(file, lease)
                ? Text.Of($"{lease.Target.Name:code} was paused by another incident, and nobody else holds it by now, so it stays paused by this incident: ")
                : Text.Of($"{lease.Target.Name:code} was to be left to another incident, which has let go of it in that moment. So it stays paused by this one: "))
                + Text.Of($"{$"resume {lease.Target.Name}":code} lets Argo CD act, {$"extend {lease.Target.Name} by 30m":code} keeps it."), Tone.Warning, lease.Id);
            await files.PutBackAsync(file, null, ct);
        }

        return true;
    }

    /// <summary>Git rules again only if nothing else keeps Argo CD from acting; what does is named.</summary>
    private static Text WhatFollows(ApplicationFacts? after) => after switch
    {
        null => "whether Argo CD applies what Git says could not be read.",
        { IsHeldByWindow: true } when after.OpenWindows.MaxBy(window => window.ExpiresAt) is { } open => Text.Of($"and a deny window of incident {open.Incident} still keeps Argo CD from it, until {open.ExpiresAt}."),
        { AutoSyncOn: false } => Text.Of($"and it does not sync by itself: {$"sync {after.Ref.Name}":code} deploys what Git says."),
        { Flight: { Automated: false } flight } => Text.Of($"and a sync by {flight.By} is on its way."),
        { Blockers: [var blocker, ..] } => Text.Of($"but Argo CD does not apply what Git says: {blocker.Sentence} {LookAfterEnd.WhatToDo(blocker)}"),
        _ => "and Argo CD is free to apply what Git says. I say so when it is seen.",
    };

    private async Task WriteDownAsync(AuthorizedEnd end, ClusterAnswer answer, ApplicationFacts? after, Lease? to, CancellationToken ct)
    {
        if (await files.OpenAsync(end.Lease.Incident, ct) is not { } file || file.Lease(end.Lease.Id) is not { State: LeaseState.Ending } lease)
        {
            return;
        }

        lease = lease with { Attempts = end.Lease.Attempts };
        if (answer.IsOk && to is not null && (after is null || IsStillHeld(lease, to, after)))
        {
            SayLeft(file, lease, to);
        }
        else if (answer.IsOk || answer.Kind == ClusterAnswerKind.Gone)
        {
            SayEnded(file, lease, end, answer, after);
        }
        else if (answer.Kind != ClusterAnswerKind.Moved || after is null)
        {
            Later(file, lease, answer);
        }
        else
        {
            await SayMovedAsync(file, lease, end, answer, after, ct);
        }

        await files.PutBackAsync(file, null, ct);
    }

    private static bool IsStillHeld(Lease lease, Lease to, ApplicationFacts after) =>
        lease.WindowIn is not null ? after.OpenWindows.Any(mark => to.IsMarkedBy(mark.Operation)) : lease.Only is not null ? after.Rules.HasOurs : !after.AutoSyncOn;

    private void SayLeft(IncidentFile file, Lease lease, Lease to)
    {
        var (name, by) = (lease.Target.Name, lease.EndedBy ?? "chatops");
        file.Save(lease.Finish(by, file.Now));
        Reconciles(file);
        file.Tell(TimelineKind.Settled, by, _ => Text.Of($"{name:code} {"stays paused":b}: incident {to.Incident} holds it until {to.Deadline}. This incident let go of it, by {register.Find(by)?.DisplayName ?? by} after {file.Now - lease.StartedAt}; {(lease.WindowIn is { } project ? $"its window is out of project {project}, and Argo CD acts no more than before" : "nothing was put back")}."), Tone.Neutral, lease.Id);
    }

    /// <summary>What became of the entry in the set, where this end had to see to it.</summary>
    private static Text OfEntry(AuthorizedEnd end, ClusterAnswer answer) => end.Lease.InSet is not { } entry ? Text.Empty
        : answer == ClusterAnswer.Ok || answer.Kind == ClusterAnswerKind.Moved ? Text.Of($" Our entry is out of ApplicationSet {entry.Set:code}.")
        : Text.Of($" {answer.Sentence}.");

    private void SayEnded(IncidentFile file, Lease lease, AuthorizedEnd end, ClusterAnswer answer, ApplicationFacts? after)
    {
        var (name, by) = (lease.Target.Name, lease.EndedBy ?? "chatops");
        file.Save(lease.Finish(by, file.Now) with { AwaitsEngine = answer.IsOk && IsWorthLooking(after) });
        Reconciles(file);
        if (lease.Hands.Count > 0)
        {
            file.Say(MessageKey.Hands(lease.Id), _ => EvidenceCard.Of(file.Lease(lease.Id)!));
        }

        file.Tell(TimelineKind.Resumed, by, _ =>
            IsOfANamespaceThatFailed(file, lease) ? Text.Of($"{name:code} is not paused: nothing of the pause that failed is left there, ") + WhatFollows(after) + OfEntry(end, answer)
            : !answer.IsOk ? Text.Of($"{name:code} does not exist any more, so there is nothing to {lease.EndWord}.") + OfEntry(end, answer)
            : lease.Outside is { } outside ? Text.Of($"{name:code} is {lease.EndedWord:b} by {register.Find(by)?.DisplayName ?? by}: {outside.Over}, ") + WhatFollows(after)
            : lease.WasOvertaken ? Text.Of($"{name:code} is {"settled":b} by {register.Find(by)?.DisplayName ?? by}: what was there before the {lease.Noun} is there again and nothing of ours is left, ") + WhatFollows(after) + OfEntry(end, answer)
            : Text.Of($"{name:code} is {lease.EndedWord:b} by {register.Find(by)?.DisplayName ?? by} after {file.Now - lease.StartedAt}: what was there before is back, ") + WhatFollows(after) + OfEntry(end, answer), Tone.Good, lease.Id, buttons: answer.IsOk && LookAfterEnd.WantsSync(after) ? key => [LookAfterEnd.Sync(file, lease, key)] : null);
    }

    /// <summary>The field is not as we left it: what a look says about it decides.</summary>
    private async Task SayMovedAsync(IncidentFile file, Lease lease, AuthorizedEnd end, ClusterAnswer answer, ApplicationFacts after, CancellationToken ct)
    {
        var (name, by) = (lease.Target.Name, lease.EndedBy ?? "chatops");
        lease = await SeenNowAsync(lease, after, ct);
        switch (Holding.Judge(lease, after, file.Now))
        {
            case Holding.Gone:
                SayEnded(file, lease, end, new(ClusterAnswerKind.Gone, answer.Sentence), after);
                break;
            case Holding.Taken { Left: Hold.Reverted } taken:
                file.Save(lease.Finish(by, file.Now) with { AwaitsEngine = IsWorthLooking(after) });
                Reconciles(file);
                file.Tell(TimelineKind.Settled, by, _ => Text.Of($"{name:code} is {"settled":b} by {register.Find(by)?.DisplayName ?? by}: {taken.By} {(lease.Outside is not null ? "has changed it again" : lease.Only is not null ? "took our rules out" : lease.Branch is null ? "switched auto-sync on" : "changed its revision")} before me, so I left it as it is ({(lease.Only is not null ? after.Rules.List.InWords : lease.Branch is null ? after.Automated.InWords : string.Join(", ", after.TargetRevisions))}). Nothing of ours is left, ") + WhatFollows(after) + OfEntry(end, answer), Tone.Warning, lease.Id);
                break;
            case Holding.Taken { Another: { } another } when (await records.UnsettledLeasesAsync(ct)).Any(other => other.IsLive && other.Mark == another && other.Target == lease.Target):
                file.Save(lease.Finish(by, file.Now));
                file.Tell(TimelineKind.Settled, by, _ => Text.Of($"{name:code} is held by another override now, which has an end and an owner of its own: this one is settled."), Tone.Neutral, lease.Id);
                break;
            case Holding.Taken taken:
                var overtaken = lease.Overtake(taken.By, taken.Left, file.Now);
                file.Save(overtaken);
                OvertakenTexts.Tell(file, overtaken, "chatops", Text.Of($"I did not {lease.EndWord} {name:code}: I put back only what is mine. {answer.Sentence}. "), reception);
                break;
            default:
                Later(file, lease, answer); // it changed between the answer and the look
                break;
        }
    }

    /// <summary>What somebody changed past us and then once more is not put back unseen; whoever wants it after this has seen it.</summary>
    private async Task<Lease> SeenNowAsync(Lease lease, ApplicationFacts after, CancellationToken ct)
    {
        if (lease.Outside is not { } outside || after.Uid != lease.Uid || await records.FindBaselineAsync(lease.Target, ct) is not { } known || known.Uid != lease.Uid)
        {
            return lease;
        }

        var others = (await records.UnsettledLeasesAsync(ct)).Where(other => other.Target == lease.Target).ToList();
        return OutsideLook.At(known, after, others).Found.FirstOrDefault(found => found.Kind == outside.Kind) is { } now ? lease.SeenAs(now) : lease;
    }

    private static void Later(IncidentFile file, Lease lease, ClusterAnswer answer)
    {
        file.Save(lease with { NextAttemptAt = file.Now + (answer.RetryAfter ?? Backoff.After(lease.Attempts)) });
        if (lease.Attempts is 1 or 10 || lease.Attempts % 100 == 0)
        {
            file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{lease.Target.Name:code} is not {lease.EndedWord} yet: {answer.Sentence}. I keep trying."), Tone.Alarm, lease.Id);
        }
    }

    /// <summary>Whether it had come to be paused nobody knows for certain, and it does not matter any more.</summary>
    private static bool IsOfANamespaceThatFailed(IncidentFile file, Lease lease) =>
        file.Operations.Any(operation => operation.Id == lease.Operation && operation is { State: OperationState.Failed, Plan.Work: NamespacePauseWork });

    private static bool HasFailed(IncidentFile file, Lease lease) => file.Operations.Any(operation => operation.Id == lease.Operation && operation.State == OperationState.Failed);

    private static bool IsWorthLooking(ApplicationFacts? after) => after is not { Flight: null, Blockers.Count: > 0 };

    private static void Reconciles(IncidentFile file)
    {
        if (file.Incident.State is IncidentState.Open or IncidentState.Mitigated)
        {
            file.Change(file.Incident with { State = IncidentState.Reconciling });
        }
    }
}
