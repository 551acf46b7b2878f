using System.Net;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Peers;
using ChatOps.Platform.Access;

namespace ChatOps.Platform.Tests.Access;

/// <summary>Against a real API server with RBAC, the bot with what <c>rbac</c> writes; what people can do is tried as them.</summary>
public sealed class RoleBindingAccessTests(GrantCluster cluster) : IClassFixture<GrantCluster>
{
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings";

    [RealClusterFact]
    public async Task The_person_can_act_while_it_lasts_and_neither_before_nor_after()
    {
        using var alice = new ApiCaller(cluster.Server, GrantCluster.Alice);
        var (answer, terms) = await cluster.Access.TermsAsync(GrantCluster.Wish("shop", "shop-jobs"), default);
        Assert.True(answer.IsOk, answer.Sentence);
        Assert.Equal(HttpStatusCode.Forbidden, (await ListPodsAsync("shop")).Status);

        var grant = GrantCluster.Approved(terms!);
        var given = await cluster.Access.GiveAsync(grant, default);

        Assert.True(given.IsOk, given.Sentence);
        await UntilAsync(async () => (await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!.Count == grant.Grant.Probes.Count);
        Assert.Equal(HttpStatusCode.OK, (await ListPodsAsync("shop")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ListPodsAsync("shop-jobs")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ListPodsAsync("payments")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.GetAsync("/api/v1/namespaces/shop/secrets")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.DeleteAsync($"{Bindings}/{grant.Grant.ObjectName}")).Status);

        var ended = await cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default);

        Assert.True(ended.IsOk, ended.Sentence);
        await UntilAsync(async () => (await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!.Count == 0);
        Assert.Equal(HttpStatusCode.Forbidden, (await ListPodsAsync("shop")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ListPodsAsync("shop-jobs")).Status);

        Task<ApiAnswer> ListPodsAsync(string ns) => alice.GetAsync($"/api/v1/namespaces/{ns}/pods");
    }

    [RealClusterFact]
    public async Task Doing_it_twice_is_doing_it_once_both_ways()
    {
        var terms = (await cluster.Access.TermsAsync(GrantCluster.Wish(), default)).Terms!;
        var grant = GrantCluster.Approved(terms);

        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk);
        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk);
        Assert.Single(await FoundAsync(grant.Grant));
        Assert.Equal(ClusterAnswerKind.Ok, (await cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default)).Kind);
        Assert.Equal(ClusterAnswerKind.Gone, (await cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default)).Kind);
        Assert.Empty(await FoundAsync(grant.Grant));
    }

    [RealClusterFact]
    public async Task What_is_gone_from_one_of_its_namespaces_is_taken_away_from_the_other_and_not_called_gone()
    {
        var grant = GrantCluster.Approved((await cluster.Access.TermsAsync(GrantCluster.Wish("shop", "shop-jobs"), default)).Terms!);
        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk);
        await cluster.Server.RunAsync(KubeUser.Admin, "delete", "rolebinding", grant.Grant.ObjectName, "--namespace=shop");

        Assert.Equal(ClusterAnswerKind.Ok, (await cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default)).Kind);
        Assert.Empty(await FoundAsync(grant.Grant));
    }

    [RealClusterFact]
    public async Task Something_else_that_has_its_name_is_not_taken_for_it()
    {
        var terms = (await cluster.Access.TermsAsync(GrantCluster.Wish(), default)).Terms!;
        var grant = GrantCluster.Approved(terms);
        await cluster.Server.RunAsync(KubeUser.Admin, "create", "rolebinding", grant.Grant.ObjectName, "--namespace=shop", "--clusterrole=chatops-breakglass-editor", "--user=mallory");

        Assert.Equal(ClusterAnswerKind.Moved, (await cluster.Access.GiveAsync(grant, default)).Kind);
    }

    [RealClusterFact]
    public async Task Who_has_it_in_one_namespace_already_is_asked_only_about_the_other()
    {
        await cluster.Server.RunAsync(KubeUser.Admin, "create", "rolebinding", "alice-has-it", "--namespace=shop", "--clusterrole=chatops-breakglass-editor", $"--user={GrantCluster.Alice.Name}");
        var terms = (await cluster.Access.TermsAsync(GrantCluster.Wish("shop", "shop-jobs"), default)).Terms!;
        await UntilAsync(async () => (terms = (await cluster.Access.TermsAsync(GrantCluster.Wish("shop", "shop-jobs"), default)).Terms!).Lacking.All(right => right.Namespace == "shop-jobs"));

        var grant = GrantCluster.Approved(terms);
        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk);
        await UntilAsync(async () => (await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!.Count == grant.Grant.Probes.Count);
        Assert.True((await cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default)).IsOk);
        await UntilAsync(async () => (await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!.Count == 0);

        await cluster.Server.RunAsync(KubeUser.Admin, "delete", "rolebinding", "alice-has-it", "--namespace=shop");
    }

    [RealClusterFact]
    public async Task What_it_would_mean_is_read_from_the_cluster_and_asked_of_it()
    {
        var (_, before) = await cluster.Access.TermsAsync(GrantCluster.Wish(), default);
        await cluster.Server.RunAsync(KubeUser.Admin, "create", "rolebinding", "alice-looks", "--namespace=shop", "--clusterrole=chatops-breakglass-viewer", $"--user={GrantCluster.Alice.Name}");
        var after = before!;
        await UntilAsync(async () => (after = (await cluster.Access.TermsAsync(GrantCluster.Wish(), default)).Terms!).Lacking.Count < before!.Lacking.Count);
        await cluster.Server.RunAsync(KubeUser.Admin, "delete", "rolebinding", "alice-looks", "--namespace=shop");

        Assert.Contains(before!.Scope.Rules, rule => rule.StartsWith("get, list, watch, patch, update deployments (apps)", StringComparison.Ordinal));
        Assert.Contains(new AccessRight("patch", "apps", "deployments"), after.Lacking);
        Assert.DoesNotContain(new AccessRight("get", "", "pods/log"), after.Lacking);
        Assert.Contains(after.Probes, probe => probe.Resource == "pods/exec");
    }

    [RealClusterFact]
    public async Task What_is_narrowed_to_one_name_is_asked_about_and_given_by_that_name()
    {
        using var alice = new ApiCaller(cluster.Server, GrantCluster.Alice);
        var terms = (await cluster.Access.TermsAsync(GrantCluster.WishAs("narrow", GrantCluster.Alice), default)).Terms!;
        Assert.Equal(["patch deployments.apps checkout", "get deployments.apps checkout"], terms.Lacking.Select(right => $"{right}"));

        var grant = GrantCluster.Approved(terms);
        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk);
        await UntilAsync(async () => (await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!.Count == 2);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("checkout")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("cart")).Status);
        await UntilAsync(async () => (await cluster.Access.TermsAsync(GrantCluster.WishAs("narrow", GrantCluster.Alice), default)).Terms!.Lacking.Count == 0);

        Assert.True((await cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default)).IsOk);
        await UntilAsync(async () => (await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!.Count == 0);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("checkout")).Status);

        Task<ApiAnswer> GetAsync(string name) => alice.GetAsync($"/apis/apps/v1/namespaces/shop/deployments/{name}");
    }

    [Fact]
    public void In_however_many_namespaces_something_is_asked() =>
        Assert.Equal([200, 2, 1, 1], new[] { 1, 100, 200, 900 }.Select(places => RightsReview.Spread([.. Enumerable.Range(0, 300).Select(kind => new AccessRight("get", "", $"kind-{kind}"))], places).Count));

    [RealClusterFact]
    public async Task A_role_that_is_not_there_and_a_namespace_that_did_not_opt_in_are_refused_by_the_cluster()
    {
        var (answer, _) = await cluster.Access.TermsAsync(GrantCluster.Wish() with { Role = new() { Name = "ghost", ClusterRole = "no-such-role" } }, default);
        Assert.Equal(ClusterAnswerKind.Forbidden, answer.Kind); // rbac lets the bot read those that can be given, by name

        var terms = (await cluster.Access.TermsAsync(GrantCluster.Wish("payments"), default)).Terms!;
        var given = await cluster.Access.GiveAsync(GrantCluster.Approved(terms), default);

        Assert.Equal(ClusterAnswerKind.Forbidden, given.Kind);
        Assert.Contains("chatops:grants may not create rolebindings", given.Sentence, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task Where_no_admission_policy_bounds_it_nothing_is_planned_unless_somebody_decided_so()
    {
        var (answer, terms) = await cluster.BoundedAccess.TermsAsync(GrantCluster.Wish(), default);

        Assert.Null(terms);
        Assert.Equal(ClusterAnswerKind.Rejected, answer.Kind);
        Assert.Contains("chatops-grants", answer.Sentence, StringComparison.Ordinal);
        Assert.Contains("WithoutAdmissionPolicy", answer.Sentence, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task A_cluster_that_the_configuration_lost_is_an_answer_and_no_crash()
    {
        var terms = (await cluster.Access.TermsAsync(GrantCluster.Wish(), default)).Terms!;
        var lost = GrantCluster.Approved(terms with { Scope = terms.Scope with { Cluster = "gone" } });

        Assert.Equal(ClusterAnswerKind.Unavailable, (await cluster.Access.TakeBackAsync(lost.Grant.Revoke(), default)).Kind);
        Assert.Equal(ClusterAnswerKind.Unavailable, (await cluster.Access.FindAsync("gone", [], default)).Answer.Kind);
        Assert.Null(await cluster.Access.AllowedNowAsync(lost.Grant, [], default));
    }

    [RealClusterFact]
    public async Task A_label_is_enough_to_find_it_and_to_end_it()
    {
        var terms = (await cluster.Access.TermsAsync(GrantCluster.Wish(), default)).Terms!;
        var authorized = GrantCluster.Approved(terms);
        Assert.True((await cluster.Access.GiveAsync(authorized, default)).IsOk);

        var found = Assert.Single(await FoundAsync(authorized.Grant));
        Assert.Equal((7, authorized.Grant.EndsAt, GrantCluster.Alice.Name), (found.Incident, found.ExpiresAt, found.Subject));
        Assert.Null(SweepGrants.WhatIsWrong(found, authorized.Grant, cluster.Access.Allows(authorized.Grant), GrantCluster.Now));
        Assert.False(found.IsPast(authorized.Grant.EndsAt.AddSeconds(-1)));
        Assert.True(found.IsPast(authorized.Grant.EndsAt));
        await cluster.Server.RunAsync(KubeUser.Admin, "annotate", "rolebinding", found.ObjectName, "--namespace=shop", "--overwrite", $"{GrantMarks.ExpiresAt}=tomorrow");
        Assert.True(Assert.Single(await FoundAsync(authorized.Grant)).IsPast(GrantCluster.Now), "what cannot be read counts as past");

        Assert.True((await cluster.Access.TakeBackAsync(found.Revoke(), default)).IsOk);
        Assert.Empty(await FoundAsync(authorized.Grant));
    }

    [RealClusterFact]
    public async Task Another_role_or_a_group_of_the_persons_name_is_not_what_was_given()
    {
        var grant = GrantCluster.Approved((await cluster.Access.TermsAsync(GrantCluster.Wish(), default)).Terms!).Grant;

        Assert.Contains("something else", await WrongAsync("chatops-breakglass-viewer", $"--user={GrantCluster.Alice.Name}"), StringComparison.Ordinal);
        Assert.Contains("somebody else", await WrongAsync("chatops-breakglass-editor", $"--group={GrantCluster.Alice.Name}"), StringComparison.Ordinal);

        async Task<string?> WrongAsync(string role, string subject)
        {
            await cluster.Server.RunAsync(KubeUser.Admin, "create", "rolebinding", grant.ObjectName, "--namespace=shop", $"--clusterrole={role}", subject);
            await cluster.Server.RunAsync(KubeUser.Admin, "label", "rolebinding", grant.ObjectName, "--namespace=shop", $"{GrantMarks.ManagedBy}={GrantMarks.Us}", $"{GrantMarks.Grant}={grant.Id:N}");
            var found = Assert.Single(await FoundAsync(grant));
            Assert.True((await cluster.Access.TakeBackAsync(found.Revoke(), default)).IsOk);
            return SweepGrants.WhatIsWrong(found, grant, cluster.Access.Allows(grant), GrantCluster.Now);
        }
    }

    [RealClusterFact]
    public async Task What_is_deleted_and_kept_by_a_finalizer_is_not_gone()
    {
        var authorized = GrantCluster.Approved((await cluster.Access.TermsAsync(GrantCluster.Wish(), default)).Terms!);
        Assert.True((await cluster.Access.GiveAsync(authorized, default)).IsOk);
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        var path = $"/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/{authorized.Grant.ObjectName}";
        await admin.MergePatchAsync(path, """{"metadata":{"finalizers":["example.com/keep"]} }""");

        foreach (var _ in new[] { 1, 2 })
        {
            var answer = await cluster.Access.TakeBackAsync(authorized.Grant.Revoke(), default);
            Assert.False(answer.IsOk);
            Assert.Contains("kept by example.com/keep", answer.Sentence, StringComparison.Ordinal);
        }

        await admin.MergePatchAsync(path, """{"metadata":{"finalizers":null} }""");
        Assert.Equal(ClusterAnswerKind.Gone, (await cluster.Access.TakeBackAsync(authorized.Grant.Revoke(), default)).Kind);
    }

    private async Task<IReadOnlyList<FoundGrant>> FoundAsync(Grant grant)
    {
        var (answer, found) = await cluster.Access.FindAsync("production", [], default);
        Assert.True(answer.IsOk, answer.Sentence);
        return [.. found.Where(one => one.Grant == grant.Id)];
    }

    /// <summary>The authorizer learns of a binding a moment after the answer.</summary>
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
