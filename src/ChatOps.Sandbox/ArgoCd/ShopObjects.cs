using System.Text.Json.Nodes;
using ChatOps.Sandbox.Manifests;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>What is in the sample shop's cluster before Argo CD has done anything.</summary>
internal static class ShopObjects
{
    public static IEnumerable<JsonObject> All() => Yaml.ParseAll(Cluster)
        .Concat(Yaml.ParseAll(string.Join("---\n", Application("checkout"), Application("payments"), Application("catalogue"), Application("platform"))));

    private static string Application(string name) => $"""
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata:
          name: {name}
          namespace: argocd
          finalizers: [resources-finalizer.argocd.argoproj.io]
        spec:
          project: shop
          source:
            repoURL: {SampleShop.RepoUrl}
            path: {name}
            targetRevision: main
          destination:
            server: https://kubernetes.default.svc
            namespace: {(name == "platform" ? "argocd" : "shop")}
          syncPolicy:
            automated:
              prune: true
              selfHeal: true

        """;

    private const string Cluster = """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AppProject
        metadata:
          name: shop
          namespace: argocd
        spec:
          description: The web shop
          sourceRepos: ["*"]
          destinations:
            - server: https://kubernetes.default.svc
              namespace: "*"
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata:
          name: tools
          namespace: argocd
        spec:
          goTemplate: true
          generators:
            - list:
                elements:
                  - name: search
          template:
            metadata:
              name: "{{.name}}"
            spec:
              project: shop
              source:
                repoURL: https://git.example.com/shop/deploy.git
                path: "{{.name}}"
                targetRevision: main
              destination:
                server: https://kubernetes.default.svc
                namespace: shop
              syncPolicy:
                automated:
                  prune: true
                  selfHeal: true
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: shop-oncall
        rules:
          - apiGroups: ["", apps]
            resources: ["*"]
            verbs: ["*"]
          - apiGroups: [argoproj.io]
            resources: ["*"]
            verbs: [get, list, watch]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: shop-oncall
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: shop-oncall
        subjects:
          - apiGroup: rbac.authorization.k8s.io
            kind: Group
            name: shop-oncall

        """;
}
