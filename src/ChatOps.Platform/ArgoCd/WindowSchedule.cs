using System.Buffers;
using ChatOps.Core.Reconciliation;
using Cronos;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// A cron line as Argo CD reads it. Where both the day of the month and the day of the week are given, either is enough:
/// the parser used here wants both, so such a line becomes two.
/// </summary>
internal sealed class WindowSchedule
{
    private static readonly SearchValues<char> OnlyHere = SearchValues.Create("LW#RrlwHh");
    private const int MostOpenings = 500;
    private readonly IReadOnlyList<CronExpression> either;

    private WindowSchedule(IReadOnlyList<CronExpression> either) => this.either = either;

    public static WindowSchedule? Parse(string? text)
    {
        var fields = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is [['@', ..]])
        {
            return CronExpression.TryParse(fields[0], out var named) ? new([named]) : null;
        }

        // Letters and marks that only this parser knows would be errors to Argo CD, and so is Sunday as 7.
        if (fields.Length != 5 || fields.Any(field => field.AsSpan().ContainsAny(OnlyHere) && !IsNamed(field)) || NamesDaySeven(fields[4]))
        {
            return null;
        }

        var days = IsRestricted(fields[2]) && IsRestricted(fields[4])
            ? new[] { (string[])[fields[0], fields[1], fields[2], fields[3], "*"], [fields[0], fields[1], "*", fields[3], fields[4]] }
            : [fields];
        var parsed = new List<CronExpression>();
        foreach (var line in days)
        {
            if (!CronExpression.TryParse(string.Join(' ', line), out var expression))
            {
                return null;
            }

            parsed.Add(expression);
        }

        return new(parsed);
    }

    /// <summary>A window that began within <paramref name="duration"/> is still open.</summary>
    public bool IsOpen(TimeSpan duration, TimeZoneInfo zone, DateTimeOffset now) =>
        either.Any(line => line.GetNextOccurrence(now - duration, zone) < now);

    /// <summary>
    /// Until when it stays open without a break; null: it is not open. One that opens again before it closes may have no end:
    /// then, and after more openings than anybody counts, <see cref="SeenWindow.NoEnd"/>.
    /// </summary>
    public DateTimeOffset? OpenUntil(TimeSpan duration, TimeZoneInfo zone, DateTimeOffset now)
    {
        DateTimeOffset? end = null;
        var at = now - duration;
        for (var openings = 0; openings < MostOpenings; openings++)
        {
            if (Next(zone, at) is not { } opens || opens > (end ?? now))
            {
                return end;
            }

            (end, at) = (opens + duration, opens);
        }

        return SeenWindow.NoEnd;
    }

    /// <summary>When it opens next after this moment; null: never again.</summary>
    public DateTimeOffset? Next(TimeZoneInfo zone, DateTimeOffset after) => either.Select(line => line.GetNextOccurrence(after, zone)).Min();

    // "*/2" restricts and "*" does not; "?" is another star.
    private static bool IsRestricted(string field) =>
        !field.Split(',').Any(part => part is "*" or "?" or "*/1" or "?/1");

    private static bool NamesDaySeven(string field) =>
        field.Split(',').Any(part => part.Split('/')[0].Split('-').Contains("7"));

    private static bool IsNamed(string field) =>
        field.Length >= 3 && field.All(character => char.IsAsciiLetter(character) || character is ',' or '-');
}
