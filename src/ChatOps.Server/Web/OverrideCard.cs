using ChatOps.Core.Commands;
using ChatOps.Core.Leases;

namespace ChatOps.Server.Web;

/// <summary>One override: what is known of it, whose it is, why, and when it ends.</summary>
internal sealed class OverrideCard(Lease lease, Clock clock, Func<string, string> name, ApplicationLinks links)
{
    public Html Render()
    {
        var (state, css) = Words.Of(lease);
        return Html.Of(
            $"""
            <article class="card c-{css}">
            <h3><span>{Words.Of(lease.Kind)}: {links.Render(lease.Target)}</span> <span class="badge {css}">{state}</span></h3>
            <p class="countdown">{Countdown()}</p>
            <p class="reason">“{lease.Reason}”</p>
            <dl class="facts">
            <dt>Owner</dt><dd>{Owner()}</dd>
            <dt>Since</dt><dd>{clock.Element(lease.StartedAt)}</dd>
            {Html.When(lease.State == LeaseState.Active && lease.HoldSince is not null, () => Html.Of($"<dt>Known</dt><dd>{Words.Of(lease.Hold).Text} since {clock.Element(lease.HoldSince!.Value)}</dd>"))}
            {Html.When(lease.IsLive, () => Html.Of($"<dt>At the end</dt><dd>{(lease.ResumeAtDeadline ? $"{lease.EndWord}s by itself{(OverwriteRule.IsAskedFirst(lease) ? ", unless changes by hand would be overwritten" : "")}" : "asks people, and keeps asking")}; no extension past {clock.Element(lease.Latest)}</dd>"))}
            {Html.When(lease.Branch is not null, () => Html.Of($"<dt>Runs</dt><dd>commit <code class=\"value\">{lease.Branch!.Commit}</code> of branch <code>{lease.Branch.Branch}</code>{(lease.Follows is null ? "" : ", which it follows")}{(lease.BranchGone ? ", which is deleted" : "")}</dd>"))}
            {Html.When(lease.Escalations > 0, () => Html.Of($"""<dt>Asked</dt><dd class="warning">{lease.Escalations} times since the deadline</dd>"""))}
            {(lease.WindowIn is { } project ? Html.Of($"<dt>Held by</dt><dd>a deny window in project <code>{project}</code></dd>") : Html.Of($"<dt>Before</dt><dd><code>{lease.Before.Path}</code> was <code class=\"value\">{lease.Before.InWords}</code></dd>"))}
            </dl>
            {Again()}
            </article>
            """);
    }

    /// <summary>Each as it has to be copied: a command that lost a blank or a line does something else.</summary>
    private Html Again()
    {
        var ways = lease.Hands.Where(resource => resource.PutBack is not null).ToList();
        return Html.When(ways.Count > 0, () => Html.Of($"""<details class="again"><summary>{(ways.Exists(resource => resource.IsDeleted) ? "Changed by hand or deleted" : "Changed by hand")}: the commands that do it again</summary>{Html.Each(ways, resource => Html.Of($"<h4>{resource.Kind}/{resource.Name}{(resource.IsDeleted ? ", deleted by whom or what is not known" : "")}</h4><pre>{resource.PutBack}</pre>"))}</details>"""));
    }

    private Html Owner() => lease.Owner is { } owner ? Html.Of($"{name(owner)}") : Html.Of($"""<span class="warning">nobody: somebody must take it</span>""");

    private Html Countdown()
    {
        if (!lease.IsUnsettled)
        {
            return lease.EndedAt is { } ended
                ? Html.Of($"Ended {clock.Element(ended)}{(lease.EndedBy is { } by ? $" by {name(by)}" : "")}")
                : Html.Of($"Over");
        }

        if (lease.WaitsForPeople)
        {
            return Html.Of($"""<span class="warning">{OvertakenTexts.Seen(lease).ToString()}</span> People decide. Its time was until {clock.Element(lease.Deadline)}""");
        }

        return lease.Deadline > clock.Now
            ? Html.Of($"Ends in <strong>{Durations.InWords(lease.Deadline - clock.Now)}</strong>, at {clock.Element(lease.Deadline)}")
            : Html.Of($"""<span class="warning">Should have ended <strong>{Durations.InWords(clock.Now - lease.Deadline)}</strong> ago, at {clock.Element(lease.Deadline)}</span>""");
    }
}
