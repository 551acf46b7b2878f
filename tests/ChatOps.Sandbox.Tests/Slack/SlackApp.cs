using System.Collections.Concurrent;
using ChatOps.Sandbox.Slack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Sandbox.Tests.Slack;

/// <summary>The other side: an app that records what reaches it and answers as the test says.</summary>
internal sealed class SlackApp : IAsyncDisposable
{
    private readonly WebApplication host;

    private SlackApp(WebApplication host) => this.host = host;

    public Uri Url => new(host.Urls.First());

    public ConcurrentQueue<Received> Requests { get; private init; } = new();

    /// <summary>Answers 200 and nothing unless told otherwise.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public static async Task<SlackApp> StartAsync()
    {
        SlackApp? app = null;
        var web = await LoopbackHost.StartAsync(endpoints => endpoints.MapPost("/{**path}", (HttpContext context) => app!.TakeAsync(context)), CancellationToken.None);
        return app = new SlackApp(web);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var received = new Received(context.Request.Path, body.ToArray(), context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        Requests.Enqueue(received);
        await Answer(received, context);
    }
}

internal sealed record Received(string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public IReadOnlyDictionary<string, string> Form =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Text).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
}
