using System.Net;
using System.Text.Json;

namespace ChatOps.Platform.Kubernetes;

/// <summary>Why there is no reply.</summary>
public enum Silence
{
    /// <summary>There is one.</summary>
    None,

    /// <summary>Nothing was sent: nothing can have happened.</summary>
    NotSent,

    /// <summary>It was sent and no answer came back: it may have happened.</summary>
    Lost,
}

/// <summary>What an API server said to one request, unjudged; <see cref="Body"/> is undefined when it was not JSON.</summary>
public sealed record ApiReply(HttpStatusCode Status, JsonElement Body)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>What the server asked to wait, within what somebody in an incident can be made to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public Silence Silence { get; init; }

    /// <summary>The server's clock, where it told.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>What the network said when the server said nothing.</summary>
    public string Trouble { get; init; } = "";

    public bool IsOk => Silence == Silence.None && (int)Status is >= 200 and < 300;

    /// <summary>The reason of a Status object, such as <c>Invalid</c> or <c>ServerTimeout</c>.</summary>
    public string Reason => Body.Text("reason") ?? "";

    public string Message => Body.Text("message") ?? "";

    /// <summary>Zero would make a loop of it, and a proxy's hour would keep an override from ending for an hour.</summary>
    public static TimeSpan Bounded(TimeSpan wait) => wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;

    public static ApiReply Nothing(Silence silence, string trouble) => new(default, default) { Silence = silence, Trouble = trouble };
}
