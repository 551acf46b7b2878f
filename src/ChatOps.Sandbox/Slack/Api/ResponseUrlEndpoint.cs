using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary><c>/hooks/…</c>: late answers to commands and buttons, and the only way to change an ephemeral message.</summary>
internal sealed class ResponseUrlEndpoint(SlackWorkspace workspace, Answers answers, SlackFaults faults)
{
    /// <summary>The name under which a test plans a fault for it and finds its calls.</summary>
    public const string Method = "response_url";

    public List<ApiCall> Calls { get; } = [];

    public async Task ServeAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        var call = new ApiCall(Method, body ?? [], workspace.Now) { ContentType = context.Request.ContentType };
        var fault = faults.Take(call);
        var (status, text) = fault is { IsApplied: false }
            ? (fault.Status ?? 0, fault.Error ?? "upstream error")
            : workspace.Change(() => Apply(context.Request.Path, body));
        workspace.Change(() =>
        {
            call.Status = status;
            call.Answer = new JsonObject { ["ok"] = status == StatusCodes.Status200OK, ["error"] = status == StatusCodes.Status200OK ? null : text };
            Calls.Add(call);
        });
        if (fault is { Hangs: true })
        {
            await faults.HangAsync(context.RequestAborted);
        }

        if (fault is { IsApplied: true } or { Status: null })
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private (int Status, string Text) Apply(string path, JsonObject? body)
    {
        if (body is null)
        {
            return (StatusCodes.Status400BadRequest, "invalid_payload");
        }

        if (workspace.ResponseUrls.Use(path, out var error) is not { } url)
        {
            return (StatusCodes.Status404NotFound, error);
        }

        try
        {
            answers.Apply(url, body);
            return (StatusCodes.Status200OK, "ok");
        }
        catch (SlackRefusal refusal)
        {
            return (StatusCodes.Status400BadRequest, refusal.Error);
        }
    }

    private static async Task<JsonObject?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
