using System.Text;

namespace ChatOps.Platform.Kubernetes;

/// <content>The Roles behind <c>/gitops diff</c>: in the namespaces that the policy's applications deploy to, and in no other.</content>
public static partial class RbacYaml
{
    private static void WriteReads(StringBuilder yaml, RbacReads reads, string botNamespace, string botAccount) => yaml.Append(
        $$"""
        # What applications deploy the bot {{(reads.OnlyWatches ? "watches" : "reads here, by name, for `/gitops diff`, and watches")}} while an incident is open: what hands change and Argo CD takes back at once is seen in no other way. Never Secrets.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: chatops-diff
          namespace: {{Quoted(reads.Namespace)}}
        rules:
        {{Rules(reads.Verbs)}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: chatops-diff
          namespace: {{Quoted(reads.Namespace)}}
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

    private static string Rules(IReadOnlyList<string> verbs) => string.Join('\n', ReadKind.All.GroupBy(kind => kind.Group, kind => kind.Resource).Select(group =>
        $"""
          - apiGroups: [{Quoted(group.Key)}]
            resources: [{string.Join(", ", group)}]
            verbs: [{string.Join(", ", verbs)}]
        """));
}
