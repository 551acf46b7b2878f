using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Looking;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Evidence;

/// <summary>
/// Writes down what people changed by hand before anything of ours or of the engine's can overwrite it: while an override
/// lasts whenever it changes, and once more in the moment before it ends. Who is the tool that wrote it, never a person.
/// </summary>
public sealed class KeepEvidence(ApplicationsSeen seen, IRecords records, IncidentFiles files, TimeProvider time)
{
    /// <summary>So many changes of one override are told as they come; then only how it is at its end.</summary>
    private const int MostTold = 100;

    /// <summary>An end waits no longer than this for what a cluster has to tell.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What the last look at an application in scope showed. Only memory: after a start what the record says counts.</summary>
    private readonly ConcurrentDictionary<(int Incident, ApplicationRef Application), IReadOnlySet<string>> shown = new();

    /// <summary>A look while the override lasts.</summary>
    public async Task HandleAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { State: LeaseState.Active } lease
            || lease.HandsTold >= MostTold
            || await LookAsync(lease.Target, ct) is not { } seen || seen.Beside(lease) is not { } look || look.SaysTheSameAs(lease)
            || await files.OpenAsync(lease.Incident, ct) is not { } file || file.Lease(id) is not { State: LeaseState.Active } current)
        {
            return;
        }

        Write(file, current, look);
        await files.PutBackAsync(file, null, ct);
    }

    /// <summary>
    /// A look at an application in an incident's scope that no override of ours holds: what hands did before it came into it, and
    /// what they do since, which the next sync overwrites. Each is told once, for as long as the record is kept.
    /// </summary>
    /// <param name="first">It came into the scope just now.</param>
    /// <returns>False: it could not be looked at.</returns>
    public async Task<bool> InScopeAsync(int number, ApplicationRef application, bool first, CancellationToken ct)
    {
        if (await LookAsync(application, ct) is not { } look)
        {
            return false;
        }

        var before = shown.GetValueOrDefault((number, application));
        if (look.Hands.Count > 0)
        {
            await TellInScopeAsync(number, application, look, before, first, ct);
        }

        // What could not be read may be as it was.
        shown[(number, application)] = HandChanges.Lines(look.Hands).Concat(look.NotRead.Count > 0 ? before ?? Enumerable.Empty<string>() : []).ToHashSet();
        return true;
    }

    /// <summary>What is in no open incident's scope any more is remembered no longer.</summary>
    public void ForgetAllBut(IReadOnlySet<(int Incident, ApplicationRef Application)> inScope)
    {
        foreach (var gone in shown.Keys.Where(one => !inScope.Contains(one)))
        {
            shown.TryRemove(gone, out _);
        }
    }

    private async Task TellInScopeAsync(int number, ApplicationRef application, HandsSeen look, IReadOnlySet<string>? before, bool first, CancellationToken ct)
    {
        // Of an override that somebody else has taken people decide, and nobody looks.
        if (await files.OpenAsync(number, ct) is not { } file || !file.Incident.IsOpen || !file.Incident.Scope.Contains(application)
            || file.Leases.Any(lease => lease.Target == application && lease.IsLive))
        {
            return;
        }

        var told = (await records.TimelineAsync(number, ct)).Where(entry => entry.Kind == TimelineKind.HandChanged).ToList();
        var fresh = HandChanges.NotSaidIn([.. told.Select(entry => entry.Text)], look.Hands, before);
        var last = $"I write no more of what hands change in {application.Name} while nothing of mine keeps it: {MostTold} changes are in this record";
        if (fresh.Count == 0 || (!first && told.Exists(entry => entry.Text == last)))
        {
            return;
        }

        if (!first && told.Count(entry => entry.Subject is null && EvidenceTexts.IsOf(application, entry.Text)) >= MostTold)
        {
            file.Tell(TimelineKind.HandChanged, "chatops", _ => last);
        }
        else
        {
            Record(file, application, fresh, look.LeftOut, null);
            file.Say(MessageKey.Entry(number, file.Incident.Entries), _ => first ? EvidenceCard.Found(application, fresh, look.LeftOut) : EvidenceCard.Unheld(application, fresh, look.LeftOut));
        }

        await files.PutBackAsync(file, null, ct);
    }

    /// <summary>The look before the engine is let loose: stored before it is. What cannot be read holds up no end, and is said.</summary>
    public async Task BeforeEndAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { State: LeaseState.Ending, HandsKept: false } lease)
        {
            return;
        }

        var (look, _) = await LookUnlessItBreaksAsync(lease.Target, ct);
        if (await files.OpenAsync(lease.Incident, ct) is not { } file || file.Lease(id) is not { State: LeaseState.Ending, HandsKept: false } current)
        {
            return;
        }

        file.Save(current with { HandsKept = true });
        if (look is not null)
        {
            Write(file, file.Lease(id)!, look.Beside(file.Lease(id)!));
        }
        else
        {
            file.Record(TimelineKind.HandChanged, "chatops", Text.Of($"What hands changed in {lease.Target.Name} could not be read before its {lease.Noun} ends; what was seen before is in this record"), id);
        }

        await files.PutBackAsync(file, null, ct);
    }

    /// <summary>A look that never throws.</summary>
    /// <returns>Null when it cannot be read; and whether that is because nothing answers, which is so of everything there.</returns>
    public async Task<(HandsSeen? Look, bool IsSilent)> LookUnlessItBreaksAsync(ApplicationRef application, CancellationToken ct)
    {
        try
        {
            return await TryAsync(application, ct);
        }
#pragma warning disable CA1031 // A look that breaks is told as one that saw nothing: it must not keep an override from its end.
        catch (Exception) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return (null, false);
        }
    }

    /// <summary>For an operation that overwrites by itself, in the step that starts it: what the record does not have yet.</summary>
    public async Task RecordAsync(IncidentFile file, ApplicationRef application, Guid subject, CancellationToken ct)
    {
        var look = await LookAsync(application, ct);
        if (look is { Hands.Count: > 0 })
        {
            var told = (await records.TimelineAsync(file.Incident.Number, ct)).Where(entry => entry.Kind == TimelineKind.HandChanged).Select(entry => entry.Text);
            if (HandChanges.NotSaidIn([.. told], look.Hands, before: null) is { Count: > 0 } fresh)
            {
                Record(file, application, fresh, look.LeftOut, subject);
            }
        }

        if (look is null || look.NotRead.Count > 0)
        {
            var what = look is null ? "What hands changed" : $"Whether hands changed {HandChanges.Named(look.NotRead)}";
            file.Record(TimelineKind.HandChanged, "chatops", Text.Of($"{what} in {application.Name} could not be read before it is overwritten"), subject);
        }
    }

    /// <summary>Null when it cannot be read.</summary>
    public async Task<HandsSeen?> LookAsync(ApplicationRef application, CancellationToken ct) => (await TryAsync(application, ct)).Look;

    private async Task<(HandsSeen? Look, bool IsSilent)> TryAsync(ApplicationRef application, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            var (answer, report) = await seen.Of(application).CompareAsync(application, either.Token);
            return report is null ? (null, answer.IsTransient) : (new(HandChanges.In(report, out var leftOut), leftOut, report.NotSeen) { OfControllers = HandChanges.OfControllers(report), NotRead = report.NotRead, Missing = HandChanges.NeverSeen(report) }, false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, true);
        }
    }

    /// <summary>In the record what is new, in the thread one message that always says how it is now.</summary>
    public static void Write(IncidentFile file, Lease lease, HandsSeen look)
    {
        if (look.SaysTheSameAs(lease))
        {
            return;
        }

        var fresh = HandChanges.New(lease.Hands, look.Hands);
        if (fresh.Count > 0)
        {
            Record(file, lease.Target, fresh, look.LeftOut, lease.Id);
        }

        var undone = HandChanges.New(look.Hands, lease.Hands);
        if (fresh.Count == 0 && undone.Count > 0)
        {
            file.Record(TimelineKind.HandChanged, "chatops", Text.Of($"No longer so in {lease.Target.Name}: {string.Join("; ", HandChanges.Lines(undone))}"), lease.Id);
        }

        var kept = lease with { Hands = look.Hands, HandsTold = lease.HandsTold + 1 };
        file.Save(kept);
        file.Say(MessageKey.Hands(lease.Id), _ => EvidenceCard.Of(kept, look.LeftOut));
    }

    private static void Record(IncidentFile file, ApplicationRef application, IReadOnlyList<ResourceDrift> hands, int leftOut, Guid? subject)
    {
        file.Record(TimelineKind.HandChanged, HandChanges.Tools(hands), Text.Of($"{EvidenceTexts.Found(application, hands, leftOut)}"), subject, EvidenceTexts.At(hands, file.Now));
    }
}

/// <summary>One look at what hands did.</summary>
/// <param name="LeftOut">Fields beyond what is kept.</param>
/// <param name="NotSeen">Sentences: what the look could not see.</param>
public sealed record HandsSeen(IReadOnlyList<ResourceDrift> Hands, int LeftOut, IReadOnlyList<string> NotSeen)
{
    /// <summary>What controllers of the cluster made otherwise than Git says: no hand's, kept in no record, and nothing that an end waits for.</summary>
    public IReadOnlyList<ResourceDrift> OfControllers { get; init; } = [];

    /// <summary>Objects that could not be looked at.</summary>
    public IReadOnlySet<(string Kind, string Namespace, string Name)> NotRead { get; init; } = new HashSet<(string, string, string)>();

    /// <summary>Objects that are not in the cluster, and of which this look does not tell that they had been deployed.</summary>
    public IReadOnlySet<(string Kind, string Namespace, string Name)> Missing { get; init; } = new HashSet<(string, string, string)>();

    /// <summary>Everything could be looked at. Fields beyond what is kept make no difference: those that are overwritten are kept first.</summary>
    public bool IsWhole => NotRead.Count == 0;

    /// <summary>It is no look at all, but what was seen last.</summary>
    public bool IsBlind { get; init; }

    /// <summary>
    /// With what was known before of objects that could not be looked at now: that nothing was seen is no sign that nothing is there.
    /// And of those that are still not there: what showed that they had been deployed is overwritten when Git moves on.
    /// </summary>
    public HandsSeen Beside(Lease lease) => this with
    {
        Hands = [.. Hands, .. lease.Hands.Where(hands => (hands.Kind, hands.Namespace, hands.Name) is var which && (NotRead.Contains(which) || hands.IsDeleted && Missing.Contains(which)))],
    };

    /// <summary>Nothing could be looked at.</summary>
    public static HandsSeen Unseen(Lease lease) => new(lease.Hands, 0, ["It could not be looked at now: this is how it was seen last."]) { IsBlind = true };

    public bool SaysTheSameAs(Lease lease) => HandChanges.Same(Hands, lease.Hands);
}
