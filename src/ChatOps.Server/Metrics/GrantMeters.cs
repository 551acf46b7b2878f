using ChatOps.Core.Grants;
using Prometheus;

namespace ChatOps.Server.Metrics;

/// <summary>
/// Access that should be gone and is not known to be, as the books say, and what the sweep found. The numbers of a cluster
/// stay when nothing is past its end any more, so that an alert sees it come.
/// </summary>
internal sealed class GrantMeters
{
    private readonly Gauge past;
    private readonly Gauge oldest;
    private readonly Counter found;
    private readonly Gauge unseen;

    public GrantMeters(MetricFactory make)
    {
        past = make.CreateGauge("chatops_grants_past_end", "Grants whose end has come, by time or by somebody's hand, and that no cluster has confirmed to be gone.", "cluster");
        oldest = make.CreateGauge("chatops_grants_past_end_oldest_seconds", "Since the end of the one that is longest past it; 0 when none is.", "cluster");
        found = make.CreateCounter("chatops_grants_found_total", "Objects that no live grant stood behind as they were, each time that the sweep found one, by what became of it.", "kind", "outcome");
        unseen = make.CreateGauge("chatops_grants_unseen", "1: access of that kind cannot be looked for in that cluster, so what nobody approved is not found there.", "cluster", "kind");

        // From nothing to one is an increase only if nothing was told.
        foreach (var kind in Enum.GetValues<GrantKind>())
        {
            found.WithLabels(Meters.Low(kind), "taken_away").Publish();
            found.WithLabels(Meters.Low(kind), "left").Publish();
        }
    }

    public void Set(IReadOnlyCollection<Grant> unsettled, DateTimeOffset now)
    {
        var ages = unsettled.GroupBy(grant => grant.Scope.Cluster).ToDictionary(
            group => group.Key,
            group => group.Select(grant => grant.PastEndSince(now)).OfType<DateTimeOffset>().Select(since => (now - since).TotalSeconds).ToList());
        foreach (var cluster in past.GetAllLabelValues().Select(labels => labels[0]).Union(ages.Keys).ToList())
        {
            var seconds = ages.GetValueOrDefault(cluster) ?? [];
            past.WithLabels(cluster).Set(seconds.Count);
            oldest.WithLabels(cluster).Set(seconds.Append(0).Max());
        }
    }

    public void Found(string kind, string outcome) => found.WithLabels(Enum.TryParse<GrantKind>(kind, out var known) ? Meters.Low(known) : kind, outcome).Inc();

    public void Unseen(IReadOnlyCollection<UnseenGrants> now)
    {
        var series = now.Select(one => (one.Cluster, Kind: Meters.Low(one.Kind))).ToHashSet();
        foreach (var (cluster, kind) in unseen.GetAllLabelValues().Select(labels => (labels[0], labels[1])).Union(series).ToList())
        {
            unseen.WithLabels(cluster, kind).Set(series.Contains((cluster, kind)) ? 1 : 0);
        }
    }
}
