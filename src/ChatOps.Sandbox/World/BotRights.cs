using System.Text.Json.Nodes;
using ChatOps.Sandbox.Manifests;

namespace ChatOps.Sandbox.World;

/// <summary>What the bot may do in the sandbox's cluster: what manifests/ and <c>ChatOps.Server rbac</c> would give it there.</summary>
public static class BotRights
{
    public const string BotUser = "system:serviceaccount:chatops:chatops";

    /// <param name="applications">The names each role may patch.</param>
    public static IReadOnlyList<JsonObject> For(params string[] applications) => Yaml.ParseAll($$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: chatops-reads }
        rules:
        - { apiGroups: [argoproj.io], resources: [applications, appprojects, applicationsets], verbs: [get, list, watch] }
        - { apiGroups: [apiextensions.k8s.io], resources: [customresourcedefinitions], resourceNames: [applications.argoproj.io], verbs: [get] }
        - { apiGroups: [admissionregistration.k8s.io], resources: [validatingadmissionpolicies, validatingadmissionpolicybindings], resourceNames: [chatops-applications-kept, chatops-application-fields, chatops-grants, chatops-grants-of-nobody-else, chatops-cluster-grants, chatops-cluster-grants-of-nobody-else, chatops-projects, chatops-project-roles-of-nobody-else, chatops-project-windows, chatops-applicationsets], verbs: [get] }
        - { apiGroups: [batch], resources: [cronjobs], resourceNames: [chatops-janitor], verbs: [get] }
        - { apiGroups: [authorization.k8s.io], resources: [subjectaccessreviews, selfsubjectaccessreviews], verbs: [create] }
        - { apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings, clusterrolebindings], verbs: [get, list] }
        - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [list] }
        - { apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations], verbs: [list] }
        - { apiGroups: [""], resources: [nodes, namespaces, persistentvolumes], verbs: [list] }
        - { apiGroups: [storage.k8s.io], resources: [storageclasses], verbs: [list] }
        - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [get], resourceNames: [chatops-breakglass-editor, chatops-breakglass-viewer, chatops-breakglass-cluster-viewer] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: chatops-reads }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: chatops-reads }
        subjects: [{ kind: ServiceAccount, name: chatops, namespace: chatops }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: chatops-reads, namespace: argocd }
        rules:
        - { apiGroups: [""], resources: [configmaps], resourceNames: [argocd-cm, argocd-rbac-cm], verbs: [get] }
        - { apiGroups: [""], resources: [events], verbs: [list] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: chatops-reads, namespace: argocd }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: chatops-reads }
        subjects: [{ kind: ServiceAccount, name: chatops, namespace: chatops }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: chatops-diff, namespace: shop }
        rules:
        - { apiGroups: [""], resources: [configmaps, services, serviceaccounts, persistentvolumeclaims], verbs: [get, watch] }
        - { apiGroups: [apps], resources: [deployments, statefulsets, daemonsets], verbs: [get, watch] }
        - { apiGroups: [batch], resources: [jobs, cronjobs], verbs: [get, watch] }
        - { apiGroups: [autoscaling], resources: [horizontalpodautoscalers], verbs: [get, watch] }
        - { apiGroups: [policy], resources: [poddisruptionbudgets], verbs: [get, watch] }
        - { apiGroups: [networking.k8s.io], resources: [ingresses, networkpolicies], verbs: [get, watch] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: chatops-diff, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: chatops-diff }
        subjects: [{ kind: ServiceAccount, name: chatops, namespace: chatops }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: chatops-acts-as }
        rules:
        - { apiGroups: [""], resources: [users], verbs: [impersonate], resourceNames: ["chatops:on-call", "chatops:commander", "chatops:grants", "chatops:cluster-grants", "chatops:projects"] }
        - { apiGroups: [authentication.k8s.io], resources: [userextras/chatops-user], verbs: [impersonate] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: chatops-acts-as }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: chatops-acts-as }
        subjects: [{ kind: ServiceAccount, name: chatops, namespace: chatops }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: chatops-grants, namespace: shop }
        rules:
        - { apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create, delete] }
        - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [chatops-breakglass-editor, chatops-breakglass-viewer] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: chatops-grants, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: chatops-grants }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: "chatops:grants" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: chatops-cluster-grants }
        rules:
        - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create, delete] }
        - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [chatops-breakglass-cluster-viewer] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: chatops-cluster-grants }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: chatops-cluster-grants }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: "chatops:cluster-grants" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: chatops-breakglass-cluster-viewer }
        rules:
        - { apiGroups: [""], resources: [nodes, namespaces], verbs: [get, list, watch] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: chatops-grants-leftovers, namespace: shop }
        rules:
        - { apiGroups: [""], resources: [configmaps, services, serviceaccounts, persistentvolumeclaims, pods], verbs: [list] }
        - { apiGroups: [apps], resources: [deployments, statefulsets, daemonsets, replicasets], verbs: [list] }
        - { apiGroups: [batch], resources: [jobs, cronjobs], verbs: [list] }
        - { apiGroups: [autoscaling], resources: [horizontalpodautoscalers], verbs: [list] }
        - { apiGroups: [policy], resources: [poddisruptionbudgets], verbs: [list] }
        - { apiGroups: [networking.k8s.io], resources: [ingresses, networkpolicies], verbs: [list] }
        - { apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [list] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: chatops-grants-leftovers, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: chatops-grants-leftovers }
        subjects: [{ kind: ServiceAccount, name: chatops, namespace: chatops }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: chatops-projects, namespace: argocd }
        rules:
        - { apiGroups: [argoproj.io], resources: [appprojects], verbs: [get, patch], resourceNames: [shop] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: chatops-projects, namespace: argocd }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: chatops-projects }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: "chatops:projects" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: chatops-breakglass-viewer }
        rules:
        - { apiGroups: [""], resources: [pods, pods/log, configmaps, services], verbs: [get, list, watch] }
        - { apiGroups: [apps], resources: [deployments], verbs: [get, list, watch] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: chatops-breakglass-editor }
        rules:
        - { apiGroups: [""], resources: [pods, pods/log, configmaps, services], verbs: [get, list, watch] }
        - { apiGroups: [""], resources: [configmaps], verbs: [patch, update] }
        - { apiGroups: [""], resources: [pods/exec], verbs: [create] }
        - { apiGroups: [""], resources: [pods], verbs: [delete] }
        - { apiGroups: [apps], resources: [deployments, deployments/scale], verbs: [get, list, watch, patch, update] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: chatops-windows, namespace: argocd }
        rules:
        - { apiGroups: [argoproj.io], resources: [appprojects], verbs: [get, patch], resourceNames: [shop] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: chatops-windows, namespace: argocd }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: chatops-windows }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: "chatops:projects" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: chatops-patches, namespace: argocd }
        rules:
        - { apiGroups: [argoproj.io], resources: [applications], verbs: [get, patch], resourceNames: [{{string.Join(", ", applications)}}] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: chatops-patches, namespace: argocd }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: chatops-patches }
        subjects:
        - { apiGroup: rbac.authorization.k8s.io, kind: User, name: "chatops:on-call" }
        - { apiGroup: rbac.authorization.k8s.io, kind: User, name: "chatops:commander" }
        """);
}
