using ChatOps.Core.Commands;

namespace ChatOps.Core.Tests.Commands;

public class UntilTests
{
    private static readonly DateTimeOffset Now = Utc("2026-11-23 12:00");

    [Theory]
    [InlineData("14:30", "Europe/Berlin", "2026-11-23 13:30")]
    [InlineData("9:05", "America/New_York", "2026-11-23 14:05")]
    [InlineData("14:30 UTC", "Europe/Berlin", "2026-11-23 14:30")]
    [InlineData("14:30Z", null, "2026-11-23 14:30")]
    [InlineData("14:30 utc", null, "2026-11-23 14:30")]
    [InlineData("14:30 Asia/Kolkata", null, null)]
    [InlineData("18:30 Asia/Kolkata", null, "2026-11-23 13:00")]
    [InlineData("2026-11-24 09:00", "Europe/Berlin", "2026-11-24 08:00")]
    [InlineData("2026-11-24 14:00", "Europe/Berlin", null)]
    [InlineData("2026-11-22 14:00", "Europe/Berlin", null)]
    [InlineData("9999-12-31 23:59", "America/New_York", null)]
    [InlineData("0001-01-01 00:00", "Asia/Tokyo", null)]
    [InlineData("14:30", null, null)]
    [InlineData("14:30", "Mars/Olympus", null)]
    [InlineData("14:30", "../../etc/passwd", null)]
    [InlineData("14:30", "leapseconds", null)]
    [InlineData("25:00", "Europe/Berlin", null)]
    [InlineData("2pm", "Europe/Berlin", null)]
    [InlineData("noon", "Europe/Berlin", null)]
    [InlineData("", "Europe/Berlin", null)]
    public void A_moment_is_read_in_the_zone_of_whoever_says_it(string typed, string? zone, string? expected) =>
        Assert.Equal(expected is null ? null : Utc(expected), Until(typed, zone, Now).Until);

    [Fact]
    public void A_passed_time_is_refused_with_the_length_that_may_have_been_meant()
    {
        var (moment, answer) = Until("11:30", "Europe/Berlin", Now);

        Assert.Null(moment);
        Assert.Contains("it is 13:00 in Europe/Berlin", answer, StringComparison.Ordinal);
        Assert.Contains("for 22h30m", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void This_very_minute_is_past() => Assert.Null(Until("12:00 UTC", null, Now).Until);

    [Fact]
    public void Shortly_after_midnight_is_tomorrow() =>
        Assert.Equal(Utc("2026-11-24 00:30"), Until("00:30 UTC", null, Utc("2026-11-23 23:50")).Until);

    [Fact]
    public void An_hour_that_comes_twice_is_asked_back_with_both_meanings()
    {
        var (moment, answer) = Until("02:30", "Europe/Berlin", Utc("2026-10-24 23:30"));

        Assert.Null(moment);
        Assert.Contains("until 00:30 UTC", answer, StringComparison.Ordinal);
        Assert.Contains("until 01:30 UTC", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void An_hour_that_the_clocks_leave_out_is_refused()
    {
        var (moment, answer) = Until("02:30", "Europe/Berlin", Utc("2026-03-29 00:10"));

        Assert.Null(moment);
        Assert.Contains("clocks go forward", answer, StringComparison.Ordinal);
    }

    private static (DateTimeOffset? Until, string Answer) Until(string typed, string? zone, DateTimeOffset now)
    {
        var refusal = CommandLine.Parse(null, $"pause checkout until {typed} because x", zone, now, out var command);
        return refusal is null
            ? (Assert.IsType<Command.Pause>(command).Duration.Until, "")
            : (null, $"{refusal.Why} {refusal.Instead}");
    }

    private static DateTimeOffset Utc(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm", null, System.Globalization.DateTimeStyles.AssumeUniversal);
}
