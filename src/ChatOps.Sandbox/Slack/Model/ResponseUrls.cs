namespace ChatOps.Sandbox.Slack.Model;

/// <summary>What one response_url may answer to.</summary>
internal sealed record ResponseUrl(string Path, string Channel, string User, SlackMessage? Original, DateTimeOffset ValidUntil)
{
    public int Uses { get; set; }
}

/// <summary>Response URLs: thirty minutes, five uses.</summary>
internal sealed class ResponseUrls(TimeProvider time)
{
    public const int MostUses = 5;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private readonly Dictionary<string, ResponseUrl> issued = [];

    public string Issue(string kind, string channel, string user, SlackMessage? original)
    {
        var path = $"/hooks/{kind}/{SampleWorkspace.TeamId}/{issued.Count + 1}/{SlackWorkspace.NextSecret()}";
        issued[path] = new ResponseUrl(path, channel, user, original, time.GetUtcNow() + Lifetime);
        return path;
    }

    /// <summary>Spends one use; null with the error code that Slack answers.</summary>
    public ResponseUrl? Use(string path, out string error)
    {
        var url = issued.GetValueOrDefault(path);
        error = url switch
        {
            null => "no_such_url",
            _ when time.GetUtcNow() > url.ValidUntil => "expired_url",
            _ when url.Uses >= MostUses => "used_url",
            _ => "",
        };
        if (error.Length > 0)
        {
            return null;
        }

        url!.Uses++;
        return url;
    }
}
