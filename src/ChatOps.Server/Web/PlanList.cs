using ChatOps.Core.Commands;
using ChatOps.Core.Operations;
using ChatOps.Core.People;

namespace ChatOps.Server.Web;

/// <summary>Operations that are not over, each with what exactly it will do.</summary>
internal sealed class PlanList(IReadOnlyList<Operation> operations, Clock clock, Func<string, string> name, ApplicationLinks links)
{
    public Html Render() => Html.Of(
        $"""
        <section aria-labelledby="h-operations"><h2 id="h-operations">Open requests</h2>
        {Html.Each(operations, Card)}
        </section>
        """);

    private Html Card(Operation operation) => Html.Of(
        $"""
        <article class="card c-{Words.Of(operation.State).Css}">
        <h3><span>{operation.Plan.Work.Doing} {Target(operation.Plan.Target)}</span> <span class="badge {Words.Of(operation.State).Css}">{Words.Of(operation.State).Text}</span></h3>
        <p class="reason">“{operation.Reason}”</p>
        <dl class="facts">
        <dt>Requested</dt><dd>{clock.Element(operation.RequestedAt)} by {name(operation.RequestedBy)}{(operation.RequesterKnownBy is { } known ? $", known by {known.InWords()}" : "")}</dd>
        {Html.When(operation.Plan.Work.HasEnd, () => Html.Of($"""<dt>For</dt><dd>{(operation.Until is { } until ? $"until {clock.Both(until)}" : Durations.InWords(operation.ApprovedAtMost is { } shorter && shorter < operation.Duration ? shorter : operation.Duration))}</dd>"""))}
        <dt>Approvals</dt><dd>{Approvals(operation)}</dd>
        {Html.When(operation.State == OperationState.AwaitingApproval, () => Html.Of($"<dt>Request lives</dt><dd>until {clock.Element(operation.RequestExpiresAt)}</dd>"))}
        <dt>Rule</dt><dd>{operation.Authority.Rule} <span class="muted">policy {operation.Authority.PolicyVersion}, acts as {operation.Authority.KubernetesUser}</span></dd>
        <dt>Target</dt><dd>{Whole(operation.Plan.Target)}</dd>
        <dt>Plan</dt><dd><code>{operation.Plan.Hash[..12]}</code></dd>
        </dl>
        <div class="scroll"><table class="changes"><thead><tr><th>Field</th><th>Now</th><th>Will be</th></tr></thead><tbody>
        {Html.Each(operation.Plan.Changes, Change)}
        </tbody></table></div>
        </article>
        """);

    private Html Target(PlanTarget target) => target is ApplicationTarget application ? links.Render(application.Ref) : Html.Of($"{target.Name}");

    private static Html Whole(PlanTarget target) => target is ApplicationTarget application
        ? Html.Of($"""{target.FullName} <span class="muted">uid {application.Uid}, deploys to {target.Cluster}/{application.DestinationNamespace}</span>""")
        : Html.Of($"{target.FullName}");

    private static Html Change(FieldChange change) => Html.Of(
        $"""<tr><td><code>{change.Path}</code></td><td><code class="value">{change.Before ?? "(not set)"}</code></td><td><code class="value">{change.After ?? "(not set)"}</code></td></tr>""");

    private string Approvals(Operation operation)
    {
        var needed = operation.Authority.ApprovalsNeeded;
        if (needed == 0)
        {
            return "none needed";
        }

        var votes = operation.Approvals.Where(vote => vote.PlanHash == operation.Plan.Hash).Select(vote => name(vote.Person) + OperationCard.Remarks(vote)).ToList();
        var who = votes.Count == 0 ? "" : $": {string.Join(", ", votes)}";
        return $"{votes.Count} of {needed} from {operation.Authority.ApproverRole}{who}";
    }
}
