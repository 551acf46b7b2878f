using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>What an app said in answer to a command or a press: ephemeral unless it says <c>in_channel</c>.</summary>
internal sealed class Answers(SlackWorkspace workspace, Posts posts)
{
    public void Apply(ResponseUrl url, JsonObject body)
    {
        var original = url.Original;
        if (Is(body, "delete_original"))
        {
            (original ?? throw new SlackRefusal("no_original")).IsDeleted = true;
            return;
        }

        var posting = Posting.From(new ApiArguments(body));
        if (Is(body, "replace_original") && original is not null)
        {
            posts.Edit(original, posting with { Blocks = posting.Blocks ?? [] });
            return;
        }

        Say(url.Channel, url.User, body, posting, original?.ThreadTs);
    }

    public void Say(string channelId, string user, JsonObject body, Posting posting, string? defaultThread)
    {
        var channel = workspace.Channels[channelId];
        var isForAll = (string?)body["response_type"] == "in_channel";
        posts.AsBot(channel, posting, (string?)body["thread_ts"] ?? defaultThread, onlyFor: isForAll ? null : user);
    }

    private static bool Is(JsonObject body, string name) => body[name]?.ToString() is "true" or "True";
}
