using System.Globalization;
using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;

namespace ChatOps.Core.Commands;

/// <summary>
/// <c>until 14:30</c>, in the zone of whoever says it. Only a moment that can be meant in one way is taken; everything else
/// is answered with the length that may have been meant.
/// </summary>
internal static partial class Until
{
    /// <summary>
    /// A time of day that has passed means tomorrow only when that is near ("until 00:30", said at 23:50); else it is
    /// more likely a mistake, and half a day too much of an override.
    /// </summary>
    private static readonly TimeSpan NearTomorrow = TimeSpan.FromHours(12);

    /// <summary>
    /// Reads a moment that starts at word <paramref name="at"/>. Takes no word and gives no refusal when there is none.
    /// </summary>
    public static (DateTimeOffset? Moment, Refusal? Refusal, int Taken) Read(Speech speech, int at)
    {
        var words = speech.Words;
        var dated = at < words.Count && DateOnly.TryParseExact(words[at].Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        var time = dated ? at + 1 : at;
        if (time >= words.Count || TimeOfDay().Match(words[time].Text) is not { Success: true } match
            || !TimeOnly.TryParseExact(match.Groups["time"].Value, ["H:mm", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
        {
            return (null, null, 0);
        }

        var named = match.Groups["z"].Success ? "UTC" : time + 1 < words.Count && ZoneNamed(words[time + 1].Text) is not null ? words[time + 1].Text : null;
        var taken = time + 1 - at + (named is null || match.Groups["z"].Success ? 0 : 1);
        if (ZoneNamed(named ?? speech.TimeZone ?? "") is not { } zone)
        {
            return (null, Parsed.No(
                Text.Of($"I do not know your time zone, so {words[time].Text:code} could be any of twenty-four moments."),
                Text.Of($"Name a zone, for example {$"until {clock:HH:mm} UTC":code} or {$"until {clock:HH:mm} Europe/Berlin":code}, or say {"for 45m":code}.")), taken);
        }

        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(speech.Now, zone).DateTime);
        var date = dated ? DateOnly.ParseExact(words[at].Text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : today;
        var (moment, refusal) = Meant(speech, date, clock, zone);
        if (!dated && moment <= speech.Now && today < DateOnly.MaxValue.AddDays(-2))
        {
            var (next, _) = Meant(speech, today.AddDays(1), clock, zone);
            return next - speech.Now <= NearTomorrow ? (next, null, taken) : (null, Past(speech, clock, zone, next), taken);
        }

        return refusal is not null || moment is not { } end ? (null, refusal, taken)
            : end <= speech.Now ? (null, Past(speech, clock, zone, next: null), taken)
            : end - speech.Now > TimeSpan.FromDays(1) ? (null, Parsed.No(
                Text.Of($"{end} is more than a day away."),
                Text.Of($"If you mean it, say how long: {$"for {Durations.Typed(end - speech.Now)}":code}")), taken)
            : (end, null, taken);
    }

    private static (DateTimeOffset? Moment, Refusal? Refusal) Meant(Speech speech, DateOnly date, TimeOnly clock, TimeZoneInfo zone)
    {
        var local = date.ToDateTime(clock);
        if (zone.IsInvalidTime(local))
        {
            return (null, Parsed.No(
                Text.Of($"There is no {clock.ToString("HH:mm", CultureInfo.InvariantCulture)} on that day in {zone.Id}: the clocks go forward over it."),
                Text.Of($"Say how long instead, for example {"for 45m":code}, or name UTC.")));
        }

        if (zone.IsAmbiguousTime(local))
        {
            var ends = zone.GetAmbiguousTimeOffsets(local).Select(offset => new DateTimeOffset(local, offset).ToUniversalTime()).Where(end => end > speech.Now).Order().ToList();
            return (null, Parsed.No(
                Text.Of($"{clock.ToString("HH:mm", CultureInfo.InvariantCulture)} comes twice on that day in {zone.Id}: the clocks go back."),
                Text.Lines(ends.Select(end => Text.Of($"Say {$"until {end:HH:mm} UTC":code} if you mean {Durations.InWords(end - speech.Now)} from now.")))));
        }

        var offset = zone.GetUtcOffset(local);
        return local.Ticks - offset.Ticks is var utc && (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
            ? (null, Parsed.No("That is no time I can work with.", "Say how long instead."))
            : (new DateTimeOffset(utc, TimeSpan.Zero), null);
    }

    private static Refusal Past(Speech speech, TimeOnly clock, TimeZoneInfo zone, DateTimeOffset? next)
    {
        var here = TimeZoneInfo.ConvertTime(speech.Now, zone).ToString("HH:mm", CultureInfo.InvariantCulture);
        return Parsed.No(
            Text.Of($"{clock.ToString("HH:mm", CultureInfo.InvariantCulture)} is past: it is {here} in {zone.Id}."),
            next is { } tomorrow
                ? Text.Of($"Say how long, for example {"for 45m":code}. If you mean tomorrow, say {$"for {Durations.Typed(tomorrow - speech.Now)}":code}.")
                : Text.Of($"Say how long, for example {"for 45m":code}."));
    }

    /// <summary>UTC needs no zone data on the machine; everything else is an IANA name.</summary>
    private static TimeZoneInfo? ZoneNamed(string name) =>
        name.ToUpperInvariant() is "UTC" or "Z" or "GMT" ? TimeZoneInfo.Utc
        : ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : null;

    [GeneratedRegex(@"\A(?<time>[0-9]{1,2}:[0-9]{2})(?<z>Z)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,2}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ZoneName();
}
