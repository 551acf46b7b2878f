namespace ChatOps.Core.Alerts;

/// <summary>One alert as Alertmanager told it, understood but not yet judged.</summary>
public sealed record AlertNotice(string Fingerprint, AlertState State, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, IReadOnlyDictionary<string, string> Labels, string Summary, Uri? Link)
{
    public string Name => Labels.GetValueOrDefault("alertname", "an alert without a name");

    public string Severity => Labels.GetValueOrDefault("severity", "");
}
