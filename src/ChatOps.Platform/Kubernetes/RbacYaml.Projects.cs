using System.Text;
using ChatOps.Core.Grants;

namespace ChatOps.Platform.Kubernetes;

/// <content>The Roles behind access in Argo CD: named projects, for the bot's user and for the janitor.</content>
public static partial class RbacYaml
{
    private static void WriteProjects(StringBuilder yaml, RbacProjects projects, string botNamespace, string botAccount) => yaml
        .Append(MayPatchProjects("Access in Argo CD: makes and takes away roles in these projects, for people, until a moment.", "chatops-projects", projects.Namespace, projects.Projects))
        .Append(
        $$"""
        # The bot itself only reads: how names in policies are matched.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: chatops-projects-reads
          namespace: {{Quoted(projects.Namespace)}}
        rules:
          - apiGroups: [""]
            resources: [configmaps]
            verbs: [get]
            resourceNames: [argocd-rbac-cm]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: chatops-projects-reads
          namespace: {{Quoted(projects.Namespace)}}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: chatops-projects-reads
        subjects:
          - kind: ServiceAccount
            name: {{Quoted(botAccount)}}
            namespace: {{Quoted(botNamespace)}}
        ---
        # The janitor of manifests/breakglass-argocd ends what is past its moment when the bot is dead.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: chatops-janitor-projects
          namespace: {{Quoted(projects.Namespace)}}
        rules:
          - apiGroups: [argoproj.io]
            resources: [appprojects]
            verbs: [list]
          - apiGroups: [argoproj.io]
            resources: [appprojects]
            verbs: [get, patch]
            resourceNames:
        {{List(projects.Projects, 6)}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: chatops-janitor-projects
          namespace: {{Quoted(projects.Namespace)}}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: chatops-janitor-projects
        subjects:
          - kind: ServiceAccount
            name: chatops-janitor
            namespace: {{Quoted(botNamespace)}}
        ---

        """);

    /// <summary>Whether the policies that bound it are there, asked of the whole cluster.</summary>
    private static void WriteProjectBounds(StringBuilder yaml, string botNamespace, string botAccount) => yaml.Append(
        $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: chatops-projects-bounds
        rules:
          - apiGroups: [admissionregistration.k8s.io]
            resources: [validatingadmissionpolicies, validatingadmissionpolicybindings]
            verbs: [get]
            resourceNames:
        {{List(Access.GrantBounds.Policies(GrantKind.ArgoCdRole), 6)}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: chatops-projects-bounds
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: chatops-projects-bounds
        subjects:
          - kind: ServiceAccount
            name: {{Quoted(botAccount)}}
            namespace: {{Quoted(botNamespace)}}
        ---

        """);
}
