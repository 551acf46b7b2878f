using System.Globalization;
using ChatOps.Core.People;

namespace ChatOps.Server.Web;

/// <summary>Moments as one reader sees them: always UTC, and in their configured zone beside it when that differs.</summary>
internal sealed class Clock(DateTimeOffset now, string? timeZone)
{
    private readonly TimeZoneInfo? zone = Find(timeZone);

    public DateTimeOffset Now => now;

    public static Clock For(Person? reader, DateTimeOffset now) => new(now, reader?.TimeZone);

    /// <summary>"14:30 UTC", with the day when it is not today's.</summary>
    public string Utc(DateTimeOffset at) =>
        Format(at.ToUniversalTime(), now.ToUniversalTime()) + " UTC";

    /// <summary>"16:30 Berlin", or null when the reader's zone is not known or shows the same time.</summary>
    public string? Local(DateTimeOffset at)
    {
        if (zone is null || zone.GetUtcOffset(at) == TimeSpan.Zero)
        {
            return null;
        }

        var city = zone.Id[(zone.Id.LastIndexOf('/') + 1)..].Replace('_', ' ');
        return $"{Format(TimeZoneInfo.ConvertTime(at, zone), TimeZoneInfo.ConvertTime(now, zone))} {city}";
    }

    public string Both(DateTimeOffset at) => Local(at) is { } local ? $"{Utc(at)} ({local})" : Utc(at);

    /// <summary>A <c>time</c> element that machines can read too.</summary>
    public Html Element(DateTimeOffset at) => Html.Of(
        $"""<time datetime="{Iso(at)}" title="{Iso(at)}">{Utc(at)}{Html.When(Local(at) is not null, () => Html.Of($"""<span class="local">{Local(at)}</span>"""))}</time>""");

    public static string Iso(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Format(DateTimeOffset at, DateTimeOffset today) => at.ToString(
        at.Date == today.Date ? "HH:mm" : at.Year == today.Year ? "d MMM HH:mm" : "d MMM yyyy HH:mm", CultureInfo.InvariantCulture);

    private static TimeZoneInfo? Find(string? id) =>
        id is not null && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found) ? found : null;
}
