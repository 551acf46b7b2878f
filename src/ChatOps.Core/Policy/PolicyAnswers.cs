using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;

namespace ChatOps.Core.Policy;

/// <summary>One question that every emergency policy must answer, and what this one says.</summary>
internal sealed record PolicyAnswer(string Question, IReadOnlyList<Text> Sentences);

/// <summary>The seven questions. What a rule says comes from the rule; what the product always does is said as such.</summary>
internal static class PolicyAnswers
{
    public static IReadOnlyList<PolicyAnswer> Of(PolicyConfiguration policy) =>
    [
        new("Who can pause or modify reconciliation", [.. WhoCan(policy)]),
        new("How access is granted, logged and reviewed", [.. Access(policy)]),
        new("Whether on-call may switch to a fix branch", [.. Branch(policy)]),
        new("When direct kubectl is allowed", [.. Kubectl(policy)]),
        new("What the record must hold",
        [
            "Of every override: who owns it, why, until when, and what was there before; none is made without them.",
            "Of every request: the exact plan, the rule and the version of the policy that allowed it, and everybody who approved that plan or denied it.",
            "Everything that happened, when it happened and, if different, when it was learned. Entries are only added, each sealed with a hash over the one before it.",
        ]),
        new("How fast a change must be in Git",
        [
            Text.Of($"Within {policy.BackportWithin}. Until then Git does not say what runs, and the next sync brings the problem back."),
        ]),
        new("What alerts when reconciliation is suspended too long", [.. Alerts(policy)]),
    ];

    private static IEnumerable<Text> WhoCan(PolicyConfiguration policy)
    {
        foreach (var rule in policy.Rules)
        {
            yield return Text.Of($"Rule {rule.Name:code} {PolicyDocument.InWords(rule)}.");
            if (rule.Approvals is { } approvals && rule.Verbs.Exists(PolicyVerb.IsDecided))
            {
                var next = approvals.AskNext.Select(next => $" After {Commands.Durations.InWords(next.After)} without an answer {next.Role} is asked, and may approve too.");
                yield return Text.Of($"A request under {rule.Name:code} lives {approvals.RequestLives}; nobody approves their own.{string.Concat(next)}");
            }

            if (rule.Verbs.Exists(PolicyVerb.MakesOverride))
            {
                yield return Overwriting.Of(rule).InWords;
            }

            if (rule.MayAddIgnoreApplicationDifferences && rule.Verbs.Exists(PolicyVerb.MayEditSets))
            {
                yield return Text.Of($"Under {rule.Name:code} an ApplicationSet that would take a pause back may be edited for that time: one entry for the application alone, among {"ignoreApplicationDifferences":code}.");
            }
        }

        yield return policy.Rules.Count == 0 ? "Nobody: there are no rules." : "The first rule that fits decides. What no rule fits, nobody may do.";
        foreach (var verb in PolicyVerb.All.Where(verb => !policy.Rules.Exists(rule => rule.Verbs.Contains(verb))))
        {
            yield return Text.Of($"No rule allows {verb:code}.");
        }
    }

    private static IEnumerable<Text> Access(PolicyConfiguration policy)
    {
        foreach (var role in policy.Roles)
        {
            var acts = role.KubernetesUser.Length == 0 ? "has no user in the cluster, so it begins no change there." : Text.Of($"changes the cluster as {role.KubernetesUser:code}.");
            yield return Text.Of($"{NoRule.WithHolders(role)}: {acts}");
        }

        yield return "Roles are looked up at the click and again at execution; an account that is a bot, a guest, from elsewhere or deactivated holds none.";
        yield return "Each write is in the cluster's audit log with the user of the role, or that of access, and the name of the person, and in the incident's timeline.";
        foreach (var rule in policy.Rules.Where(rule => rule.Verbs.Contains(PolicyVerb.Grant)))
        {
            if (Giving(policy, rule, GrantKind.ArgoCdRole) is { Count: > 0 } roles)
            {
                var each = roles.Select(name => $"{name} ({string.Join(", ", policy.BreakGlass.Role(name)!.ArgoCdActions)})");
                yield return Text.Of($"In Argo CD rule {rule.Name:code} gives access as {string.Join(" or ", each)}, to one application and one person at a time, for {LongestOf(policy, rule)} in all, by a role in the project that is made for it and taken away at its moment.");
            }
        }

        if (policy.Rules.Exists(rule => rule.Verbs.Exists(PolicyVerb.GivesAccess)))
        {
            yield return Limits(policy.BreakGlass);
            yield return "Whoever approves access may give less time than was asked for, never more; of several approvals the shortest time counts.";
        }

        var emergencies = policy.Rules.Where(rule => rule is { Approvals: not null, EmergencySelfApproval: not null }).ToList();
        foreach (var rule in emergencies)
        {
            yield return Text.Of($"Under {rule.Name:code} the requester may approve alone after {rule.EmergencySelfApproval!.AfterSilence} of silence, for {rule.EmergencySelfApproval.LongestDuration} at most, in an incident that somebody else opened or that a firing alert about the application confirms. Everybody is told, and a review opens that somebody who could have approved must close.");
        }

        if (emergencies.Count == 0)
        {
            yield return "No rule lets anybody approve alone, however long the silence.";
        }
    }

    /// <summary>Of all access together, whatever a rule says.</summary>
    internal static Text Limits(BreakGlassConfiguration glass)
    {
        var day = glass.LongestPerDay is { } most ? $"; in 24 hours one person has {Commands.Durations.InWords(most)} of access at most, all grants together" : "";
        return Text.Of($"At the same time one person has {glass.MostPerPerson} grants at most, and {glass.MostPerApplication} reach one application or its namespaces{day}. That is judged when somebody asks, and again when the access is given.");
    }

    private static IEnumerable<Text> Branch(PolicyConfiguration policy)
    {
        const string verb = PolicyVerb.Branch;
        var rules = policy.Rules.Where(rule => rule.Verbs.Contains(verb)).ToList();
        if (rules.Count == 0)
        {
            yield return Text.Of($"No: no rule allows {verb:code}.");
            if (policy.Rules.Exists(rule => rule.Verbs.Contains(PolicyVerb.Pause)))
            {
                yield return Text.Of($"What the rules do allow is to {PolicyVerb.Pause:code} an application, and to fix Git meanwhile.");
            }
        }

        foreach (var rule in rules)
        {
            yield return Text.Of($"Yes: rule {rule.Name:code} {PolicyDocument.InWords(rule)}.");
        }

        if (rules.Count > 0)
        {
            yield return "What is approved is one commit of the branch, shown with its author. A later commit is announced in the thread and needs the same approval again.";
        }

        var following = policy.Rules.Where(rule => rule.Verbs.Contains(PolicyVerb.BranchFollow) && Rulebook.FollowFault(rule) is null).ToList();
        foreach (var rule in following)
        {
            yield return Text.Of($"Following it: rule {rule.Name:code} {PolicyDocument.InWords(rule)}. Then whatever is pushed while it lasts is deployed by itself, told in the thread with its author. A branch that is deleted or rewritten stops that and is an alarm.");
        }

        if (rules.Count > 0 && following.Count == 0)
        {
            yield return "Nobody may follow a branch, so that later commits are deployed by themselves.";
        }
    }

    private static IEnumerable<Text> Kubectl(PolicyConfiguration policy)
    {
        var giving = policy.Rules.Where(rule => rule.Verbs.Contains(PolicyVerb.Grant) && Giving(policy, rule, GrantKind.RoleBinding).Count > 0).ToList();
        foreach (var rule in giving)
        {
            yield return Text.Of($"With access by rule {rule.Name:code}: as {PolicyDocument.Or(Giving(policy, rule, GrantKind.RoleBinding))}, in the namespaces of the application, for {LongestOf(policy, rule)} in all. It ends by itself at its moment, and the API server is asked whether it did.");
        }

        if (giving.Count > 0 && policy.BreakGlass.AccountsIn.Length > 0)
        {
            yield return "Whom the clusters do not know gets it as a ServiceAccount that is made for it; its token is fetched on a page after a sign-in, shown once and kept nowhere.";
        }

        var wide = policy.Rules.Where(rule => rule.Verbs.Contains(PolicyVerb.GrantCluster) && !rule.Verbs.Contains(PolicyVerb.Grant) && policy.BreakGlass.ClusterWideIn.Count > 0 && Giving(policy, rule, GrantKind.ClusterRoleBinding).Count > 0).ToList();
        foreach (var rule in wide)
        {
            yield return Text.Of($"To what lives in no namespace only by rule {rule.Name:code}: as {PolicyDocument.Or(Giving(policy, rule, GrantKind.ClusterRoleBinding))}, for the whole of cluster {PolicyDocument.Or(policy.BreakGlass.ClusterWideIn)}, for {LongestOf(policy, rule)} in all, ended and asked about in the same way.");
        }

        yield return giving.Count + wide.Count == 0
            ? "This policy grants no access to the cluster: whoever may use kubectl may do so by the cluster's own RBAC."
            : "Whoever may use kubectl by the cluster's own RBAC may go on doing so.";
        var pausing = policy.Rules.Where(rule => rule.Verbs.Contains(PolicyVerb.Pause)).Select(rule => rule.Name).ToList();
        yield return pausing.Count == 0
            ? "No rule allows to pause, so a change by hand is reverted wherever self-heal is on."
            : Text.Of($"Where self-heal is on, a change by hand holds only while the application is paused (by rule {PolicyDocument.Or(pausing)}). Pause first, and wait until the thread says that it holds.");
        yield return Text.Of($"What was changed by hand must be in Git within {policy.BackportWithin}.");
    }

    /// <summary>The roles of one kind that a rule gives.</summary>
    private static List<string> Giving(PolicyConfiguration policy, RuleConfiguration rule, GrantKind kind) =>
        [.. rule.Access.Where(access => policy.BreakGlass.Role(access) is { } role && role.Kind == kind)];

    private static TimeSpan LongestOf(PolicyConfiguration policy, RuleConfiguration rule) =>
        rule.LongestDuration < policy.BreakGlass.LongestGrant ? rule.LongestDuration : policy.BreakGlass.LongestGrant;

    private static IEnumerable<Text> Alerts(PolicyConfiguration policy)
    {
        yield return Text.Of($"The owner, or where there is none the commander, is asked {policy.NoticeBeforeEnd} before the end; of what lasts less than {policy.NoticeBeforeEnd * 6}, when a sixth of its time is left.");
        foreach (var rule in policy.Rules.Where(rule => rule.Verbs.Exists(PolicyVerb.MakesOverride)))
        {
            yield return rule.AtDeadline switch
            {
                AtDeadline.Resume => Text.Of($"Under {rule.Name:code} the application is resumed at the deadline."),
                AtDeadline.Escalate => Text.Of($"Under {rule.Name:code} people are asked at the deadline, until somebody decides."),
            };
        }

        if (policy.Rules.Exists(rule => rule.AtDeadline == AtDeadline.Escalate && rule.Verbs.Exists(PolicyVerb.MakesOverride)))
        {
            var others = policy.EscalateTo.Count == 0 ? "and to nobody else" : $"then also to {string.Join(", then also to ", policy.EscalateTo)}";
            yield return Text.Of($"A passed deadline is brought up again every {policy.EscalateEvery}: to the owner and to the incident's operator and commander, {others}.");
        }
    }
}
