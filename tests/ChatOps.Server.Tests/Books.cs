using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Server.Tests;

/// <summary>Books that hold what a test writes into them; the server's pages and commands only read.</summary>
internal sealed class Books : IRecords
{
    public Dictionary<int, Incident> Incidents { get; } = [];

    public List<TimelineEntry> Entries { get; } = [];

    public List<Operation> Operations { get; } = [];

    public List<Lease> Leases { get; } = [];

    public List<PostedMessage> Messages { get; } = [];

    public RecordsBacklog Backlog { get; set; } = new(0, 0, TimeSpan.Zero, TimeSpan.Zero);

    public Books With(Incident incident)
    {
        Incidents[incident.Number] = incident;
        return this;
    }

    public Books Tell(int incident, TimelineKind kind, string by, string text, DateTimeOffset at, Guid? subject = null, DateTimeOffset? happened = null)
    {
        Incidents[incident] = Incidents[incident].Record(kind, by, text, at, out var entry, subject, happened);
        Entries.Add(entry);
        return this;
    }

    public Task<Incident?> FindIncidentAsync(int number, CancellationToken ct) => Task.FromResult(Incidents.GetValueOrDefault(number));

    public Task<IReadOnlyList<Incident>> IncidentsAsync(bool onlyOpen, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Incident>>([.. Incidents.Values.Where(incident => !onlyOpen || incident.IsOpen).OrderByDescending(incident => incident.Number)]);

    public Task<IReadOnlyList<Operation>> OperationsAsync(int incident, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Operation>>([.. Operations.Where(operation => operation.Incident == incident)]);

    public Task<IReadOnlyList<Lease>> LeasesAsync(int incident, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Lease>>([.. Leases.Where(lease => lease.Incident == incident)]);

    public Task<IReadOnlyList<TimelineEntry>> TimelineAsync(int incident, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<TimelineEntry>>([.. Entries.Where(entry => entry.Incident == incident)]);

    public Task<PostedMessage?> FindMessageAsync(MessageKey key, Channel? channel, CancellationToken ct) =>
        Task.FromResult(Messages.FirstOrDefault(message => message.Key == key && (channel is null || message.Ref.Channel == channel)));

    public Task<RecordsBacklog> BacklogAsync(DateTimeOffset now, CancellationToken ct) => Task.FromResult(Backlog);

    public Task<ChatOps.Core.Grants.Allowance?> FindAllowanceAsync(string of, CancellationToken ct) => throw new NotSupportedException();

    public Task<ChatOps.Core.Outside.Baseline?> FindBaselineAsync(ChatOps.Core.Reconciliation.ApplicationRef application, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<Operation>> LiveOperationsAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<int> NextIncidentAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<Incident?> FindIncidentAsync(MessageRef root, CancellationToken ct) => throw new NotSupportedException();

    public Task<Operation?> FindOperationAsync(Guid id, CancellationToken ct) => throw new NotSupportedException();

    public Task<Grant?> FindGrantAsync(Guid id, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<Grant>> UnsettledGrantsAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<ChatOps.Core.Evidence.GrantUse?> FindUseAsync(Guid grant, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<ChatOps.Core.Evidence.GrantUse>> LiveUsesAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<Grant>> GrantsAsync(int incident, CancellationToken ct) => Task.FromResult<IReadOnlyList<Grant>>([]);

    /// <summary>Leases that somebody looked for, which are found by nobody.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<Guid> LookedFor { get; } = new();

    public Task<Lease?> FindLeaseAsync(Guid id, CancellationToken ct)
    {
        LookedFor.Enqueue(id);
        return Task.FromResult<Lease?>(null);
    }

    public Task<IReadOnlyList<Lease>> UnsettledLeasesAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<Lease>>([.. Leases]);

    public Task<IReadOnlyList<Core.Alerts.Alert>> AlertsAsync(bool onlyLive, CancellationToken ct) => Task.FromResult<IReadOnlyList<Core.Alerts.Alert>>([]);

    public Task<ChatOps.Core.Outside.KnownWindows?> FindKnownWindowsAsync(string instance, CancellationToken ct) => throw new NotSupportedException();

    public Task<DateTimeOffset?> WatchedSinceAsync(string instance, CancellationToken ct) => throw new NotSupportedException();

    public Task<Choice?> FindChoiceAsync(string token, CancellationToken ct) => throw new NotSupportedException();

    public Task<PostedMessage?> FindMessageAsync(MessageRef message, CancellationToken ct) => throw new NotSupportedException();

    public Task ChangedAsync(BooksPart parts) => new TaskCompletionSource().Task;

    public Task<IReadOnlyList<QueuedPost>> DueAsync(DateTimeOffset now, int most, CancellationToken ct) => throw new NotSupportedException();

    public Task<bool> AcceptAsync(Delivery delivery, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<Delivery>> WaitingAsync(int most, CancellationToken ct) => throw new NotSupportedException();

    public Task CommitAsync(Changes changes, CancellationToken ct) => throw new NotSupportedException();
}
