using System.Collections.Concurrent;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>How much an application wants to be looked at, the most first.</summary>
public enum Concern
{
    Wrong,
    OutOfStep,

    /// <summary>The watch has not told of it yet.</summary>
    NotSeen,
    Quiet,
}

/// <summary>
/// What the watch told last of every application, one word each: a list can then begin with what is wrong, however many
/// there are, without a read of each. What is shown of one is read anew.
/// </summary>
public sealed class ConcernsSeen
{
    private readonly ConcurrentDictionary<ApplicationRef, Concern> seen = new();

    /// <summary>An application changed in its cluster.</summary>
    public void Changed(ApplicationNews news)
    {
        if (news.Vitals is { } vitals)
        {
            seen[news.Application] = At(vitals);
        }
        else
        {
            seen.TryRemove(news.Application, out _);
        }
    }

    public Concern Of(ApplicationRef application) => seen.GetValueOrDefault(application, Concern.NotSeen);

    private static Concern At(Vitals vitals) => vitals switch
    {
        { IsBlind: true } or { Health: "Degraded" } or { Health: "Missing", WasDeployed: true } or { CannotRender: not null } or { TriesNoMore: true }
            or { Retried: not null } or { Last: { Succeeded: false, Terminated: false } } => Concern.Wrong,
        { Sync: SyncState.Synced, Health: "Healthy", AutoSyncOn: true, SelfHealOn: true } => Concern.Quiet,
        _ => Concern.OutOfStep,
    };
}
