using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Alerts;

/// <summary>
/// What a notice changes in what we know. Alertmanager repeats itself, its replicas repeat each other, and what was sent
/// first can come last; none of that is news.
/// </summary>
public static class Hearing
{
    /// <summary>The alert as it is known from now on; null when the notice is no news at all. Pure.</summary>
    public static Alert? Of(Alert? known, AlertNotice notice, ApplicationQuery about, DateTimeOffset now)
    {
        // A clock that is ahead of ours must not make an alert that begins in the future.
        var started = notice.StartsAt < now ? notice.StartsAt : now;
        if (notice.State == AlertState.Resolved)
        {
            return known is { State: AlertState.Firing } && IsOfThisFiring(known, notice)
                ? known with { State = AlertState.Resolved, EndedAt = EndOf(known, notice, now), HeardAt = now }
                : null;
        }

        return known switch
        {
            null => New(),
            // Fires on, perhaps told by another replica; a later beginning means that we missed its end.
            { State: AlertState.Firing } when started <= known.StartedAt => known with { HeardAt = now },
            { State: AlertState.Firing } => known with { HeardAt = now, StartedAt = started, LearnedAt = now },
            // Told again late: that firing is over.
            { State: AlertState.Resolved } when started <= known.StartedAt => null,
            // A message that still shows the earlier firing goes on showing this one.
            _ => New() with { Version = known.Version, Shown = [.. known.Shown.Where(shown => shown.As == AlertState.Firing)] },
        };

        Alert New() => new()
        {
            Fingerprint = notice.Fingerprint,
            State = AlertState.Firing,
            Name = notice.Name,
            Severity = notice.Severity,
            Summary = notice.Summary,
            About = about,
            StartedAt = started,
            LearnedAt = now,
            HeardAt = now,
            Link = notice.Link,
        };
    }

    /// <summary>The end of an earlier firing, told late, does not end the one that began since.</summary>
    private static bool IsOfThisFiring(Alert known, AlertNotice notice) => notice.EndsAt is not { } ended || ended >= known.StartedAt;

    private static DateTimeOffset EndOf(Alert known, AlertNotice notice, DateTimeOffset now)
    {
        var said = notice.EndsAt is { } end && end < now ? end : now;
        return said > known.StartedAt ? said : known.StartedAt;
    }
}
