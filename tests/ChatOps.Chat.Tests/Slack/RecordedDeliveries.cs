using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Chat.Tests.Slack;

/// <summary>The inbox half of the records; everything else is no business of the chat adapters, and says so.</summary>
internal sealed class RecordedDeliveries : IRecords
{
    private readonly ConcurrentDictionary<string, Delivery> known = [];

    public ConcurrentQueue<Delivery> Accepted { get; } = [];

    public int Offered { get; private set; }

    public Exception? Trouble { get; set; }

    /// <summary>Runs before anything is stored.</summary>
    public Func<CancellationToken, Task>? Before { get; set; }

    public Delivery Only => Assert.Single(Accepted);

    public async Task<bool> AcceptAsync(Delivery delivery, CancellationToken ct)
    {
        Offered++;
        if (Before is not null)
        {
            await Before(ct);
        }

        if (Trouble is not null)
        {
            throw Trouble;
        }

        var isNew = known.TryAdd(delivery.Key, delivery);
        if (isNew)
        {
            Accepted.Enqueue(delivery);
        }

        return isNew;
    }

    public Task<IReadOnlyList<Delivery>> WaitingAsync(int most, CancellationToken ct) => throw NotAsked();

    public Task CommitAsync(Changes changes, CancellationToken ct) => throw NotAsked();

    public Task<Incident?> FindIncidentAsync(int number, CancellationToken ct) => throw NotAsked();

    public Task<int> NextIncidentAsync(CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<Incident>> IncidentsAsync(bool onlyOpen, CancellationToken ct) => throw NotAsked();

    public Task<Incident?> FindIncidentAsync(MessageRef root, CancellationToken ct) => throw NotAsked();

    public Task<Operation?> FindOperationAsync(Guid id, CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<Operation>> LiveOperationsAsync(CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<Operation>> OperationsAsync(int incident, CancellationToken ct) => throw NotAsked();

    public Task<Lease?> FindLeaseAsync(Guid id, CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<Lease>> UnsettledLeasesAsync(CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<Lease>> LeasesAsync(int incident, CancellationToken ct) => throw NotAsked();

    public Task<Grant?> FindGrantAsync(Guid id, CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<Grant>> UnsettledGrantsAsync(CancellationToken ct) => throw NotAsked();

    public Task<ChatOps.Core.Evidence.GrantUse?> FindUseAsync(Guid grant, CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<ChatOps.Core.Evidence.GrantUse>> LiveUsesAsync(CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<Grant>> GrantsAsync(int incident, CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<TimelineEntry>> TimelineAsync(int incident, CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<Core.Alerts.Alert>> AlertsAsync(bool onlyLive, CancellationToken ct) => throw NotAsked();

    public Task<ChatOps.Core.Grants.Allowance?> FindAllowanceAsync(string of, CancellationToken ct) => throw new NotSupportedException();

    public Task<ChatOps.Core.Outside.Baseline?> FindBaselineAsync(ChatOps.Core.Reconciliation.ApplicationRef application, CancellationToken ct) => throw new NotSupportedException();

    public Task<ChatOps.Core.Outside.KnownWindows?> FindKnownWindowsAsync(string instance, CancellationToken ct) => throw new NotSupportedException();

    public Task<DateTimeOffset?> WatchedSinceAsync(string instance, CancellationToken ct) => throw new NotSupportedException();

    public Task<Choice?> FindChoiceAsync(string token, CancellationToken ct) => throw NotAsked();

    public Task<PostedMessage?> FindMessageAsync(MessageKey key, Channel? channel, CancellationToken ct) => throw NotAsked();

    public Task<PostedMessage?> FindMessageAsync(MessageRef message, CancellationToken ct) => throw NotAsked();

    public Task<IReadOnlyList<QueuedPost>> DueAsync(DateTimeOffset now, int most, CancellationToken ct) => throw NotAsked();

    public Task ChangedAsync(BooksPart parts) => throw NotAsked();

    public Task<RecordsBacklog> BacklogAsync(DateTimeOffset now, CancellationToken ct) => throw NotAsked();

    private static InvalidOperationException NotAsked() => new("Chat only hands deliveries in");
}
