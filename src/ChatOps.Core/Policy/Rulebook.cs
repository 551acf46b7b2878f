using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Operations;
using ChatOps.Core.People;

namespace ChatOps.Core.Policy;

/// <summary>
/// The written emergency policy as a pure function. The first rule that fits decides; no rule means no; a rule that refers
/// to something the policy does not have allows nothing.
/// </summary>
public sealed class Rulebook(PolicyConfiguration policy)
{
    public PolicyConfiguration Policy { get; } = policy;

    /// <summary>Whether <paramref name="actor"/> may do what <paramref name="question"/> asks, and with whose approval.</summary>
    public Decision Decide(PolicyQuestion question, Actor actor)
    {
        if (string.IsNullOrWhiteSpace(Policy.Version))
        {
            return No(Text.Of($"The policy has no version, so nothing is allowed by it."), Text.Of($"Set {"Policy:Version":code} and run {"policy check":code}."));
        }

        var fits = FitsOf(question, actor);
        return fits.FirstOrDefault(fit => fit.Fits) is { } decisive
            ? Judge(decisive, question, actor)
            : new Decision.Refused(NoRule.For(Policy, question, fits));
    }

    /// <summary>
    /// Roles whose holders may approve when the request is this old: the rule's own, and those who were asked next because
    /// nobody answered. A role that the policy no longer has is not among them.
    /// </summary>
    public IReadOnlyList<string> ApproverRoles(Authority authority, TimeSpan sinceRequest)
    {
        if (authority.ApprovalsNeeded == 0 || authority.ApproverRole is null)
        {
            return [];
        }

        var asked = authority.AskNext.Where(next => next.After <= sinceRequest).Select(next => next.Role);
        return [.. asked.Prepend(authority.ApproverRole).Distinct().Where(role => Policy.Role(role) is not null)];
    }

    /// <summary>Whether <paramref name="voter"/>, with the roles held at this moment, may decide on a request of <paramref name="requester"/>.</summary>
    public bool IsEligible(Authority authority, string requester, Actor voter, TimeSpan sinceRequest) =>
        !string.Equals(requester, voter.Person, StringComparison.OrdinalIgnoreCase)
        && voter.KnownBy >= authority.KnownByAtLeast
        && ApproverRoles(authority, sinceRequest).Any(voter.Roles.Contains);

    /// <summary>
    /// The Kubernetes users that may have to patch this application: what the rulebook itself would say, asked for each
    /// role alone, so that the cluster's rights cannot say more than the policy.
    /// </summary>
    public IReadOnlyList<string> UsersFor(string application, string project, string @namespace, string cluster)
    {
        return [.. Policy.Roles.Where(role => role.KubernetesUser.Length > 0 && PolicyVerb.All.Where(PolicyVerb.WritesAsRole).Any(verb => Acts(role, verb))).Select(role => role.KubernetesUser).Distinct()];

        bool Acts(RoleConfiguration role, string verb) =>
            Decide(new(verb, application, project, @namespace, cluster, TimeSpan.FromSeconds(1)), new Actor("rbac", new HashSet<string> { role.Name })) is Decision.Allowed allowed
            && allowed.Authority.KubernetesUser == role.KubernetesUser;
    }

    /// <summary>Whether the set that made this application may be edited for a pause of it: for the rights of whoever does that.</summary>
    public bool MayEditSetOf(string application, string project, string @namespace, string cluster) =>
        PolicyVerb.All.Where(PolicyVerb.MayEditSets).Any(verb => Policy.Roles.Any(role =>
            Decide(new(verb, application, project, @namespace, cluster, TimeSpan.FromSeconds(1)), new Actor("rbac", new HashSet<string> { role.Name })) is Decision.Allowed { Rule.MayAddIgnoreApplicationDifferences: true }));

    /// <summary>Whether somebody may be given a role in Argo CD for this application: for the rights of whoever writes it.</summary>
    public bool GivesArgoCdRole(string application, string project, string @namespace, string cluster) =>
        Policy.BreakGlass.Roles.Where(access => access.Kind == GrantKind.ArgoCdRole).Any(access => Policy.Roles.Any(role =>
            Decide(new(PolicyVerb.Grant, application, project, @namespace, cluster, TimeSpan.FromSeconds(1)) { Access = access.Name }, new Actor("rbac", new HashSet<string> { role.Name })) is Decision.Allowed));

    /// <summary>All rules in order, each with why it speaks about the question or does not.</summary>
    internal IReadOnlyList<RuleFit> FitsOf(PolicyQuestion question, Actor actor) =>
        [.. Policy.Rules.Select(rule => RuleFit.Of(Policy, rule, question, actor))];

    /// <summary>What the rule that fits says.</summary>
    internal Decision Judge(RuleFit fit, PolicyQuestion question, Actor actor)
    {
        var (rule, role) = (fit.Rule, fit.Role!);
        var verb = PolicyVerb.CoveredBy(question.Verb);
        if (FaultOf(rule, role, verb) is { } fault)
        {
            return No(
                Text.Of($"Rule {rule.Name:code} would apply, but {fault}, so it allows nothing."),
                Text.Of($"Ask whoever keeps the policy to fix that; {"policy check":code} names every such fault."));
        }

        if (actor.KnownBy < rule.KnownByAtLeast)
        {
            return No(
                Text.Of($"Rule {rule.Name:code} is for people who are known by {rule.KnownByAtLeast.InWords()}, and {actor.Person} is known by {actor.KnownBy.InWords()}."),
                Text.Of($"Let the platform team map them in {"Identity:People":code}, or somebody who is asks."));
        }

        if (PolicyVerb.Lasts(verb) && DurationRefusal(rule, PolicyVerb.GivesAccess(verb) ? Policy.BreakGlass.LongestGrant : TimeSpan.MaxValue, question.Duration) is { } tooLong)
        {
            return new Decision.Refused(tooLong);
        }

        var approvals = rule.Approvals;
        return new Decision.Allowed(rule, new Authority(
            rule.Name,
            Policy.Version,
            role.Name,
            PolicyVerb.GivesAccess(verb) ? GivesAs(question.Access) : role.KubernetesUser,
            approvals?.Count ?? 0,
            approvals?.FromRole,
            PolicyVerb.GivesAccess(verb) && Policy.BreakGlass.LongestGrant < rule.LongestDuration ? Policy.BreakGlass.LongestGrant : rule.LongestDuration,
            rule.AtDeadline == AtDeadline.Resume,
            approvals is null ? [] : [.. approvals.AskNext.Select(next => new AskNext(next.Role, next.After))],
            EmergencyOf(rule, verb))
        {
            KnownByAtLeast = rule.KnownByAtLeast,
            Overwriting = PolicyVerb.MakesOverride(verb) ? Overwriting.Of(rule) : Overwriting.BySecondPress,
        });
    }

    private string GivesAs(string? access) =>
        access is null ? ReservedUser.Grants : Policy.BreakGlass.Role(access)?.Kind switch
        {
            GrantKind.ArgoCdRole => ReservedUser.Projects,
            GrantKind.ClusterRoleBinding => ReservedUser.ClusterGrants,
            GrantKind.RoleBinding or GrantKind.ServiceAccount or null => ReservedUser.Grants,
        };

    /// <summary>Why a rule cannot be followed as written. Never read as "then nothing is needed".</summary>
    private string? FaultOf(RuleConfiguration rule, RoleConfiguration role, string verb)
    {
        if (PolicyVerb.WritesAsRole(verb) && role.KubernetesUser.Length == 0)
        {
            return $"role {role.Name} has no Kubernetes user to act as";
        }

        if (verb == PolicyVerb.GrantCluster && rule.Verbs.Contains(PolicyVerb.Grant))
        {
            return "it is the rule for access in namespaces too, and what lives in none needs one of its own";
        }

        if (verb == PolicyVerb.BranchFollow && FollowFault(rule) is { } follows)
        {
            return follows;
        }

        if (PolicyVerb.GivesAccess(verb) && rule.WithoutApproval)
        {
            return "it gives access without anybody's approval";
        }

        if (PolicyVerb.Lasts(verb) && rule.LongestDuration <= TimeSpan.Zero)
        {
            return "it sets no longest duration";
        }

        if (PolicyVerb.MakesOverride(verb) && rule.OverwritingNeeds == OverwritingNeeds.Approval && Policy.Role(rule.OverwritingApprover) is null)
        {
            return $"it wants an approval before changes by hand are overwritten, and {(rule.OverwritingApprover.Length == 0 ? "says nobody who could give it" : $"the policy has no role {rule.OverwritingApprover}")}";
        }

        return rule.Approvals switch
        {
            null when PolicyVerb.IsDecided(verb) && !rule.WithoutApproval => "it neither says who approves nor that nobody needs to",
            not null when rule.WithoutApproval => "it says both who approves and that nobody needs to",
            { Count: < 1 } => "it asks for approvals without saying how many",
            { FromRole: var from } when Policy.Role(from) is null => from.Length == 0
                ? "it does not say which role approves"
                : $"the policy has no role {from} that could approve",
            _ => null,
        };
    }

    /// <summary>Why a rule lets nobody follow a branch: what will be pushed is seen by nobody before it runs.</summary>
    internal static string? FollowFault(RuleConfiguration rule) => rule.Verbs.Contains(PolicyVerb.Branch)
        ? "it is the rule for one commit of a branch too, and following whatever is pushed needs one of its own"
        : rule.WithoutApproval ? "it lets whatever is pushed to a branch run without anybody's approval" : null;

    private static Refusal? DurationRefusal(RuleConfiguration rule, TimeSpan cap, TimeSpan? duration)
    {
        var longest = rule.LongestDuration < cap ? rule.LongestDuration : cap;
        if (duration is not { } asked || asked <= TimeSpan.Zero)
        {
            return new(RefusalKind.NotUnderstood, "Every override ends, and this one does not say when.")
            {
                Instead = Text.Of($"Say how long, at most {longest}."),
            };
        }

        return asked <= longest ? null : new(
            RefusalKind.NotAllowed,
            Text.Of($"{asked} is longer than rule {rule.Name:code} allows: {longest} in all, counted from the first start, extensions included."))
        {
            Instead = Text.Of($"Ask for {longest} or less."),
        };
    }

    private static Emergency? EmergencyOf(RuleConfiguration rule, string verb)
    {
        if (rule is not { Approvals: not null, EmergencySelfApproval: { } written } || !PolicyVerb.MakesOverride(verb)
            || written.AfterSilence <= TimeSpan.Zero || written.LongestDuration <= TimeSpan.Zero)
        {
            return null;
        }

        var longest = written.LongestDuration < rule.LongestDuration ? written.LongestDuration : rule.LongestDuration;
        return new(written.AfterSilence, longest);
    }

    private static Decision.Refused No(Text why, Text instead) => new(new Refusal(RefusalKind.NotAllowed, why) { Instead = instead });
}
