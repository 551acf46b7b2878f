using ChatOps.Core.People;

namespace ChatOps.Core.Conversation;

/// <summary>
/// One thing that somebody said or pressed, verified by the platform's adapter and stored before it was acknowledged.
/// </summary>
/// <param name="Key">Deduplication key: the platform delivers at least once, we handle at most once.</param>
/// <param name="ReceivedAt">When we received it, UTC, whole milliseconds.</param>
/// <param name="From">Who, by immutable id.</param>
/// <param name="Place">Where.</param>
/// <param name="Said">What.</param>
public sealed record Delivery(string Key, DateTimeOffset ReceivedAt, ChatAccount From, Place Place, Said Said)
{
    /// <summary>
    /// Opaque to Core: what the adapter needs to answer privately or to open a dialog (a response URL, a trigger).
    /// A bearer secret: the store encrypts it and drops it when the delivery is done.
    /// </summary>
    public string? ReplyHandle { get; init; }

    /// <summary>Opened or pressed on the page that only this person sees; then the person is the place.</summary>
    public bool IsAtHome => Said is Said.OpenedHome or Said.Pressed { Message: null } && Place.Channel.Id == From.UserId;

    /// <summary>Said in a direct message with us: nobody else reads what is answered there.</summary>
    public bool IsDirect { get; init; }

    /// <summary>Only to be shown: whatever it would change is thrown away. Never stored, because it is read from what was said.</summary>
    public bool IsPlan { get; init; }
}

/// <summary>What a delivery carries.</summary>
public abstract record Said
{
    private Said()
    {
    }

    /// <summary>
    /// A command. <paramref name="Program"/> is "incident", "gitops" or "breakglass" when a slash command named it, else null (after a
    /// mention, where the first word may name it). In <paramref name="Text"/> people appear as <c>@id</c>.
    /// </summary>
    public sealed record Command(string? Program, string Text) : Said;

    /// <summary>A button on a message of ours; <paramref name="Message"/> is the message it sat on, null for what only they see.</summary>
    public sealed record Pressed(string Token, MessageRef? Message) : Said;

    /// <summary>A dialog was submitted.</summary>
    public sealed record Answered(string Token, IReadOnlyDictionary<string, string> Values) : Said;

    /// <summary>Somebody opened the page that the platform keeps for us and for them alone (in Slack the Home tab of the app).</summary>
    public sealed record OpenedHome : Said;
}
