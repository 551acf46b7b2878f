using System.Text.Json.Serialization;
using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;

namespace ChatOps.Storage.Documents;

internal sealed record AlertDocument(
    int Version,
    string Fingerprint,
    AlertState State,
    string Name,
    string Severity,
    string Summary,
    QueryDocument About,
    DateTimeOffset StartedAt,
    DateTimeOffset LearnedAt,
    DateTimeOffset HeardAt,
    DateTimeOffset? EndedAt,
    string? Link,
    IReadOnlyList<ShownDocument> Shown,
    int Saves,
    AlertSource Source = AlertSource.Alertmanager,
    OverrideDocument? Override = null,
    TakenDocument? Taken = null,
    bool Left = false,
    int Telling = 0,
    int Times = 0,
    bool WasThere = false,
    WindowDocument? Window = null) : IDocument
{
    public static AlertDocument From(Alert alert, int saves) => new(
        DocumentJson.Current,
        alert.Fingerprint,
        alert.State,
        alert.Name,
        alert.Severity,
        alert.Summary,
        new(alert.About.Instance, alert.About.Namespace, alert.About.Name),
        alert.StartedAt,
        alert.LearnedAt,
        alert.HeardAt,
        alert.EndedAt,
        alert.Link?.ToString(),
        [.. alert.Shown.Select(shown => new ShownDocument(shown.Message.Value, shown.Incident, shown.Channel is null ? null : ChannelDocument.From(shown.Channel), shown.As, shown.Telling, shown.Times))],
        saves,
        alert.Source,
        OverrideDocument.From(alert.Override),
        alert.Taken is { } taken ? new(taken.Owner, taken.Incident, taken.Lease, taken.Until) : null,
        alert.Left,
        alert.Telling,
        alert.Times,
        alert.WasThere,
        WindowDocument.From(alert.Window));

    public Alert ToAlert() => new()
    {
        Fingerprint = Fingerprint,
        State = State,
        Name = Name,
        Severity = Severity,
        Summary = Summary,
        About = new(About.Instance, About.Namespace, About.Name),
        StartedAt = StartedAt,
        LearnedAt = LearnedAt,
        HeardAt = HeardAt,
        EndedAt = EndedAt,
        Link = Link is null ? null : new Uri(Link),
        Shown = [.. Shown.Select(shown => new AlertShown(new MessageKey(shown.Message), shown.Incident, shown.Channel?.ToChannel(), shown.As, shown.Telling) { Times = shown.Times })],
        Source = Source,
        Override = Override?.ToOverride(),
        Taken = Taken is null ? null : new(Taken.Owner, Taken.Incident, Taken.Lease, Taken.Until),
        Left = Left,
        Telling = Telling,
        Times = Times,
        WasThere = WasThere,
        Window = Window?.ToWindow(),
        Version = Saves,
    };
}

internal sealed record QueryDocument(string? Instance, string? Namespace, string Name);

internal sealed record ShownDocument(string Message, int? Incident, ChannelDocument? Channel, AlertState As, int Telling = 0, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Times = 0);
