using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>Slack's side of Socket Mode: tickets, up to ten sockets, hello and disconnect.</summary>
public sealed class SlackSockets
{
    public const int MostSockets = 10;

    private readonly SlackWorkspace workspace;
    private readonly List<SocketConnection> open = [];
    private readonly HashSet<string> tickets = [];

    internal SlackSockets(SlackWorkspace workspace, TimeSpan acknowledgement)
    {
        this.workspace = workspace;
        Envelopes = new SocketEnvelopes(this, workspace, acknowledgement);
    }

    public int Count => workspace.Read(() => open.Count);

    /// <summary>Sockets greeted since the start, those that ended included.</summary>
    public int Greeted { get; private set; }

    /// <summary>The next acknowledgement gets lost on its way: the payload is delivered a second time.</summary>
    public void LoseNextAcknowledgement() => Envelopes.LoseNextAcknowledgement();

    /// <summary>"This connection goes away in ten seconds", to every socket; they still take payloads until the app closes them.</summary>
    public Task WarnAsync(CancellationToken ct) => TellAllAsync("warning", close: false, ct);

    /// <summary>The routine renewal: every socket is told and closed.</summary>
    public Task RefreshAsync(CancellationToken ct) => TellAllAsync("refresh_requested", close: true, ct);

    /// <summary>Socket Mode was switched off; no new connection is given out either.</summary>
    public Task DisableAsync(CancellationToken ct)
    {
        IsDisabled = true;
        return TellAllAsync("link_disabled", close: true, ct);
    }

    /// <summary>Breaks every connection without a word.</summary>
    public void Cut()
    {
        foreach (var socket in All())
        {
            socket.Cut();
        }
    }

    internal bool IsDisabled { get; private set; }

    internal SocketEnvelopes Envelopes { get; }

    internal string IssueTicket()
    {
        var ticket = SlackWorkspace.NextSecret();
        tickets.Add(ticket);
        return ticket;
    }

    /// <summary>Any open socket that takes payloads, another one each time.</summary>
    internal SocketConnection? Pick(int turn) => workspace.Read(() =>
    {
        var taking = open.FindAll(socket => socket.IsTakingPayloads);
        return taking.Count == 0 ? null : taking[turn % taking.Count];
    });

    internal async Task ServeAsync(HttpContext context)
    {
        var ticket = context.Request.Query["ticket"].ToString();
        if (!context.WebSockets.IsWebSocketRequest || !workspace.Change(() => tickets.Remove(ticket)))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var ct = context.RequestAborted;
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = TimeSpan.FromSeconds(10),
            KeepAliveTimeout = TimeSpan.FromSeconds(30),
        });
        using var connection = new SocketConnection(socket, Envelopes.Acknowledge);
        var isOneTooMany = workspace.Read(() => open.Count >= MostSockets);
        var hello = isOneTooMany ? Disconnect("too_many_websockets") : Hello(context.Request.Query.ContainsKey("debug_reconnects"));
        await connection.SendAsync(hello, ct);
        if (isOneTooMany)
        {
            await connection.CloseAsync(ct);
            await connection.ReadToEndAsync(ct);
            return;
        }

        workspace.Change(() =>
        {
            open.Add(connection);
            Greeted++;
        });
        await connection.ReadToEndAsync(ct);
        workspace.Change(() => open.Remove(connection));
    }

    private List<SocketConnection> All() => workspace.Read(() => open.ToList());

    private async Task TellAllAsync(string reason, bool close, CancellationToken ct)
    {
        foreach (var socket in All())
        {
            await socket.SendAsync(Disconnect(reason), ct);
            if (close)
            {
                socket.IsTakingPayloads = false;
                await socket.CloseAsync(ct);
            }
        }
    }

    private JsonObject Hello(bool isShort) => new()
    {
        ["type"] = "hello",
        ["num_connections"] = Count + 1,
        ["connection_info"] = new JsonObject { ["app_id"] = SampleWorkspace.AppId },
        ["debug_info"] = new JsonObject
        {
            ["host"] = "applink-sandbox",
            ["build_number"] = 1,
            ["approximate_connection_time"] = isShort ? 360 : 18060,
        },
    };

    private static JsonObject Disconnect(string reason) => new()
    {
        ["type"] = "disconnect",
        ["reason"] = reason,
        ["debug_info"] = new JsonObject { ["host"] = "applink-sandbox" },
    };
}
