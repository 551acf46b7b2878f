using System.Net;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Peers;
using ChatOps.Platform.Access;

namespace ChatOps.Platform.Tests.Access;

/// <summary>Against a real API server with RBAC, the bot with what <c>rbac</c> writes; what can be done is tried with the token itself.</summary>
public sealed class ServiceAccountAccessTests(GrantCluster cluster) : IClassFixture<GrantCluster>
{
    private const string Accounts = $"/api/v1/namespaces/{GrantCluster.AccountsIn}/serviceaccounts";
    private static readonly (string, string) Grants = ("Impersonate-User", "chatops:grants");
    private static readonly (string, string) Person = ("Impersonate-Extra-chatops-user", "erin");

    [RealClusterFact]
    public async Task The_token_can_act_while_the_grant_lasts_and_neither_before_nor_after()
    {
        var authorized = await ApprovedAsync("shop", "shop-jobs");
        var grant = authorized.Grant;
        using var bot = new ApiCaller(cluster.Server, KubeUser.Bot);
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        Assert.Empty((await cluster.Accounts.AllowedNowAsync(grant, [], default))!);

        Assert.True((await cluster.Accounts.GiveAsync(authorized, default)) is { IsOk: true } given, "not given");
        Assert.True((await cluster.Accounts.GiveAsync(authorized, default)).IsOk); // an answer that was lost
        var (minted, token) = await cluster.Accounts.MintAsync(grant.Given(GrantCluster.Now).Claim(GrantCluster.Now)!, default);

        Assert.True(minted.IsOk, minted.Sentence);
        using var holder = new ApiCaller(cluster.Server, token!.Token);
        await UntilAsync(async () => (await cluster.Accounts.AllowedNowAsync(grant, [], default))!.Count == grant.Probes.Count);
        Assert.Equal(HttpStatusCode.OK, (await ListPodsAsync("shop")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ListPodsAsync("shop-jobs")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ListPodsAsync("payments")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await holder.GetAsync("/api/v1/namespaces/shop/secrets")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await holder.CreateAsync($"{Accounts}/{grant.ObjectName}/token", TokenRequest)).Status);

        var ended = await cluster.Accounts.TakeBackAsync(grant.Revoke(), default);

        Assert.True(ended.IsOk, ended.Sentence);
        await UntilAsync(async () => (await cluster.Accounts.AllowedNowAsync(grant, [], default))!.Count == 0);
        Assert.Contains((await ListPodsAsync("shop")).Status, new[] { HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized });
        Assert.Contains((await ListPodsAsync("shop-jobs")).Status, new[] { HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized });
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"{Accounts}/{grant.ObjectName}")).Status);
        Assert.Equal(ClusterAnswerKind.Gone, (await cluster.Accounts.TakeBackAsync(grant.Revoke(), default)).Kind);
        Assert.Equal(ClusterAnswerKind.Gone, (await cluster.Accounts.MintAsync(grant.Given(GrantCluster.Now).Claim(GrantCluster.Now)!, default)).Answer.Kind);

        Task<ApiAnswer> ListPodsAsync(string ns) => holder.GetAsync($"/api/v1/namespaces/{ns}/pods");
    }

    [RealClusterTheory]
    [InlineData(2, 10)]
    [InlineData(30, 30)]
    public async Task A_token_lives_as_long_as_the_grant_but_no_shorter_than_an_API_server_makes_one(int minutes, int lives)
    {
        var authorized = await ApprovedAsync("shop");
        Assert.True((await cluster.Accounts.GiveAsync(authorized, default)).IsOk);
        cluster.Time.SetUtcNow(authorized.Grant.EndsAt.AddMinutes(-minutes));

        var asked = DateTimeOffset.UtcNow;
        var (_, token) = await cluster.Accounts.MintAsync(authorized.Grant.Given(GrantCluster.Now).Claim(cluster.Time.GetUtcNow())!, default);

        Assert.InRange(token!.ExpiresAt - asked, TimeSpan.FromMinutes(lives - 1), TimeSpan.FromMinutes(lives + 1));
        Assert.Equal(cluster.Server.Url.Authority, token.Server.Authority);
        Assert.Contains("BEGIN CERTIFICATE", token.Authority, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task What_is_found_of_it_is_as_it_was_given_and_a_label_is_enough_to_end_it()
    {
        var authorized = await ApprovedAsync("shop");
        var grant = authorized.Grant;
        Assert.True((await cluster.Accounts.GiveAsync(authorized, default)).IsOk);

        var found = await FoundAsync(grant);
        Assert.Equal([GrantCluster.AccountsIn, "shop"], found.Select(one => one.Namespace).Order());
        Assert.All(found, one => Assert.Null(SweepGrants.WhatIsWrong(one, grant, cluster.Accounts.Allows(grant), GrantCluster.Now)));
        Assert.DoesNotContain((await cluster.Access.FindAsync("production", [], default)).Found, one => one.Grant == grant.Id);

        foreach (var one in found)
        {
            Assert.True((await cluster.Accounts.TakeBackAsync(one.Revoke(), default)).IsAway);
        }

        Assert.Empty(await FoundAsync(grant));
    }

    /// <summary>The policy moved on: what was made is found where the books know of it, and bindings wherever they are.</summary>
    [RealClusterFact]
    public async Task It_is_found_under_a_policy_that_gives_no_accounts_any_more()
    {
        var authorized = await ApprovedAsync("shop");
        var grant = authorized.Grant;
        Assert.True((await cluster.Accounts.GiveAsync(authorized, default)).IsOk);

        var (answer, found) = await cluster.AccountsWithoutPolicy.FindAsync("production", grant.Scope.ListedIn, default);
        Assert.True(answer.IsOk, answer.Sentence);
        Assert.Equal([GrantCluster.AccountsIn, "shop"], found.Where(one => one.Grant == grant.Id).Select(one => one.Namespace).Order());
        Assert.Contains("production", cluster.AccountsWithoutPolicy.Clusters);
        Assert.False(cluster.AccountsWithoutPolicy.IsGivenIn("production"));

        (answer, found) = await cluster.AccountsWithoutPolicy.FindAsync("production", [], default);
        Assert.True(answer.IsOk, answer.Sentence);
        Assert.Equal([GrantCluster.AccountsIn, "shop"], found.Where(one => one.Grant == grant.Id).Select(one => one.Namespace).Order()); // its binding tells where it is
        Assert.All(found, one => Assert.NotNull(one.Uid));

        Assert.True((await cluster.AccountsWithoutPolicy.TakeBackAsync(grant.Revoke(), default)).IsOk);
        Assert.Empty(await FoundAsync(grant));
    }

    [RealClusterFact]
    public async Task Accounts_that_may_not_be_listed_hide_no_binding_and_are_told()
    {
        var authorized = await ApprovedAsync("shop");
        Assert.True((await cluster.Accounts.GiveAsync(authorized, default)).IsOk);

        var (answer, found) = await cluster.Accounts.FindAsync("production", ["payments"], default);

        Assert.Equal(ClusterAnswerKind.Forbidden, answer.Kind);
        Assert.Contains("serviceaccounts", answer.Sentence, StringComparison.Ordinal);
        Assert.Equal([GrantCluster.AccountsIn, "shop"], found.Where(one => one.Grant == authorized.Grant.Id).Select(one => one.Namespace).Order());
    }

    [RealClusterTheory]
    [InlineData("serviceaccount", GrantCluster.AccountsIn)]
    [InlineData("rolebinding", "shop-jobs")]
    public async Task What_is_left_of_it_is_taken_away_and_not_called_gone(string kind, string ns)
    {
        var authorized = await ApprovedAsync("shop", "shop-jobs");
        var grant = authorized.Grant;
        Assert.True((await cluster.Accounts.GiveAsync(authorized, default)).IsOk);
        foreach (var (other, where) in new[] { ("serviceaccount", GrantCluster.AccountsIn), ("rolebinding", "shop"), ("rolebinding", "shop-jobs") }.Where(one => one != (kind, ns)))
        {
            await cluster.Server.RunAsync(KubeUser.Admin, "delete", other, grant.ObjectName, $"--namespace={where}");
        }

        Assert.Equal(ClusterAnswerKind.Ok, (await cluster.Accounts.TakeBackAsync(grant.Revoke(), default)).Kind);
        Assert.Equal(ClusterAnswerKind.Gone, (await cluster.Accounts.TakeBackAsync(grant.Revoke(), default)).Kind);
        Assert.Empty(await FoundAsync(grant));
    }

    [RealClusterFact]
    public async Task The_binding_of_somebody_elses_account_under_our_label_is_wrong()
    {
        var authorized = await ApprovedAsync("shop");
        var grant = authorized.Grant;
        await cluster.Server.RunAsync(KubeUser.Admin, "create", "rolebinding", grant.ObjectName, "--namespace=shop", "--clusterrole=chatops-breakglass-editor", "--serviceaccount=shop:default");
        await cluster.Server.RunAsync(KubeUser.Admin, "label", "rolebinding", grant.ObjectName, "--namespace=shop", $"{GrantMarks.ManagedBy}={GrantMarks.Us}", $"{GrantMarks.Grant}={grant.Id:N}");

        Assert.Equal(ClusterAnswerKind.Moved, (await cluster.Accounts.GiveAsync(authorized, default)).Kind);
        var found = Assert.Single(await FoundAsync(grant), one => one.Namespace == "shop");
        Assert.Contains("somebody else", SweepGrants.WhatIsWrong(found, grant, cluster.Accounts.Allows(grant), GrantCluster.Now), StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task Neither_an_account_nor_a_token_is_made_anywhere_else()
    {
        using var bot = new ApiCaller(cluster.Server, KubeUser.Bot);
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        await admin.CreateAsync("/api/v1/namespaces/shop/serviceaccounts", """{"metadata":{"name":"robot"} }""");

        ApiAnswer[] tried =
        [
            await bot.CreateAsync("/api/v1/namespaces/shop/serviceaccounts", """{"metadata":{"name":"mine"} }""", Grants, Person),
            await bot.CreateAsync("/api/v1/namespaces/shop/serviceaccounts/robot/token", TokenRequest, Grants, Person),
            await bot.CreateAsync("/api/v1/namespaces/chatops/serviceaccounts/chatops-janitor/token", TokenRequest, Grants, Person),
            await bot.CreateAsync($"{Accounts}", """{"metadata":{"name":"mine"} }"""),
            await bot.CreateAsync($"{Accounts}/robot/token", TokenRequest),
            await bot.MergePatchAsync($"{Accounts}/default", """{"metadata":{"labels":{"a":"b"} } }""", Grants, Person),
        ];

        Assert.All(tried, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
    }

    private const string TokenRequest = """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":600} }""";

    private async Task<AuthorizedGrant> ApprovedAsync(params string[] namespaces)
    {
        var (answer, terms) = await cluster.Accounts.TermsAsync(GrantCluster.Wish(namespaces) with { Subject = "erin" }, default);
        Assert.True(answer.IsOk, answer.Sentence);
        return GrantCluster.Approved(terms!, kind: GrantKind.ServiceAccount);
    }

    private async Task<IReadOnlyList<FoundGrant>> FoundAsync(Grant grant)
    {
        var (answer, found) = await cluster.Accounts.FindAsync("production", [], default);
        Assert.True(answer.IsOk, answer.Sentence);
        return [.. found.Where(one => one.Grant == grant.Id)];
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(20, limit.Token); // the authorizer learns of a binding a moment after the answer
        }
    }
}
