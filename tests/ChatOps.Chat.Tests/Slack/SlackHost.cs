using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Chat.Slack;
using ChatOps.Core.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Chat.Tests.Slack;

/// <summary>Our side, composed as the server composes it, behind a real port; with a clock that only the test moves.</summary>
internal sealed class SlackHost : IAsyncDisposable
{
    public const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";

    private readonly HttpClient http = new();
    private WebApplication app = null!;

    public required FakeSlack Slack { get; init; }

    public RecordedDeliveries Records { get; } = new();

    public FakeTimeProvider Time { get; } = new(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public IServiceProvider Services => app.Services;

    public static async Task<SlackHost> StartAsync(
        Dictionary<string, string?>? settings = null, bool withSecret = true, Action<WebApplication>? remote = null, Action<FakeSlack>? prepare = null)
    {
        var host = new SlackHost { Slack = await FakeSlack.StartAsync(remote) };
        prepare?.Invoke(host.Slack);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var configuration = new Dictionary<string, string?>
        {
            ["Slack:BotToken"] = "xoxb-1",
            ["Slack:ApiBaseUrl"] = host.Slack.ApiBaseUrl,
            ["Slack:AllowedTeams:0"] = "T1",
        };
        if (withSecret)
        {
            configuration["Slack:SigningSecrets:0"] = Secret;
        }

        foreach (var (key, value) in settings ?? [])
        {
            configuration[key] = value;
        }

        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Services.AddSingleton<TimeProvider>(host.Time);
        builder.Services.AddSingleton<IRecords>(host.Records);
        builder.Services.AddSlack(builder.Configuration);
        host.app = builder.Build();
        host.app.MapSlack();
        await host.app.StartAsync();
        return host;
    }

    public static string CommandForm(string text, string? responseUrl = null, Action<Dictionary<string, string>>? change = null)
    {
        var fields = new Dictionary<string, string>
        {
            ["team_id"] = "T1",
            ["channel_id"] = "C1",
            ["user_id"] = "U1",
            ["command"] = "/gitops",
            ["text"] = text,
            ["api_app_id"] = "A1",
            ["trigger_id"] = "1.2.a",
            ["response_url"] = responseUrl ?? "https://hooks.slack.com/commands/T1/1/x",
        };
        change?.Invoke(fields);
        return string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
    }

    public static string PayloadForm(JsonObject payload) => $"payload={Uri.EscapeDataString(payload.ToJsonString())}";

    public Task<Answer> CommandAsync(string text) => PostAsync("/slack/commands", CommandForm(text, Slack.ResponseUrl));

    public Task<Answer> InteractAsync(JsonObject payload) => PostAsync("/slack/interactions", PayloadForm(payload));

    public Task<Answer> EventAsync(JsonObject payload) => PostAsync("/slack/events", payload.ToJsonString());

    public Task<Answer> PostAsync(string path, string body, Action<HttpRequestMessage>? change = null) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), change);

    public async Task<Answer> PostAsync(string path, byte[] body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(app.Urls.First()), path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        Sign(request, body, Time.GetUtcNow());
        change?.Invoke(request);
        using var response = await http.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<Answer> GetAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(new Uri(app.Urls.First()), path));
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static void Sign(HttpRequestMessage request, byte[] body, DateTimeOffset at, string secret = Secret)
    {
        var timestamp = at.ToUnixTimeSeconds();
        byte[] signed = [.. Encoding.UTF8.GetBytes($"v0:{timestamp}:"), .. body];
        request.Headers.Remove("X-Slack-Request-Timestamp");
        request.Headers.Remove("X-Slack-Signature");
        request.Headers.Add("X-Slack-Request-Timestamp", $"{timestamp}");
        request.Headers.Add("X-Slack-Signature", "v0=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)));
    }

    /// <summary>For what happens on other threads after real I/O; time is not waited for, it is moved.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>Moves the clock in steps until the task is done.</summary>
    public async Task AdvanceUntilAsync(Task task, TimeSpan step)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!task.IsCompleted)
        {
            Time.Advance(step);
            await Task.WhenAny(task, Task.Delay(20, patience.Token));
            patience.Token.ThrowIfCancellationRequested();
        }

        await task;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        await Slack.DisposeAsync();
    }

    internal sealed record Answer(int Status, string Body)
    {
        public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
    }
}
