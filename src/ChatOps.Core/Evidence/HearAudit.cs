using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Records;

namespace ChatOps.Core.Evidence;

/// <summary>
/// Stores what a cluster's audit log tells of open access, durably, before it is answered. Nothing else of it is kept.
/// Saying it is <see cref="TellUse"/>'s business.
/// </summary>
public sealed class HearAudit(IRecords records, TimeProvider time)
{
    private const int MostTries = 20;

    /// <summary>How many of the events belonged to some access and were news.</summary>
    public async Task<int> HandleAsync(string cluster, IReadOnlyList<AuditNotice> notices, CancellationToken ct)
    {
        var deeds = notices.Where(Attribution.MayConcern).ToList();
        for (var tries = 1; deeds.Count > 0; tries++)
        {
            try
            {
                return await TryAsync(cluster, deeds, ct);
            }
            catch (StaleRecordException) when (tries < MostTries)
            {
                // Another delivery, or its telling, was faster: what is news is decided again.
            }
        }

        return 0;
    }

    private async Task<int> TryAsync(string cluster, List<AuditNotice> deeds, CancellationToken ct)
    {
        var now = Clock.Now(time);
        var watched = (await WatchedAsync(cluster, ct)).OrderByDescending(one => one.Grant.EndsAt).ToList();
        var heard = watched.Select(one => one.Use).ToArray();
        foreach (var deed in deeds)
        {
            for (var at = 0; at < heard.Length; at++)
            {
                heard[at] = Attribution.TellsItIsGiven(deed, watched[at].Grant) ? heard[at].HearGiven()
                    : Attribution.TellsItIsEnded(deed, watched[at].Grant) ? heard[at].HearEnded(now)
                    : heard[at];
            }

            if (Whose(deed, watched) is { } whose)
            {
                var (owner, others) = (watched[whose.At].Grant, whose.OrAt.Select(at => watched[at].Grant).ToList());
                heard[whose.At] = heard[whose.At].Hear(deed, whose.Kind, whose.IsBeyond, [.. others.Where(other => other.Row != owner.Row).Select(other => other.ShortId)]);
                foreach (var at in whose.OrAt)
                {
                    heard[at] = heard[at].ToldWith(owner.ShortId);
                }
            }
        }

        var changes = new Changes();
        foreach (var (at, use) in heard.Index().Where(one => !ReferenceEquals(one.Item, watched[one.Index].Use)))
        {
            changes.Save(use);
        }

        if (changes.Uses.Count > 0)
        {
            await records.CommitAsync(changes, ct);
        }

        return heard.Index().Sum(one => one.Item.News - watched[one.Index].Use.News);
    }

    /// <summary>
    /// Of several that it could belong to, one that allows it, and of these the one that lasts longest: an extension takes over from
    /// what it extends. Told once, it is not told of all.
    /// </summary>
    private static Owner? Whose(AuditNotice deed, List<(Grant Grant, GrantUse Use)> watched)
    {
        var all = watched.Index().Select(one => (At: one.Index, Kind: Attribution.Of(deed, one.Item.Grant))).Where(one => one.Kind is not null).ToList();
        var own = all.Where(one => one.Kind != DeedKind.ByOthers).ToList();
        var allowing = own.Where(one => Attribution.IsAllowedBy(deed, watched[one.At].Grant)).ToList();
        return (allowing, own, all) switch
        {
            ([var first, .. var others], _, _) => new(first.At, first.Kind!.Value, false, [.. others.Select(other => other.At)]),
            (_, [var first, ..], _) => new(first.At, first.Kind!.Value, true, []),
            (_, _, [var first, ..]) => new(first.At, DeedKind.ByOthers, false, []),
            _ => null,
        };
    }

    /// <param name="IsBeyond">It does not allow that.</param>
    /// <param name="OrAt">Others that allow it as well.</param>
    private sealed record Owner(int At, DeedKind Kind, bool IsBeyond, IReadOnlyList<int> OrAt);

    /// <summary>Access that is open, and access that ended so short ago that its last events may be on their way.</summary>
    private async Task<IReadOnlyList<(Grant Grant, GrantUse Use)>> WatchedAsync(string cluster, CancellationToken ct)
    {
        var watched = new List<(Grant, GrantUse)>();
        var live = (await records.LiveUsesAsync(ct)).ToDictionary(use => use.Grant);
        foreach (var grant in (await records.UnsettledGrantsAsync(ct)).Where(grant => grant.Scope.Cluster == cluster))
        {
            var use = live.Remove(grant.Id, out var known) ? known : await records.FindUseAsync(grant.Id, ct) ?? GrantUse.Of(grant);
            if (!use.IsSettled)
            {
                watched.Add((grant, use));
            }
        }

        foreach (var use in live.Values)
        {
            if (await records.FindGrantAsync(use.Grant, ct) is { } ended && ended.Scope.Cluster == cluster)
            {
                watched.Add((ended, use));
            }
        }

        return watched;
    }
}
