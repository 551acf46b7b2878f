using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// That an override is gone does not mean that Git rules again: a failed sync, a window or a controller that is down keep
/// the engine from acting, and nothing says so. So it is looked at until it is seen, and what was seen is said.
/// </summary>
public sealed class LookAfterEnd(IRecords records, IncidentFiles files, Applications applications)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ButtonLives = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(6);

    /// <summary>A status can be older than the end for that long.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public async Task HandleAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { AwaitsEngine: true } lease)
        {
            return;
        }

        var (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
        if (await files.OpenAsync(lease.Incident, ct) is not { } file || file.Lease(id) is not { AwaitsEngine: true } current
            || Judge(current, answer, facts, file.Now) is not { } seen)
        {
            return;
        }

        file.Save(current with { AwaitsEngine = false });
        if (seen.Sentence is { } sentence)
        {
            file.Tell(TimelineKind.SeenAfterEnd, "chatops", _ => sentence, seen.Tone, id, buttons: seen.WantsSync ? key => [Sync(file, current, key)] : null);
        }

        await files.PutBackAsync(file, null, ct);
    }

    /// <summary>What a look came to; nothing to say when people have decided otherwise since.</summary>
    /// <param name="WantsSync">Nothing but a sync by hand makes it as Git says: that is offered, under its own rule.</param>
    public sealed record Seen(Text? Sentence, Tone Tone, bool WantsSync = false);

    /// <summary>Null: look again. Pure.</summary>
    public static Seen? Judge(Lease lease, ClusterAnswer answer, ApplicationFacts? facts, DateTimeOffset now)
    {
        var name = lease.Target.Name;
        var since = now - (lease.EndedAt ?? now);
        if (facts is null)
        {
            return answer.Kind == ClusterAnswerKind.Gone ? Nothing
                : since < Patience ? null
                : new(Text.Of($"Whether Argo CD applies what Git says to {name:code} could not be read since it was {lease.EndedWord}: {answer.Sentence}."), Tone.Warning);
        }

        if (facts.Uid != lease.Uid || !facts.AutoSyncOn || facts.Mark is not null)
        {
            return Nothing;
        }

        if (since < Settling || (facts.Flight is not null || facts.RefreshPending) && since < Patience || facts.NextRevert > now && since < LongestBackoff)
        {
            return null;
        }

        if (lease.Branch is { } held && since < Patience && facts.Sources.Any(source => source.Compared == held.Commit))
        {
            return null; // not compared since the end yet
        }

        return facts switch
        {
            { Flight: { } flight } => new(Text.Of($"{name:code} is not as Git says yet: an operation of {flight.By} is {(flight.WaitsToRetry ? "waiting to be tried again" : "still running")}. {flight.Message}"), Tone.Warning),
            { Sync: SyncState.Synced } => new(Text.Of($"{name:code} is as Git says: Argo CD shows it as {"Synced":b}{At(facts.Revision)}."), Tone.Good),
            { Blockers: [var blocker, ..] } => new(Text.Of($"{name:code} is {"not as Git says":b}, and Argo CD does not act: {blocker.Sentence} {WhatToDo(blocker)}"), Tone.Alarm, blocker.Kind == BlockerKind.LastSyncFailed),
            _ when since < Patience => null,
            _ => new(Text.Of($"{name:code} is {"not as Git says":b} {since} after it was {lease.EndedWord} ({facts.Sync}), and Argo CD has not acted: look at its controller, or sync it by hand."), Tone.Alarm, WantsSync: true),
        };
    }

    /// <summary>What ends a blocker now that nobody wants it; the blocker's own advice is for those who fight it.</summary>
    public static string WhatToDo(Blocker blocker) =>
        blocker.Kind == BlockerKind.LastSyncFailed ? "Sync it by hand once, or bring a new commit: until then hand changes stay." : blocker.Instead;

    /// <summary>It is not as Git says perhaps, and the engine does nothing about it by itself.</summary>
    internal static bool WantsSync(ApplicationFacts? after) => after is { AutoSyncOn: false } or { Flight: null, Blockers: [{ Kind: BlockerKind.LastSyncFailed }, ..] };

    internal static Button Sync(IncidentFile file, Lease lease, MessageKey message)
    {
        var token = Tokens.Next();
        file.Changes.Offer(new Choice(token, ChoiceKind.SayCommand, lease.Id, null, message, file.Now + ButtonLives) { Says = $"sync {lease.Target}" });
        return new Button("Sync it", token) { Confirm = "Argo CD deploys what Git says; changes by hand that Git does not have are lost." };
    }

    private static Seen Nothing { get; } = new(null, Tone.Neutral);

    private static string At(string? revision) => revision is { Length: >= 40 } ? $" at {revision[..8]}" : "";
}
