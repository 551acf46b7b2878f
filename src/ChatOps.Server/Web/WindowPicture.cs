using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Server.Web;

/// <summary>
/// One picture of an incident: a lane per application with waits for approval, overrides and what was known about them,
/// notes, and now. Positions are per cent and sizes are pixels, so that it fits a phone with its letters readable.
/// </summary>
internal sealed class WindowPicture(IncidentRecord record, Clock clock)
{
    private const int LaneHeight = 52;
    private const int BarTop = 22;
    private const int BarHeight = 18;

    private readonly TimeSpanOf span = TimeSpanOf.All(record, clock.Now);

    public Html Render()
    {
        var bottom = record.Applications.Count * LaneHeight;
        var notes = record.Timeline.Where(entry => entry.Kind == TimelineKind.Note).ToList();
        return Html.Of(
            $"""
            <div class="windows"><svg role="img" aria-labelledby="w-title w-desc" width="100%" height="{bottom + 50}">
            <title id="w-title">Overrides of incident {record.Incident.Number}, by application</title>
            <desc id="w-desc">{Description()}</desc>
            <defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="p-unknown" width="6" height="6"/><rect class="p-line" width="2" height="6"/></pattern>
            <pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="p-wait" width="5" height="5"/><circle class="p-dot" cx="2.5" cy="2.5" r="1.2"/></pattern>
            </defs>
            {Html.Each(span.Ticks(), tick => Grid(tick, bottom))}
            {Html.Each(record.Applications.Index(), lane => Lane(lane.Item, lane.Index * LaneHeight))}
            {Html.Each(notes, entry => Note(entry, bottom))}
            {Html.When(record.Incident.IsOpen, () => NowLine(bottom))}
            </svg></div>
            """);
    }

    private Html Grid(DateTimeOffset at, int bottom) => Html.Of(
        $"""
        <line class="grid" x1="{span.X(at)}%" x2="{span.X(at)}%" y1="0" y2="{bottom + 22}"/>
        <text class="axis" x="{span.X(at)}%" y="{bottom + 40}" text-anchor="middle">{clock.Utc(at).Replace(" UTC", "", StringComparison.Ordinal)}</text>
        """);

    private Html Lane(ApplicationRef application, int top)
    {
        var waits = record.Operations.Where(operation => operation.Plan.Target.Is(application)).Select(operation => Windows.Of(operation, record, clock.Now));
        var leases = record.Leases.Where(lease => lease.Target == application && lease.State != LeaseState.Void).OrderBy(lease => lease.StartedAt);
        return Html.Of(
            $"""
            <text class="lane" x="0" y="{top + 15}">{application.Name}</text>
            <rect class="track" x="0" y="{top + BarTop}" width="100%" height="{BarHeight}" rx="4"/>
            {Html.Each(waits, wait => Bar("wait", wait.From, wait.To, top, $"{wait.Operation.Plan.Work.Doing} {application.Name}: waited for approval {clock.Utc(wait.From)} to {clock.Utc(wait.To)}"))}
            {Html.Each(leases, lease => Override(lease, top))}
            """);
    }

    private Html Override(Lease lease, int top)
    {
        var planned = lease.IsUnsettled ? lease.Deadline : lease.EndedAt ?? lease.StartedAt;
        return Html.Of(
            $"""
            {Html.Each(Windows.Of(lease, record, clock.Now), segment => Bar(Words.Of(segment.Hold).Css, segment.From, segment.To, top, Sentence(segment)))}
            {Html.When(planned > lease.StartedAt, () => Bar("planned", lease.StartedAt, planned, top, $"{Words.Of(lease.Kind)}, ends {clock.Utc(planned)}"))}
            {Html.When(lease.IsUnsettled, () => Html.Of($"""<line class="deadline" x1="{span.X(lease.Deadline)}%" x2="{span.X(lease.Deadline)}%" y1="{top + BarTop - 4}" y2="{top + BarTop + BarHeight + 4}"><title>deadline {clock.Both(lease.Deadline)}</title></line>"""))}
            """);
    }

    private Html Bar(string css, DateTimeOffset from, DateTimeOffset to, int top, string title) => Html.Of(
        $"""<rect class="bar b-{css}" x="{span.X(from)}%" y="{top + BarTop}" width="{Math.Max(0.4, span.X(to) - span.X(from))}%" height="{BarHeight}" rx="3"><title>{title}</title></rect>""");

    private Html Note(TimelineEntry entry, int bottom) => Html.Of(
        $"""<rect class="tick" x="{span.X(entry.At)}%" y="{bottom + 6}" width="3" height="14" rx="1"><title>{clock.Utc(entry.At)} {entry.By}: {entry.Text}</title></rect>""");

    private Html NowLine(int bottom) => Html.Of(
        $"""<line class="now" x1="{span.X(clock.Now)}%" x2="{span.X(clock.Now)}%" y1="0" y2="{bottom + 22}"><title>now, {clock.Both(clock.Now)}</title></line>""");

    private string Sentence(HoldSegment segment) => $"{Words.Of(segment.Hold).Text} {clock.Utc(segment.From)} to {clock.Utc(segment.To)}";

    private string Description()
    {
        var sentences = record.Leases.Where(lease => lease.State != LeaseState.Void).Select(lease =>
            $"{lease.Target.Name}: {string.Join(", ", Windows.Of(lease, record, clock.Now).Select(Sentence))}.");
        var all = string.Join(' ', sentences);
        return all.Length == 0 ? "No override so far." : all;
    }
}
