using ChatOps.Core.Timeline;
using ChatOps.Server.Web;

namespace ChatOps.Server.CommandLine;

/// <summary>
/// One thread against the record. Both may be behind by what waits in the outbox; neither can ever show what is not in the
/// record. The card is edited with each entry, so a record that was cut off and went on is told by the lines alone.
/// </summary>
internal sealed class ThreadCheck(ThreadHead thread, IncidentRecord record, List<string> faults, List<string> notes)
{
    private readonly string where = $"{thread.Channel.Platform} {thread.Channel.Id}";

    public void Run()
    {
        if (thread.Unread is { } why)
        {
            notes.Add($"not compared with the thread ({where}): {why}");
            return;
        }

        CompareCard();
        CompareLines();
    }

    private void CompareCard()
    {
        if (thread.Heads is not { } heads)
        {
            notes.Add($"not compared with the card ({where}): it is gone");
        }
        else if (heads.Count == 0)
        {
            faults.Add($"the card ({where}) shows no head");
        }
        else if (heads.Contains(Chain.Abbreviate(record.Incident.Head)))
        {
            notes.Add($"the thread ({where}) shows the same head");
        }
        else if (record.Timeline.LastOrDefault(entry => heads.Contains(Chain.Abbreviate(entry.Hash))) is { } older)
        {
            notes.Add($"the thread ({where}) shows the head of entry {older.Number}: {record.Timeline.Count - older.Number} later entries are not shown there yet");
        }
        else
        {
            faults.Add($"the thread ({where}) shows {string.Join(", ", heads)}, which no entry of this record has");
        }
    }

    private void CompareLines()
    {
        var (agree, lost) = (0, 0);
        for (var at = 0; at < thread.Lines.Count; at++)
        {
            var said = thread.Lines[at];
            if (record.Timeline.Any(entry => Shows(said, entry)))
            {
                agree++;
            }
            else if (WasBeforeARestore(said, at))
            {
                lost++;
            }
            else
            {
                var now = record.Timeline.FirstOrDefault(entry => entry.Number == said.Number);
                faults.Add($"the thread ({where}) shows entry {said.Number} as {said.Hash}, and {(now is null ? $"the record ends with entry {record.Timeline.Count}" : $"it is {Chain.Abbreviate(now.Hash)} here")}");
            }
        }

        notes.Add($"{agree} of the {thread.Lines.Count} lines in the thread ({where}) are in the record{(lost == 0 ? "" : $", and {lost} were said before it was put back from a backup without them")}");
    }

    /// <summary>What a backup did not have is missing after it was put back, and the record says so from then on.</summary>
    private bool WasBeforeARestore(SaidEntry said, int at) => record.Timeline.Any(entry =>
        entry.Kind == TimelineKind.RecordRestored
        && entry.Number <= said.Number
        && !thread.Lines.Take(at).Any(earlier => Shows(earlier, entry)));

    private static bool Shows(SaidEntry said, TimelineEntry entry) => said.Number == entry.Number && said.Hash == Chain.Abbreviate(entry.Hash);
}
