namespace ChatOps.Server.Web;

/// <summary>From when to when the picture goes, and where in it a moment is.</summary>
internal sealed record TimeSpanOf(DateTimeOffset From, DateTimeOffset To)
{
    private static readonly int[] StepsInMinutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080];

    public static TimeSpanOf All(IncidentRecord record, DateTimeOffset now)
    {
        var incident = record.Incident;
        var moments = record.Timeline.Select(entry => entry.At)
            .Concat(record.Leases.Select(lease => lease.IsUnsettled ? lease.Deadline : lease.EndedAt ?? lease.StartedAt))
            .Append(incident.ClosedAt ?? (incident.IsOpen ? now : incident.DeclaredAt))
            .Append(incident.DeclaredAt)
            .ToList();
        var from = moments.Min();
        var to = moments.Max();
        var length = to - from < TimeSpan.FromMinutes(5) ? TimeSpan.FromMinutes(5) : to - from;
        return new(from - length / 25, from + length + length / 25);
    }

    /// <summary>Per cent of the width.</summary>
    public double X(DateTimeOffset at) => Math.Round(Math.Clamp((at - From) / (To - From) * 100, 0, 100), 2);

    /// <summary>Round moments, few enough for a phone, none so near an edge that its label is cut.</summary>
    public IEnumerable<DateTimeOffset> Ticks()
    {
        var step = StepsInMinutes.FirstOrDefault(minutes => (To - From).TotalMinutes / minutes <= 5, (int)Math.Ceiling((To - From).TotalMinutes / 5));
        var length = TimeSpan.FromMinutes(step);
        var first = new DateTimeOffset((From.UtcTicks / length.Ticks + 1) * length.Ticks, TimeSpan.Zero);
        for (var at = first; at < To; at += length)
        {
            if (X(at) is > 5 and < 95)
            {
                yield return at;
            }
        }
    }
}
