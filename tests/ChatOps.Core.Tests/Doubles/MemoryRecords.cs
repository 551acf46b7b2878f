using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Doubles;

/// <summary>Books in memory under the rules of the real store: versions, terminal states, chains, deliveries handled once.</summary>
internal sealed class MemoryRecords(TimeProvider time) : IRecords
{
    private readonly Dictionary<int, Incident> incidents = [];
    private readonly Dictionary<Guid, Operation> operations = [];
    private readonly Dictionary<Guid, Lease> leases = [];
    private readonly Dictionary<Guid, Grant> grants = [];
    private readonly Dictionary<Guid, GrantUse> uses = [];
    private readonly Dictionary<string, Allowance> allowances = [];
    private readonly Dictionary<string, Alert> alerts = [];
    private readonly Dictionary<ApplicationRef, Baseline> baselines = [];
    private readonly Dictionary<string, KnownWindows> windows = [];
    private readonly Dictionary<string, DateTimeOffset> watched = [];
    private readonly Dictionary<string, (Delivery Delivery, bool Done)> inbox = [];
    private readonly Dictionary<(MessageKey, Channel), PostedMessage> messages = [];
    private readonly List<QueuedPost> outbox = [];
    private long lastPost;

    /// <summary>Called before each commit: a test lets somebody else be faster here, or the process die.</summary>
    public Func<Changes, Task>? BeforeCommit { get; set; }

    /// <summary>Called after each commit, with what was stored.</summary>
    public Action<Changes>? AfterCommit { get; set; }

    public List<TimelineEntry> Entries { get; } = [];

    public List<Choice> Choices { get; } = [];

    public IReadOnlyList<QueuedPost> Outbox => outbox;

    public IEnumerable<Incident> AllIncidents => incidents.Values;

    public IEnumerable<Operation> AllOperations => operations.Values;

    public IEnumerable<Lease> AllLeases => leases.Values;

    public IEnumerable<Grant> AllGrants => grants.Values;

    /// <summary>The books were put back from a backup that does not have it.</summary>
    public void Forget(Guid lease) => leases.Remove(lease);

    public Task<bool> AcceptAsync(Delivery delivery, CancellationToken ct) => Task.FromResult(inbox.TryAdd(delivery.Key, (delivery, false)));

    public Task<IReadOnlyList<Delivery>> WaitingAsync(int most, CancellationToken ct) =>
        List(inbox.Values.Where(one => !one.Done).Take(most).Select(one => one.Delivery));

    public async Task CommitAsync(Changes changes, CancellationToken ct)
    {
        if (BeforeCommit is { } before)
        {
            await before(changes);
        }

        Check(changes);
        Store(changes);
        AfterCommit?.Invoke(changes);
    }

    public Task<Incident?> FindIncidentAsync(int number, CancellationToken ct) => Task.FromResult(incidents.GetValueOrDefault(number));

    public Task<int> NextIncidentAsync(CancellationToken ct) => Task.FromResult(incidents.Keys.DefaultIfEmpty(0).Max() + 1);

    public Task<IReadOnlyList<Incident>> IncidentsAsync(bool onlyOpen, CancellationToken ct) =>
        List(incidents.Values.Where(incident => incident.IsOpen || !onlyOpen).OrderByDescending(incident => incident.Number));

    public Task<Incident?> FindIncidentAsync(MessageRef root, CancellationToken ct) =>
        Task.FromResult(incidents.Values.FirstOrDefault(incident => messages.Values.Any(message => message.Ref == root && message.Key == MessageKey.Incident(incident.Number))));

    public Task<Operation?> FindOperationAsync(Guid id, CancellationToken ct) => Task.FromResult(operations.GetValueOrDefault(id));

    public Task<IReadOnlyList<Operation>> LiveOperationsAsync(CancellationToken ct) => List(AllOperations.Where(operation => !operation.IsTerminal));

    public Task<IReadOnlyList<Operation>> OperationsAsync(int incident, CancellationToken ct) => List(AllOperations.Where(operation => operation.Incident == incident));

    public Task<Lease?> FindLeaseAsync(Guid id, CancellationToken ct) => Task.FromResult(leases.GetValueOrDefault(id));

    public Task<IReadOnlyList<Lease>> UnsettledLeasesAsync(CancellationToken ct) => List(AllLeases.Where(lease => lease.NeedsLooking));

    public Task<IReadOnlyList<Lease>> LeasesAsync(int incident, CancellationToken ct) => List(AllLeases.Where(lease => lease.Incident == incident));

    public Task<Grant?> FindGrantAsync(Guid id, CancellationToken ct) => Task.FromResult(grants.GetValueOrDefault(id));

    public Task<IReadOnlyList<Grant>> UnsettledGrantsAsync(CancellationToken ct) => List(AllGrants.Where(grant => grant.IsUnsettled));

    public Task<IReadOnlyList<Grant>> GrantsAsync(int incident, CancellationToken ct) => List(AllGrants.Where(grant => grant.Incident == incident));

    public Task<GrantUse?> FindUseAsync(Guid grant, CancellationToken ct) => Task.FromResult(uses.GetValueOrDefault(grant));

    public Task<IReadOnlyList<GrantUse>> LiveUsesAsync(CancellationToken ct) => List(uses.Values.Where(use => !use.IsSettled));

    public Task<Allowance?> FindAllowanceAsync(string of, CancellationToken ct) => Task.FromResult(allowances.GetValueOrDefault(of));

    public Task<IReadOnlyList<TimelineEntry>> TimelineAsync(int incident, CancellationToken ct) => List(Entries.Where(entry => entry.Incident == incident).OrderBy(entry => entry.Number));

    public Task<IReadOnlyList<Alert>> AlertsAsync(bool onlyLive, CancellationToken ct) => List(alerts.Values.Where(alert => !onlyLive || !alert.IsSettled));

    public Task<Baseline?> FindBaselineAsync(ApplicationRef application, CancellationToken ct) => Task.FromResult(baselines.GetValueOrDefault(application));

    public Task<KnownWindows?> FindKnownWindowsAsync(string instance, CancellationToken ct) => Task.FromResult(windows.GetValueOrDefault(instance));

    public Task<DateTimeOffset?> WatchedSinceAsync(string instance, CancellationToken ct) => Task.FromResult(watched.TryGetValue(instance, out var since) ? since : (DateTimeOffset?)null);

    public Task<Choice?> FindChoiceAsync(string token, CancellationToken ct) => Task.FromResult(Choices.FirstOrDefault(choice => choice.Token == token));

    public Task<PostedMessage?> FindMessageAsync(MessageKey key, Channel? channel, CancellationToken ct) =>
        Task.FromResult(messages.Values.Where(message => message.Key == key && (channel is null || message.Ref.Channel == channel)).MaxBy(message => message.PostedAt));

    public Task<PostedMessage?> FindMessageAsync(MessageRef message, CancellationToken ct) =>
        Task.FromResult(messages.Values.FirstOrDefault(posted => posted.Ref == message));

    public Task<IReadOnlyList<QueuedPost>> DueAsync(DateTimeOffset now, int most, CancellationToken ct) =>
        List(outbox.GroupBy(post => post.Post.Lane).Select(lane => lane.First()).Where(post => post.NotBefore <= now).Take(most));

    public Task ChangedAsync(BooksPart parts) => Task.Delay(Timeout.Infinite);

    public Task<RecordsBacklog> BacklogAsync(DateTimeOffset now, CancellationToken ct) =>
        Task.FromResult(new RecordsBacklog(inbox.Values.Count(one => !one.Done), outbox.Count, TimeSpan.Zero, TimeSpan.Zero));

    private static Task<IReadOnlyList<T>> List<T>(IEnumerable<T> found) => Task.FromResult<IReadOnlyList<T>>([.. found]);

    private static void Fresh(int? stored, int read, string what)
    {
        if ((stored ?? 0) != read)
        {
            throw new StaleRecordException(what);
        }
    }

    private void Check(Changes changes)
    {
        foreach (var incident in changes.Incidents)
        {
            Fresh(incidents.GetValueOrDefault(incident.Number)?.Version, incident.Version, $"incident {incident.Number}");
        }

        foreach (var operation in changes.Operations)
        {
            var stored = operations.GetValueOrDefault(operation.Id);
            Fresh(stored?.Version, operation.Version, $"operation {operation.Id}");
            if (stored is { IsTerminal: true } && stored.State != operation.State)
            {
                throw new InvalidOperationException($"operation {operation.Id} is {stored.State} for good and cannot become {operation.State}");
            }
        }

        foreach (var lease in changes.Leases)
        {
            Fresh(leases.GetValueOrDefault(lease.Id)?.Version, lease.Version, $"lease {lease.Id}");
        }

        foreach (var grant in changes.Grants)
        {
            var stored = grants.GetValueOrDefault(grant.Id);
            Fresh(stored?.Version, grant.Version, $"grant {grant.Id}");
            if (stored is { IsLive: false } && grant.IsLive)
            {
                throw new InvalidOperationException($"grant {grant.Id} is {stored.State} for good and cannot become {grant.State}");
            }
        }

        foreach (var use in changes.Uses)
        {
            Fresh(uses.GetValueOrDefault(use.Grant)?.Version, use.Version, $"the use of {use.Grant}");
        }

        foreach (var allowance in changes.Allowances)
        {
            Fresh(allowances.GetValueOrDefault(allowance.Of)?.Version, allowance.Version, $"the allowance of {allowance.Of}");
        }

        foreach (var alert in changes.Alerts)
        {
            Fresh(alerts.GetValueOrDefault(alert.Fingerprint)?.Version, alert.Version, $"alert {alert.Fingerprint}");
        }

        foreach (var baseline in changes.Baselines)
        {
            Fresh(baselines.GetValueOrDefault(baseline.Application)?.Version, baseline.Version, $"the baseline of {baseline.Application}");
        }

        foreach (var known in changes.KnownWindows)
        {
            Fresh(windows.GetValueOrDefault(known.Instance)?.Version, known.Version, $"the known windows of {known.Instance}");
        }

        foreach (var entry in changes.Entries)
        {
            var before = Entries.Concat(changes.Entries).LastOrDefault(one => one.Incident == entry.Incident && one.Number == entry.Number - 1);
            if (Entries.Any(one => one.Incident == entry.Incident && one.Number == entry.Number) || entry.Hash != Chain.HashOf(before?.Hash ?? Chain.Root(entry.Incident), entry))
            {
                throw new StaleRecordException($"the timeline of incident {entry.Incident}");
            }
        }

        if (changes.DeliveriesDone.FirstOrDefault(key => !inbox.TryGetValue(key, out var one) || one.Done) is { } done)
        {
            throw new StaleRecordException($"delivery {done}");
        }
    }

    private void Store(Changes changes)
    {
        foreach (var incident in changes.Incidents)
        {
            incidents[incident.Number] = incident with { Version = incident.Version + 1 };
        }

        foreach (var operation in changes.Operations)
        {
            operations[operation.Id] = operation with { Version = operation.Version + 1 };
        }

        foreach (var lease in changes.Leases)
        {
            leases[lease.Id] = lease with { Version = lease.Version + 1 };
        }

        foreach (var grant in changes.Grants)
        {
            grants[grant.Id] = grant with { Version = grant.Version + 1 };
        }

        foreach (var use in changes.Uses)
        {
            uses[use.Grant] = use with { Version = use.Version + 1 };
        }

        foreach (var allowance in changes.Allowances)
        {
            allowances[allowance.Of] = allowance with { Version = allowance.Version + 1 };
        }

        foreach (var alert in changes.Alerts)
        {
            alerts[alert.Fingerprint] = alert with { Version = alert.Version + 1 };
        }

        foreach (var baseline in changes.Baselines)
        {
            baselines[baseline.Application] = baseline with { Version = baseline.Version + 1 };
        }

        foreach (var known in changes.KnownWindows)
        {
            windows[known.Instance] = known with { Version = known.Version + 1 };
        }

        foreach (var (instance, since) in changes.Watched)
        {
            watched.TryAdd(instance, since);
        }

        Entries.AddRange(changes.Entries);
        Choices.AddRange(changes.Choices);
        Choices.RemoveAll(choice => changes.ChoicesUsed.Contains(choice.Token));
        foreach (var message in changes.Posted)
        {
            messages[(message.Key, message.Ref.Channel)] = message;
        }

        foreach (var key in changes.DeliveriesDone)
        {
            inbox[key] = inbox[key] with { Done = true };
        }

        outbox.RemoveAll(post => changes.PostsDone.Contains(post.Id));
        foreach (var (id, notBefore) in changes.PostsLater)
        {
            var at = outbox.FindIndex(post => post.Id == id);
            outbox[at] = outbox[at] with { NotBefore = notBefore, Attempts = outbox[at].Attempts + 1 };
        }

        var now = Clock.Now(time);
        outbox.AddRange(changes.Posts.Select(post => new QueuedPost(++lastPost, post, now, 0, now)));
    }
}
