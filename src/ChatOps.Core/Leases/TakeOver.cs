using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// After a start: overrides that carry our mark in the cluster and have no lease in the books (the store was restored from
/// an older copy) get one again, with the way back that their own annotations hold. Marks that no override stands behind
/// any more are taken off, or one day they would pass for one.
/// </summary>
public sealed class TakeOver(IRecords records, IncidentFiles files, IEnumerable<IReconciler> reconcilers, ApplicationChannels channels)
{
    /// <summary>Whoever may annotate an application must not make a pause eternal.</summary>
    private static readonly TimeSpan LongestTaken = TimeSpan.FromHours(24);

    /// <summary>A number beyond it was not given by us: somebody wrote the annotation.</summary>
    private const int MostIncidents = 10_000_000;

    /// <param name="IsComplete">False: a cluster did not answer; call again.</param>
    /// <param name="Untold">Overrides that are in the cluster and in no books, and nobody is known whom to tell.</param>
    public sealed record Swept(bool IsComplete, IReadOnlyList<ApplicationRef> Untold);

    public async Task<Swept> HandleAsync(CancellationToken ct)
    {
        var complete = true;
        var untold = new List<ApplicationRef>();
        foreach (var reconciler in reconcilers)
        {
            var (answer, found) = await reconciler.FindOverridesAsync(ct);
            complete &= answer.IsOk;
            foreach (var (facts, mark) in found.SelectMany(facts => facts.Marks.Select(mark => (facts, mark))))
            {
                if (!await TakeAsync(reconciler, facts, mark, ct))
                {
                    untold.Add(facts.Ref);
                }
            }

            complete &= await SettleAsync(reconciler, ct);
        }

        return new(complete, untold);
    }

    /// <summary>
    /// Leases that were written down for an operation that is over without them (the books were put back from a backup
    /// made in that moment): the cluster says whether the override came to be.
    /// </summary>
    private async Task<bool> SettleAsync(IReconciler reconciler, CancellationToken ct)
    {
        var complete = true;
        foreach (var lease in await records.UnsettledLeasesAsync(ct))
        {
            if (lease.State != LeaseState.Starting || lease.Target.Instance != reconciler.Instance || await records.FindOperationAsync(lease.Operation, ct) is { IsTerminal: false })
            {
                continue;
            }

            var (answer, facts) = await reconciler.InspectAsync(lease.Target, ct);
            if (facts is null && answer.Kind != ClusterAnswerKind.Gone || await files.OpenAsync(lease.Incident, ct) is not { } file || file.Lease(lease.Id) is not { State: LeaseState.Starting } open)
            {
                complete = false; // the next may be readable
                continue;
            }

            var isThere = facts is not null && (open.Branch is null
                ? Holding.IsPaused(open, facts)
                : facts.Mark?.Operation == open.Operation && BranchHolding.IsOverridden(facts));
            if (!isThere && open.InSet is { } entry)
            {
                EndLease.Begin(file, open, "chatops", $"it is not there, and our entry may be in ApplicationSet {entry.Set}");
                await files.PutBackAsync(file, null, ct);
                continue;
            }

            file.Save(isThere ? open.Stored(file.Now) : open with { State = LeaseState.Void, EndedAt = file.Now });
            file.Tell(TimelineKind.TakenOver, "chatops", _ => isThere
                ? Text.Of($"{open.Target.Name:code} {open.Condition} in the cluster by a request that my books do not hold as done. I took it over; it ends {open.Deadline}.")
                : Text.Of($"The {open.Noun} of {open.Target.Name:code} that my books had begun is not in the cluster; nothing of it is left."), isThere ? Tone.Alarm : Tone.Neutral, open.Id);
            await files.PutBackAsync(file, null, ct);
        }

        return complete;
    }

    /// <summary>An incident that the books have lost altogether, under its own number, so that what it left has a place to be told and ended.</summary>
    private async Task<IncidentFile?> RecoverAsync(ApplicationFacts facts, OverrideMark mark, CancellationToken ct)
    {
        // In new books nothing tells who was there; then only the configuration knows where people hear of this application.
        var latest = await records.IncidentsAsync(onlyOpen: false, ct) is [var first, ..] ? first : null;
        var rooms = channels.Of(facts.Ref).ToList() is { Count: > 0 } configured ? configured : latest?.Channels ?? [];
        if (rooms.Count == 0 || mark.Incident is < 1 or > MostIncidents)
        {
            return null;
        }

        var file = files.New(new Incident
        {
            Number = mark.Incident,
            Title = "Recovered: the record of this incident is lost",
            Severity = Severity.Sev2,
            State = IncidentState.Open,
            DeclaredAt = facts.ReadAt,
            DeclaredBy = Incident.OpenedByUs,
            Operator = latest?.Operator ?? "chatops",
            Commander = latest?.Commander,
            Channels = rooms,
            Scope = [facts.Ref],
            Head = Chain.Root(mark.Incident),
        });
        file.Record(TimelineKind.Declared, "chatops", Text.Of($"chatops opened this again: {facts.Ref} carries an override of incident {mark.Incident}, of which the books know nothing"));
        return file;
    }

    /// <summary>False: there is nobody to tell, so it is nobody's.</summary>
    private async Task<bool> TakeAsync(IReconciler reconciler, ApplicationFacts facts, OverrideMark mark, CancellationToken ct)
    {
        var known = await files.OpenAsync(mark.Incident, ct);
        var isThere = BranchHolding.IsOverridden(facts, mark);
        if (known is null && !isThere)
        {
            return true; // no override, and no incident to tell it in
        }

        if ((known ?? await RecoverAsync(facts, mark, ct)) is not { } file)
        {
            return false;
        }

        // Another lease on this application is no answer for this one: it settles itself when it sees whose mark is there.
        if ((await records.UnsettledLeasesAsync(ct)).Any(lease => lease.IsUnsettled && lease.IsMarkedBy(mark.Operation) && lease.Target == facts.Ref))
        {
            return true;
        }

        var operation = file.Operations.FirstOrDefault(operation => operation.Id == mark.Operation);
        if (operation is not null && !operation.IsTerminal)
        {
            return true;
        }

        // The list was read before the books: an override that was ended in between is gone, and must not come back as a lease.
        var (_, now) = await reconciler.InspectAsync(facts.Ref, ct);
        if (now?.Marks.FirstOrDefault(still => still.Operation == mark.Operation) is not { } still || BranchHolding.IsOverridden(now, still) != isThere)
        {
            return true;
        }

        var lease = Again(facts, mark, operation, file);
        if (!isThere)
        {
            file.Tell(TimelineKind.TakenOver, "chatops", _ => Text.Of($"{facts.Ref.Name:code} {(lease.WindowIn is not null ? "is not held by our window any more" : lease.Only is not null ? "does not have all our rules" : lease.Branch is null ? "syncs by itself" : "does not follow our commit")} and still carries the marks of a {lease.Noun} of this incident. I take them off, or they would pass for a {lease.Noun} one day."), Tone.Warning, lease.Id);
            EndLease.Begin(file, lease.Overtake((lease.WindowIn is not null ? facts.WindowsManager : lease.Only is not null ? facts.Rules.Writer : lease.Branch is null ? facts.PauseFieldManager : facts.Sources.Select(source => source.Writer).FirstOrDefault()) ?? "somebody (the cluster does not say who)", Hold.Reverted, file.Now), "chatops", "only its marks are left");
        }
        else
        {
            file.Change(file.Incident.IsOpen ? file.Incident : file.Incident with { State = IncidentState.Open, ClosedAt = null });
            file.Save(lease);
            file.Tell(TimelineKind.TakenOver, "chatops", _ => Text.Of($"{facts.Ref.Name:code} {lease.Condition} in the cluster by an operation of this incident that my books do not hold as open. I took it over; it ends {lease.Deadline}."), Tone.Alarm, lease.Id);
        }

        await files.PutBackAsync(file, null, ct);
        return true;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static Lease Again(ApplicationFacts facts, OverrideMark mark, Operation? known, IncidentFile file) => new()
    {
        Id = Guid.CreateVersion7(file.Now),
        Kind = mark.Branch is not null ? LeaseKind.Branch : known?.Kind == OperationKind.Rollback ? LeaseKind.RollbackHold : LeaseKind.Pause,
        Branch = mark.Branch,
        BranchTip = mark.Branch?.Commit,
        Incident = mark.Incident,
        Operation = mark.Operation,
        Target = facts.Ref,
        Uid = facts.Uid,
        Mechanism = mark.Window is not null ? PauseMechanism.Window : mark.Only is not null ? PauseMechanism.Fields : facts.Automated.IsAbsent ? PauseMechanism.TakeOut : PauseMechanism.SwitchOff,
        WindowIn = mark.Window?.Project,
        Only = mark.Only,
        Before = mark.Before,
        KubernetesUser = mark.KubernetesUser.Length > 0 ? mark.KubernetesUser : known?.Authority.KubernetesUser ?? "",
        Owner = known?.RequestedBy ?? (file.Incident.Operator == "chatops" ? null : file.Incident.Operator),
        Reason = known?.Reason ?? "taken over from the cluster",
        StartedAt = WrittenAt(facts, mark) ?? file.Now,
        Deadline = Earlier(mark.ExpiresAt, file.Now + LongestTaken),
        JoinedSince = (known?.Plan.Work as AboutPause)?.Since,
        Latest = known is null ? Earlier(mark.ExpiresAt, file.Now + LongestTaken) : ((known.Plan.Work as AboutPause)?.Since ?? WrittenAt(facts, mark) ?? known.StateSince) + known.Authority.LongestInAll,
        ResumeAtDeadline = mark.Window is not null,
        Overwriting = known?.Authority.Overwriting ?? Overwriting.BySecondPress,
        State = LeaseState.Active,
        Hold = Hold.Stored,
        HoldSince = file.Now,
    };

    /// <summary>Who wrote the application's own field says nothing about a window, and nothing about rules.</summary>
    private static DateTimeOffset? WrittenAt(ApplicationFacts facts, OverrideMark mark) => mark is { Window: null, Only: null } ? facts.PauseFieldWrittenAt : null;
}
