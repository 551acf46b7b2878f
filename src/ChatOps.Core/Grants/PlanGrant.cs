using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Grants;

/// <summary>What somebody wants access to, for how long in all.</summary>
/// <param name="InAll">Counted from the start of the first grant that this one goes on from.</param>
public sealed record GrantRequest(ApplicationRef Application, string Role, TimeSpan InAll, Guid? Continues)
{
    /// <summary>When it would end.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The grant that is written down in this step; null while it is only asked for.</summary>
    public Guid? WrittenAs { get; init; }
}

/// <summary>A plan with its authority and what else the deciders should know.</summary>
/// <param name="Person">Whose access, as they were recognised.</param>
public sealed record PlannedGrant(Plan Plan, Decision.Allowed Allowed, IReadOnlyList<Text> Notices, Person Person);

/// <summary>
/// From a wish to a plan, or to the reason why not: who exactly, where exactly, what exactly. Asked at the request and
/// again in the moment before it runs.
/// </summary>
public sealed class PlanGrant(GrantLimits limits, Applications applications, AskRulebook rules, AccessPorts access, Register register, RecogniseByEmail byEmail, CreateClaimLink claimLink)
{
    public async Task<(PlannedGrant? Planned, Refusal? Refusal)> OfAsync(IncidentFile file, GrantRequest request, Person asking, CancellationToken ct)
    {
        var glass = rules.Policy.BreakGlass;
        if (glass.Role(request.Role) is not { } role)
        {
            return (null, new Refusal(RefusalKind.NotFound, Text.Of($"There is no role {request.Role:code} that access can be given as."))
            {
                Instead = glass.Roles.Count == 0 ? "The policy gives no break-glass access." : Text.Of($"There is {string.Join(", ", glass.Roles.Select(one => one.Name)):code}."),
            });
        }

        var (subject, person, kind, notKnown) = await SubjectAsync(asking, role, ct);
        if (subject is null)
        {
            return (null, notKnown);
        }

        if (kind == GrantKind.ServiceAccount && claimLink(Guid.Empty) is null)
        {
            return (null, new Refusal(RefusalKind.NotPossible, Text.Of($"The clusters do not know {person.DisplayName}, so access would be by a token, and a token is given to nobody who did not sign in; no sign-in to the pages is set up here."))
            {
                Instead = Text.Of($"Let the platform team set up {"Web:Oidc":code} with {"Matches":code} by something that they have, or {"KubernetesUser":code} of {person.Name} in {"Identity:People":code} if the clusters do know them."),
            });
        }

        var (answer, facts) = await applications.Of(request.Application).InspectAsync(request.Application, ct);
        if (facts is null)
        {
            return (null, ClusterRefusals.For(answer, Text.Of($"I could not read {request.Application.Name:code}, so I do not know where its resources live.")));
        }

        if (GrantPlace.Obstacle(facts, kind, glass) is { } obstacle)
        {
            return (null, obstacle);
        }

        var (allowed, notAllowed) = await DecideAsync(facts, request, person, ct);
        if (allowed is null)
        {
            return (null, notAllowed);
        }

        var (read, terms) = await access.Of(kind).TermsAsync(new AccessWish(facts, role, subject, person.KubernetesGroups), ct);
        if (terms is null)
        {
            return (null, ClusterRefusals.For(read, Text.Of($"I could not find out what access as {role.Name:code} would mean.")));
        }

        if (terms.Obstacle is { } noUse)
        {
            return (null, noUse);
        }

        var continued = request.Continues is { } id ? file.Grant(id) : null;
        var wanted = new WantedAccess(person.Name, person.DisplayName, request.Application, terms.Scope.Cluster, role.Kind == GrantKind.ArgoCdRole ? [] : terms.Scope.Namespaces, request.EndsAt, continued);
        if (await limits.CheckAsync(file, wanted, request.WrittenAs, ct) is { } tooMuch)
        {
            return (null, tooMuch);
        }

        // "Before" is before the first of a row: what the grant before gives is not the person's own.
        return terms.Lacking.Count == 0 && continued is null
            ? (null, new Refusal(RefusalKind.NotPossible, terms.Asked.Count == 0
                ? Text.Of($"Role {role.Name:code} allows nothing that the API server can be asked about, so I could not tell whether it is given, nor that it is gone.")
                : Text.Of($"{subject:code} can do all that already, so nothing would be given, and nothing could be taken back.")))
            : (new PlannedGrant(Plan(facts, role, kind, subject, terms, continued?.Probes ?? terms.Probes, request), allowed, GrantPlace.Notices(facts, terms), person), null);
    }

    private async Task<(string? Subject, Person Person, GrantKind Kind, Refusal? Refusal)> SubjectAsync(Person asking, AccessRoleConfiguration role, CancellationToken ct)
    {
        var (person, notKnown) = role.Kind == GrantKind.ArgoCdRole ? (asking, null) : await byEmail.CompleteAsync(asking, GrantSubject.MayHaveAccount(role, rules.Policy.BreakGlass), ct);
        if (notKnown is not null)
        {
            return (null, person, role.Kind, notKnown);
        }

        var kind = GrantSubject.KindFor(person, role, rules.Policy.BreakGlass);
        var subject = GrantSubject.Of(person, kind, register.People);
        return (subject, person, kind, subject is null ? GrantSubject.Unmapped(person, kind) : null);
    }

    /// <summary>Who somebody is, at this moment, where access of that kind is given.</summary>
    public async Task<(string? Subject, Person Person, Refusal? Refusal)> SubjectAsync(Person asking, GrantKind kind, CancellationToken ct)
    {
        var (person, notKnown) = kind == GrantKind.ArgoCdRole ? (asking, null) : await byEmail.CompleteAsync(asking, ct);
        var subject = notKnown is null ? GrantSubject.Of(person, kind, register.People) : null;
        return (subject, person, subject is null ? notKnown ?? GrantSubject.Unmapped(person, kind) : null);
    }

    /// <summary>The rule must speak about every namespace that is reached, and be the same one.</summary>
    private async Task<(Decision.Allowed? Allowed, Refusal? Refusal)> DecideAsync(ApplicationFacts facts, GrantRequest request, Person person, CancellationToken ct)
    {
        Decision.Allowed? decided = null;
        foreach (var ns in facts.ResourceNamespaces.Append(facts.DestinationNamespace).Where(ns => ns.Length > 0).Distinct().DefaultIfEmpty(""))
        {
            var question = new PolicyQuestion(rules.Policy.BreakGlass.VerbFor(request.Role), facts.Ref.Name, facts.Project, ns, facts.Cluster, request.InAll) { Access = request.Role };
            var (allowed, refusal) = await rules.DecideAsync(person, question, ct);
            if (allowed is null)
            {
                return (null, refusal);
            }

            if (decided is not null && decided.Authority.Rule != allowed.Authority.Rule)
            {
                return (null, new Refusal(RefusalKind.NotAllowed, Text.Of($"{facts.Ref.Name:code} lives in several namespaces, and different rules speak about them ({decided.Authority.Rule:code}, {allowed.Authority.Rule:code})."))
                {
                    Instead = "Ask whoever keeps the policy for one rule that covers them all.",
                });
            }

            decided = allowed;
        }

        return (decided, null);
    }

    private Plan Plan(ApplicationFacts facts, AccessRoleConfiguration role, GrantKind kind, string subject, AccessTerms terms, IReadOnlyList<AccessRight> probes, GrantRequest request) => new()
    {
        Target = ApplicationTarget.Of(facts),
        Work = new GrantWork(kind, subject, role.Name, terms.Scope, probes, request.Continues),
        Changes = kind switch
        {
            GrantKind.RoleBinding => [.. terms.Scope.Namespaces.Select(ns => new FieldChange(
                $"RoleBinding in {terms.Scope.Cluster}/{ns}", null, $"User {subject} -> {terms.Scope.ClusterRole}"))],
            GrantKind.ClusterRoleBinding => [new FieldChange($"ClusterRoleBinding in {terms.Scope.Cluster}", null, $"User {subject} -> {terms.Scope.ClusterRole}")],
            GrantKind.ServiceAccount =>
            [
                new FieldChange($"ServiceAccount in {terms.Scope.Cluster}/{terms.Scope.Accounts}", null, $"for {subject}"),
                .. terms.Scope.Namespaces.Select(ns => new FieldChange($"RoleBinding in {terms.Scope.Cluster}/{ns}", null, $"that ServiceAccount -> {terms.Scope.ClusterRole}")),
            ],
            GrantKind.ArgoCdRole => [new FieldChange(
                $"role in AppProject {terms.Scope.Cluster}/{terms.Scope.Namespaces[0]}/{terms.Scope.Project}", null, $"{subject} -> {string.Join(", ", terms.Scope.Rules)} on {facts.Ref.Name}")],
        },
        PolicyVersion = rules.Version,
    };
}
