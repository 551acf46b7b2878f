using ChatOps.Sandbox.Slack;

namespace ChatOps.Sandbox.Page;

/// <summary>What the page asks for on behalf of the person it acts as.</summary>
internal static class PageActs
{
    internal sealed record Say(string As, string Channel, string? Thread, string Text);

    internal sealed record Press(string As, string Channel, string Ts, string ActionId, string? BlockId, string? Choice);

    internal sealed record Submit(string As, Dictionary<string, string> Values);

    internal sealed record DialogPress(string As, string ActionId, string? Choice);

    internal sealed record Close(string As);

    public static Task<IResult> SayAsync(SimulatedSlack slack, Say said) => TryAsync(async () =>
    {
        var text = said.Text.Trim();
        if (!text.StartsWith('/'))
        {
            await slack.As(said.As).SayAsync(said.Channel, text, said.Thread);
            return null;
        }

        if (said.Thread is not null)
        {
            return "Slack does not send slash commands from inside a thread. Mention the bot instead: @chatops …";
        }

        var split = text.IndexOf(' ', StringComparison.Ordinal);
        var command = split < 0 ? text : text[..split];
        if (!slack.Options.Commands.Contains(command))
        {
            return $"{command} is not a valid command.";
        }

        await slack.As(said.As).CommandAsync(command, split < 0 ? "" : text[(split + 1)..].Trim(), said.Channel);
        return null;
    });

    public static Task<IResult> PressAsync(SimulatedSlack slack, Press pressed) => TryAsync(async () =>
    {
        var message = slack.Workspace.Read(() => slack.Workspace.FindChannel(pressed.Channel)?.Find(pressed.Ts));
        if (message is null)
        {
            return "That message is gone.";
        }

        var delivery = await slack.As(pressed.As).PressAsync(message, pressed.ActionId, pressed.Choice, evenIfGone: true, pressed.BlockId);
        return delivery.Answer!.IsAcknowledged ? null : "ChatOps did not answer in time. Slack would show a warning sign.";
    });

    public static Task<IResult> SubmitAsync(SimulatedSlack slack, Submit submitted) => TryAsync(async () =>
    {
        await slack.As(submitted.As).Dialogs.SubmitAsync(submitted.Values);
        return null;
    });

    public static Task<IResult> PressInDialogAsync(SimulatedSlack slack, DialogPress pressed) => TryAsync(async () =>
    {
        await slack.As(pressed.As).Dialogs.PressAsync(pressed.ActionId, pressed.Choice);
        return null;
    });

    public static Task<IResult> CloseAsync(SimulatedSlack slack, Close closed) => TryAsync(async () =>
    {
        await slack.As(closed.As).Dialogs.CloseAsync();
        return null;
    });

    /// <summary>What a person cannot do is told to them, as a line under the composer.</summary>
    private static async Task<IResult> TryAsync(Func<Task<string?>> act)
    {
        try
        {
            var problem = await act();
            return Results.Json(new { problem });
        }
        catch (Exception impossible) when (impossible is ArgumentException or InvalidOperationException)
        {
            return Results.Json(new { problem = impossible.Message });
        }
    }
}
