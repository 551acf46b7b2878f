using System.Text.Json;
using ChatOps.Core.Signals;
using ChatOps.Platform.Signals;

namespace ChatOps.Platform.Tests.Signals;

/// <summary>Each way in which Prometheus 2.42 was seen to answer a range query.</summary>
public class PrometheusAnswerTests
{
    [Fact]
    public void One_series_is_its_values_in_order()
    {
        var series = Read("""{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1764000000,"0.5"],[1764000015.5,"NaN"],[1764000031,"+Inf"]]}]}}""");

        Assert.Equal([1764000000000, 1764000015500, 1764000031000], series.Points.Select(point => point.At.ToUnixTimeMilliseconds()));
        Assert.Equal((0.5, true, null), (series.Points[0].Value, series.Points.Skip(1).All(point => !double.IsFinite(point.Value)), series.Trouble));
    }

    [Fact]
    public void No_series_is_no_data_and_no_trouble() =>
        Assert.Equivalent(new SignalSeries([], null), Read("""{"status":"success","data":{"resultType":"matrix","result":[]}}"""));

    [Fact]
    public void Two_series_are_not_one_number() =>
        Assert.Contains("2 series: aggregate", Read("""{"status":"success","data":{"result":[{"values":[]},{"values":[]}]}}""").Trouble, StringComparison.Ordinal);

    [Fact]
    public void A_refused_query_is_told_with_the_reason() =>
        Assert.Contains("(400): parse error", Read("""{"status":"error","errorType":"bad_data","error":"parse error: unclosed left parenthesis"}""").Trouble, StringComparison.Ordinal);

    private static SignalSeries Read(string json) => PrometheusClient.Read(JsonDocument.Parse(json).RootElement, 400);
}
