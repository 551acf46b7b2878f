using System.Diagnostics;
using System.Text.Json.Nodes;
using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Timeline;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Scenarios.Clicks;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Refusals;

/// <summary>What must be true of an incident once things are quiet, whatever went wrong before.</summary>
public static class Truth
{
    /// <summary>What the thread must have been told when it is on the record.</summary>
    private static readonly TimelineKind[] Told = [TimelineKind.Approved, TimelineKind.Paused, TimelineKind.Holding, TimelineKind.Resumed, TimelineKind.SeenAfterEnd];

    /// <summary>Whether the cluster has an override of ours on the story's application, or the books believe that it has.</summary>
    public static async Task<bool> IsPausedAsync(Room room) => InCluster(room) || (await LiveAsync(room)).Count > 0;

    /// <summary>Hurries until nothing is under way, then looks at everything.</summary>
    public static async Task HoldsAsync(Room room)
    {
        var since = Stopwatch.StartNew();
        string? wrong;
        while ((wrong = await WhatIsWrongAsync(room)) is not null && since.Elapsed < ScenarioWorld.Patience)
        {
            await Task.Delay(10);
            room.Building.Pass(TimeSpan.FromSeconds(2));
        }

        Assert.True(wrong is null, $"{wrong}. {await DescribeAsync(room)}");
        var incident = await room.IncidentAsync();
        var entries = await room.Building.Records.TimelineAsync(room.Number, Room.Ct);
        Assert.Empty(Chain.Faults(room.Number, entries, incident.Entries, incident.Head));
        Assert.All(
            entries.Where(entry => entry.Kind is TimelineKind.Paused or TimelineKind.Started or TimelineKind.Resumed && entry.Subject is not null).GroupBy(entry => (entry.Kind, entry.Subject)),
            twice => Assert.True(twice.Count() == 1, $"{twice.Key.Kind} is on the record {twice.Count()} times"));
        // A message may be told of as deleted, because Slack said so; an application may not.
        Assert.DoesNotContain(entries, entry => entry.Text.Contains("was deleted, and the", StringComparison.Ordinal) || entry.Text.Contains("does not exist any more", StringComparison.Ordinal));
        Assert.Empty(room.Building.Slack.Complaints);
        Assert.All(entries.Where(entry => Told.Contains(entry.Kind)), entry => Assert.True(Says(room, MessageKey.Entry(room.Number, entry.Number)), $"nobody was told: {entry.Text}"));
        Assert.True(Says(room, MessageKey.Incident(room.Number)), "the incident's card is not there");
        Assert.NotEmpty(room.View.Pinned);
        await EverybodyWasAskedAsync(room);
    }

    /// <summary>Whoever may approve gets the question in a direct message of their own, however badly the asking went.</summary>
    private static async Task EverybodyWasAskedAsync(Room room)
    {
        foreach (var operation in await room.Building.Records.OperationsAsync(room.Number, Room.Ct))
        {
            foreach (var approver in (string[])[SampleWorkspace.Bob, SampleWorkspace.Carol])
            {
                var question = MessageKey.AskApprover(operation.Id, new ChatAccount(ChatPlatform.Slack, SampleWorkspace.TeamId, approver));
                Assert.True(Says(room.Building.Slack.DirectWith(approver), question), $"{approver} was never asked about {operation.Kind}");
            }
        }
    }

    private static bool Says(Room room, MessageKey key) => Says(room.View, key);

    private static bool Says(ChannelView place, MessageKey key) => place.Messages.Any(message => (string?)message.Metadata?["event_payload"]?["key"] == key.Value);

    /// <summary>Hurries until everything that was heard is answered and everything that is to be said is said.</summary>
    public static async Task IsQuietAsync(Room room)
    {
        var since = Stopwatch.StartNew();
        while (await room.Building.Records.BacklogAsync(room.Building.Clock.GetUtcNow(), Room.Ct) is not { Inbox: 0, Outbox: 0 })
        {
            Assert.True(since.Elapsed < ScenarioWorld.Patience, $"It does not come to rest. {await DescribeAsync(room)}");
            await Task.Delay(10);
            if (since.Elapsed > TimeSpan.FromMilliseconds(150))
            {
                room.Building.Pass(TimeSpan.FromSeconds(1));
            }
        }
    }

    public static async Task<string> DescribeAsync(Room room)
    {
        var backlog = await room.Building.Records.BacklogAsync(room.Building.Clock.GetUtcNow(), Room.Ct);
        var entries = room.Number == 0 ? [] : await room.Building.Records.TimelineAsync(room.Number, Room.Ct);
        var operation = room.Number == 0 ? null : await room.FindOperationAsync();
        return $"Operation {operation?.Kind} {operation?.State} {operation?.Outcome}; lease {(room.Number == 0 ? null : await room.LeaseAsync())?.State}; in the cluster {InCluster(room)}; inbox {backlog.Inbox}, outbox {backlog.Outbox}; "
            + $"alice was told: {string.Join(" | ", room.Told("alice"))}; record: {string.Join(" | ", entries.Select(entry => $"{entry.Kind} {entry.Text}"))}";
    }

    private static async Task<string?> WhatIsWrongAsync(Room room)
    {
        var backlog = await room.Building.Records.BacklogAsync(room.Building.Clock.GetUtcNow(), Room.Ct);
        var live = await LiveAsync(room);
        var operations = await room.Building.Records.OperationsAsync(room.Number, Room.Ct);
        return backlog is not { Inbox: 0, Outbox: 0 } ? $"{backlog.Inbox} are not answered, {backlog.Outbox} are not said"
            : operations.FirstOrDefault(one => !one.IsTerminal) is { } open ? $"an operation is still {open.State}"
            : live.Any(lease => lease.State != LeaseState.Active) ? "a lease is still starting or ending"
            : InCluster(room) != live.Count > 0 ? "the cluster and the books disagree about the pause"
            : null;
    }

    private static async Task<IReadOnlyList<Lease>> LiveAsync(Room room) =>
        room.Number == 0 ? [] : [.. (await room.Building.Records.LeasesAsync(room.Number, Room.Ct)).Where(lease => lease.IsLive)];

    private static bool InCluster(Room room)
    {
        var application = room.Building.Cluster.Find("applications", "argocd", "checkout")!;
        var marked = application["metadata"]?["annotations"] is JsonObject annotations && annotations.Any(one => one.Key.StartsWith("chatops.dev/", StringComparison.Ordinal));
        var off = application["spec"]?["syncPolicy"]?["automated"] is not JsonObject automated || automated["enabled"] is not null;
        Assert.Equal(marked, off);
        return marked;
    }
}
