using System.Text;

namespace ChatOps.Platform.Kubernetes;

/// <content>The Roles behind <c>/gitops diff</c>: in the namespaces that the policy's applications deploy to, and in no other.</content>
public static partial class RbacYaml
{
    private static void WriteReads(StringBuilder yaml, string ns, string botNamespace, string botAccount) => yaml.Append(
        $$"""
        # For `/gitops diff` the bot reads here, by name, what applications deploy. Never Secrets.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: chatops-diff
          namespace: {{Quoted(ns)}}
        rules:
        {{Rules()}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: chatops-diff
          namespace: {{Quoted(ns)}}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: chatops-diff
        subjects:
          - kind: ServiceAccount
            name: {{Quoted(botAccount)}}
            namespace: {{Quoted(botNamespace)}}
        ---

        """);

    private static string Rules() => string.Join('\n', ReadKind.All.GroupBy(kind => kind.Group, kind => kind.Resource).Select(group =>
        $"""
          - apiGroups: [{Quoted(group.Key)}]
            resources: [{string.Join(", ", group)}]
            verbs: [get]
        """));
}
