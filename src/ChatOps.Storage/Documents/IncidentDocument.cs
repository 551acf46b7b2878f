using System.Text.Json.Serialization;
using ChatOps.Core.Incidents;

namespace ChatOps.Storage.Documents;

internal sealed record IncidentDocument(
    int Version,
    int Number,
    string Title,
    Severity Severity,
    IncidentState State,
    DateTimeOffset DeclaredAt,
    string DeclaredBy,
    string Operator,
    string? Commander,
    IReadOnlyList<ChannelDocument> Channels,
    IReadOnlyList<ApplicationDocument> Scope,
    DateTimeOffset? ClosedAt,
    int Entries,
    string Head,
    int Saves,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<ApplicationDocument>? NotCovered = null) : IDocument
{
    public static IncidentDocument From(Incident incident, int saves) => new(
        DocumentJson.Current,
        incident.Number,
        incident.Title,
        incident.Severity,
        incident.State,
        incident.DeclaredAt,
        incident.DeclaredBy,
        incident.Operator,
        incident.Commander,
        [.. incident.Channels.Select(ChannelDocument.From)],
        [.. incident.Scope.Select(ApplicationDocument.From)],
        incident.ClosedAt,
        incident.Entries,
        incident.Head,
        saves,
        incident.NotCovered.Count == 0 ? null : [.. incident.NotCovered.Select(ApplicationDocument.From)]);

    public Incident ToIncident() => new()
    {
        Number = Number,
        Title = Title,
        Severity = Severity,
        State = State,
        DeclaredAt = DeclaredAt,
        DeclaredBy = DeclaredBy,
        Operator = Operator,
        Commander = Commander,
        Channels = [.. Channels.Select(channel => channel.ToChannel())],
        Scope = [.. Scope.Select(application => application.ToRef())],
        NotCovered = [.. (NotCovered ?? []).Select(application => application.ToRef())],
        ClosedAt = ClosedAt,
        Entries = Entries,
        Head = Head,
        Version = Saves,
    };
}
