using System.Net;
using ChatOps.Core.Grants;
using ChatOps.Peers;

namespace ChatOps.Platform.Tests.Access;

/// <summary>Somebody deleted the namespace of the accounts while access was open: the bot's right to delete anything in it went too.</summary>
public sealed class AccountsNamespaceGoneTests(GrantCluster cluster) : IClassFixture<GrantCluster>
{
    [RealClusterFact]
    public async Task Access_ends_although_nobody_may_delete_the_account_any_more()
    {
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        var grant = GrantCluster.Approved((await cluster.Accounts.TermsAsync(GrantCluster.Wish() with { Subject = "erin" }, default)).Terms!, kind: GrantKind.ServiceAccount);
        Assert.True((await cluster.Accounts.GiveAsync(grant, default)).IsOk);
        await admin.DeleteAsync($"/api/v1/namespaces/{GrantCluster.AccountsIn}");
        await admin.DeleteAsync($"/api/v1/namespaces/{GrantCluster.AccountsIn}/serviceaccounts/{grant.Grant.ObjectName}");
        foreach (var role in (string[])["chatops-accounts", "chatops-accounts-reads", "chatops-janitor-accounts"])
        {
            await admin.DeleteAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{GrantCluster.AccountsIn}/rolebindings/{role}");
        }

        await admin.PutAsync($"/api/v1/namespaces/{GrantCluster.AccountsIn}/finalize", $$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "{{GrantCluster.AccountsIn}}" }, "spec": { "finalizers": [] } }""");
        using var bot = new ApiCaller(cluster.Server, KubeUser.Bot);
        await GrantCluster.UntilAsync(async () => (await bot.GetAsync($"/api/v1/namespaces/{GrantCluster.AccountsIn}")).Status == HttpStatusCode.NotFound
            && (await bot.DeleteAsync($"/api/v1/namespaces/{GrantCluster.AccountsIn}/serviceaccounts/{grant.Grant.ObjectName}", ("Impersonate-User", "chatops:grants"))).Status == HttpStatusCode.Forbidden);

        var first = await cluster.Accounts.TakeBackAsync(grant.Grant.Revoke(), default);
        var again = await cluster.Accounts.TakeBackAsync(grant.Grant.Revoke(), default);

        Assert.True(first.IsOk, first.Sentence);
        Assert.True(again.IsAway, again.Sentence);
    }
}
