using ChatOps.Core.Signals;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Signals;

public class JudgementTests
{
    private static readonly Signal Errors = new("error rate", "q", "%", Below: 1, Above: null);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(2);

    [Fact]
    public void It_is_good_when_all_of_the_last_minute_is() =>
        Assert.Equal((Verdict.Good, 0.5), Of(null, (-60, 40), (-45, 0.9), (0, 0.5)) is var good ? (good.Verdict, good.Now) : default);

    [Fact]
    public void One_good_value_after_a_bad_one_is_not_good_yet() =>
        Assert.Equal(Verdict.Bad, Of(null, (-15, 40), (0, 0.5)).Verdict);

    [Fact]
    public void Values_that_are_far_apart_count_a_few_together() =>
        Assert.Equal(Verdict.Bad, Judgement.Of(Errors, Series((-180, 0.5), (-120, 40), (-60, 0.5), (0, 0.5)), new(Some.Now, TimeSpan.FromMinutes(1), null, StaleAfter)).Verdict);

    [Fact]
    public void The_average_before_the_change_is_told_beside_and_does_not_count()
    {
        var answer = Of(-150, (-900, 1000), (-210, 40), (-180, 20), (-31, 30), (-30, 0.5), (0, 0.5));

        Assert.Equal((Verdict.Good, 0.5, 30d), (answer.Verdict, answer.Now, answer.Before));
    }

    [Fact]
    public void What_may_have_been_measured_before_the_change_is_shown_and_not_judged()
    {
        var answer = Of(-119, (-130, 40), (0, 0.5));

        Assert.Equal((Verdict.Unknown, 0.5, 40d), (answer.Verdict, answer.Now, answer.Before));
        Assert.Equal($"too early: until {Some.Now.AddSeconds(1).UtcDateTime:HH:mm:ss} UTC this may have been measured before the change", answer.Why);
        Assert.Equal(Verdict.Good, Of(-120, (-130, 40), (0, 0.5)).Verdict);
    }

    [Fact]
    public void No_data_stale_data_and_no_monitoring_are_not_known_and_said_as_such()
    {
        Assert.Contains("no data", Of(null).Why, StringComparison.Ordinal);
        Assert.Contains("no data", Of(null, (0, double.NaN)).Why, StringComparison.Ordinal);
        Assert.Equal(Verdict.Good, Of(null, (-14, 0.5)).Verdict);
        Assert.Equal($"stale: nothing was measured after {Some.Now.AddSeconds(-15).UtcDateTime:HH:mm:ss} UTC, when it was 0.5 %", Of(null, (-15, 0.5)).Why);
        Assert.Null(Of(null, (-15, 0.5)).Now);
        Assert.Equal("Prometheus does not answer", Judgement.Of(Errors, new([], "Prometheus does not answer"), new(Some.Now, Step, null, StaleAfter)).Why);
    }

    [Fact]
    public void Validated_takes_every_answer_and_at_least_one()
    {
        var good = Of(null, (0, 0.5));

        Assert.True(Judgement.Validates([good, good]));
        Assert.False(Judgement.Validates([good, Of(null, (0, 2))]));
        Assert.False(Judgement.Validates([good, Of(null)]));
        Assert.False(Judgement.Validates([]));
    }

    [Theory]
    [InlineData(null, 10d, 10d, true)]
    [InlineData(null, 10d, 9.9, false)]
    [InlineData(1d, null, 1d, true)]
    [InlineData(1d, 0.5, 0.4, false)]
    public void The_threshold_itself_is_good(double? below, double? above, double value, bool good) =>
        Assert.Equal(good, new Signal("x", "q", "", below, above).IsGood(value));

    [Fact]
    public void The_curve_goes_from_the_lowest_to_the_highest()
    {
        Assert.Equal("▁▅█", SignalLines.Curve([1, 2, 3]));
        Assert.Equal("▁▁", SignalLines.Curve([5, 5]));
        Assert.Equal("", SignalLines.Curve([]));
        Assert.Equal(30, SignalLines.Curve([.. Enumerable.Range(0, 121).Select(value => (double)value)]).Length);
    }

    private static SignalAnswer Of(int? change, params (int Seconds, double Value)[] points) =>
        Judgement.Of(Errors, Series(points), new(Some.Now, Step, change is { } at ? Some.Now.AddSeconds(at) : null, StaleAfter));

    private static SignalSeries Series(params (int Seconds, double Value)[] points) =>
        new([.. points.Select(point => new SignalPoint(Some.Now.AddSeconds(point.Seconds), point.Value))], null);
}
