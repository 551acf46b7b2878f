using System.Collections.Concurrent;
using ChatOps.Core.Records;

namespace ChatOps.Core.Conversation;

/// <summary>
/// Makes a message that is not known to exist. When an earlier try may have made it (its answer was lost, it broke half
/// way, or the post waited when this process began and the one before may have died over it), it is looked for first.
/// </summary>
public sealed class PostOnce(TimeProvider time)
{
    /// <summary>The platform's clock is not ours.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(2);

    private readonly DateTimeOffset began = Incidents.Clock.Now(time);
    private readonly ConcurrentDictionary<(string Lane, MessageKey Key), bool> uncertain = new();

    /// <param name="edited">Brings what was found up to date; false when it is not ours after all.</param>
    public async Task<PostedMessage> PostAsync(
        QueuedPost queued, Outgoing.Say say, Func<DateTimeOffset, Task<MessageRef?>> find, Func<MessageRef, Task<bool>> edited, Func<Task<MessageRef>> post)
    {
        var mark = (say.Lane, say.Key);
        var mayBeThere = uncertain.ContainsKey(mark) || queued.QueuedAt < began;
        if (mayBeThere && await find(queued.QueuedAt - ClocksDiffer) is { } found && await edited(found))
        {
            return new(say.Key, found, Incidents.Clock.Now(time)) { MayHaveCopies = true };
        }

        uncertain[mark] = true;
        try
        {
            return new(say.Key, await post(), Incidents.Clock.Now(time)) { MayHaveCopies = mayBeThere };
        }
        catch (Exception e) when (e is ChatRefusedException or ChatUnavailableException { MayHaveHappened: false })
        {
            Settled(say);
            throw;
        }
    }

    /// <summary>It is written down where the message is, or that there is none.</summary>
    public void Settled(Outgoing.Say say) => uncertain.TryRemove((say.Lane, say.Key), out _);
}
