using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>Cursors: opaque to the app, an offset to us.</summary>
internal static class Page
{
    public const int Most = 1000;

    public static JsonObject Of<T>(string name, IReadOnlyList<T> all, ApiArguments arguments, Func<T, JsonNode?> toJson, int usual = 100)
    {
        var limit = arguments.Number("limit", usual);
        if (limit is < 1 or > Most)
        {
            throw new SlackRefusal("invalid_limit");
        }

        var start = Start(arguments.Text("cursor"));
        var items = all.Skip(start).Take(limit).Select(toJson);
        var end = start + limit;
        var next = end < all.Count ? Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"next:{end}"))) : "";
        return new JsonObject
        {
            [name] = new JsonArray([.. items]),
            ["has_more"] = next.Length > 0,
            ["response_metadata"] = new JsonObject { ["next_cursor"] = next },
        };
    }

    private static int Start(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return 0;
        }

        var bytes = new byte[cursor.Length];
        return Convert.TryFromBase64String(cursor, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length) is ['n', 'e', 'x', 't', ':', .. var offset]
            && int.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? start
            : throw new SlackRefusal("invalid_cursor");
    }
}
