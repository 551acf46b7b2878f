using ChatOps.Core.Timeline;

namespace ChatOps.Server.Web;

/// <summary>The timeline with its hashes, and how to compute them, so that anybody can verify it with nothing of ours.</summary>
internal static class TimelineJson
{
    private const string Algorithm =
        "hash = hex(sha256(utf8(fields))), each field written as its length in UTF-16 units, ':', the field, ';', in this order: "
        + "\"1\", hash before (root for the first), incident, number, at and learnedAt in Unix milliseconds, kind, by, text, subject in 32 hex digits or empty";

    public static object Of(IncidentRecord record) => new
    {
        incident = record.Incident.Number,
        title = record.Incident.Title,
        count = record.Incident.Entries,
        root = Chain.Root(record.Incident.Number),
        head = record.Incident.Head,
        algorithm = Algorithm,
        entries = Entries(record),
    };

    public static IEnumerable<object> Entries(IncidentRecord record) => record.Timeline.Select(entry => new
    {
        number = entry.Number,
        at = Clock.Iso(entry.At),
        learnedAt = Clock.Iso(entry.LearnedAt),
        kind = entry.Kind.ToString(),
        by = entry.By,
        text = entry.Text,
        subject = entry.Subject?.ToString("N"),
        hash = entry.Hash,
    });
}
