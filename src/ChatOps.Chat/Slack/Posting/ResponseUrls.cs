using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Conversation;
using Microsoft.Extensions.Logging;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>
/// Answers by the URL that came with a command or a press: five times within half an hour, no token needed. The URL is
/// itself a secret, and only Slack's hosts are called.
/// </summary>
internal sealed partial class ResponseUrls(SlackHttp http, SlackHosts hosts, TimeProvider time, ILogger<ResponseUrls> logger)
{
    private static readonly TimeSpan BeforeTheAcknowledgement = TimeSpan.FromMilliseconds(500);

    /// <summary>False: the URL serves no longer, or is none of Slack's; nothing was said.</summary>
    public async Task<bool> SayAsync(string address, JsonObject message, CancellationToken ct)
    {
        if (!hosts.AllowsResponse(address, out var url))
        {
            LogForeign(Uri.TryCreate(address, UriKind.Absolute, out var foreign) ? foreign.Host : "(no address)");
            return false;
        }

        try
        {
            using var response = await http.PostAsJsonAsync(url, message, ct);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => IsSaid(await response.Content.ReadAsStringAsync(ct)),
                HttpStatusCode.TooManyRequests => throw new ChatUnavailableException(
                    "response_url: Slack asked to wait", response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(30), mayHaveHappened: false),
                >= HttpStatusCode.InternalServerError => throw new ChatUnavailableException($"response_url: {(int)response.StatusCode}", null, mayHaveHappened: true),
                _ => false,
            };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw new ChatUnavailableException("response_url: no answer from Slack", null, mayHaveHappened: true, e);
        }
    }

    /// <summary>Slack says <c>ok</c>, plain or in its envelope; a no may come with the same status.</summary>
    private static bool IsSaid(string body) => body.Trim() is "" or "ok" || body.Replace(" ", "", StringComparison.Ordinal).Contains("\"ok\":true", StringComparison.Ordinal);

    /// <summary>A short word before a press is acknowledged; worth trying, not worth failing for.</summary>
    public async Task TrySayAsync(string address, string sentence, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(BeforeTheAcknowledgement, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await SayAsync(address, new JsonObject { ["response_type"] = "ephemeral", ["replace_original"] = false, ["text"] = sentence }, either.Token);
        }
        catch (Exception e) when (e is ChatUnavailableException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            LogUnsaid(e);
        }
    }

    [LoggerMessage(LogLevel.Error, "A payload named {Host} to answer to, which is not Slack's; nothing was sent")]
    private partial void LogForeign(string host);

    [LoggerMessage(LogLevel.Warning, "A refusal could not be told to the person")]
    private partial void LogUnsaid(Exception exception);
}
