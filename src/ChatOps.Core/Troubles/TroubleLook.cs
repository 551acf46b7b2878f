using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Troubles;

/// <summary>
/// From how an application does to what is the matter with it. While the engine is at work, and where what it says is
/// stale, nothing is concluded. One cause is one trouble: of a sync that failed it is said in the same sentence that nothing
/// is tried again. Pure.
/// </summary>
public static class TroubleLook
{
    /// <summary>From here on self-heal waits five minutes from one revert to the next.</summary>
    private const int ManyHeals = 6;

    /// <summary>Twice the longest wait: whatever undid it has stopped.</summary>
    private static readonly TimeSpan LeftAlone = TimeSpan.FromMinutes(11);

    public static IReadOnlyList<TroubleFinding> At(Vitals vitals, DateTimeOffset now) => [SyncOf(vitals), HealthOf(vitals), HealingOf(vitals, now), DeletionOf(vitals)];

    /// <summary>A set deletes within a fifth of a second of the edit that no longer names it, so nobody can be told before.</summary>
    private static TroubleFinding DeletionOf(Vitals vitals) => vitals.DeletedAt is not { } since ? new(TroubleKind.GoingAway, Verdict.Well, "", null)
        : new(TroubleKind.GoingAway, Verdict.Bad, $"it is being deleted, {(vitals.TakesItsResources ? "and what it deployed with it" : "and what it deployed stays, with nobody to keep it as Git says")}. An override does not stop that.", since)
        {
            Follows = vitals.Set is { } set ? $"It belongs to ApplicationSet {set}, which does that to what its generators no longer name." : "",
        };

    private static TroubleFinding SyncOf(Vitals vitals) => vitals switch
    {
        { IsBlind: false, Retried: { Ours: false } tried } => new(TroubleKind.SyncFailed, Verdict.Bad, SyncWords(tried, "fails again and again"), tried.FinishedAt),
        { IsBlind: true } or { Last: null or { Terminated: true } } => new(TroubleKind.SyncFailed, Verdict.Open, "", null),
        { Last.Succeeded: true } => new(TroubleKind.SyncFailed, Verdict.Well, "", vitals.Last.FinishedAt),
        { Last.Ours: true } => new(TroubleKind.SyncFailed, Verdict.Open, "", null),
        _ => new(TroubleKind.SyncFailed, Verdict.Bad, SyncWords(vitals.Last, "failed"), vitals.Last.FinishedAt)
        {
            Follows = vitals.AutoSyncOn ? "Argo CD tries this commit no more, and puts nothing back, until a new commit or a sync by hand." : "",
        },
    };

    private static string SyncWords(EndedOperation last, string how) =>
        $"the sync{(last.Revision is { Length: > 0 } revision ? $" of {Commits.Abbreviate(revision)}" : "")} by {last.By} {how}: {FailureWords.Of(last)}.";

    private static TroubleFinding HealthOf(Vitals vitals) => vitals switch
    {
        { IsBlind: true } => new(TroubleKind.Unhealthy, Verdict.Open, "", null),
        { Health: "Degraded" } => new(TroubleKind.Unhealthy, Verdict.Bad, "it is Degraded: something that it deploys does not work.", vitals.HealthSince),
        { Health: "Missing", WasDeployed: true } => new(TroubleKind.Unhealthy, Verdict.Bad, "it is Missing: something that was deployed is not there any more.", vitals.HealthSince),
        { Health: "Healthy" or "Suspended" } => new(TroubleKind.Unhealthy, Verdict.Well, "", vitals.HealthSince),
        _ => new(TroubleKind.Unhealthy, Verdict.Open, "", null),
    };

    private static TroubleFinding HealingOf(Vitals vitals, DateTimeOffset now) => vitals switch
    {
        { IsBlind: true } or { AutoSyncOn: false } => new(TroubleKind.GaveUp, Verdict.Open, "", null),
        { CannotRender: { } why } => new(TroubleKind.GaveUp, Verdict.Bad, $"Argo CD cannot work out what Git wants, so it neither deploys nor puts anything back: {FailureWords.Of(why)}.", vitals.CannotRenderSince),
        { Last: null } => new(TroubleKind.GaveUp, Verdict.Open, "", null),
        { Last: { Succeeded: false, Terminated: true }, TriesNoMore: true } => new(
            TroubleKind.GaveUp, Verdict.Bad, "its sync was terminated, and Argo CD neither deploys nor puts anything back until a new commit or a sync by hand.", vitals.Last.FinishedAt),
        { Last: { Succeeded: false, Ours: true }, TriesNoMore: true } => new(
            TroubleKind.GaveUp, Verdict.Bad, "its last sync did not succeed, and Argo CD neither deploys nor puts anything back until a new commit or a sync by hand.", vitals.Last.FinishedAt),
        { Last.Succeeded: false } => new(TroubleKind.GaveUp, Verdict.Open, "", null), // told as the sync that failed
        { SelfHealOn: true, Last: { Heals: >= ManyHeals } last } when vitals.Sync != SyncState.Synced || now - last.FinishedAt < LeftAlone => new(
            TroubleKind.GaveUp, Verdict.Bad, "self-heal does not get through: again and again it puts back what Git says, something changes it each time, and it waits five minutes between two tries by now.", last.FinishedAt),
        { Sync: SyncState.Synced } or { Last.Succeeded: true } => new(TroubleKind.GaveUp, Verdict.Well, "", vitals.Last.FinishedAt),
    };
}
