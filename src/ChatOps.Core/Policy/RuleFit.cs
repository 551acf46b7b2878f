namespace ChatOps.Core.Policy;

/// <summary>
/// Whether one rule speaks about one question, and why not where it does not. <paramref name="Role"/> is the role of the
/// actor that the rule names, null when they hold none of them.
/// </summary>
internal sealed record RuleFit(RuleConfiguration Rule, RoleConfiguration? Role, IReadOnlyList<string> ScopeMisfits)
{
    public bool CoversScope => ScopeMisfits.Count == 0;

    public bool Fits => CoversScope && Role is not null;

    public static RuleFit Of(PolicyConfiguration policy, RuleConfiguration rule, PolicyQuestion question, Actor actor)
    {
        var misfits = new List<string>();
        var verb = PolicyVerb.CoveredBy(question.Verb);
        if (!PolicyVerb.All.Contains(verb) || !rule.Verbs.Contains(verb))
        {
            misfits.Add($"it is for {Listed(rule.Verbs, "no verb")}, not for {question.Verb}");
        }

        if (PolicyVerb.GivesAccess(verb) && (question.Access is not { } access || !rule.Access.Contains(access)))
        {
            misfits.Add($"it gives access as {Listed(rule.Access, "nothing")}, not as {question.Access ?? "nothing"}");
        }

        Check("application", rule.Applications, question.Application);
        Check("project", rule.Projects, question.Project);
        Check("namespace", rule.Namespaces, question.Namespace);
        Check("cluster", rule.Clusters, question.Cluster);
        return new(rule, RoleOf(policy, rule, verb, actor), misfits);

        void Check(string what, List<string> patterns, string value)
        {
            if (!Glob.MatchesAny(patterns, value))
            {
                misfits.Add($"its {what}s are {Listed(patterns, "none at all")}, which {value} is not among");
            }
        }
    }

    public static string Listed(IReadOnlyCollection<string> values, string none) =>
        values.Count == 0 ? none : string.Join(", ", values);

    /// <summary>
    /// The first role in the rule's order that the actor holds and the policy knows; one that can act is preferred, so
    /// that holding a role that only approves takes nothing away.
    /// </summary>
    private static RoleConfiguration? RoleOf(PolicyConfiguration policy, RuleConfiguration rule, string verb, Actor actor)
    {
        var held = rule.Roles.Where(actor.Roles.Contains).Select(policy.Role).OfType<RoleConfiguration>().ToList();
        return held.Find(role => !PolicyVerb.WritesAsRole(verb) || role.KubernetesUser.Length > 0) ?? held.FirstOrDefault();
    }
}
