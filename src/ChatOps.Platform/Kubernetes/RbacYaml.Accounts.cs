using System.Text;
using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <content>The Roles behind ServiceAccounts of grants: in one namespace in which nothing else lives, for the bot's user and for the janitor.</content>
public static partial class RbacYaml
{
    private static void WriteAccounts(StringBuilder yaml, string ns, string botNamespace, string botAccount) => yaml
        .Append(InAccounts("Break-glass for people whom the cluster does not know: an account for each grant, and its tokens. RBAC cannot tell accounts apart, so nothing else may live here.", "chatops-accounts", ns,
            """
              - apiGroups: [""]
                resources: [serviceaccounts]
                verbs: [create, delete]
              - apiGroups: [""]
                resources: [serviceaccounts/token]
                verbs: [create]
            """,
            $$"""
              - apiGroup: rbac.authorization.k8s.io
                kind: User
                name: {{Quoted(ReservedUser.Grants)}}
            """))
        .Append(InAccounts("The bot itself only reads.", "chatops-accounts-reads", ns,
            """
              - apiGroups: [""]
                resources: [serviceaccounts]
                verbs: [get, list]
            """,
            Account(botAccount, botNamespace)))
        .Append(InAccounts("The janitor ends what is past its moment when the bot is dead; JANITOR_ACCOUNTS names this namespace.", "chatops-janitor-accounts", ns,
            """
              - apiGroups: [""]
                resources: [serviceaccounts]
                verbs: [get, list, delete]
            """,
            Account("chatops-janitor", botNamespace)));

    private static string Account(string name, string ns) =>
        $$"""
          - kind: ServiceAccount
            name: {{Quoted(name)}}
            namespace: {{Quoted(ns)}}
        """;

    private static string InAccounts(string why, string name, string ns, string rules, string subjects) =>
        $$"""
        # {{why}}
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: {{name}}
          namespace: {{Quoted(ns)}}
        rules:
        {{rules}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: {{name}}
          namespace: {{Quoted(ns)}}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: {{name}}
        subjects:
        {{subjects}}
        ---

        """;
}
