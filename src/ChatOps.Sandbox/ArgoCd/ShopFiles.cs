namespace ChatOps.Sandbox.ArgoCd;

/// <summary>What the sample shop's repository holds.</summary>
internal static class ShopFiles
{
    public static Dictionary<string, string?> All()
    {
        var files = Checkout(SampleShop.GoodMode);
        foreach (var name in new[] { "payments", "catalogue", "search", "reports" })
        {
            files[$"{name}/app.yaml"] = Workload(name, "CACHE_SECONDS: \"60\"");
        }

        files["platform/reports.yaml"] = """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: reports
              namespace: argocd
            spec:
              project: shop
              source:
                repoURL: https://git.example.com/shop/deploy.git
                path: reports
                targetRevision: main
              destination:
                server: https://kubernetes.default.svc
                namespace: shop
              syncPolicy:
                automated:
                  prune: true
                  selfHeal: true

            """;
        return files;
    }

    public static Dictionary<string, string?> Checkout(string mode) => new(StringComparer.Ordinal)
    {
        ["checkout/app.yaml"] = Workload("checkout", $"PAYMENT_MODE: {mode}"),
    };

    private static string Workload(string name, string setting) => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{name}}
        data:
          {{setting}}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{name}}
        spec:
          selector:
            app: {{name}}
          ports:
            - name: http
              port: 80
              targetPort: 8080
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{name}}
          labels:
            app: {{name}}
        spec:
          replicas: 2
          selector:
            matchLabels:
              app: {{name}}
          template:
            metadata:
              labels:
                app: {{name}}
            spec:
              containers:
                - name: web
                  image: registry.example.com/{{name}}:1.4.2
                  envFrom:
                    - configMapRef:
                        name: {{name}}

        """;
}
