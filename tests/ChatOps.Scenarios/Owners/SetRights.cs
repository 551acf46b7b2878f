using System.Text.Json.Nodes;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Owners;

/// <summary>What <c>ChatOps.Server rbac</c> writes where a rule of the policy lets sets be edited.</summary>
internal static class SetRights
{
    public static async Task LetAsync(ShopCluster shop)
    {
        const string rbac = "/apis/rbac.authorization.k8s.io/v1";
        await GiveAsync($"{rbac}/namespaces/argocd/roles", """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"chatops-sets","namespace":"argocd"},"rules":[{"apiGroups":["argoproj.io"],"resources":["applicationsets"],"resourceNames":["tools"],"verbs":["get","patch"]}]}""");
        await GiveAsync($"{rbac}/namespaces/argocd/rolebindings", """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"chatops-sets","namespace":"argocd"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"chatops-sets"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"chatops:sets"}]}""");
        await GiveAsync($"{rbac}/clusterroles", """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"chatops-acts-as-sets"},"rules":[{"apiGroups":[""],"resources":["users"],"resourceNames":["chatops:sets"],"verbs":["impersonate"]}]}""");
        await GiveAsync($"{rbac}/clusterrolebindings", """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"chatops-acts-as-sets"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"chatops-acts-as-sets"},"subjects":[{"kind":"ServiceAccount","name":"chatops","namespace":"chatops"}]}""");

        async Task GiveAsync(string collection, string resource)
        {
            if (await shop.FindAsync($"{collection}/{(string)JsonNode.Parse(resource)!["metadata"]!["name"]!}") is null)
            {
                await shop.AdminCreatesAsync(collection, resource);
            }
        }
    }
}
