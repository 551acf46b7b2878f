using Xunit;

namespace ChatOps.Peers;

/// <summary>A fact that needs the real Prometheus and Alertmanager; skipped, with the reason shown, where they are not. tests/run.sh counts a skip as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MonitoringFactAttribute : FactAttribute
{
    public MonitoringFactAttribute()
    {
        Skip = Monitoring.Missing();
    }
}
