using ChatOps.Core.Alerts;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Troubles;

/// <summary>
/// What one look changes in what is known of one trouble of one application. What was bad before we first looked is known
/// and no news. What comes and goes stays one message, and from its third time on it counts as there until it has been well
/// for a while. Pure.
/// </summary>
public static class TroubleCourse
{
    /// <summary>So often within one message; then only a calm ends it.</summary>
    private const int FlapsFrom = 3;

    /// <summary>Other words for the same trouble are told so often; then the message stays as it is.</summary>
    private const int MostTellings = 5;

    /// <summary>Well for so long: what comes later is something new.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(10);

    public static string Fingerprint(ApplicationRef application, TroubleKind kind) => $"trouble/{application}/{kind}";

    /// <summary>A rolling update looks bad for a moment, and so does a repository that is asked at a bad one.</summary>
    public static TimeSpan Stands(TroubleKind kind) => kind switch
    {
        TroubleKind.SyncFailed => TimeSpan.Zero,
        TroubleKind.Unhealthy => TimeSpan.FromSeconds(10),
        TroubleKind.GaveUp => TimeSpan.FromSeconds(60),
        TroubleKind.GoingAway => TimeSpan.Zero,
    };

    /// <summary>As it is known from now on; null: nothing changes.</summary>
    /// <param name="seenSince">Since when this look says so, by our clock: where the engine does not tell, it began then.</param>
    /// <param name="watchedSince">When this engine was looked at for the first time ever.</param>
    public static Alert? Of(Alert? known, ApplicationRef application, TroubleFinding finding, DateTimeOffset seenSince, DateTimeOffset watchedSince, DateTimeOffset now, Uri? link = null) => finding.Verdict switch
    {
        Verdict.Bad => Bad(known, application, finding, Began(finding, seenSince), watchedSince, now, link),
        Verdict.Well => Well(known, Began(finding, seenSince), now),
        Verdict.Open => null,
    };

    /// <summary>When to look once more although nothing changes: what does not stand long enough yet, and what has to be calm first.</summary>
    public static DateTimeOffset? DueAgain(Alert? known, TroubleFinding finding, DateTimeOffset seenSince, DateTimeOffset now) => finding.Verdict switch
    {
        Verdict.Bad when known is not { State: AlertState.Firing } && Began(finding, seenSince) + Stands(finding.Kind) is var stands && stands > now => stands,
        Verdict.Well when known is { State: AlertState.Firing, EndedAt: { } ended } => ended + Calm,
        Verdict.Open or Verdict.Bad or Verdict.Well => null,
    };

    /// <summary>The application is not there any more, and nothing of it can be well or bad.</summary>
    public static Alert? Gone(Alert known, DateTimeOffset now) =>
        known.State == AlertState.Firing ? known with { State = AlertState.Resolved, EndedAt = now, HeardAt = now, Left = true } : null;

    private static Alert? Bad(Alert? known, ApplicationRef application, TroubleFinding finding, DateTimeOffset began, DateTimeOffset watchedSince, DateTimeOffset now, Uri? link)
    {
        if (known is { State: AlertState.Firing })
        {
            var saysNew = !known.Summary.StartsWith(finding.Words, StringComparison.Ordinal) && known.Telling < MostTellings;
            return known.EndedAt is null && !saysNew ? null : known with
            {
                EndedAt = null,
                HeardAt = now,
                Times = known.EndedAt is null ? known.Times : known.Times + 1,
                Summary = saysNew ? finding.Story : known.Summary,
                Telling = saysNew ? known.Telling + 1 : known.Telling,
            };
        }

        if (now - began < Stands(finding.Kind))
        {
            return null;
        }

        if (known is { EndedAt: { } ended } && now - ended < Calm)
        {
            return known with { State = AlertState.Firing, Summary = finding.Story, StartedAt = began, LearnedAt = now, HeardAt = now, EndedAt = null, Times = known.Times + 1, Left = false, WasThere = false };
        }

        return new()
        {
            Fingerprint = Fingerprint(application, finding.Kind),
            Source = AlertSource.Application,
            State = AlertState.Firing,
            Name = finding.Kind.ToString(),
            Severity = "",
            Summary = finding.Story,
            About = new(application.Instance, application.Namespace, application.Name),
            StartedAt = began,
            LearnedAt = now,
            HeardAt = now,
            Link = link,
            // A message that still shows the earlier one goes on showing this one.
            Shown = [.. known?.Shown.Where(shown => shown.As == AlertState.Firing) ?? []],
            Times = 1,
            WasThere = began.ToUnixTimeSeconds() < watchedSince.ToUnixTimeSeconds(), // engines tell whole seconds
            Version = known?.Version ?? 0,
        };
    }

    private static Alert? Well(Alert? known, DateTimeOffset began, DateTimeOffset now)
    {
        if (known is not { State: AlertState.Firing })
        {
            return null;
        }

        var ended = known.EndedAt ?? (began > known.StartedAt ? began : now);
        return known.Times < FlapsFrom || now - ended >= Calm ? known with { State = AlertState.Resolved, EndedAt = ended, HeardAt = now }
            : known.EndedAt is null ? known with { EndedAt = ended, HeardAt = now }
            : null;
    }

    private static DateTimeOffset Began(TroubleFinding finding, DateTimeOffset seenSince) =>
        Clock.WholeMilliseconds(finding.Since is { } since && since < seenSince ? since : seenSince);
}
