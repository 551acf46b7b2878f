using System.Text;
using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <content>The Roles behind break-glass RoleBindings: per opted-in namespace, for named ClusterRoles.</content>
public static partial class RbacYaml
{
    private static void WriteGrants(StringBuilder yaml, RbacGrants grants, string botNamespace, string botAccount)
    {
        foreach (var ns in grants.Namespaces)
        {
            yaml.Append(
                $$"""
                # Break-glass: makes and deletes RoleBindings here, for these ClusterRoles and no other.
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata:
                  name: chatops-grants
                  namespace: {{Quoted(ns)}}
                rules:
                  - apiGroups: [rbac.authorization.k8s.io]
                    resources: [rolebindings]
                    verbs: [create, delete]
                  - apiGroups: [rbac.authorization.k8s.io]
                    resources: [clusterroles]
                    verbs: [bind]
                    resourceNames:
                {{List(grants.ClusterRoles, 6)}}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata:
                  name: chatops-grants
                  namespace: {{Quoted(ns)}}
                roleRef:
                  apiGroup: rbac.authorization.k8s.io
                  kind: Role
                  name: chatops-grants
                subjects:
                  - apiGroup: rbac.authorization.k8s.io
                    kind: User
                    name: {{Quoted(ReservedUser.Grants)}}
                ---
                # Where no audit log tells, the bot looks here for what access was used for, and after each end for what outlives
                # it: it asks for names, moments and tools alone. Never Secrets.
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata:
                  name: chatops-grants-leftovers
                  namespace: {{Quoted(ns)}}
                rules:
                {{ListRules(Access.ListedKind.InNamespaces.Where(kind => kind.Resource != "rolebindings"))}}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata:
                  name: chatops-grants-leftovers
                  namespace: {{Quoted(ns)}}
                roleRef:
                  apiGroup: rbac.authorization.k8s.io
                  kind: Role
                  name: chatops-grants-leftovers
                subjects:
                  - kind: ServiceAccount
                    name: {{Quoted(botAccount)}}
                    namespace: {{Quoted(botNamespace)}}
                ---

                """);
        }

        if (grants.ClusterWideRoles.Count > 0)
        {
            yaml.Append(
                $$"""
                # Break-glass for what lives in no namespace: makes and deletes ClusterRoleBindings, for these ClusterRoles and no other.
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata:
                  name: chatops-cluster-grants
                rules:
                  - apiGroups: [rbac.authorization.k8s.io]
                    resources: [clusterrolebindings]
                    verbs: [create, delete]
                  - apiGroups: [rbac.authorization.k8s.io]
                    resources: [clusterroles]
                    verbs: [bind]
                    resourceNames:
                {{List(grants.ClusterWideRoles, 6)}}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata:
                  name: chatops-cluster-grants
                roleRef:
                  apiGroup: rbac.authorization.k8s.io
                  kind: ClusterRole
                  name: chatops-cluster-grants
                subjects:
                  - apiGroup: rbac.authorization.k8s.io
                    kind: User
                    name: {{Quoted(ReservedUser.ClusterGrants)}}
                ---

                """);
        }
    }

    /// <summary>RoleBindings are listed all over the cluster already.</summary>
    private static string ListRules(IEnumerable<Access.ListedKind> kinds) => string.Join('\n', kinds.GroupBy(kind => kind.Group, kind => kind.Resource).Select(group =>
        $"""
          - apiGroups: [{Quoted(group.Key)}]
            resources: [{string.Join(", ", group)}]
            verbs: [list]
        """));

    /// <summary>The bot itself only reads: what a ClusterRole allows, and which bindings there are.</summary>
    /// <summary>With that namespace go the rights to end what was in it, and only the namespace itself then tells that it is gone.</summary>
    private static string AccountsNamespace(string accounts) => accounts.Length == 0 ? "" :
        $$"""
          - apiGroups: [""]
            resources: [namespaces]
            verbs: [get]
            resourceNames: [{{Quoted(accounts)}}]

        """;

    private static void WriteGrantReads(StringBuilder yaml, RbacGrants grants, string botNamespace, string botAccount) => yaml.Append(
        $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: chatops-grants-reads
        rules:
          - apiGroups: [rbac.authorization.k8s.io]
            resources: [{{(grants.ClusterWideRoles.Count > 0 ? "rolebindings, clusterrolebindings" : "rolebindings")}}]
            verbs: [get, list]
          - apiGroups: [rbac.authorization.k8s.io]
            resources: [clusterroles]
            verbs: [get]
            resourceNames:
        {{List([.. grants.ClusterRoles.Union(grants.ClusterWideRoles)], 6)}}
          - apiGroups: [admissionregistration.k8s.io]
            resources: [validatingadmissionpolicies, validatingadmissionpolicybindings]
            verbs: [get]
            resourceNames:
        {{List([.. Access.GrantBounds.Policies(grants.AccountsIn.Length > 0 ? Core.Grants.GrantKind.ServiceAccount : Core.Grants.GrantKind.RoleBinding), .. grants.ClusterWideRoles.Count > 0 ? Access.GrantBounds.Policies(Core.Grants.GrantKind.ClusterRoleBinding) : []], 6)}}
          - apiGroups: [authorization.k8s.io]
            resources: [subjectaccessreviews]
            verbs: [create]
        {{ListRules(Access.ListedKind.InNone.Where(kind => kind.Outlives || grants.ClusterWideRoles.Count > 0))}}
        {{AccountsNamespace(grants.AccountsIn)}}---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: chatops-grants-reads
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: chatops-grants-reads
        subjects:
          - kind: ServiceAccount
            name: {{Quoted(botAccount)}}
            namespace: {{Quoted(botNamespace)}}
        ---

        """);
}
