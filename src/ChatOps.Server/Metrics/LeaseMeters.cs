using ChatOps.Core.Leases;
using Prometheus;

namespace ChatOps.Server.Metrics;

/// <summary>
/// Overrides in force, one series per application. Past <see cref="MostSeries"/> applications the rest, those with the
/// most time left, is counted in one series named "other": a number that alerts still see and that cannot grow.
/// </summary>
internal sealed class LeaseMeters(MetricFactory make)
{
    internal const int MostSeries = 500;

    private readonly Gauge count = make.CreateGauge("chatops_leases_live", "Overrides of Git in force, by what is known of them.", "hold");
    private readonly Gauge age = make.CreateGauge("chatops_lease_age_seconds", "Since the first start of an override.", "application");
    private readonly Gauge left = make.CreateGauge("chatops_lease_deadline_seconds", "Until the deadline; negative once it has passed.", "application");
    private readonly Gauge holding = make.CreateGauge("chatops_lease_holding", "1 for what is known of an override now.", "application", "hold");
    private readonly Lock oneAtATime = new();
    private HashSet<string> shown = [];

    public void Set(IReadOnlyCollection<Lease> live, DateTimeOffset now)
    {
        lock (oneAtATime)
        {
            foreach (var hold in Enum.GetValues<Hold>())
            {
                count.WithLabels(Meters.Low(hold)).Set(live.Count(lease => lease.Hold == hold));
            }

            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var group in live.OrderBy(lease => lease.Deadline).Select((lease, at) => (Lease: lease, Name: at < MostSeries ? lease.Target.ToString() : "other"))
                .GroupBy(pair => pair.Name, pair => pair.Lease))
            {
                names.Add(group.Key);
                age.WithLabels(group.Key).Set(group.Max(lease => (now - lease.StartedAt).TotalSeconds));
                left.WithLabels(group.Key).Set(group.Min(lease => (lease.Deadline - now).TotalSeconds));
                foreach (var hold in Enum.GetValues<Hold>())
                {
                    holding.WithLabels(group.Key, Meters.Low(hold)).Set(group.Any(lease => lease.Hold == hold) ? 1 : 0);
                }
            }

            Forget(shown.Except(names));
            shown = names;
        }
    }

    private void Forget(IEnumerable<string> gone)
    {
        foreach (var name in gone)
        {
            age.RemoveLabelled(name);
            left.RemoveLabelled(name);
            foreach (var hold in Enum.GetValues<Hold>())
            {
                holding.RemoveLabelled(name, Meters.Low(hold));
            }
        }
    }
}
