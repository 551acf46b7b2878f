using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using ChatOps.Core.Signals;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Signals;

/// <summary>Prometheus' HTTP API, as far as it is asked here. Whatever it answers, or does not, comes back as a series or a sentence.</summary>
public sealed class PrometheusClient(SignalsOptions options, TimeProvider time) : IDisposable
{
    private const int MostBytes = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostBytes };

    public async Task<SignalSeries> AskAsync(string query, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken ct)
    {
        if (options.PrometheusUrl.Length == 0)
        {
            return None("no Prometheus is configured (Signals:PrometheusUrl)");
        }

        using var deadline = new Deadline(Patience, time, ct);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.PrometheusUrl.TrimEnd('/') + "/api/v1/query_range"))
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["query"] = query,
                    ["start"] = Seconds(from),
                    ["end"] = Seconds(to),
                    ["step"] = step.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
                    ["timeout"] = "4s",
                    // Else a value of five minutes ago is given out for one of now. Prometheus 2.42 does not know it and does not mind.
                    ["lookback_delta"] = options.StaleAfter.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
                }),
            };
            if (options.Token.Length > 0)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
            }

            using var response = await http.SendAsync(request, deadline.Token);
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(deadline.Token));
            return Read(body.RootElement, (int)response.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return None(e is JsonException or InvalidOperationException ? "Prometheus answers something that is not its API" : "Prometheus does not answer");
        }
    }

    public void Dispose() => http.Dispose();

    internal static SignalSeries Read(JsonElement body, int status)
    {
        if (body.Text("status") != "success")
        {
            return None($"Prometheus refuses the query ({status}): {body.Text("error") ?? "it does not say why"}");
        }

        var series = body.At("data").Items("result").ToList();
        return series switch
        {
            [] => new([], null),
            [var only] => new([.. only.Items("values").Select(Point)], null),
            _ => None($"the query answers with {series.Count} series: aggregate it to one number"),
        };
    }

    private static SignalPoint Point(JsonElement pair) => new(
        DateTimeOffset.FromUnixTimeMilliseconds((long)(pair[0].GetDouble() * 1000)),
        double.TryParse(pair[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN); // "+Inf" is no number to compare

    private static SignalSeries None(string why) => new([], why);

    private static string Seconds(DateTimeOffset moment) => (moment.ToUnixTimeMilliseconds() / 1000.0).ToString("0.###", CultureInfo.InvariantCulture);
}
