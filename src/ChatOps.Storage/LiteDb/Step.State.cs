using ChatOps.Storage.Documents;

namespace ChatOps.Storage.LiteDb;

/// <content>What is kept, each in its row with the columns that it is found by.</content>
internal sealed partial class Step
{
    private void SaveState()
    {
        foreach (var incident in changes.Incidents)
        {
            books.Put(
                Shelf.Incidents,
                incident.Number,
                IncidentDocument.From(incident, incident.Version + 1),
                new(Column.Saves, incident.Version + 1),
                new(Column.Live, incident.IsOpen));
        }

        foreach (var operation in changes.Operations)
        {
            Save(books, operation);
        }

        foreach (var lease in changes.Leases)
        {
            Save(books, lease);
        }

        foreach (var grant in changes.Grants)
        {
            books.Put(
                Shelf.Grants,
                Ids.Of(grant.Id),
                GrantDocument.From(grant, grant.Version + 1),
                new(Column.Saves, grant.Version + 1),
                new(Column.Incident, grant.Incident),
                new(Column.Live, grant.IsUnsettled),
                new(Column.State, grant.State.ToString()));
        }

        foreach (var use in changes.Uses)
        {
            books.Put(
                Shelf.Uses,
                Ids.Of(use.Grant),
                UseDocument.From(use, use.Version + 1),
                new(Column.Saves, use.Version + 1),
                new(Column.Incident, use.Incident),
                new(Column.Live, !use.IsSettled));
        }

        foreach (var alert in changes.Alerts)
        {
            books.Put(
                Shelf.Alerts,
                Row.Key(alert.Fingerprint),
                AlertDocument.From(alert, alert.Version + 1),
                new(Column.Saves, alert.Version + 1),
                new(Column.At, alert.HeardAt.ToUnixTimeMilliseconds()),
                new(Column.Live, !alert.IsSettled));
        }

        foreach (var allowance in changes.Allowances)
        {
            books.Put(Shelf.Allowances, Row.Key(allowance.Of), AllowanceDocument.From(allowance, allowance.Version + 1), [new(Column.Saves, allowance.Version + 1)]);
        }

        foreach (var baseline in changes.Baselines)
        {
            books.Put(Shelf.Baselines, Row.Key(baseline.Application.ToString()), BaselineDocument.From(baseline, baseline.Version + 1), [new(Column.Saves, baseline.Version + 1)]);
        }

        foreach (var known in changes.KnownWindows)
        {
            books.Put(Shelf.Windows, Row.Key(known.Instance), KnownWindowsDocument.From(known, known.Version + 1), [new(Column.Saves, known.Version + 1)]);
        }

        foreach (var (instance, since) in changes.Watched.Where(one => books.Find(Shelf.Watched, Row.Key(one.Key)) is null))
        {
            books.Put(Shelf.Watched, Row.Key(instance), new WatchedDocument(DocumentJson.Current, instance, since));
        }

        foreach (var entry in changes.Entries)
        {
            books.Put(Shelf.Timeline, Ids.Of(entry.Incident, entry.Number), EntryDocument.From(entry));
        }

        foreach (var choice in changes.Choices)
        {
            books.Put(Shelf.Choices, Row.Key(choice.Token), ChoiceDocument.From(choice), [new(Column.At, choice.Expires.ToUnixTimeMilliseconds())]);
        }
    }
}
