using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>checkout with something in a second namespace, and where the cluster is simulated, the rights there that <c>rbac</c> writes.</summary>
internal static class SeveralNamespaces
{
    public const string Second = "shop-jobs";

    public static async Task DeployAsync(ScenarioWorld world)
    {
        if (world.Shop is SimulatedShopCluster)
        {
            await AllowAsync(world.Shop);
        }

        await world.Shop.Repository.CommitAsync("main", "checkout: its nightly work", new Dictionary<string, string?>
        {
            ["checkout/jobs.yaml"] = $$"""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: nightly, namespace: {{Second}}}
                data: {AT: "02:00"}
                """,
        }, CancellationToken.None);
        await world.Shop.AdminPatchesCheckoutAsync("""{ "metadata": { "annotations": { "argocd.argoproj.io/refresh": "normal" } } }""", "argocd");
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => checkout["status"]?["resources"]?.AsArray().Any(one => (string?)one!["namespace"] == Second && (string?)one["status"] == "Synced") == true, "checkout in two namespaces");
    }

    private static async Task AllowAsync(ShopCluster shop)
    {
        const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
        await shop.AdminCreatesAsync("/api/v1/namespaces", $$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "{{Second}}" } }""");
        await shop.AdminCreatesAsync("/api/v1/namespaces", $$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "{{MortalServer.AccountsIn}}" } }""");
        await AllowAsync(Second, "chatops-grants", """{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "chatops:grants" }""", """
            { "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["rolebindings"], "verbs": ["create", "delete"] },
            { "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"], "verbs": ["bind"], "resourceNames": ["chatops-breakglass-editor", "chatops-breakglass-viewer"] }
            """);
        await AllowAsync(MortalServer.AccountsIn, "chatops-grants", """{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "chatops:grants" }""", """
            { "apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["create", "delete"] },
            { "apiGroups": [""], "resources": ["serviceaccounts/token"], "verbs": ["create"] }
            """);
        await AllowAsync(MortalServer.AccountsIn, "chatops-reads", """{ "kind": "ServiceAccount", "name": "chatops", "namespace": "chatops" }""", """
            { "apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["get", "list"] }
            """);

        async Task AllowAsync(string ns, string name, string whom, string rules)
        {
            await shop.AdminCreatesAsync($"{Rbac}/namespaces/{ns}/roles", $$"""{ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": { "name": "{{name}}", "namespace": "{{ns}}" }, "rules": [ {{rules}} ] }""");
            await shop.AdminCreatesAsync($"{Rbac}/namespaces/{ns}/rolebindings", $$"""
                { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": { "name": "{{name}}", "namespace": "{{ns}}" },
                  "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "{{name}}" }, "subjects": [ {{whom}} ] }
                """);
        }
    }
}
