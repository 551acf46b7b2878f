using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Blocks;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Wire;

namespace ChatOps.Sandbox.Slack.Scripting;

/// <summary>The dialogs on one person's screen.</summary>
public sealed class DialogActor
{
    private readonly SimulatedSlack slack;
    private readonly SlackWorkspace workspace;
    private readonly string user;

    internal DialogActor(SimulatedSlack slack, string user)
    {
        this.slack = slack;
        this.user = user;
        workspace = slack.Workspace;
    }

    /// <summary>The dialog on top, if any.</summary>
    public SlackView? Top => workspace.Read(() => slack.Dialogs.Top(user));

    /// <summary>Completes when a dialog is open.</summary>
    public Task<SlackView> WaitAsync(CancellationToken ct) => slack.WaitForAsync(() => slack.Dialogs.Top(user), $"a dialog for {user}", ct);

    /// <summary>Fills in and submits the dialog on top; values by block id, action id or label.</summary>
    public async Task<DialogOutcome> SubmitAsync(IReadOnlyDictionary<string, string> values)
    {
        var view = Top ?? throw new InvalidOperationException($"No dialog is open for {user}.");
        var state = DialogValues.State(view, values);
        var problems = DialogValues.Problems(view, state);
        if (problems.Count > 0)
        {
            return Refused(view, problems, delivery: null);
        }

        var payload = workspace.Change(() => InteractionPayloads.Submitted(workspace.Users[user], view, state, workspace.Triggers.Issue(user)));
        var delivery = await slack.Deliverer.OnceAsync(DeliveryKind.Interaction, payload);
        if (!delivery.Answer!.IsAcknowledged)
        {
            return Refused(view, new() { [""] = "We had some trouble connecting. Try again?" }, delivery);
        }

        return workspace.Change(() => Follow(view, delivery));
    }

    /// <summary>Presses a button, or chooses from a menu, inside the dialog on top.</summary>
    public async Task<Delivery> PressAsync(string actionIdOrLabel, string? choice = null)
    {
        var view = Top ?? throw new InvalidOperationException($"No dialog is open for {user}.");
        var (block, element) = Pressable.Find(view.Content["blocks"] as JsonArray, actionIdOrLabel)
            ?? throw new ArgumentException($"The dialog has nothing called {actionIdOrLabel}.", nameof(actionIdOrLabel));
        var payload = workspace.Change(() => InteractionPayloads.PressedInView(
            workspace.Users[user], view, Pressable.Action(block, element, choice, workspace.NextTimestamp()), [], workspace.Triggers.Issue(user)));
        return await slack.Deliverer.OnceAsync(DeliveryKind.Interaction, payload);
    }

    /// <summary>Closes the dialog on top; the app hears of it only where it asked to (<c>notify_on_close</c>).</summary>
    public async Task CloseAsync()
    {
        if (Top is not { } view)
        {
            return;
        }

        workspace.Change(() => slack.Dialogs.Close(view));
        if ((bool?)view.Content["notify_on_close"] == true)
        {
            await slack.Deliverer.OnceAsync(DeliveryKind.Interaction, workspace.Read(() => InteractionPayloads.Closed(workspace.Users[user], view, isCleared: false)));
        }
    }

    private DialogOutcome Follow(SlackView view, Delivery delivery)
    {
        var answer = delivery.Answer!.Json();
        var action = (string?)answer?["response_action"];
        var next = answer?["view"] as JsonObject;
        if (next is not null && ViewRules.Check(next).Messages is { Count: > 0 } findings)
        {
            return Refused(view, new() { [""] = string.Join('\n', findings) }, delivery);
        }

        switch (action)
        {
            case "errors":
                var errors = (answer!["errors"] as JsonObject ?? []).ToDictionary(error => error.Key, error => (string?)error.Value ?? "");
                return Refused(view, errors, delivery);
            case "update" when next is not null:
                slack.Dialogs.Replace(view, (JsonObject)next.DeepClone());
                return new DialogOutcome(IsClosed: false, Problems: new Dictionary<string, string>()) { Delivery = delivery };
            case "push" when next is not null:
                slack.Dialogs.Push(user, (JsonObject)next.DeepClone());
                return new DialogOutcome(IsClosed: false, Problems: new Dictionary<string, string>()) { Delivery = delivery };
            case "clear":
                slack.Dialogs.Clear(user);
                break;
            default:
                slack.Dialogs.Close(view);
                break;
        }

        return new DialogOutcome(IsClosed: true, Problems: new Dictionary<string, string>()) { Delivery = delivery };
    }

    private DialogOutcome Refused(SlackView view, Dictionary<string, string> problems, Delivery? delivery) => workspace.Change(() =>
    {
        view.Errors.Clear();
        foreach (var (block, problem) in problems)
        {
            view.Errors[block] = problem;
        }

        return new DialogOutcome(IsClosed: false, problems) { Delivery = delivery };
    });
}
