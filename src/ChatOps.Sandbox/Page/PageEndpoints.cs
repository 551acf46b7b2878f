using ChatOps.Sandbox.Slack;

namespace ChatOps.Sandbox.Page;

/// <summary>The simulated workspace in the browser: files, a live view per person, and what a person can do.</summary>
public static class PageEndpoints
{
    public static void MapPage(this IEndpointRouteBuilder endpoints, SimulatedSlack slack)
    {
        var page = endpoints.MapGuarded("");
        page.MapGet("/", (HttpContext context) => PageFiles.ServeAsync(context, "index.html"));
        page.MapGet("/page/{name}", (HttpContext context, string name) => PageFiles.ServeAsync(context, name));

        var workspace = endpoints.MapGuarded("/sandbox/slack");
        workspace.MapGet("/view", (HttpContext context, string @as) => PageStream.ServeOnceAsync(context, slack, @as));
        workspace.MapGet("/stream", (HttpContext context, string @as) => PageStream.ServeAsync(context, slack, @as));
        workspace.MapGet("/files/{id}", (HttpContext context, string id) => slack.Files.ServeAsync(context, id));
        workspace.MapPost("/say", (PageActs.Say said) => PageActs.SayAsync(slack, said));
        workspace.MapPost("/press", (PageActs.Press pressed) => PageActs.PressAsync(slack, pressed));
        workspace.MapPost("/dialog/submit", (PageActs.Submit submitted) => PageActs.SubmitAsync(slack, submitted));
        workspace.MapPost("/dialog/press", (PageActs.DialogPress pressed) => PageActs.PressInDialogAsync(slack, pressed));
        workspace.MapPost("/dialog/close", (PageActs.Close closed) => PageActs.CloseAsync(slack, closed));
    }
}
