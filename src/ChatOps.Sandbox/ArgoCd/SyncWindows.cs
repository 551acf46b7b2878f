using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cronos;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Whether a project's windows let an application sync now; one that does not parse lets nothing through.</summary>
internal static class SyncWindows
{
    public static WindowAnswer Ask(JsonObject? project, Application app, bool manual, DateTimeOffset now)
    {
        var matching = (project?["spec"]?["syncWindows"]?.AsArray().OfType<JsonObject>() ?? []).Where(window => Matches(window, app)).ToList();
        var states = new List<(bool Allows, bool Active, bool Manual)>();
        foreach (var window in matching)
        {
            if (IsActive(window, now) is not { } active)
            {
                return new WindowAnswer(false, $"error checking sync window: cannot parse schedule '{window["schedule"]}'");
            }

            states.Add((window["kind"]?.GetValue<string>() == "allow", active, window["manualSync"]?.GetValue<bool>() == true));
        }

        var denying = states.Where(window => !window.Allows && window.Active).ToList();
        if (denying.Count > 0)
        {
            return Manually(manual && denying.TrueForAll(window => window.Manual));
        }

        var allowing = states.Where(window => window.Allows).ToList();
        return allowing.Count == 0 || allowing.Exists(window => window.Active)
            ? WindowAnswer.Open
            : Manually(manual && allowing.Exists(window => window.Manual));
    }

    private static WindowAnswer Manually(bool maySync) => new(maySync, null, PassesAsManual: maySync);

    private static bool? IsActive(JsonObject window, DateTimeOffset now)
    {
        if (!CronExpression.TryParse(window["schedule"]?.GetValue<string>() ?? "", out var schedule) || Durations.Parse(window["duration"]?.GetValue<string>()) is not { } duration)
        {
            return null;
        }

        var zone = window["timeZone"]?.GetValue<string>() is { Length: > 0 } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : TimeZoneInfo.Utc;
        return schedule.GetNextOccurrence((now - duration).UtcDateTime, zone, inclusive: true) is { } start && start <= now.UtcDateTime;
    }

    private static bool Matches(JsonObject window, Application app)
    {
        bool Any(string key, string value) => window[key]?.AsArray().Any(pattern => Glob(pattern!.GetValue<string>(), value)) == true;
        var server = app.Json["spec"]?["destination"]?["server"]?.GetValue<string>() ?? app.Json["spec"]?["destination"]?["name"]?.GetValue<string>() ?? "";
        return Any("applications", app.Name) || Any("namespaces", app.DestinationNamespace) || Any("clusters", server);
    }

    private static bool Glob(string pattern, string value) =>
        Regex.IsMatch(value, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$", RegexOptions.None, TimeSpan.FromSeconds(1));
}

internal sealed record WindowAnswer(bool MaySync, string? Problem, bool PassesAsManual = false)
{
    public static readonly WindowAnswer Open = new(true, null);
}

/// <summary>Go's durations, as Argo CD writes them: 45m, 1h30m, 3s.</summary>
internal static class Durations
{
    public static TimeSpan? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var total = TimeSpan.Zero;
        var number = "";
        foreach (var character in text)
        {
            if (char.IsDigit(character) || character == '.')
            {
                number += character;
                continue;
            }

            if (!double.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out var amount))
            {
                return null;
            }

            number = "";
            TimeSpan? unit = character switch { 'h' => TimeSpan.FromHours(amount), 'm' => TimeSpan.FromMinutes(amount), 's' => TimeSpan.FromSeconds(amount), _ => null };
            if (unit is not { } part)
            {
                return null;
            }

            total += part;
        }

        return number.Length == 0 ? total : null;
    }
}
