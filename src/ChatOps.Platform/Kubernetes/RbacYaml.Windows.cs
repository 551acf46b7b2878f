using System.Text;
using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <content>Pauses by a deny window: one user, the projects by name. What it may write there, manifests/admission bounds.</content>
public static partial class RbacYaml
{
    private static void WriteWindows(StringBuilder yaml, RbacWindows windows) => yaml.Append(
        $$"""
        # Pauses of applications whose own field somebody takes back: by a deny window in their project.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: chatops-windows
          namespace: {{Quoted(windows.Namespace)}}
        rules:
          - apiGroups: [argoproj.io]
            resources: [appprojects]
            verbs: [get, patch]
            resourceNames:
        {{List(windows.Projects, 6)}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: chatops-windows
          namespace: {{Quoted(windows.Namespace)}}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: chatops-windows
        subjects:
          - apiGroup: rbac.authorization.k8s.io
            kind: User
            name: {{Quoted(ReservedUser.Projects)}}
        ---

        """);
}
