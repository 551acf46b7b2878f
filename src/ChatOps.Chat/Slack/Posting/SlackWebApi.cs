using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Core.Conversation;
using Microsoft.Extensions.Logging;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>
/// Slack's Web API, in as few types as it takes. Keeps to Slack's pace, never repeats what may have happened, and makes
/// every answer either a value or one of the two exceptions that the outbox understands.
/// </summary>
internal sealed partial class SlackWebApi(SlackHttp http, SlackOptions options, SlackPace pace, ILogger<SlackWebApi> logger)
{
    private static readonly TimeSpan NoRetryAfterGiven = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Somebody waits for what is read, and some seconds are better than being told to try again: an operation reads a group half
    /// a dozen times, and where two run at once in a busy minute each of these waits for its turn.
    /// </summary>
    private static readonly TimeSpan PatienceOfReaders = TimeSpan.FromSeconds(20);

    private readonly Uri api = options.ApiBase;

    public Task<JsonElement> CallAsync(SlackMethod method, JsonObject arguments, CancellationToken ct) =>
        CallAsync(method, arguments, options.BotToken, null, ct);

    /// <param name="headers">Receives the answer's headers, which tell what the token may do and what time it is.</param>
    public async Task<JsonElement> CallAsync(SlackMethod method, JsonObject arguments, string token, Action<HttpResponseHeaders>? headers, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; ;)
        {
            try
            {
                return await KeepPaceAsync(method, arguments, token, headers, ct);
            }
            catch (ChatUnavailableException e) when (method.IsRead && e.RetryAfter is { } wait && waited + wait <= PatienceOfReaders)
            {
                waited += await pace.SitOutAsync(wait, ct);
            }
        }
    }

    private async Task<JsonElement> KeepPaceAsync(SlackMethod method, JsonObject arguments, string token, Action<HttpResponseHeaders>? headers, CancellationToken ct)
    {
        var channel = method.PerChannel ? $"{method.Name}/{arguments["channel"]}" : null;
        if (channel is not null)
        {
            await pace.WaitAsync(channel, TimeSpan.FromSeconds(1), burst: 3, ct);
        }

        // Somebody waits for what is read: a vote asks for a whole handful of groups. A minute's worth may go at once.
        var burst = method.IsRead ? method.PerMinute : Math.Max(3, method.PerMinute / 4);
        await pace.WaitAsync(method.Name, TimeSpan.FromMinutes(1) / method.PerMinute, burst, ct);
        try
        {
            return await SendAsync(method, arguments, token, channel ?? method.Name, headers, ct);
        }
        catch (ChatUnavailableException e) when (method.IsRead && e.RetryAfter is null)
        {
            LogRepeated(method.Name);
            return await SendAsync(method, arguments, token, channel ?? method.Name, headers, ct);
        }
    }

    private async Task<JsonElement> SendAsync(
        SlackMethod method, JsonObject arguments, string token, string paceKey, Action<HttpResponseHeaders>? headers, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api, method.Name)) { Content = Content(method, arguments) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, ct);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw new ChatUnavailableException($"{method.Name}: no answer from Slack", null, MayHaveHappened(e), e);
        }

        using (response)
        {
            headers?.Invoke(response.Headers);
            return await ReadAsync(method, response, paceKey, ct);
        }
    }

    private async Task<JsonElement> ReadAsync(SlackMethod method, HttpResponseMessage response, string paceKey, CancellationToken ct)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            throw Limited(method, response, paceKey);
        }

        var answer = await ParseAsync(response, ct);
        if (answer.At("ok").ValueKind == JsonValueKind.True)
        {
            return answer;
        }

        if (answer.At("error").Text() is not { } code)
        {
            throw new ChatUnavailableException($"{method.Name}: Slack answered {(int)response.StatusCode} without an error code", null, mayHaveHappened: true);
        }

        LogRefused(method.Name, code, response.Headers.TryGetValues("x-slack-req-id", out var ids) ? string.Join(',', ids) : "");
        if (SlackErrors.IsRateLimit(code))
        {
            throw Limited(method, response, paceKey);
        }

        if (SlackErrors.IsTransient(code) || (int)response.StatusCode >= 500)
        {
            throw new ChatUnavailableException($"{method.Name}: {code}", null, mayHaveHappened: true);
        }

        var details = string.Join("; ", answer.At("response_metadata", "messages").Items().Select(message => message.Text()).OfType<string>());
        throw SlackErrors.Refusal(method.Name, code, answer.At("needed").Text(), details.Length == 0 ? null : details);
    }

    private ChatUnavailableException Limited(SlackMethod method, HttpResponseMessage response, string paceKey)
    {
        var retryAfter = response.Headers.RetryAfter?.Delta ?? NoRetryAfterGiven;
        pace.Block(paceKey, retryAfter);
        LogLimited(paceKey, retryAfter.TotalSeconds);
        return new($"{method.Name}: Slack asked to wait {retryAfter.TotalSeconds:0} s", retryAfter, mayHaveHappened: false);
    }

    private static async Task<JsonElement> ParseAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: ct);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            return default;
        }
    }

    /// <summary>Reads take form arguments only; writes take JSON.</summary>
    private static HttpContent Content(SlackMethod method, JsonObject arguments) => method.IsRead
        ? new FormUrlEncodedContent(arguments.Select(argument => KeyValuePair.Create(argument.Key, argument.Value?.ToString() ?? "")))
        : new StringContent(arguments.ToJsonString(), Encoding.UTF8, "application/json");

    private static bool MayHaveHappened(Exception e) =>
        e is not HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError };

    [LoggerMessage(LogLevel.Warning, "Slack refused {Method}: {Code} (request {RequestId})")]
    private partial void LogRefused(string method, string code, string requestId);

    [LoggerMessage(LogLevel.Warning, "Slack limits {Key}: waiting {Seconds} s")]
    private partial void LogLimited(string key, double seconds);

    [LoggerMessage(LogLevel.Information, "Slack did not answer {Method}, which only reads; asking once more")]
    private partial void LogRepeated(string method);
}
