using ChatOps.Core.Commands;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Server.Health;

/// <summary>
/// Which watches are not alive. One of several that is dead shows nowhere else: the cluster answers, the others are heard,
/// and of that namespace there is just no news. One that begins again within a moment is how watches are.
/// </summary>
public sealed class WatchHealth(Func<IEnumerable<WatchState>> watches, TimeProvider time)
{
    private const int MostTold = 3;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(30);

    /// <summary>Each with for how long it has been dead; zero: it is alive, or was a moment ago.</summary>
    public IReadOnlyList<(WatchState Watch, TimeSpan Dead)> Look()
    {
        var now = time.GetUtcNow();
        return [.. watches().Select(watch => (watch, watch.DeadSince is { } since && now - since >= Moment ? now - since : TimeSpan.Zero))];
    }

    /// <summary>Null: all are alive.</summary>
    public string? WhatIsWrong()
    {
        var dead = Look().Where(one => one.Dead > TimeSpan.Zero).OrderByDescending(one => one.Dead).ToList();
        return dead.Count == 0 ? null
            : string.Join("; ", dead.Take(MostTold).Select(one => $"applications in {NameOf(one.Watch)} have not been watched for {Durations.InWords(one.Dead)} ({one.Watch.Why ?? "no answer yet"})"))
                + (dead.Count > MostTold ? $"; and {dead.Count - MostTold} namespaces more" : "");
    }

    public static string NameOf(WatchState watch) => $"{watch.Instance}/{watch.Namespace}";
}
