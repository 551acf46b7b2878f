using ChatOps.Core.Operations;
using ChatOps.Sandbox.Slack.Wire;

namespace ChatOps.Scenarios.Clicks;

/// <summary>What a click may have changed: patches of the cluster, entries of the record, state and votes of the operation, messages that everybody sees.</summary>
public sealed record Effects(int Patches, int Entries, OperationState? State, int Votes, string? Lease, int Said)
{
    public static async Task<Effects> OfAsync(Room room)
    {
        await QuietAsync(room);
        var operation = await room.FindOperationAsync();
        return new(
            room.Building.Patches.Count,
            (await room.Building.Records.TimelineAsync(room.Number, Room.Ct)).Count,
            operation?.State,
            operation?.Approvals.Count ?? 0,
            (await room.LeaseAsync())?.State.ToString(),
            room.View.Messages.Count);
    }

    /// <summary>Nothing that was heard is unanswered, nothing that is to be said is unsaid.</summary>
    public static Task QuietAsync(Room room) => room.EventuallyAsync(
        () => room.Building.Records.BacklogAsync(room.Building.Clock.GetUtcNow(), Room.Ct),
        backlog => backlog is { Inbox: 0, Outbox: 0 },
        backlog => $"quiet; {backlog.Inbox} are not answered, {backlog.Outbox} are not said");
}

/// <summary>How the door answered.</summary>
internal static class Answers
{
    public static void Is(this Delivery delivery, int status) => Assert.Equal(status, delivery.Answer!.Status);
}
