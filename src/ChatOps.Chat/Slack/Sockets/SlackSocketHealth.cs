namespace ChatOps.Chat.Slack.Sockets;

/// <summary>How Socket Mode is doing, for readiness and metrics. One connection is enough to hear everything.</summary>
public sealed class SlackSocketHealth
{
    private readonly Lock gate = new();
    private SlackSocketState state = new(0, null, null, IsDisabled: false, 0);

    public SlackSocketState Now
    {
        get
        {
            lock (gate)
            {
                return state;
            }
        }
    }

    internal void Connected(DateTimeOffset now) =>
        Change(was => was with { Connections = was.Connections + 1, LastHelloAt = now, Problem = null, IsDisabled = false, Opened = was.Opened + 1 });

    internal void Disconnected() => Change(was => was with { Connections = was.Connections - 1 });

    internal void Troubled(string problem) => Change(was => was with { Problem = problem });

    internal void Disabled() =>
        Change(was => was with { IsDisabled = true, Problem = "Socket Mode was switched off for the app: switch it on under \"Socket Mode\"; I try again every five minutes" });

    private void Change(Func<SlackSocketState, SlackSocketState> change)
    {
        lock (gate)
        {
            state = change(state);
        }
    }
}

/// <param name="Connections">Sockets that Slack has greeted and that are open.</param>
/// <param name="LastHelloAt">When Slack last greeted a new one.</param>
/// <param name="Problem">What went wrong last, and what to do; null once it works again.</param>
/// <param name="IsDisabled">Slack said that the app may not use it; tried again now and then.</param>
/// <param name="Opened">Sockets opened since the start.</param>
public sealed record SlackSocketState(int Connections, DateTimeOffset? LastHelloAt, string? Problem, bool IsDisabled, long Opened)
{
    public bool IsHealthy => Connections > 0 && !IsDisabled;

    /// <summary>Null: what people say is heard.</summary>
    public string? WhatIsWrong => IsHealthy ? null : $"Slack is not heard: {Problem ?? "no socket has been opened yet"}";
}
