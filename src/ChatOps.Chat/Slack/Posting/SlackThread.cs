using System.Text.Json.Nodes;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Chat.Slack.Rendering;
using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>Reads back what we said in a thread. Anybody can type a line that looks like ours, so who said it is what counts.</summary>
internal sealed class SlackThread(SlackWebApi api)
{
    public async Task<IReadOnlyList<Spoken>?> ReadAsync(MessageRef root, CancellationToken ct)
    {
        try
        {
            var me = (await api.CallAsync(SlackMethod.AuthTest, [], ct)).At("user_id").Text();
            var spoken = new List<Spoken>();
            for (var cursor = (string?)""; cursor is not null;)
            {
                var arguments = new JsonObject { ["channel"] = root.Channel.Id, ["ts"] = root.Thread ?? root.Id, ["limit"] = "200" };
                if (cursor.Length > 0)
                {
                    arguments["cursor"] = cursor;
                }

                var answer = await api.CallAsync(SlackMethod.Replies, arguments, ct);
                spoken.AddRange(
                    from message in answer.At("messages").Items()
                    where me is not null && message.At("user").Text() == me && message.At("ts").Text() is not null
                    select new Spoken(message.At("ts").Text()!, ReadBack.PlainText(message)));
                cursor = answer.At("response_metadata", "next_cursor").Text() is { Length: > 0 } next ? next : null;
            }

            return spoken;
        }
        catch (ChatRefusedException)
        {
            return null;
        }
    }
}
