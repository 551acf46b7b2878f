namespace ChatOps.Sandbox.Slack.Model;

/// <summary>Trigger ids: good for as long as Slack waits for the app, once.</summary>
internal sealed class Triggers(TimeProvider time, TimeSpan lifetime)
{
    private readonly Dictionary<string, Trigger> issued = [];

    public string Issue(string user)
    {
        var id = $"{issued.Count + 1}.{time.GetUtcNow().ToUnixTimeMilliseconds()}.{SlackWorkspace.NextSecret()}";
        issued[id] = new Trigger(user, time.GetUtcNow() + lifetime);
        return id;
    }

    /// <summary>Who may be shown something, or the error code that Slack answers.</summary>
    public string Exchange(string id, out string? error)
    {
        var trigger = issued.GetValueOrDefault(id);
        error = trigger switch
        {
            null => "invalid_trigger_id",
            { IsExchanged: true } => "exchanged_trigger_id",
            _ when time.GetUtcNow() > trigger.ValidUntil => "expired_trigger_id",
            _ => null,
        };
        if (error is null)
        {
            trigger!.IsExchanged = true;
        }

        return trigger?.User ?? "";
    }

    private sealed record Trigger(string User, DateTimeOffset ValidUntil)
    {
        public bool IsExchanged { get; set; }
    }
}
