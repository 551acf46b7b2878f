using ChatOps.Core.Commands;
using CsCheck;

namespace ChatOps.Core.Tests.Commands;

public class DurationsTests
{
    [Theory]
    [InlineData("45m", 45 * 60)]
    [InlineData("1h30m", 90 * 60)]
    [InlineData("1h 30m", 90 * 60)]
    [InlineData("90 minutes", 90 * 60)]
    [InlineData("2h", 7200)]
    [InlineData("1 hour 30 minutes", 90 * 60)]
    [InlineData("2 days 3 hrs", 51 * 3600)]
    [InlineData("90s", 90)]
    [InlineData("1D", 86400)]
    [InlineData("0m", 0)]
    [InlineData("-5m", -300)]
    public void Reads_what_people_write(string text, int seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("45")]
    [InlineData("m")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("1.5h")]
    [InlineData("45mx")]
    [InlineData("x45m")]
    [InlineData("４５m")]
    [InlineData("checkout")]
    public void Does_not_read_what_is_no_length(string text) => Assert.False(Durations.TryParse(text, out _));

    [Fact]
    public void What_is_said_in_words_is_read_back() =>
        Gen.Long[1, (long)Durations.Longest.TotalSeconds].Select(seconds => TimeSpan.FromSeconds(seconds)).Sample(duration =>
        {
            Assert.True(Durations.TryParse(Durations.InWords(duration), out var read));
            Assert.Equal(Durations.InWords(duration), Durations.InWords(read));
            Assert.InRange(duration - read, TimeSpan.Zero, duration >= TimeSpan.FromDays(1) ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1));
        });

    [Fact]
    public void Whole_minutes_of_a_day_are_said_exactly_and_typed_exactly() =>
        Gen.Int[1, 24 * 60 - 1].Select(minutes => TimeSpan.FromMinutes(minutes)).Sample(duration =>
        {
            Assert.True(Durations.TryParse(Durations.InWords(duration), out var said));
            Assert.True(Durations.TryParse(Durations.Typed(duration), out var typed));
            Assert.Equal((duration, duration), (said, typed));
        });

    [Theory]
    [InlineData(-1, "0 seconds")]
    [InlineData(1, "1 second")]
    [InlineData(60, "1 minute")]
    [InlineData(270, "4 minutes 30 seconds")]
    [InlineData(5400, "1 hour 30 minutes")]
    [InlineData(97200, "1 day 3 hours")]
    public void Is_said_in_at_most_two_units(int seconds, string words) => Assert.Equal(words, Durations.InWords(TimeSpan.FromSeconds(seconds)));
}
