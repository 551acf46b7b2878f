using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Sandbox.Tests.Slack;

/// <summary>A workspace, a small app behind it, and a client that speaks the wire and nothing else.</summary>
internal sealed class SlackBench : IAsyncDisposable
{
    private readonly HttpClient http = new();

    public required SimulatedSlack Slack { get; init; }

    public required FakeTimeProvider Time { get; init; }

    public SlackApp? App { get; private set; }

    public static async Task<SlackBench> StartAsync(Func<SimulatedSlackOptions, SimulatedSlackOptions>? change = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        var options = new SimulatedSlackOptions { Time = time };
        return new SlackBench { Time = time, Slack = await SimulatedSlack.StartAsync(change?.Invoke(options) ?? options, CancellationToken.None) };
    }

    public async Task<SlackApp> WithAppAsync()
    {
        App = await SlackApp.StartAsync();
        Slack.AppUrl = App.Url;
        return App;
    }

    public async Task<JsonObject> CallAsync(string method, object arguments, string? token = null)
    {
        using var response = await SendAsync(method, JsonContent.Create(arguments), token);
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public async Task<JsonObject> FormAsync(string method, params (string Name, string Value)[] arguments)
    {
        using var form = new FormUrlEncodedContent(arguments.Select(argument => KeyValuePair.Create(argument.Name, argument.Value)));
        using var response = await SendAsync(method, form);
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public async Task<HttpResponseMessage> SendAsync(string method, HttpContent content, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Slack.ApiBaseUrl, method)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Slack.Options.BotToken);
        return await http.SendAsync(request);
    }

    public Task<HttpResponseMessage> AnswerLateAsync(string responseUrl, object body) => http.PostAsJsonAsync(responseUrl, body);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Slack.DisposeAsync();
        if (App is not null)
        {
            await App.DisposeAsync();
        }
    }
}
