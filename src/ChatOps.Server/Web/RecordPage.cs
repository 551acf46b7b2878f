using ChatOps.Core.People;
using ChatOps.Core.Timeline;

namespace ChatOps.Server.Web;

/// <summary>The record of one incident, read only: what is in force first, then the picture, then everything that happened.</summary>
internal sealed class RecordPage(IncidentRecord record, Clock clock, Register register, ApplicationLinks links)
{
    private const int RefreshSeconds = 15;

    /// <summary>What somebody is copying must not go from under their hands.</summary>
    private readonly bool standsStill = record.Overrides.Any(lease => lease.Hands.Any(resource => resource.PutBack is not null));

    public IResult Show()
    {
        var incident = record.Incident;
        var body = Html.Of(
            $"""
            <header class="top">
            <p class="crumbs"><a href="/">Incidents</a></p>
            <h1><span class="number">#{incident.Number}</span> {incident.Title}</h1>
            <p class="badges"><span class="badge sev">{Words.Of(incident.Severity)}</span> <span class="badge {Words.Of(incident.State).Css}">{Words.Of(incident.State).Text}</span>
            <span class="muted">declared {clock.Element(incident.DeclaredAt)} by {Name(incident.DeclaredBy)}{Html.When(incident.ClosedAt is not null, () => Html.Of($", closed {clock.Element(incident.ClosedAt!.Value)}"))}</span></p>
            </header>
            <main>
            {Overrides()}
            {Html.When(record.Open.Count > 0, () => new PlanList(record.Open, clock, Name, links).Render())}
            {Html.When(record.Applications.Count > 0, Picture)}
            <div class="columns">{People()}{Scope()}</div>
            {Timeline()}
            {Head()}
            </main>
            <footer><p>As of {clock.Both(clock.Now)}.{Html.When(record.IsLive, () => standsStill ? Html.Of($" Reload it for news: it does not do so by itself while it has commands to copy.") : Html.Of($" Reloads every {RefreshSeconds} seconds while something is in force."))} Read only: decisions are made in the chat thread.</p></footer>
            """);
        return Page.Show($"#{incident.Number} {incident.Title}", body, refreshSeconds: record.IsLive && !standsStill ? RefreshSeconds : null);
    }

    private Html Overrides() => Html.Of(
        $"""
        <section aria-labelledby="h-overrides"><h2 id="h-overrides">Overrides of Git</h2>
        {Html.When(record.Overrides.Count == 0, () => Html.Of($"""<p class="empty">ChatOps has made none here.</p>"""))}
        {Html.Each(record.Overrides, lease => new OverrideCard(lease, clock, Name, links).Render())}
        </section>
        """);

    private Html Picture() => Html.Of(
        $"""
        <section aria-labelledby="h-windows"><h2 id="h-windows">Windows <span class="muted">UTC</span></h2>
        {new WindowPicture(record, clock).Render()}
        <ul class="legend"><li class="k-wait">waits for approval</li><li class="k-stored">stored, not yet proved</li><li class="k-holding">holding</li><li class="k-unknown">not known to hold</li><li class="k-reverted">reverted</li><li class="k-note">note</li>{Html.When(record.Incident.IsOpen, () => Html.Of($"""<li class="k-now">now</li>"""))}</ul>
        </section>
        """);

    private Html People()
    {
        var incident = record.Incident;
        var votes = record.Operations.SelectMany(operation => operation.Approvals).Select(approval => approval.Person).Distinct(StringComparer.OrdinalIgnoreCase);
        return Html.Of(
            $"""
            <section aria-labelledby="h-people"><h2 id="h-people">People</h2><dl class="facts">
            <dt>Operator</dt><dd>{Name(incident.Operator)}</dd>
            <dt>Commander</dt><dd>{(incident.Commander is { } commander ? Name(commander) : "nobody yet")}</dd>
            {Html.When(votes.Any(), () => Html.Of($"<dt>Approved</dt><dd>{string.Join(", ", votes.Select(Name))}</dd>"))}
            {Html.When(record.Operations.Any(operation => operation.ReviewOwed), () => Html.Of($"""<dt>Review owed</dt><dd class="warning">an emergency self-approval waits for somebody else's review</dd>"""))}
            </dl></section>
            """);
    }

    private Html Scope() => Html.Of(
        $"""
        <section aria-labelledby="h-scope"><h2 id="h-scope">Scope</h2>
        {Html.When(record.Incident.Scope.Count == 0, () => Html.Of($"""<p class="empty">No application yet. <code>/incident apps add …</code> adds some.</p>"""))}
        <ul class="scope">{Html.Each(record.Incident.Scope, application => Html.Of($"""<li>{links.Render(application)} <span class="muted">{application.Instance}/{application.Namespace}</span></li>"""))}</ul>
        </section>
        """);

    private Html Timeline() => Html.Of(
        $"""
        <section aria-labelledby="h-timeline"><h2 id="h-timeline">Timeline</h2>
        <ol class="timeline">{Html.Each(record.Timeline, Entry)}</ol>
        </section>
        """);

    private Html Entry(TimelineEntry entry) => Html.Of(
        $"""
        <li id="e{entry.Number}" class="d-{Words.Css(entry.Kind)}"><div class="when">{clock.Element(entry.At)}{Html.When(entry.LearnedAt - entry.At >= TimeSpan.FromMinutes(1), () => Html.Of($"""<span class="learned">learned {clock.Element(entry.LearnedAt)}</span>"""))}</div>
        <div class="what"><p class="kind">{Words.Of(entry.Kind)} <span class="by">{Name(entry.By)}</span></p><p class="words">{entry.Text}</p></div>
        <a class="hash" href="#e{entry.Number}" title="{entry.Hash}">{entry.Number}</a></li>
        """);

    private Html Head()
    {
        var faults = record.Faults();
        return Html.Of(
            $"""
            <section class="head" aria-labelledby="h-head"><h2 id="h-head">Is this record whole?</h2>
            {Html.When(faults.Count == 0, () => Html.Of($"""<p class="whole">The {record.Timeline.Count} entries verify. The chain ends in <code>{Chain.Abbreviate(record.Incident.Head)}</code>; the card in the thread must show the same.</p>"""))}
            {Html.When(faults.Count > 0, () => Html.Of($"""<div class="broken" role="alert"><p>This record was changed after it was written:</p><ul>{Html.Each(faults, fault => Html.Of($"<li>{fault}</li>"))}</ul></div>"""))}
            <p class="muted">Full head: <code class="long">{record.Incident.Head}</code>. To verify it elsewhere: <a href="/incidents/{record.Incident.Number}/timeline.json">timeline.json</a>.</p>
            </section>
            """);
    }

    private string Name(string name) => register.Find(name)?.DisplayName ?? name;
}
