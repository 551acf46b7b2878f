using ChatOps.Core.Conversation;
using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Alerts;

public enum AlertState
{
    Firing,
    Resolved,
}

/// <summary>Who raised an alert: a monitoring that told us, or we, who saw it on the application itself.</summary>
public enum AlertSource
{
    Alertmanager,

    /// <summary>Somebody overrode Git, and not through us.</summary>
    Outside,

    /// <summary>The application itself is in trouble.</summary>
    Application,

    /// <summary>Somebody added a sync window to a project, and not through us.</summary>
    Window,
}

/// <summary>A message of ours that shows an alert, in an incident's thread or in a channel, and what of it it shows.</summary>
public sealed record AlertShown(MessageKey Message, int? Incident, Channel? Channel, AlertState As, int Telling = 0)
{
    /// <summary>How often people had been reminded when it was said: a reminder is a message of its own.</summary>
    public int Times { get; init; }
}

/// <summary>
/// What we know of one alert, by the fingerprint of its labels. Only its newest firing is kept here; earlier ones are in
/// the timelines of the incidents that they were said in.
/// </summary>
public sealed record Alert
{
    public required string Fingerprint { get; init; }

    public AlertSource Source { get; init; }

    public required AlertState State { get; init; }

    public required string Name { get; init; }

    /// <summary>Label <c>severity</c>; empty where there is none.</summary>
    public required string Severity { get; init; }

    public required string Summary { get; init; }

    /// <summary>The application that it is about, as its labels name it; of a window its project.</summary>
    public required ApplicationQuery About { get; init; }

    /// <summary>When it began, as Alertmanager says.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When we were first told of this firing.</summary>
    public required DateTimeOffset LearnedAt { get; init; }

    /// <summary>When we were last told that it fires, or that it is resolved.</summary>
    public required DateTimeOffset HeardAt { get; init; }

    /// <summary>While it fires: it comes and goes, and has been well since.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Where it can be looked at.</summary>
    public Uri? Link { get; init; }

    public IReadOnlyList<AlertShown> Shown { get; init; } = [];

    /// <summary>For <see cref="AlertSource.Outside"/>: what was done, and the way back.</summary>
    public OutsideOverride? Override { get; init; }

    /// <summary>For <see cref="AlertSource.Window"/>: the window.</summary>
    public OutsideWindow? Window { get; init; }

    /// <summary>Who took that as theirs.</summary>
    public OutsideTaken? Taken { get; init; }

    /// <summary>It is over because people let it stand, or because the application itself is gone; not because it was put right.</summary>
    public bool Left { get; init; }

    /// <summary>Raised by what has to be said although it fires on.</summary>
    public int Telling { get; init; }

    /// <summary>For <see cref="AlertSource.Application"/>: how often it came without a calm between; where it <see cref="IsSaidAgain"/>: how often people were reminded that nobody owns it.</summary>
    public int Times { get; init; }

    /// <summary>It was so before we looked for the first time, and is no news.</summary>
    public bool WasThere { get; init; }

    /// <summary>Counts saves; 0 was never saved.</summary>
    public int Version { get; init; }

    /// <summary>Over, and every message that showed it says so.</summary>
    public bool IsSettled => State == AlertState.Resolved && Shown.All(shown => shown.As == AlertState.Resolved);

    /// <summary>Alertmanager repeats what fires; what it has been silent about for longer may have ended without our hearing of it.</summary>
    public bool FiresAt(DateTimeOffset now, TimeSpan believedFor) => State == AlertState.Firing && now - HeardAt <= believedFor;

    /// <summary>Whether a message shows it as it is now.</summary>
    public bool IsToldBy(AlertShown shown) => shown.As == State && shown.Telling == Telling;

    /// <summary>Whether it has been said in an incident's thread, or else in a channel; a reminder is said by a message of its own, since an edit reminds nobody.</summary>
    public bool IsSaidIn(int? incident, Channel? channel) =>
        Shown.Any(shown => shown.Incident == incident && shown.Channel == channel && (!IsSaidAgain || shown.Times == Times));

    /// <summary>People are reminded of it for as long as nobody owns it.</summary>
    public bool IsSaidAgain => Source is AlertSource.Outside or AlertSource.Window;

    /// <summary>The applications that it is about.</summary>
    public IEnumerable<ApplicationQuery> Concerns => Window is { } window ? window.Reaches.Select(one => new ApplicationQuery(one.Instance, one.Namespace, one.Name)) : [About];

    public Alert ShowIn(MessageKey message, int? incident, Channel? channel) =>
        this with { Shown = [.. Shown.Where(shown => shown.Message != message), new AlertShown(message, incident, channel, State, Telling) { Times = Times }] };
}
