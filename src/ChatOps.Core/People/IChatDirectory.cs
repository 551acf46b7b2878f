namespace ChatOps.Core.People;

/// <summary>What the chat system itself says of an account, asked by id.</summary>
public sealed record ChatProfile(ChatAccount Account, string DisplayName)
{
    /// <summary>IANA time zone of the reader, where the platform tells.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Their e-mail address, where the platform tells it and says that they proved it to be theirs.</summary>
    public string? ConfirmedEmail { get; init; }

    /// <summary>Bots, workflows and apps; they never command and never vote.</summary>
    public bool IsBot { get; init; }

    public bool IsGuest { get; init; }

    public bool IsDeactivated { get; init; }

    /// <summary>From another workspace or tenant, in a shared channel.</summary>
    public bool IsForeign { get; init; }
}

/// <summary>
/// Looks people and groups up in one chat system. Answers may be cached for minutes for display; callers that decide
/// about authority pass <c>fresh: true</c>. Throws <see cref="Conversation.ChatUnavailableException"/> when the platform
/// does not answer: the caller then refuses, because a role that cannot be read is not held.
/// </summary>
public interface IChatDirectory
{
    ChatPlatform Platform { get; }

    /// <summary>Null when the platform knows no such account.</summary>
    Task<ChatProfile?> FindAsync(ChatAccount account, bool fresh, CancellationToken ct);

    /// <summary>User ids of a user group; null when there is no such group.</summary>
    Task<IReadOnlySet<string>?> MembersAsync(string groupId, bool fresh, CancellationToken ct);
}
