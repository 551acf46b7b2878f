using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>Uploads in three steps: ask for a URL, send the bytes, share.</summary>
internal sealed class FileMethods(SlackWorkspace workspace, Posts posts, Func<Uri> baseUrl)
{
    private const int LargestFile = 1 << 20;
    private readonly Dictionary<string, SharedFile> files = [];

    public IEnumerable<ApiMethod> All() =>
    [
        new("files.getUploadURLExternal", "files:write", 100, Announce),
        new("files.completeUploadExternal", "files:write", 100, Complete) { ReadsJson = true },
    ];

    public async Task ReceiveAsync(HttpContext context, string id)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        var bytes = content.ToArray();
        var isExpected = workspace.Change(() =>
        {
            if (!files.TryGetValue(id, out var file) || file.Length != bytes.Length)
            {
                return false;
            }

            file.Content = bytes;
            return true;
        });
        context.Response.StatusCode = isExpected ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        await context.Response.WriteAsync(isExpected ? $"OK - {bytes.Length}" : "upload_failed", context.RequestAborted);
    }

    /// <summary>For the page: a picture that an app uploaded.</summary>
    public async Task ServeAsync(HttpContext context, string id)
    {
        if (workspace.Read(() => files.GetValueOrDefault(id)) is not { IsComplete: true, Content: { } content })
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "image/png";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    /// <summary>Slack refuses a message that shows a file it does not have, or does not have yet.</summary>
    public void Check(Posting posting)
    {
        var pictures = (posting.Blocks ?? []).OfType<JsonObject>().Select(block => block["slack_file"]).OfType<JsonObject>();
        if (pictures.FirstOrDefault(picture => files.GetValueOrDefault((string?)picture["id"] ?? "") is not { IsComplete: true }) is { } missing)
        {
            throw new SlackRefusal("invalid_blocks", $"[ERROR] invalid slack file {(string?)missing["id"]}");
        }
    }

    private JsonObject Announce(ApiArguments arguments)
    {
        var name = arguments.Need("filename");
        var length = arguments.Number("length", 0);
        if (length is <= 0 or > LargestFile)
        {
            throw new SlackRefusal("file_upload_size_restricted");
        }

        var id = workspace.NextId("F");
        files[id] = new SharedFile(name, length);
        return new JsonObject { ["file_id"] = id, ["upload_url"] = new Uri(baseUrl(), $"/files/upload/{id}").ToString() };
    }

    private JsonObject Complete(ApiArguments arguments)
    {
        var asked = arguments.Json<JsonArray>("files", "invalid_arguments") ?? throw new SlackRefusal("invalid_arguments");
        var named = asked.Select(file => (Id: (string?)file?["id"] ?? "", Title: (string?)file?["title"])).ToList();
        if (named.Exists(file => files.GetValueOrDefault(file.Id)?.Content is null))
        {
            throw new SlackRefusal("file_not_found");
        }

        named.ForEach(file => files[file.Id].IsComplete = true);
        if (arguments.Text("channel_id") is { Length: > 0 } id)
        {
            var channel = workspace.Channels.GetValueOrDefault(id) ?? throw new SlackRefusal("channel_not_found");
            var list = string.Join('\n', named.Select(file => $"📎 {file.Title ?? files[file.Id].Name}"));
            posts.AsBot(channel, new Posting($"{arguments.Text("initial_comment")}\n{list}".Trim(), null, null), arguments.Text("thread_ts"));
        }

        return new JsonObject { ["files"] = new JsonArray([.. named.Select(file => new JsonObject { ["id"] = file.Id, ["title"] = file.Title })]) };
    }

    private sealed record SharedFile(string Name, int Length)
    {
        public byte[]? Content { get; set; }

        public bool IsComplete { get; set; }
    }
}
