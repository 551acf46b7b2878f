using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ChatOps.Platform.Kubernetes;

/// <summary>
/// The Roles that make the API server the last gate: exact users to act as, exact applications to patch. Pure, and in a
/// stable order, for Git.
/// </summary>
public static partial class RbacYaml
{
    private const string Actor = "chatops-acts-as";

    public static string Write(IReadOnlyCollection<RbacScope> scopes, string botNamespace = "chatops", string botAccount = "chatops", IReadOnlyCollection<RbacGrants>? grants = null, IReadOnlyCollection<RbacReads>? reads = null, IReadOnlyCollection<RbacProjects>? projects = null, IReadOnlyCollection<RbacProjects>? windows = null, IReadOnlyCollection<RbacSets>? sets = null)
    {
        var yaml = new StringBuilder("# Written by `ChatOps.Server rbac` from the policy and the applications that exist. Review it like any grant of rights.\n");
        foreach (var cluster in scopes.Select(scope => scope.HeldBy).Concat((grants ?? []).Select(given => given.Cluster)).Concat((reads ?? []).Select(read => read.Cluster)).Concat((projects ?? []).Select(one => one.Cluster)).Concat((windows ?? []).Select(one => one.Cluster)).Concat((sets ?? []).Select(one => one.Cluster)).Distinct().Order(StringComparer.Ordinal))
        {
            yaml.Append($"# Cluster {cluster}\n");
            var here = scopes.Where(scope => scope.HeldBy == cluster).ToList();
            var given = grants?.FirstOrDefault(one => one.Cluster == cluster);
            var windowed = (windows ?? []).Where(one => one.Cluster == cluster).ToList();
            var edited = (sets ?? []).Where(one => one.Cluster == cluster).ToList();
            var roles = (projects ?? []).Where(one => one.Cluster == cluster).ToList();
            IEnumerable<string> users = [.. here.Select(scope => scope.User), .. given is { ClusterRoles.Count: > 0 } ? new[] { Core.Policy.ReservedUser.Grants } : [], .. given is { ClusterWideRoles.Count: > 0 } ? new[] { Core.Policy.ReservedUser.ClusterGrants } : [], .. roles.Count + windowed.Count == 0 ? [] : new[] { Core.Policy.ReservedUser.Projects }, .. edited.Count == 0 ? [] : new[] { Core.Policy.ReservedUser.Sets }];
            if (users.Any())
            {
                // An empty list of names would be every name.
                WriteActor(yaml, [.. users.Distinct().Order(StringComparer.Ordinal)], botNamespace, botAccount);
            }

            foreach (var read in (reads ?? []).Where(read => read.Cluster == cluster))
            {
                WriteReads(yaml, read, botNamespace, botAccount);
            }

            foreach (var scope in here)
            {
                WriteScope(yaml, scope);
            }

            foreach (var one in windowed)
            {
                WriteWindows(yaml, one);
            }

            foreach (var one in edited)
            {
                WriteSets(yaml, one);
            }

            if (given is not null)
            {
                WriteGrantReads(yaml, given, botNamespace, botAccount);
                WriteGrants(yaml, given, botNamespace, botAccount);
            }

            if (given is { AccountsIn: { Length: > 0 } accounts })
            {
                WriteAccounts(yaml, accounts, botNamespace, botAccount);
            }

            if (roles.Count > 0)
            {
                WriteProjectBounds(yaml, botNamespace, botAccount);
            }

            foreach (var project in roles)
            {
                WriteProjects(yaml, project, botNamespace, botAccount);
            }
        }

        return yaml.ToString();
    }

    /// <summary>A name for the Role of a user; two users never share one.</summary>
    public static string RoleName(string user)
    {
        var plain = new string([.. user.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]).Trim('-');
        var isFaithful = user == plain.Replace("chatops-", "chatops:", StringComparison.Ordinal);
        return isFaithful ? plain : $"{plain}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)))[..8]}";
    }

    private static void WriteActor(StringBuilder yaml, IReadOnlyList<string> users, string botNamespace, string botAccount) => yaml.Append(
        $$"""
        # The bot may act as these users and as nobody else; one extra says for which person.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: {{Actor}}
        rules:
          - apiGroups: [""]
            resources: [users]
            verbs: [impersonate]
            resourceNames:
        {{List(users, 6)}}
          - apiGroups: [authentication.k8s.io]
            resources: [userextras/chatops-user]
            verbs: [impersonate]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: {{Actor}}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: {{Actor}}
        subjects:
          - kind: ServiceAccount
            name: {{Quoted(botAccount)}}
            namespace: {{Quoted(botNamespace)}}
        ---

        """);

    private static void WriteScope(StringBuilder yaml, RbacScope scope) => yaml.Append(
        $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: {{RoleName(scope.User)}}
          namespace: {{Quoted(scope.Namespace)}}
        rules:
          - apiGroups: [argoproj.io]
            resources: [applications]
            verbs: [get, patch]
            resourceNames:
        {{List(scope.Applications, 6)}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: {{RoleName(scope.User)}}
          namespace: {{Quoted(scope.Namespace)}}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: {{RoleName(scope.User)}}
        subjects:
          - apiGroup: rbac.authorization.k8s.io
            kind: User
            name: {{Quoted(scope.User)}}
        ---

        """);

    private static string List(IEnumerable<string> values, int indent) =>
        string.Join('\n', values.Select(value => $"{new string(' ', indent)}- {Quoted(value)}"));

    // JSON text is YAML text, and nothing in it can be taken for anything else.
    private static string Quoted(string value) => JsonSerializer.Serialize(value);
}
