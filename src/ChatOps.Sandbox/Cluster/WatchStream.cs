using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>One watch: what changed, bookmarks, and the ERROR events that end it.</summary>
internal sealed class WatchStream(ClusterStore store, TimeProvider time)
{
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromMinutes(1);

    public async Task WriteAsync(HttpContext context, Route route, ResourceKind kind, Selection selection, CancellationToken ct)
    {
        var query = context.Request.Query;
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync(ct);
        await context.Response.Body.FlushAsync(ct); // at once, as a real one: who watches what is quiet waits for no event
        try
        {
            if (query["sendInitialEvents"].ToString() == "true")
            {
                throw ApiRefusal.NoWatchList();
            }

            await FollowAsync(context, route, kind, selection, ct);
        }
        catch (ApiRefusal refusal)
        {
            await SendAsync(context, "ERROR", refusal.ToStatus(), ct);
        }
        catch (TimeoutException)
        {
            // At timeoutSeconds the real server simply closes the stream.
        }
    }

    private async Task FollowAsync(HttpContext context, Route route, ResourceKind kind, Selection selection, CancellationToken ct)
    {
        var query = context.Request.Query;
        var asked = query["resourceVersion"].ToString();
        var since = asked is "" or "0" ? await SendCurrentAsync(context, route, kind, selection, ct) : long.Parse(asked, CultureInfo.InvariantCulture);
        if (since > store.Version + 1000)
        {
            throw ApiRefusal.TooLarge(since, store.Version);
        }

        var ends = int.TryParse(query["timeoutSeconds"], CultureInfo.InvariantCulture, out var seconds) ? time.GetUtcNow().AddSeconds(seconds) : DateTimeOffset.MaxValue;
        var bookmarks = query["allowWatchBookmarks"].ToString() is "true" or "1";
        var nextBookmark = bookmarks ? time.GetUtcNow() + BookmarkEvery : DateTimeOffset.MaxValue;
        while (true)
        {
            var (changes, version, next) = store.ChangesSince(since);
            foreach (var change in changes.Where(change => change.Kind == kind && (route.Namespace.Length == 0 || change.Namespace == route.Namespace)))
            {
                await SendAsync(context, change, selection, ct);
            }

            since = version;
            var now = time.GetUtcNow();
            if (now >= ends)
            {
                return;
            }

            if (now >= nextBookmark)
            {
                nextBookmark = now + BookmarkEvery;
                await SendAsync(context, "BOOKMARK", Bookmark(kind, version), ct);
            }

            var wake = nextBookmark < ends ? nextBookmark : ends;
            if (wake == DateTimeOffset.MaxValue)
            {
                await next.WaitAsync(ct);
                continue;
            }

            try
            {
                await next.WaitAsync(wake - now, time, ct);
            }
            catch (TimeoutException)
            {
                continue;
            }
        }
    }

    private async Task<long> SendCurrentAsync(HttpContext context, Route route, ResourceKind kind, Selection selection, CancellationToken ct)
    {
        var (items, version) = store.List(kind, route.Namespace);
        foreach (var item in items.Select(stored => stored.Read()).Where(selection.Matches))
        {
            await SendAsync(context, "ADDED", item, ct);
        }

        return version;
    }

    /// <summary>An object that begins or ceases to match a selector is ADDED or DELETED to this watch.</summary>
    private static async Task SendAsync(HttpContext context, Change change, Selection selection, CancellationToken ct)
    {
        var current = change.Object.Read();
        if (selection.IsEverything)
        {
            await SendAsync(context, change.Type, current, ct);
            return;
        }

        var matched = change.Before is { } before && selection.Matches(before.Read());
        var matches = change.Type != "DELETED" && selection.Matches(current);
        var type = (matched, matches) switch { (false, true) => "ADDED", (true, true) => "MODIFIED", (true, false) => "DELETED", _ => "" };
        if (type.Length > 0)
        {
            await SendAsync(context, type, current, ct);
        }
    }

    private static JsonObject Bookmark(ResourceKind kind, long version) => new()
    {
        ["kind"] = kind.Kind,
        ["apiVersion"] = kind.ApiVersion,
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null },
    };

    private static async Task SendAsync(HttpContext context, string type, JsonObject content, CancellationToken ct)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = content };
        await context.Response.WriteAsync(line.ToJsonString() + "\n", ct);
        await context.Response.Body.FlushAsync(ct);
    }
}
