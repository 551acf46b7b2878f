using System.Text.Json;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>A slash command: a form over HTTP, the same names as JSON over the socket.</summary>
internal static class SlashCommand
{
    private static readonly IReadOnlySet<string> NoBots = new HashSet<string>();

    public static Heard Read(JsonElement payload, SlackCommandNames names, string fallbackKey, DateTimeOffset now)
    {
        if (payload.At("ssl_check").Text() == "1")
        {
            return new Heard.Nothing("ssl_check");
        }

        if (payload.At("command").Text() is not { } command
            || payload.At("user_id").Text() is not { } user
            || payload.At("team_id").Text() is not { } team
            || payload.At("channel_id").Text() is not { } channel)
        {
            return new Heard.Malformed("a slash command without command, user, team or channel");
        }

        if (names.ProgramOf(command) is not { } program)
        {
            return new Heard.Nothing("unknown command");
        }

        var responseUrl = payload.At("response_url").Text();
        var trigger = payload.At("trigger_id").Text();
        var said = new Said.Command(program, SlackText.ToCommand(payload.At("text").Text() ?? "", NoBots));
        var place = new Place(new(ChatPlatform.Slack, team, channel), null);
        var delivery = new Delivery(
            trigger is null ? fallbackKey : ReplyHandle.KeyOf(trigger), now, new(ChatPlatform.Slack, team, user), place, said)
        {
            ReplyHandle = new ReplyHandle(responseUrl, trigger, channel, null).ToHandle(),
            IsDirect = SlackText.IsDirectMessage(channel),
        };
        var origin = new Origin(payload.At("api_app_id").Text(), payload.At("enterprise_id").Text(), team, null);
        return new Heard.Something(delivery, origin) { ResponseUrl = responseUrl };
    }
}
