using ChatOps.Core.Incidents;
using ChatOps.Core.People;

namespace ChatOps.Server.Web;

/// <summary>The incidents that this reader may see.</summary>
internal static class IndexPage
{
    public static IResult Show(IReadOnlyList<Incident> incidents, Clock clock, Register register, ChatWords words) => Page.Show("Incidents", Html.Of(
        $"""
        <header class="top"><h1>Incidents</h1></header>
        <main>
        {Group("Open", [.. incidents.Where(incident => incident.IsOpen)], clock, register)}
        {Group("Closed", [.. incidents.Where(incident => !incident.IsOpen)], clock, register)}
        {Html.When(incidents.Count == 0, () => Html.Of($"""<p class="empty">No incident here. In chat, <code>{words.Incident} declare &lt;title&gt;</code> opens one, and <code>{words.Incident} status</code> gives a link to one that exists.</p>"""))}
        </main>
        <footer><p>As of {clock.Both(clock.Now)}.</p></footer>
        """));

    private static Html Group(string title, IReadOnlyList<Incident> incidents, Clock clock, Register register) => Html.When(incidents.Count > 0, () => Html.Of(
        $"""
        <section><h2>{title}</h2><ul class="incidents">
        {Html.Each(incidents, incident => Html.Of($"""<li><a href="/incidents/{incident.Number}"><span class="number">#{incident.Number}</span> <span class="name">{incident.Title}</span></a><p><span class="badge sev">{Words.Of(incident.Severity)}</span> <span class="badge {Words.Of(incident.State).Css}">{Words.Of(incident.State).Text}</span> <span class="muted">{clock.Element(incident.DeclaredAt)}, operator {register.Find(incident.Operator)?.DisplayName ?? incident.Operator}</span></p></li>"""))}
        </ul></section>
        """));
}
