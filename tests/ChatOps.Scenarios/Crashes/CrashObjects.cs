namespace ChatOps.Scenarios.Crashes;

/// <summary>
/// Small applications, one object each: what is tested is the pause, not the shop. No object of the core group, because
/// the tests' old API server takes the empty name of that group, in a status as Argo CD writes it, for null.
/// </summary>
internal static class CrashObjects
{
    public const string RepoUrl = "https://git.example.com/crash/deploy.git";

    private const string Common = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: argocd}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AppProject
        metadata: {name: shop, namespace: argocd}
        spec:
          sourceRepos: ["*"]
          destinations: [{server: "*", namespace: "*"}]
        """;

    public static string Of(IEnumerable<string> applications) => string.Join("\n---\n", applications.Select(Application).Prepend(Common));

    public static IReadOnlyDictionary<string, string?> Files(IEnumerable<string> applications) =>
        applications.ToDictionary(name => $"{name}/app.yaml", string? (name) => $$"""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: {{name}}}
            spec:
              podSelector:
                matchLabels: {app: x}
            """);

    private static string Application(string name) => $$"""
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: {{name}}, namespace: argocd}
        spec:
          project: shop
          source: {repoURL: "{{RepoUrl}}", path: {{name}}, targetRevision: main}
          destination: {server: "https://kubernetes.default.svc", namespace: shop}
          syncPolicy:
            automated: {prune: true, selfHeal: true}
        """;
}
