using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Core.Tests.Doubles;

/// <summary>A chat system that remembers what was said, and misbehaves when told.</summary>
internal sealed class ModelChat : IChat, IChatDirectory
{
    private int last;

    public ChatPlatform Platform => ChatPlatform.Slack;

    public Dictionary<string, HashSet<string>> Groups { get; } = [];

    public Dictionary<string, ChatProfile> Profiles { get; } = [];

    /// <summary>Groups and profiles cannot be read.</summary>
    public bool DirectorySilent { get; set; }

    /// <summary>Single groups that cannot be read.</summary>
    public HashSet<string> Unreadable { get; } = [];

    /// <summary>People who cannot be written to in a direct message.</summary>
    public HashSet<string> Unreachable { get; } = [];

    /// <summary>What the next posts throw; null is a good answer.</summary>
    public Queue<Exception?> Next { get; } = new();

    public List<(string What, string Where, string? Thread, Card Card)> Said { get; } = [];

    public List<(ChatAccount To, Dialog Dialog)> Dialogs { get; } = [];

    public HashSet<string> Pinned { get; } = [];

    /// <summary>Posts that were made although their answer is lost.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Nothing that was posted may be looked up.</summary>
    public bool HidesPosts { get; set; }

    private readonly List<(MessageRef Ref, MessageKey Key)> made = [];

    public IReadOnlyList<MessageRef> CopiesOf(MessageKey key) => [.. made.Where(one => one.Key == key).Select(one => one.Ref)];

    public Task<MessageRef> PostAsync(Channel channel, string? thread, MessageKey key, Card card, CancellationToken ct) => Post(channel, thread, key, card);

    public Task<MessageRef> PostAsync(ChatAccount to, MessageKey key, Card card, CancellationToken ct) => Unreachable.Contains(to.UserId)
        ? throw new ChatRefusedException(ChatRefusal.Person, "user_disabled", "the account is deactivated")
        : Post(Direct(to), null, key, card);

    public Task<MessageRef?> FindAsync(Channel channel, string? thread, MessageKey key, DateTimeOffset since, CancellationToken ct) =>
        Task.FromResult(made.Where(one => !HidesPosts && one.Key == key && one.Ref.Channel == channel).Select(one => one.Ref).LastOrDefault());

    public Task<MessageRef?> FindAsync(ChatAccount to, MessageKey key, DateTimeOffset since, CancellationToken ct) => FindAsync(Direct(to), null, key, since, ct);

    public Task ShowHomeAsync(ChatAccount to, Card card, CancellationToken ct)
    {
        Misbehave();
        Said.Add(("home", to.UserId, null, card));
        return Task.CompletedTask;
    }

    public Task EditAsync(MessageRef message, Card card, CancellationToken ct)
    {
        Misbehave();
        Said.Add(("edit", message.Id, message.Thread, card));
        return Task.CompletedTask;
    }

    public Task PinAsync(MessageRef message, CancellationToken ct)
    {
        Misbehave();
        Pinned.Add(message.Id);
        return Task.CompletedTask;
    }

    public Task WhisperAsync(ChatAccount to, Place place, Card card, string? replyHandle, CancellationToken ct)
    {
        Misbehave();
        Said.Add(("whisper", to.UserId, place.Thread, card));
        return Task.CompletedTask;
    }

    public Task AskAsync(ChatAccount to, string replyHandle, Dialog dialog, CancellationToken ct)
    {
        Misbehave();
        Dialogs.Add((to, dialog));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Spoken>?> ReadThreadAsync(MessageRef root, CancellationToken ct) => Task.FromResult<IReadOnlyList<Spoken>?>(null);

    public Task<Uri?> LinkAsync(MessageRef message, CancellationToken ct) => Task.FromResult<Uri?>(null);

    public Task<ChatProfile?> FindAsync(ChatAccount account, bool fresh, CancellationToken ct)
    {
        Answer();
        return Task.FromResult<ChatProfile?>(Profiles.GetValueOrDefault(account.UserId) ?? new ChatProfile(account, account.UserId));
    }

    public Task<IReadOnlySet<string>?> MembersAsync(string groupId, bool fresh, CancellationToken ct)
    {
        Answer();
        if (Unreadable.Contains(groupId))
        {
            throw new ChatUnavailableException($"{groupId} cannot be read", null, mayHaveHappened: false);
        }

        return Task.FromResult<IReadOnlySet<string>?>(Groups.GetValueOrDefault(groupId));
    }

    private static Channel Direct(ChatAccount to) => new(to.Platform, to.Tenant, "D" + to.UserId);

    private Task<MessageRef> Post(Channel channel, string? thread, MessageKey key, Card card)
    {
        Misbehave();
        var message = new MessageRef(channel, $"m{++last}", null);
        Said.Add(("post", channel.Id, thread, card));
        made.Add((message, key));
        if (LosesAnswers)
        {
            throw new ChatUnavailableException("no answer", null, mayHaveHappened: true);
        }

        return Task.FromResult(message);
    }

    private void Misbehave()
    {
        if (Next.TryDequeue(out var fault) && fault is not null)
        {
            throw fault;
        }
    }

    private void Answer()
    {
        if (DirectorySilent)
        {
            throw new ChatUnavailableException("no answer", null, mayHaveHappened: false);
        }
    }
}
