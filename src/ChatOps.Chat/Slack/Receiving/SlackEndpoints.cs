using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>Slack's three request URLs. Nothing in a body is believed, or even parsed, before its signature is.</summary>
internal sealed class SlackEndpoints(SlackOptions options, SlackIntake intake, TimeProvider time)
{
    private const int MostBytes = 1 << 20;

    private readonly SlackSignature signature = new(options.SigningSecrets);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // Slack checks the certificate of a command's URL so, unsigned.
        endpoints.MapGet("/slack/commands", () => Results.Ok());
        foreach (var door in Enum.GetValues<SlackDoor>())
        {
            endpoints.MapPost($"/slack/{door.ToString().ToLowerInvariant()}", (HttpContext http) =>
                http.RequestServices.GetRequiredService<SlackEndpoints>().AnswerAsync(door, http));
        }
    }

    private async Task AnswerAsync(SlackDoor door, HttpContext http)
    {
        var ct = http.RequestAborted;
        if (await ReadAsync(http.Request, ct) is not { } body)
        {
            SlackIntake.TurnedAway(door);
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            // Else the server would politely read the rest before it takes the connection's next request.
            http.Response.Headers.Connection = "close";
            return;
        }

        var headers = http.Request.Headers;
        if (!signature.IsValid(headers[SlackSignature.TimestampHeader], headers[SlackSignature.SignatureHeader], body.Span, time.GetUtcNow()))
        {
            // The certificate check comes as an unsigned POST too; whatever else such a body says is dropped.
            var isProbe = door == SlackDoor.Commands && body.Length < 4096 && Form.Parse(body.Span)?.GetValueOrDefault("ssl_check") == "1";
            if (!isProbe)
            {
                SlackIntake.TurnedAway(door);
            }

            http.Response.StatusCode = isProbe ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
            return;
        }

        using var payload = Parse(door, body);
        var ack = payload is null
            ? new Ack.NotUnderstood()
            : await intake.AcceptAsync(door, payload.RootElement, $"slack/body/{Convert.ToHexStringLower(SHA256.HashData(body.Span))}", ct);
        await WriteAsync(http.Response, ack, ct);
    }

    private static async Task WriteAsync(HttpResponse response, Ack ack, CancellationToken ct)
    {
        switch (ack)
        {
            case Ack.Told(var json):
                response.ContentType = "application/json; charset=utf-8";
                await response.WriteAsync(json, ct);
                break;
            case Ack.Challenged(var value):
                response.ContentType = "text/plain; charset=utf-8";
                response.Headers.XContentTypeOptions = "nosniff";
                await response.WriteAsync(value, ct);
                break;
            case Ack.Taken:
                response.StatusCode = StatusCodes.Status200OK;
                break;
            default:
                response.StatusCode = ack is Ack.BringAgain ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status400BadRequest;
                break;
        }
    }

    /// <summary>The raw bytes that were signed; null when there are too many, and then the rest is never read.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MostBytes)
        {
            return null;
        }

        using var body = new MemoryStream((int)(request.ContentLength ?? 4096));
        var chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, ct)) > 0)
        {
            if (body.Length + read > MostBytes)
            {
                return null;
            }

            body.Write(chunk, 0, read);
        }

        return body.ToArray();
    }

    private static JsonDocument? Parse(SlackDoor door, ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return null;
        }

        try
        {
            return door switch
            {
                SlackDoor.Commands => Form.Parse(body.Span) is { } fields ? JsonSerializer.SerializeToDocument(fields) : null,
                SlackDoor.Interactions => Form.Parse(body.Span)?.GetValueOrDefault("payload") is { } payload ? JsonDocument.Parse(payload) : null,
                SlackDoor.Events => JsonDocument.Parse(body),
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
