using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Policy;

namespace ChatOps.Core.Grants;

/// <summary>Who somebody is where access is given: as it is written down or was proved, for exactly one person, and never guessed. Pure.</summary>
public static class GrantSubject
{
    /// <summary>Whom the clusters know gets access as themselves; only for the others there is a ServiceAccount, where the policy has a place for it.</summary>
    public static GrantKind KindFor(Person person, AccessRoleConfiguration role, BreakGlassConfiguration glass) =>
        string.IsNullOrEmpty(person.KubernetesUser) && MayHaveAccount(role, glass) ? GrantKind.ServiceAccount : role.Kind;

    /// <summary>Whether that role can be had without a name in the clusters.</summary>
    public static bool MayHaveAccount(AccessRoleConfiguration role, BreakGlassConfiguration glass) => role.Kind == GrantKind.RoleBinding && glass.AccountsIn.Length > 0;

    /// <summary>Null: nobody said so, two people are the same one, or it is nobody that access may be given to.</summary>
    public static string? Of(Person person, GrantKind kind, IEnumerable<Person> everybody) =>
        Named(person, kind) is { Length: > 0 } name && IsAPerson(name, kind) && everybody.All(other => other.Name == person.Name || Named(other, kind) != name) ? name : null;

    /// <summary>
    /// Nobody of the cluster's own or of ours. In Argo CD a name stands in a line of its own policy, in which these would be
    /// another role, another column or another line.
    /// </summary>
    public static bool IsAPerson(string name, GrantKind kind) => kind switch
    {
        GrantKind.ServiceAccount => true, // ours, of a name of ours
        GrantKind.RoleBinding or GrantKind.ClusterRoleBinding => !name.StartsWith("system:", StringComparison.Ordinal) && !name.StartsWith("chatops:", StringComparison.Ordinal),
        GrantKind.ArgoCdRole => !name.StartsWith("role:", StringComparison.Ordinal) && !name.StartsWith("proj:", StringComparison.Ordinal)
            && !name.Any(letter => letter is ',' or '"' or '#' or '*' || char.IsWhiteSpace(letter) || char.IsControl(letter)),
    };

    public static Refusal Unmapped(Person person, GrantKind kind)
    {
        var (where, setting) = kind switch
        {
            GrantKind.RoleBinding or GrantKind.ClusterRoleBinding or GrantKind.ServiceAccount => ("in the clusters", "KubernetesUser"),
            GrantKind.ArgoCdRole => ("in Argo CD", "ArgoCdUser"),
        };
        return new Refusal(RefusalKind.UnknownPerson, Text.Of($"I do not know who {person.DisplayName} is {where}, or somebody else is mapped to the same user."))
        {
            Instead = Text.Of($"Let the platform team set {setting:code} of {person.Name} in {"Identity:People":code}, once and to nobody else."),
        };
    }

    private static string? Named(Person person, GrantKind kind) => kind switch
    {
        GrantKind.RoleBinding or GrantKind.ClusterRoleBinding => person.KubernetesUser,
        GrantKind.ServiceAccount => person.Name,
        GrantKind.ArgoCdRole => person.ArgoCdUser,
    };
}
