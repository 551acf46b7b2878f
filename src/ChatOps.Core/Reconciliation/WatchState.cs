namespace ChatOps.Core.Reconciliation;

/// <summary>How the watch of one namespace of one engine does: one that is not alive misses what happens there, and nothing else would tell.</summary>
/// <param name="DeadSince">Null: it is alive.</param>
/// <param name="Why">What ended it last; null when nothing did yet.</param>
public sealed record WatchState(string Instance, string Namespace, DateTimeOffset? DeadSince, string? Why);
