using ChatOps.Core.Policy;

namespace ChatOps.Platform.Tests;

/// <summary>Rulebooks with a role and a rule for each Kubernetes user.</summary>
internal static class Policies
{
    public static Rulebook OnCallAnd(string other) => Of(("on-call", Some.OnCall, "*"), ("other", other, "none"));

    public static Rulebook For(string user, string applications) => Of(("role", user, applications));

    public static Rulebook Of(params (string Role, string User, string Applications)[] roles)
    {
        var policy = new PolicyConfiguration { Version = "1" };
        foreach (var (role, user, applications) in roles)
        {
            policy.Roles.Add(new() { Name = role, KubernetesUser = user });
            policy.Rules.Add(new()
            {
                Name = role,
                Roles = { role },
                Verbs = { "pause" },
                Applications = { applications },
                Projects = { "*" },
                Namespaces = { "*" },
                Clusters = { "*" },
                LongestDuration = TimeSpan.FromHours(1),
                WithoutApproval = true,
            });
        }

        return new(policy);
    }
}
