using System.Text;
using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <content>What is written into sets, where a rule lets it: one user, the sets by name. That it is one list and nothing else, manifests/admission bounds.</content>
public static partial class RbacYaml
{
    private static void WriteSets(StringBuilder yaml, RbacSets sets) => yaml.Append(
        $$"""
        # Pauses of applications whose set takes them back: by an entry in the set, as a rule of the policy allows. Without
        # manifests/admission this user could change everything in these sets.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: chatops-sets
          namespace: {{Quoted(sets.Namespace)}}
        rules:
          - apiGroups: [argoproj.io]
            resources: [applicationsets]
            verbs: [get, patch]
            resourceNames:
        {{List(sets.Sets, 6)}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: chatops-sets
          namespace: {{Quoted(sets.Namespace)}}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: chatops-sets
        subjects:
          - apiGroup: rbac.authorization.k8s.io
            kind: User
            name: {{Quoted(ReservedUser.Sets)}}
        ---

        """);
}
