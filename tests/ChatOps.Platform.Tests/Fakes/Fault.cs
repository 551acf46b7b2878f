using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Platform.Tests.Fakes;

/// <summary>One way to misbehave, once or for ever, for requests of one method (or any).</summary>
public sealed record Fault(string Method)
{
    public int Status { get; init; }

    public JsonObject? Body { get; init; }

    public int? RetryAfterSeconds { get; init; }

    /// <summary>Accepts the request and never answers.</summary>
    public bool Hangs { get; init; }

    /// <summary>Cuts the connection before doing anything.</summary>
    public bool CutsBefore { get; init; }

    /// <summary>Does what was asked, then cuts the connection.</summary>
    public bool DropsAnswer { get; init; }

    /// <summary>Does what was asked, then says this status.</summary>
    public int? SaysAfterwards { get; init; }

    public bool Once { get; init; } = true;

    internal static Fault? Take(ConcurrentDictionary<string, Fault> faults, HttpRequest request)
    {
        // By the end of the path as well as by method: "GET checkout".
        var key = faults.Keys.FirstOrDefault(key => key == request.Method || (key.StartsWith($"{request.Method} ", StringComparison.Ordinal) && request.Path.Value!.EndsWith(key.Split(' ')[1], StringComparison.Ordinal)));
        if (key is null || !faults.TryGetValue(key, out var fault))
        {
            return null;
        }

        if (fault.Once)
        {
            faults.TryRemove(key, out _);
        }

        return fault;
    }

    internal static async Task HangAsync(HttpContext context) =>
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>False when the request is to be done nevertheless.</summary>
    internal async Task<bool> PlayAsync(HttpContext context)
    {
        if (DropsAnswer || SaysAfterwards is not null)
        {
            return false;
        }

        if (CutsBefore)
        {
            context.Abort();
            return true;
        }

        if (Hangs)
        {
            await HangAsync(context);
            return true;
        }

        context.Response.StatusCode = Status;
        if (RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = $"{seconds}";
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync((Body ?? Statuses.Of(Status, "Injected", $"injected {Status}")).ToJsonString());
        return true;
    }
}
