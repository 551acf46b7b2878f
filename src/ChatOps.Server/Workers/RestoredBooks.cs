using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Server.Workers;

/// <summary>
/// After the books were put back from a backup, each open incident's record says so, once: what happened in between is
/// missing from it, and nobody should wonder why.
/// </summary>
internal sealed class RestoredBooks(LiteDbRecords store, IncidentFiles files, TimeProvider time, ILogger<RestoredBooks> logger) : Worker(store, time, logger)
{
    private bool done;

    protected override TimeSpan Interval => TimeSpan.FromHours(1);

    protected override BooksPart WakesFor => BooksPart.None;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        if (!done && await store.RestoredAtAsync(ct) is { } restored)
        {
            foreach (var incident in await Records.IncidentsAsync(onlyOpen: true, ct))
            {
                await UnlessStale.DoAsync(() => SayAsync(incident.Number, restored, ct));
            }

            await store.ClearRestoredAsync(ct);
        }

        done = true;
        return Interval;
    }

    /// <summary>A crash between the incidents and the clearing must not say it twice.</summary>
    private async Task SayAsync(int number, DateTimeOffset restored, CancellationToken ct)
    {
        var isSaid = (await Records.TimelineAsync(number, ct)).Any(entry => entry.Kind == TimelineKind.RecordRestored && entry.At >= restored);
        if (!isSaid && await files.OpenAsync(number, ct) is { } file)
        {
            file.Tell(
                TimelineKind.RecordRestored,
                "chatops",
                _ => Text.Of($"The record was put back from a backup at {restored}. What was asked, decided or said here after that backup is missing from it; buttons from before no longer work. Overrides that are still in the cluster are taken over."),
                Tone.Alarm,
                happenedAt: restored);
            await files.PutBackAsync(file, null, ct);
        }
    }
}
