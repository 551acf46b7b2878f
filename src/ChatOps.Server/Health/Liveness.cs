using ChatOps.Core.Commands;

namespace ChatOps.Server.Health;

/// <summary>A loop that must go on turning, whether its rounds end well or not.</summary>
/// <param name="LastTurn">Null before the first.</param>
public sealed record Loop(string Name, Func<DateTimeOffset?> LastTurn);

/// <summary>
/// Whether a restart would help: a loop that stands still does nothing any more and cannot say so. Whatever else is wrong
/// (a cluster, chat, the store) is readiness, since a restart mends none of it.
/// </summary>
public sealed class Liveness(IEnumerable<Loop> loops, TimeProvider time)
{
    /// <summary>Far more than the longest call that a round waits for.</summary>
    private static readonly TimeSpan StandsStill = TimeSpan.FromMinutes(5);

    private readonly IReadOnlyList<Loop> loops = [.. loops];

    public string? WhatStandsStill() => loops
        .Where(loop => loop.LastTurn() is { } last && time.GetUtcNow() - last > StandsStill)
        .Select(loop => $"{loop.Name} has stood still for {Durations.InWords(time.GetUtcNow() - loop.LastTurn()!.Value)}")
        .FirstOrDefault();
}
