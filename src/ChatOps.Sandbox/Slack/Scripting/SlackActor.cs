using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Api;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Wire;

namespace ChatOps.Sandbox.Slack.Scripting;

/// <summary>One person in front of Slack. Each call comes back when the app has acknowledged, or failed to.</summary>
public sealed class SlackActor
{
    private readonly SimulatedSlack slack;
    private readonly SlackWorkspace workspace;

    internal SlackActor(SimulatedSlack slack, SlackUser user)
    {
        this.slack = slack;
        workspace = slack.Workspace;
        Id = user.Id;
        Dialogs = new DialogActor(slack, user.Id);
    }

    public string Id { get; }

    /// <summary>The dialogs on this person's screen.</summary>
    public DialogActor Dialogs { get; }

    /// <summary>Types a slash command in a channel; its direct answer is shown as Slack would.</summary>
    public async Task<Delivery> CommandAsync(string command, string text, string channel)
    {
        var place = Place(channel);
        var payload = workspace.Change(() => InteractionPayloads.Command(
            User(), place, command, TypedText.InCommand(workspace, text), workspace.Triggers.Issue(Id), ResponseUrl("commands", place, original: null)));
        var delivery = await slack.Deliverer.OnceAsync(DeliveryKind.Command, payload);
        workspace.Change(() => ShowAnswer(delivery.Answer!, place, command, text));
        return delivery;
    }

    /// <summary>Posts a message; comes back when the first attempt of each event that it causes is over.</summary>
    public async Task<SlackMessage> SayAsync(string channel, string text, string? threadTs = null)
    {
        var place = Place(channel);
        var (message, events) = workspace.Change(() =>
        {
            var posted = slack.Posts.AsUser(place, User(), TypedText.InMessage(workspace, text), threadTs);
            return (posted, EventPayloads.ForMessage(workspace, slack.Options, place, User(), posted).ToList());
        });
        await Task.WhenAll(events.Select(slack.Deliverer.EventAsync));
        return message;
    }

    /// <summary>Says something to the bot: <c>@chatops …</c>.</summary>
    public Task<SlackMessage> MentionAsync(string channel, string? threadTs, string text) =>
        SayAsync(channel, $"<@{SampleWorkspace.BotUserId}> {text}", threadTs);

    /// <summary>Writes to the bot in private.</summary>
    public Task<SlackMessage> WriteToBotAsync(string text) => SayAsync(Direct().Id, text);

    /// <summary>
    /// Presses a button, or chooses from a menu, by action id or label, as often as it is called; a confirmation is
    /// accepted. <paramref name="evenIfGone"/> presses what an earlier version of the message showed.
    /// </summary>
    public async Task<Delivery> PressAsync(SlackMessage message, string actionIdOrLabel, string? choice = null, bool evenIfGone = false, string? blockId = null)
    {
        var place = Place(message.Channel);
        var payload = workspace.Change(() =>
        {
            var (block, element) = Pressable.Find(message.Blocks, actionIdOrLabel, blockId)
                ?? (evenIfGone ? Pressable.FindEvenIfGone(message, actionIdOrLabel) : null)
                ?? throw new ArgumentException($"Nothing to press is called {actionIdOrLabel}; there is {string.Join(", ", Pressable.Labels(message.Blocks))}.", nameof(actionIdOrLabel));
            return Pressed(place, message, block, element, choice);
        });
        return await slack.Deliverer.OnceAsync(DeliveryKind.Interaction, payload);
    }

    /// <summary>What the Home tab of the app shows to this person; nothing before the app wrote it.</summary>
    public SlackView? Home => workspace.Read(() => workspace.Homes.GetValueOrDefault(Id));

    public async Task OpenHomeAsync()
    {
        if (slack.Options.SubscribedEvents.Contains("app_home_opened"))
        {
            await slack.Deliverer.EventAsync(workspace.Change(() => EventPayloads.HomeOpened(workspace, User(), Direct())));
        }
    }

    /// <summary>Presses a button on the Home tab.</summary>
    public async Task<Delivery> PressAtHomeAsync(string actionIdOrLabel)
    {
        var payload = workspace.Change(() =>
        {
            var view = workspace.Homes[Id];
            var (block, element) = Pressable.Find(view.Content["blocks"] as JsonArray, actionIdOrLabel)
                ?? throw new ArgumentException($"Nothing on the Home tab is called {actionIdOrLabel}; there is {string.Join(", ", Pressable.Labels(view.Content["blocks"] as JsonArray))}.", nameof(actionIdOrLabel));
            return InteractionPayloads.PressedInView(User(), view, Pressable.Action(block, element, null, workspace.NextTimestamp()), [], workspace.Triggers.Issue(Id));
        });
        return await slack.Deliverer.OnceAsync(DeliveryKind.Interaction, payload);
    }

    /// <summary>Uses a global shortcut.</summary>
    public Task<Delivery> ShortcutAsync(string callbackId) => slack.Deliverer.OnceAsync(
        DeliveryKind.Interaction,
        workspace.Change(() => InteractionPayloads.Shortcut(User(), callbackId, workspace.NextTimestamp(), workspace.Triggers.Issue(Id))));

    /// <summary>What only this person was shown, oldest first.</summary>
    public IReadOnlyList<SlackMessage> Ephemerals(string channel) =>
        workspace.Read(() => Place(channel).Messages.FindAll(message => message.OnlyFor == Id && !message.IsDeleted));

    /// <summary>The conversation with the bot.</summary>
    public SlackChannel Direct() => workspace.Change(() => workspace.Direct(Id, SampleWorkspace.BotUserId));

    internal JsonObject Pressed(SlackChannel place, SlackMessage message, JsonObject block, JsonObject element, string? choice) => InteractionPayloads.Pressed(
        User(), place, message, Pressable.Action(block, element, choice, workspace.NextTimestamp()), workspace.Triggers.Issue(Id), ResponseUrl("actions", place, message));

    private SlackUser User() => workspace.Users[Id];

    private SlackChannel Place(string channel) => workspace.Read(() => workspace.FindChannel(channel)) ?? throw new ArgumentException($"There is no channel {channel}.", nameof(channel));

    private Uri ResponseUrl(string kind, SlackChannel place, SlackMessage? original) =>
        new(slack.BaseUrl, workspace.ResponseUrls.Issue(kind, place.Id, Id, original));

    private void ShowAnswer(AppAnswer answer, SlackChannel place, string command, string typed)
    {
        if (!answer.IsAcknowledged)
        {
            var code = answer.Failure is "http_timeout" or "timeout" ? "operation_timeout" : "dispatch_failed";
            Tell(place, $"{command} failed with the error \"{code}\"");
            return;
        }

        if (answer.Body.Trim().Length == 0)
        {
            return;
        }

        var body = answer.Json() ?? new JsonObject { ["text"] = answer.Body };
        try
        {
            var posting = Posting.From(new ApiArguments(body));
            if ((string?)body["response_type"] == "in_channel")
            {
                slack.Posts.AsUser(place, User(), $"{command} {TypedText.InMessage(workspace, typed)}".Trim(), threadTs: null, subtype: "slash_command");
            }

            slack.Answers.Say(place.Id, Id, body, posting, defaultThread: null);
        }
        catch (Exception unusable) when (unusable is SlackRefusal or JsonException)
        {
            Tell(place, $"{command} failed with the error \"{unusable.Message}\"");
        }
    }

    private void Tell(SlackChannel place, string text) => slack.Posts.AsUser(place, Slackbot, text, threadTs: null, onlyFor: Id);

    private static readonly SlackUser Slackbot = new("USLACKBOT", "slackbot", "Slackbot", "Etc/UTC");
}
