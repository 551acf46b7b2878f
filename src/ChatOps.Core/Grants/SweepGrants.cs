using System.Collections.Concurrent;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using static System.FormattableString;

namespace ChatOps.Core.Grants;

/// <summary>
/// Holds the clusters against the books: an object of ours without a live grant, a grant without its object, an object
/// past its annotation. Each is ended, and <see cref="TellFound"/> reports it; none is explained away. It looks wherever the
/// books know of access and wherever our label can be, and asks no policy.
/// </summary>
public sealed class SweepGrants(IRecords records, IncidentFiles files, AccessPorts access, TellFound tell, TimeProvider time)
{
    /// <summary>Books that are slow hold up one sweep by this much, however much it finds.</summary>
    private static readonly TimeSpan BooksPatience = TimeSpan.FromSeconds(1);

    /// <summary>Where nothing of ours is known or given and we may not look, it is asked again this much later.</summary>
    private static readonly TimeSpan Closed = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(GrantKind Kind, string Cluster), DateTimeOffset> closedUntil = [];

    /// <summary>Takes away all that is wrong, in every cluster. What it saw is written down first, where the books take it; what became of it, after.</summary>
    public async Task<Swept> HandleAsync(CancellationToken ct)
    {
        var round = new Round();
        var unseen = new List<UnseenGrants>();
        foreach (var port in access.All)
        {
            foreach (var cluster in await ClustersAsync(port, ct))
            {
                if (await HoldAgainstAsync(port, cluster, round, ct) is { } trouble)
                {
                    unseen.Add(new(port.Kind, cluster, trouble.Sentence));
                }
            }
        }

        await Task.WhenAll(round.Writing);
        return new(round.Swept, unseen);
    }

    /// <summary>Those that are configured, and those that hold a grant from before the configuration changed.</summary>
    private async Task<IReadOnlyList<string>> ClustersAsync(IAccess port, CancellationToken ct)
    {
        var known = (await records.UnsettledGrantsAsync(ct)).Where(grant => grant.Kind == port.Kind).Select(grant => grant.Scope.Cluster).ToHashSet();
        return [.. known.Union(port.Clusters.Where(cluster => !closedUntil.TryGetValue((port.Kind, cluster), out var until) || until <= Clock.Now(time)))];
    }

    /// <summary>Null: all of it could be seen.</summary>
    private async Task<ClusterAnswer?> HoldAgainstAsync(IAccess port, string cluster, Round round, CancellationToken ct)
    {
        var since = Clock.Now(time);
        var known = (await records.UnsettledGrantsAsync(ct)).Where(grant => grant.Kind == port.Kind && grant.Scope.Cluster == cluster).ToList();
        var (answer, found) = await port.FindAsync(cluster, known.SelectMany(grant => grant.Scope.ListedIn).Distinct(), ct);
        foreach (var one in found)
        {
            var grant = one.Grant is { } id ? await records.FindGrantAsync(id, ct) : null;
            if (WhatIsWrong(one, grant, grant is null ? "" : port.Allows(grant), Clock.Now(time)) is { } wrong)
            {
                if (!(grant?.EndedAt >= since)) // else it is most likely away by its own end
                {
                    await WriteFirstAsync(one, grant, wrong, round, ct);
                }

                var taken = await port.TakeBackAsync(one.Revoke(), ct);
                if (taken.Kind == ClusterAnswerKind.Gone && grant?.EndedAt >= since)
                {
                    continue; // it came to its own end between the list and this question
                }

                round.Swept.Add(new(one, grant?.Id, wrong, taken, Clock.Now(time)));
                GrantMeter.Found(round.Swept[^1]);
            }
        }

        await InterruptedAsync(known, round, ct);
        if (answer.IsOk)
        {
            await MissingAsync(port.Kind, cluster, found, since, ct);
            return null;
        }

        if (answer.Kind != ClusterAnswerKind.Forbidden || known.Count > 0 || port.IsGivenIn(cluster))
        {
            return answer;
        }

        closedUntil[(port.Kind, cluster)] = since + Closed;
        return null;
    }

    /// <summary>A death in the next moment must not leave people without the news; but books that are broken keep nothing from being taken away, and those that are slow all of it together for a moment.</summary>
    private async Task WriteFirstAsync(FoundGrant found, Grant? grant, string wrong, Round round, CancellationToken ct)
    {
        var writing = SaidAsync(found, grant, wrong, ct);
        round.Writing.Add(writing);
        if (round.Patience <= TimeSpan.Zero)
        {
            return;
        }

        var began = time.GetTimestamp();
        try
        {
            await writing.WaitAsync(round.Patience, time, ct);
        }
        catch (TimeoutException)
        {
            // It goes on beside, and is waited for once everything is taken away.
        }

        round.Patience -= time.GetElapsedTime(began);
    }

    private async Task SaidAsync(FoundGrant found, Grant? grant, string wrong, CancellationToken ct)
    {
        try
        {
            await tell.BeforeAsync(found, grant?.Id, wrong, Clock.Now(time), ct);
        }
#pragma warning disable CA1031 // Whatever keeps the books from taking it: it is told with what became of it, until they do.
        catch (Exception) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return;
        }
    }

    /// <summary>What an earlier sweep saw and was stopped at: whether it took that away nobody wrote down.</summary>
    private async Task InterruptedAsync(IReadOnlyList<Grant> known, Round round, CancellationToken ct)
    {
        foreach (var grant in known.Where(grant => grant is { State: GrantState.Active, Astray: not null } && !round.Swept.Exists(one => one.Grant == grant.Id)))
        {
            await UnlessFaster.DoAsync(() => EndAsync(grant, $"{grant.Astray}; I was taking that away and could not write down what became of it", ct));
        }
    }

    /// <summary>Only where everything was seen, and only of what was there before it was asked for.</summary>
    private async Task MissingAsync(GrantKind kind, string cluster, IReadOnlyList<FoundGrant> found, DateTimeOffset since, CancellationToken ct)
    {
        var there = found.Select(one => (one.Grant, one.Namespace)).ToHashSet();
        foreach (var grant in await records.UnsettledGrantsAsync(ct))
        {
            if (grant.Kind == kind && grant.Scope.Cluster == cluster && grant.State == GrantState.Active && grant.GivenAt < since && Clock.Now(time) < grant.EndsAt
                && grant.Scope.Places.FirstOrDefault(ns => !there.Contains((grant.Id, ns))) is { } missing)
            {
                await UnlessFaster.DoAsync(() => EndAsync(grant, $"its object in {(missing.Length > 0 ? missing : "the cluster")} was gone when I looked", ct));
            }
        }
    }

    /// <summary>Null: it stands behind a live grant, or its end is being done anyway. Pure.</summary>
    /// <param name="allows">What an object of that grant allows.</param>
    public static string? WhatIsWrong(FoundGrant found, Grant? grant, string allows, DateTimeOffset now) => grant switch
    {
        null => "the books know of no grant behind it",
        { State: GrantState.Ended or GrantState.Void } => "its grant has ended",
        { State: GrantState.Ending } => null,
        _ when now >= grant.EndsAt => null,
        _ when found.IsRemains => "somebody took its role away and left tokens of it",
        _ when found.Kind != grant.Kind || found.Cluster != grant.Scope.Cluster || found.Project != grant.Scope.Project || !grant.Scope.Places.Contains(found.Namespace) => "it is not where access was approved",
        _ when found.ObjectName != grant.ObjectName => "it has another name than the one that was given",
        _ when found.Subject != grant.Subject => "it is for somebody else than was approved",
        _ when found.Allows is { } other && other != allows => "it allows something else than was approved",
        _ when found.ExpiresAt is null => "somebody took away when it ends, or wrote what nobody can read",
        _ when found.ExpiresAt != grant.EndsAt => Invariant($"somebody moved its end to {found.ExpiresAt:yyyy-MM-dd HH:mm:ss} UTC"),
        _ => null,
    };

    /// <summary>Only before its moment: after it, what is gone is most likely what the end itself took away and has not written down yet.</summary>
    private async Task EndAsync(Grant stale, string why, CancellationToken ct)
    {
        if (await files.OpenAsync(stale.Incident, ct) is not { } file || file.Grant(stale.Id) is not { State: GrantState.Active } grant || file.Now >= grant.EndsAt)
        {
            return;
        }

        file.Save(grant.BeginEnd("chatops", why, file.Now));
        await files.PutBackAsync(file, null, ct);
    }

    /// <summary>What one sweep has come to so far.</summary>
    private sealed class Round
    {
        public List<SweptGrant> Swept { get; } = [];

        public List<Task> Writing { get; } = [];

        /// <summary>With the books.</summary>
        public TimeSpan Patience { get; set; } = BooksPatience;
    }
}

/// <summary>What one sweep came to.</summary>
public sealed record Swept(IReadOnlyList<SweptGrant> Found, IReadOnlyList<UnseenGrants> Unseen)
{
    /// <summary>Everything was seen, and all that was wrong is gone; else it is swept again soon.</summary>
    public bool IsComplete => Unseen.Count == 0 && Found.All(one => one.IsGone);
}

/// <summary>An object that no live grant stands behind as it is, and the cluster's answer to taking it away.</summary>
/// <param name="Grant">The grant that it belongs to, as far as the books know one.</param>
public sealed record SweptGrant(FoundGrant Found, Guid? Grant, string Wrong, ClusterAnswer Answer, DateTimeOffset At)
{
    public bool IsGone => Answer.IsAway;
}

/// <summary>Access of one kind that could not be looked for in one cluster, wholly or in part, so that what is wrong there hides.</summary>
public sealed record UnseenGrants(GrantKind Kind, string Cluster, string Why);
