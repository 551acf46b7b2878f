using ChatOps.Core.Alerts;

namespace ChatOps.Core.Outside;

/// <summary>That somebody took an override from outside as theirs: in which incident, with which lease, until when.</summary>
/// <param name="Owner">Whoever took it; the lease says whose it is since.</param>
public sealed record OutsideTaken(string Owner, int Incident, Guid Lease, DateTimeOffset Until);

/// <summary>That nobody owns what was found is said again, ever more rarely, and at last no more; pure.</summary>
internal static class Reminders
{
    /// <summary>After it was found.</summary>
    private static readonly TimeSpan[] Due = [TimeSpan.FromMinutes(30), TimeSpan.FromHours(4), TimeSpan.FromHours(24)];

    public static bool AreDue(Alert alert, DateTimeOffset now) =>
        alert.Taken is null && alert.Times < Due.Length && now - alert.LearnedAt >= Due[alert.Times];

    /// <summary>How many there would have been by now.</summary>
    public static int By(Alert alert, DateTimeOffset now) => Due.Count(due => now - alert.LearnedAt >= due);
}
