using ChatOps.Core.Alerts;
using ChatOps.Core.Outside;
using Prometheus;

namespace ChatOps.Server.Metrics;

/// <summary>
/// Overrides that were not made through us, one series per application and sort, until they are gone, taken or not. Past
/// <see cref="MostSeries"/> the rest, the youngest, is one series named "other".
/// </summary>
internal sealed class OutsideMeters(MetricFactory make)
{
    internal const int MostSeries = 500;

    private readonly Gauge count = make.CreateGauge("chatops_outside_overrides", "Overrides of Git that were not made through ChatOps, by sort and by whether somebody took them.", "kind", "owned");
    private readonly Gauge age = make.CreateGauge("chatops_outside_override_age_seconds", "Since an override was made that was not made through ChatOps; since it was found where the cluster does not say.", "application", "kind", "owned");
    private readonly Lock oneAtATime = new();
    private HashSet<(string Application, string Kind, string Owned)> shown = [];

    public void Set(IReadOnlyCollection<Alert> there, DateTimeOffset now)
    {
        lock (oneAtATime)
        {
            foreach (var kind in Enum.GetValues<OutsideKind>().Where(kind => kind != OutsideKind.WindowAdded)) // windows have a gauge of their own
            {
                count.WithLabels(Meters.Low(kind), "true").Set(there.Count(alert => alert.Override!.Kind == kind && alert.Taken is not null));
                count.WithLabels(Meters.Low(kind), "false").Set(there.Count(alert => alert.Override!.Kind == kind && alert.Taken is null));
            }

            var series = there.OrderBy(alert => alert.StartedAt)
                .Select((alert, at) => (Alert: alert, Name: (at < MostSeries ? alert.About.ToString() : "other", Meters.Low(alert.Override!.Kind), Owned(alert))))
                .GroupBy(pair => pair.Name, pair => pair.Alert)
                .ToDictionary(group => group.Key, group => group.Max(alert => (now - alert.StartedAt).TotalSeconds));
            foreach (var ((application, kind, owned), seconds) in series)
            {
                age.WithLabels(application, kind, owned).Set(seconds);
            }

            foreach (var (application, kind, owned) in shown.Except(series.Keys))
            {
                age.RemoveLabelled(application, kind, owned);
            }

            shown = [.. series.Keys];
        }
    }

    private static string Owned(Alert alert) => alert.Taken is null ? "false" : "true";
}
