using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Server.CommandLine;

namespace ChatOps.Server.Tests.CommandLine;

/// <summary>Runs commands as a shell would and keeps what they wrote.</summary>
internal sealed class Terminal(params CliCommand[] commands)
{
    public StringWriter Out { get; } = new();

    public StringWriter Error { get; } = new();

    public Task<int> RunAsync(string line) =>
        new Cli(commands).RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), new Output(Out, Error), CancellationToken.None);
}

/// <summary>A chat of which only reading back is used; <paramref name="thread"/> is what the thread says now, card first.</summary>
internal sealed class ThreadOnly(Func<IReadOnlyList<Spoken>?> thread) : IChat
{
    public ChatPlatform Platform => ChatPlatform.Slack;

    public Task<IReadOnlyList<Spoken>?> ReadThreadAsync(MessageRef root, CancellationToken ct) => Task.FromResult(thread());

    public Task<MessageRef> PostAsync(Channel channel, string? thread, MessageKey key, Card card, CancellationToken ct) => throw new NotSupportedException();

    public Task<MessageRef> PostAsync(ChatAccount to, MessageKey key, Card card, CancellationToken ct) => throw new NotSupportedException();

    public Task<MessageRef?> FindAsync(Channel channel, string? thread, MessageKey key, DateTimeOffset since, CancellationToken ct) => throw new NotSupportedException();

    public Task<MessageRef?> FindAsync(ChatAccount to, MessageKey key, DateTimeOffset since, CancellationToken ct) => throw new NotSupportedException();

    public Task EditAsync(MessageRef message, Card card, CancellationToken ct) => throw new NotSupportedException();

    public Task PinAsync(MessageRef message, CancellationToken ct) => throw new NotSupportedException();

    public Task WhisperAsync(ChatAccount to, Place place, Card card, string? replyHandle, CancellationToken ct) => throw new NotSupportedException();

    public Task ShowHomeAsync(ChatAccount to, Card card, CancellationToken ct) => throw new NotSupportedException();

    public Task AskAsync(ChatAccount to, string replyHandle, Dialog dialog, CancellationToken ct) => throw new NotSupportedException();

    public Task<Uri?> LinkAsync(MessageRef message, CancellationToken ct) => throw new NotSupportedException();
}
