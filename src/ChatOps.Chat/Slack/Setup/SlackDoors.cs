using ChatOps.Chat.Slack.Receiving;
using ChatOps.Core;

namespace ChatOps.Chat.Slack.Setup;

/// <summary>What a running server counted at one of Slack's doors.</summary>
/// <param name="Door">As the numbers name it: commands, interactions, events.</param>
/// <param name="Outcome">What became of the delivery.</param>
public sealed record DoorCount(string Door, string Outcome, long Deliveries);

/// <summary>
/// Whether Slack finds its way to us. A bot's token cannot read how the app is set up, so what a running server has received
/// is the only evidence; without it this says where to look.
/// </summary>
public static class SlackDoors
{
    private const string TurnedAway = "turned_away";

    /// <param name="publicUrl">What people, and usually Slack, reach this program by.</param>
    /// <param name="counted">By a server that runs here, since it started; null when none could be asked.</param>
    public static IReadOnlyList<Finding> Look(SlackOptions options, Uri publicUrl, IReadOnlyList<DoorCount>? counted)
    {
        return
        [
            Look(SlackDoor.Commands, "slash command", $"page \"Slash Commands\" has {options.Commands.Incident}, {options.Commands.Gitops} and {options.Commands.Breakglass}{To("commands")}. Then type {options.Commands.Incident} help", counted),
            Look(SlackDoor.Interactions, "press of a button", $"page \"Interactivity & Shortcuts\" is switched on{To("interactions")}. Then press any button of the bot's", counted),
            Look(SlackDoor.Events, "mention or direct message", $"page \"Event Subscriptions\" is switched on{To("events")}, with the bot events app_home_opened, app_mention and message.im. Then mention the bot in a channel that it is in", counted),
        ];

        string To(string door) => options.OverHttp ? $", with the request URL {new Uri(publicUrl, $"/slack/{door}")}" : " (Socket Mode needs no request URL)";
    }

    private static Finding Look(SlackDoor door, string what, string lookAt, IReadOnlyList<DoorCount>? counted)
    {
        var here = counted?.Where(count => count.Door.Equals(door.ToString(), StringComparison.OrdinalIgnoreCase)).ToList();
        var taken = here?.Where(count => count.Outcome != TurnedAway).Sum(count => count.Deliveries) ?? 0;
        var turnedAway = here?.Where(count => count.Outcome == TurnedAway).Sum(count => count.Deliveries) ?? 0;
        return (taken, turnedAway) switch
        {
            ( > 0, _) => Finding.Good($"The running server has received {taken} of the kind {what} since it started"),
            (_, > 0) => Finding.Problem(
                $"The running server has turned away every {what} since it started ({turnedAway}): not signed with Slack:SigningSecrets, or not of this moment",
                "Copy the Signing Secret from the app's page \"Basic Information\" into Slack:SigningSecrets, set this machine's clock, and let no proxy change the body."),
            _ when here is null => Finding.Unseen($"Whether a {what} arrives cannot be seen with a bot token, and no running server could be asked", $"In the Slack app: {lookAt}, and run doctor beside the server."),
            _ => Finding.Unseen($"No {what} has arrived since the server started, and with a bot token it cannot be seen why", $"In the Slack app: {lookAt}, and run doctor again."),
        };
    }
}
