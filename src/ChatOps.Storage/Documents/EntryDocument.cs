using ChatOps.Core.Timeline;

namespace ChatOps.Storage.Documents;

internal sealed record EntryDocument(
    int Version,
    int Incident,
    int Number,
    DateTimeOffset At,
    DateTimeOffset LearnedAt,
    TimelineKind Kind,
    string By,
    string Text,
    Guid? Subject,
    string Hash) : IDocument
{
    public static EntryDocument From(TimelineEntry entry) => new(
        DocumentJson.Current, entry.Incident, entry.Number, entry.At, entry.LearnedAt, entry.Kind, entry.By, entry.Text, entry.Subject, entry.Hash);

    public TimelineEntry ToEntry() => new(Incident, Number, At, LearnedAt, Kind, By, Text, Subject, Hash);
}
