using ChatOps.Core.People;

namespace ChatOps.Core.Conversation;

/// <summary>
/// One chat system, as the outbox needs it. Nothing here is called with state that is not stored yet. All methods throw
/// <see cref="ChatRefusedException"/> when the platform said no and <see cref="ChatUnavailableException"/> when it is not
/// known whether it did.
/// </summary>
public interface IChat
{
    ChatPlatform Platform { get; }

    /// <summary>The message carries its key where nobody sees it, so that <see cref="FindAsync(Channel, string?, MessageKey, DateTimeOffset, CancellationToken)"/> finds it.</summary>
    Task<MessageRef> PostAsync(Channel channel, string? thread, MessageKey key, Card card, CancellationToken ct);

    /// <summary>A direct message.</summary>
    Task<MessageRef> PostAsync(ChatAccount to, MessageKey key, Card card, CancellationToken ct);

    /// <summary>A post that may have been made although its answer was lost; null when it was not, or when the platform lets nobody know.</summary>
    Task<MessageRef?> FindAsync(Channel channel, string? thread, MessageKey key, DateTimeOffset since, CancellationToken ct);

    Task<MessageRef?> FindAsync(ChatAccount to, MessageKey key, DateTimeOffset since, CancellationToken ct);

    Task EditAsync(MessageRef message, Card card, CancellationToken ct);

    Task PinAsync(MessageRef message, CancellationToken ct);

    /// <summary>Private answer: by the handle where it still serves, else as an ephemeral message.</summary>
    Task WhisperAsync(ChatAccount to, Place place, Card card, string? replyHandle, CancellationToken ct);

    /// <summary>Puts this on the person's own page; again changes nothing.</summary>
    Task ShowHomeAsync(ChatAccount to, Card card, CancellationToken ct);

    Task AskAsync(ChatAccount to, string replyHandle, Dialog dialog, CancellationToken ct);

    /// <summary>What we said ourselves in the thread of this message, it included, oldest first; null when it may not be read. The record is checked against it.</summary>
    Task<IReadOnlyList<Spoken>?> ReadThreadAsync(MessageRef root, CancellationToken ct);

    /// <summary>A link that opens the message.</summary>
    Task<Uri?> LinkAsync(MessageRef message, CancellationToken ct);
}

/// <summary>A message of ours, read back as plain text.</summary>
public sealed record Spoken(string Id, string Text);

/// <summary>Why a platform refused, as far as it changes what we do next.</summary>
public enum ChatRefusal
{
    /// <summary>Token, scope or app installation: nothing will work until an operator acts.</summary>
    Configuration,

    /// <summary>We are not in that channel, or it is archived or gone.</summary>
    Channel,

    /// <summary>The message that the thread hangs on was deleted.</summary>
    ThreadGone,

    /// <summary>The person cannot be reached.</summary>
    Person,

    /// <summary>The message to edit is gone.</summary>
    MessageGone,

    /// <summary>The platform does not take what we rendered: a bug of ours.</summary>
    Content,

    /// <summary>A dialog or private answer came too late.</summary>
    HandleExpired,
}

/// <summary>The platform understood and said no; trying the same again is of no use.</summary>
public sealed class ChatRefusedException(ChatRefusal refusal, string code, string fix)
    : Exception($"{code}: {fix}")
{
    public ChatRefusal Refusal { get; } = refusal;

    /// <summary>The platform's own error code.</summary>
    public string Code { get; } = code;

    /// <summary>What an operator can do about it.</summary>
    public string Fix { get; } = fix;
}

/// <summary>No answer, or "later". The call may or may not have had its effect.</summary>
public sealed class ChatUnavailableException(string message, TimeSpan? retryAfter, bool mayHaveHappened, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What the platform asked for; null when it said nothing.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>False for a refusal before the effect (429), true for a lost answer.</summary>
    public bool MayHaveHappened { get; } = mayHaveHappened;
}
