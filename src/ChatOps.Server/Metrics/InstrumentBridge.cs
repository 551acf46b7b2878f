using System.Diagnostics.Metrics;
using ChatOps.Core.People;

namespace ChatOps.Server.Metrics;

/// <summary>
/// What the chat and cluster adapters count with .NET's own instruments, so that they need to know no metrics page,
/// brought onto it. Instruments are the process's: two products in one process count together.
/// </summary>
internal sealed class InstrumentBridge : IHostedService, IDisposable
{
    private readonly Meters meters;
    private readonly MeterListener listener = new();

    public InstrumentBridge(Meters meters)
    {
        this.meters = meters;
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name is "ChatOps.Slack" or "ChatOps.Platform" or "ChatOps.Core.Grants")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Counted(instrument.Name, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Measured(instrument.Name, value));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => listener.Dispose();

    private void Counted(string instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        switch (instrument)
        {
            case "chatops_slack_received":
                meters.Received(ChatPlatform.Slack, Tag(tags, "door"), Tag(tags, "outcome"));
                break;
            case "chatops_grants_found":
                meters.GrantFound(Tag(tags, "kind"), Tag(tags, "outcome"));
                break;
            case "chatops_cluster_answers":
                meters.Answered(Tag(tags, "cluster"), Tag(tags, "answer"));
                break;
        }
    }

    private void Measured(string instrument, double value)
    {
        switch (instrument)
        {
            case "chatops_slack_acknowledge_seconds":
                meters.Acknowledged(ChatPlatform.Slack, TimeSpan.FromSeconds(value));
                break;
            case "chatops_grant_end_lateness_seconds":
                meters.GrantEnded(value);
                break;
            case "chatops_grant_denied_seconds":
                meters.GrantDenied(value);
                break;
        }
    }

    private static string Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (key, value) in tags)
        {
            if (key == name)
            {
                return value?.ToString() ?? "";
            }
        }

        return "";
    }
}
