using ChatOps.Core.Policy;

namespace ChatOps.Core.Tests.Policy;

/// <summary>A valid policy; a test names only what it is about.</summary>
internal static class SomePolicy
{
    public static PolicyConfiguration Valid(params RuleConfiguration[] rules)
    {
        var policy = new PolicyConfiguration
        {
            Version = "7",
            Roles =
            {
                Role("on-call", "chatops:on-call", "alice"),
                Role("commander", "chatops:commander", "bob", "carol"),
                Role("platform", "", "dave"),
            },
        };
        policy.Rules.AddRange(rules.Length > 0 ? rules : [PauseShop()]);
        return policy;
    }

    public static RoleConfiguration Role(string name, string kubernetesUser, params string[] users)
    {
        var role = new RoleConfiguration { Name = name, KubernetesUser = kubernetesUser };
        role.Users.AddRange(users);
        return role;
    }

    /// <summary>on-call may pause shop-* for an hour with a commander's approval; platform is asked after ten minutes.</summary>
    public static RuleConfiguration PauseShop(Action<RuleConfiguration>? change = null)
    {
        var rule = Rule("pause-shop", "on-call", "pause");
        rule.Applications[0] = "shop-*";
        rule.WithoutApproval = false;
        rule.Approvals = new ApprovalConfiguration
        {
            FromRole = "commander",
            AskNext = { new AskNextConfiguration { Role = "platform", After = TimeSpan.FromMinutes(10) } },
        };
        rule.EmergencySelfApproval = new EmergencyConfiguration { AfterSilence = TimeSpan.FromMinutes(15), LongestDuration = TimeSpan.FromMinutes(30) };
        change?.Invoke(rule);
        return rule;
    }

    /// <summary>One role, everywhere, for an hour, without approval.</summary>
    public static RuleConfiguration Rule(string name, string role, params string[] verbs)
    {
        var rule = new RuleConfiguration
        {
            Name = name,
            Roles = { role },
            Applications = { "*" },
            Projects = { "*" },
            Namespaces = { "*" },
            Clusters = { "*" },
            LongestDuration = TimeSpan.FromHours(1),
            WithoutApproval = true,
        };
        rule.Verbs.AddRange(verbs);
        return rule;
    }

    public static Actor Actor(string person, params string[] roles) => new(person, roles.ToHashSet(StringComparer.Ordinal));

    public static PolicyQuestion Question(string verb = "pause", string application = "shop-checkout", int? minutes = 45, string project = "shop", string @namespace = "shop", string cluster = "prod") =>
        new(verb, application, project, @namespace, cluster, minutes is { } length ? TimeSpan.FromMinutes(length) : null);
}
