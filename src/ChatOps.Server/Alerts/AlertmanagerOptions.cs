using ChatOps.Core.Alerts;

namespace ChatOps.Server.Alerts;

/// <summary>Section <c>Alertmanager</c>. Without a token the webhook is not there.</summary>
public sealed class AlertmanagerOptions
{
    /// <summary>What Alertmanager presents as <c>Authorization: Bearer</c>; used for nothing else.</summary>
    public string Token { get; init; } = "";

    /// <summary>Alerts whose labels fit these globs are about this application; looked at in order, before <see cref="ApplicationLabels"/>.</summary>
    public List<AlertSubjectOptions> Applications { get; init; } = [];

    /// <summary>Labels that name the application as <c>[instance/][namespace/]name</c>; the first that an alert has decides. Empty: <c>application</c>.</summary>
    public List<string> ApplicationLabels { get; init; } = [];

    /// <summary>Severities of alerts that confirm an incident for an emergency approval. Empty: <c>critical</c>.</summary>
    public List<string> ConfirmingSeverities { get; init; } = [];

    /// <summary>How long a firing alert is believed after Alertmanager's last word about it; longer than its repeat_interval.</summary>
    public TimeSpan BelievedFor { get; init; } = TimeSpan.FromHours(5);

    public bool IsOn => Token.Length > 0;

    /// <summary>Call only when <see cref="AlertmanagerCheck"/> found nothing.</summary>
    public AlertRouting ToRouting() => new(
        [.. Applications.Select(subject => new AlertSubject(subject.Labels, AlertRouting.Read(subject.Application)!))],
        ApplicationLabels.Count > 0 ? ApplicationLabels : ["application"],
        ConfirmingSeverities.Count > 0 ? ConfirmingSeverities : ["critical"],
        BelievedFor);
}

/// <summary>Labels, as globs, and the application that an alert with them is about.</summary>
public sealed class AlertSubjectOptions
{
    /// <summary>Globs that all have to fit.</summary>
    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>As <c>[instance/][namespace/]name</c>.</summary>
    public string Application { get; init; } = "";
}
