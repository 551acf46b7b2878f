using System.Text;
using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <content>What is written into projects: one user, the projects by name. What it may write there, manifests/admission bounds.</content>
public static partial class RbacYaml
{
    private static void WriteWindows(StringBuilder yaml, RbacProjects windows) => yaml.Append(
        MayPatchProjects("Pauses of applications whose own field somebody takes back: by a deny window in their project.", "chatops-windows", windows.Namespace, windows.Projects));

    private static string MayPatchProjects(string why, string name, string ns, IReadOnlyList<string> projects) =>
        $$"""
        # {{why}}
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: {{name}}
          namespace: {{Quoted(ns)}}
        rules:
          - apiGroups: [argoproj.io]
            resources: [appprojects]
            verbs: [get, patch]
            resourceNames:
        {{List(projects, 6)}}
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
          - apiGroup: rbac.authorization.k8s.io
            kind: User
            name: {{Quoted(ReservedUser.Projects)}}
        ---

        """;
}
