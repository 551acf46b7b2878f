using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Records;

/// <summary>
/// The books: everything that must outlive the process. What <see cref="CommitAsync"/> takes is stored all or nothing and
/// durably before the task completes. Times are UTC in whole milliseconds. Throws <see cref="StaleRecordException"/> when
/// somebody was faster and <see cref="RecordsUnavailableException"/> when nothing can be written; callers then change nothing.
/// </summary>
public interface IRecords
{
    /// <summary>Stores a delivery durably. False: it is known already, nothing was stored.</summary>
    Task<bool> AcceptAsync(Delivery delivery, CancellationToken ct);

    /// <summary>Accepted and not done, oldest first. Handles come decrypted.</summary>
    Task<IReadOnlyList<Delivery>> WaitingAsync(int most, CancellationToken ct);

    Task CommitAsync(Changes changes, CancellationToken ct);

    Task<Incident?> FindIncidentAsync(int number, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Incident>> IncidentsAsync(bool onlyOpen, CancellationToken ct);

    /// <summary>
    /// The number of the next incident. After a restore it begins at the next hundred: numbers that were given since the
    /// backup stand in threads and links, and must not mean another incident.
    /// </summary>
    Task<int> NextIncidentAsync(CancellationToken ct);

    /// <summary>Whose thread that is: the incident whose root message has this id.</summary>
    Task<Incident?> FindIncidentAsync(MessageRef root, CancellationToken ct);

    Task<Operation?> FindOperationAsync(Guid id, CancellationToken ct);

    Task<IReadOnlyList<Operation>> LiveOperationsAsync(CancellationToken ct);

    /// <summary>All of an incident, oldest first.</summary>
    Task<IReadOnlyList<Operation>> OperationsAsync(int incident, CancellationToken ct);

    Task<Lease?> FindLeaseAsync(Guid id, CancellationToken ct);

    /// <summary>Leases that are not settled, of all incidents.</summary>
    /// <remarks>Also those that ended and have to be looked at still (<see cref="Lease.NeedsLooking"/>).</remarks>
    Task<IReadOnlyList<Lease>> UnsettledLeasesAsync(CancellationToken ct);

    Task<IReadOnlyList<Lease>> LeasesAsync(int incident, CancellationToken ct);

    Task<Grant?> FindGrantAsync(Guid id, CancellationToken ct);

    /// <summary>Grants with something left to do, of all incidents.</summary>
    Task<IReadOnlyList<Grant>> UnsettledGrantsAsync(CancellationToken ct);

    Task<IReadOnlyList<Grant>> GrantsAsync(int incident, CancellationToken ct);

    /// <summary>Null when nothing was heard of it yet.</summary>
    Task<GrantUse?> FindUseAsync(Guid grant, CancellationToken ct);

    /// <summary>Those that are not settled, of all incidents.</summary>
    Task<IReadOnlyList<GrantUse>> LiveUsesAsync(CancellationToken ct);

    /// <summary>What was given lately to a person or in a scope (<see cref="Allowance.Of"/>); null when nothing was.</summary>
    Task<Allowance?> FindAllowanceAsync(string of, CancellationToken ct);

    /// <summary>In order of their numbers.</summary>
    Task<IReadOnlyList<TimelineEntry>> TimelineAsync(int incident, CancellationToken ct);

    /// <summary>Alerts that fire or of which a message has still to say that they are over; or all that are kept.</summary>
    Task<IReadOnlyList<Alert>> AlertsAsync(bool onlyLive, CancellationToken ct);

    /// <summary>How an application is while nobody overrides it; null when it was never looked at.</summary>
    Task<Baseline?> FindBaselineAsync(ApplicationRef application, CancellationToken ct);

    /// <summary>The windows of this instance's projects that are no news; null: they were never looked at.</summary>
    Task<KnownWindows?> FindKnownWindowsAsync(string instance, CancellationToken ct);

    /// <summary>When the applications of this instance were looked at for the first time ever; null: not yet.</summary>
    Task<DateTimeOffset?> WatchedSinceAsync(string instance, CancellationToken ct);

    Task<Choice?> FindChoiceAsync(string token, CancellationToken ct);

    Task<PostedMessage?> FindMessageAsync(MessageKey key, Channel? channel, CancellationToken ct);

    Task<PostedMessage?> FindMessageAsync(MessageRef message, CancellationToken ct);

    /// <summary>The first waiting post of each lane whose time has come.</summary>
    Task<IReadOnlyList<QueuedPost>> DueAsync(DateTimeOffset now, int most, CancellationToken ct);

    /// <summary>
    /// Completes when something of these parts is stored after the call, by anybody; workers take it before they look, so
    /// that nothing slips between. It may be a long time: wait with WhenAny, which lets go of it again.
    /// </summary>
    Task ChangedAsync(BooksPart parts);

    /// <summary>Posts waiting, and the age of the oldest: for readiness and metrics.</summary>
    Task<RecordsBacklog> BacklogAsync(DateTimeOffset now, CancellationToken ct);
}

/// <summary>What somebody waits to see changed: a flood of deliveries must not wake up whoever minds overrides.</summary>
[Flags]
public enum BooksPart
{
    None = 0,
    Deliveries = 1,
    Posts = 2,
    Operations = 4,
    Leases = 8,
    Grants = 16,
    Others = 32,
    Any = Deliveries | Posts | Operations | Leases | Grants | Others,
}

/// <summary>A message of ours that exists: its key, where it is, and when the platform confirmed it.</summary>
public sealed record PostedMessage(MessageKey Key, MessageRef Ref, DateTimeOffset PostedAt)
{
    /// <summary>An earlier try may have made it too, where nobody could see: its buttons are as good as those of this one.</summary>
    public bool MayHaveCopies { get; init; }
}

/// <summary>A post in the outbox. <paramref name="Id"/> grows with time.</summary>
public sealed record QueuedPost(long Id, Outgoing Post, DateTimeOffset QueuedAt, int Attempts, DateTimeOffset NotBefore);

/// <summary>What waits to be handled and to be said, and for how long the oldest has.</summary>
public sealed record RecordsBacklog(int Inbox, int Outbox, TimeSpan OldestInbox, TimeSpan OldestOutbox);

/// <summary>Somebody saved the same record since it was read: read again and decide again.</summary>
public sealed class StaleRecordException(string what) : Exception($"{what} was changed meanwhile");

/// <summary>The store cannot take anything now (disk full, database gone). The message says what to do.</summary>
public sealed class RecordsUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
