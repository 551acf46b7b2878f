namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>Bends signed HTTP deliveries: a forged signature, an old or future stamp, a changed body, duplicates.</summary>
public sealed record DeliveryTweak
{
    public string? SigningSecret { get; init; }

    /// <summary>Positive: signed in the past; negative: in the future.</summary>
    public TimeSpan SignedAgo { get; init; }

    /// <summary>Changes the body after it was signed.</summary>
    public Func<byte[], byte[]>? Body { get; init; }

    /// <summary>Sends the same bytes this many times at once, as a double click or a doubled delivery does.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Removes the signature headers altogether.</summary>
    public bool IsWithoutSignature { get; init; }
}
