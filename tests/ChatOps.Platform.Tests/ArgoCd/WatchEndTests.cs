using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

public class WatchEndTests
{
    [Theory]
    [InlineData(0, 250, 500)]
    [InlineData(1, 500, 1000)]
    [InlineData(3, 2000, 4000)]
    [InlineData(6, 15_000, 30_000)]
    [InlineData(1000, 15_000, 30_000)]
    public void Each_pause_is_twice_the_one_before_within_chance_and_never_more_than_half_a_minute(int failed, double least, double most)
    {
        var pauses = Enumerable.Range(0, 300).Select(_ => WatchEnd.Cut("").PauseAfter(failed).TotalMilliseconds).ToList();

        Assert.All(pauses, pause => Assert.InRange(pause, least, most));
        Assert.True(pauses.Distinct().Count() > 20, "everybody would come back at once");
    }

    [Fact]
    public void What_the_server_asked_is_the_least_and_not_everybody_comes_at_that_moment()
    {
        var pauses = Enumerable.Range(0, 300).Select(_ => (new WatchEnd(WatchNext.GoOn, "") { RetryAfter = TimeSpan.FromSeconds(20) }).PauseAfter(0).TotalSeconds).ToList();

        Assert.All(pauses, pause => Assert.InRange(pause, 20, 21));
        Assert.True(pauses.Distinct().Count() > 20);
    }

    /// <summary>A store that was put back to an older state never reaches the version; the server just says nothing.</summary>
    [Theory]
    [InlineData(true, 240, false)]
    [InlineData(false, 30, false)]
    [InlineData(false, 240, true)]
    public void Closed_without_a_word_after_the_time_of_two_bookmarks_begins_with_a_list(bool hasTold, int seconds, bool lists) =>
        Assert.Equal(lists ? WatchNext.List : WatchNext.GoOn, WatchEnd.Closed(hasTold, TimeSpan.FromSeconds(seconds)).Next);
}
