using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>The three doors Slack knocks at. Socket Mode brings the same payloads through one.</summary>
internal enum SlackDoor
{
    Commands,
    Interactions,
    Events,
}

/// <summary>What one payload turned out to be.</summary>
internal abstract record Heard
{
    private Heard()
    {
    }

    /// <summary>Somebody said something to us, if <paramref name="Origin"/> may.</summary>
    public sealed record Something(Delivery Delivery, Origin Origin) : Heard
    {
        /// <summary>Where a refusal can be told; null where Slack gives no way.</summary>
        public string? ResponseUrl { get; init; }

        /// <summary>A field of the dialog that a refusal can be shown at.</summary>
        public string? DialogField { get; init; }
    }

    /// <summary>Genuine, and nothing for us to do: acknowledged, counted, forgotten.</summary>
    public sealed record Nothing(string Why) : Heard;

    /// <summary>Slack asks whether we are there.</summary>
    public sealed record Challenge(string Value) : Heard;

    /// <summary>Not what Slack sends.</summary>
    public sealed record Malformed(string Why) : Heard;
}

/// <summary>
/// Where a payload comes from, as far as it decides whether we listen. <paramref name="Team"/> is the workspace,
/// <paramref name="UserTeam"/> the home of the person where the payload tells.
/// </summary>
internal sealed record Origin(string? AppId, string? Enterprise, string? Team, string? UserTeam)
{
    /// <summary>A channel that is shared with another company.</summary>
    public bool SharedOutside { get; init; }
}
