using ChatOps.Sandbox.Slack;

namespace ChatOps.Sandbox.Page;

/// <summary>Server-sent events: the whole view of one person, again after each change; changes in quick succession come as one.</summary>
internal static class PageStream
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(40);

    public static async Task ServeOnceAsync(HttpContext context, SimulatedSlack slack, string person)
    {
        PageGuard.Protect(context.Response);
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(slack.Workspace.Read(() => PageView.Of(slack, person).ToJsonString()), context.RequestAborted);
    }

    public static async Task ServeAsync(HttpContext context, SimulatedSlack slack, string person)
    {
        var ct = context.RequestAborted;
        PageGuard.Protect(context.Response);
        context.Response.ContentType = "text/event-stream";
        try
        {
            while (true)
            {
                var (view, change) = slack.Workspace.Read(() => (PageView.Of(slack, person).ToJsonString(), slack.Workspace.Changes.Next));
                await context.Response.WriteAsync($"event: view\ndata: {view}\n\n", ct);
                await context.Response.Body.FlushAsync(ct);
                await change.WaitAsync(ct);
                await Task.Delay(Settle, TimeProvider.System, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The browser tab was closed.
        }
    }
}
