using System.Net;
using System.Text.Json;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Peers;
using ChatOps.Platform.Access;

namespace ChatOps.Platform.Tests.Access;

/// <summary>
/// Against a real API server with the definition of AppProject; that Argo CD takes the policies as meant is judged in
/// tests/oracles/casbin. What the recordings project-roles-two-writers and project-role-grant-and-revoke do to the list of
/// roles is done here; how fast Argo CD's own API server follows is in none of our tests.
/// </summary>
public sealed class ArgoCdRoleAccessTests(ProjectCluster cluster) : IClassFixture<ProjectCluster>
{
    private const string Dev = """[{ "name": "dev", "groups": ["developers"], "policies": ["p, proj:x:dev, applications, get, x/*, allow"] }]""";

    [RealClusterFact]
    public async Task The_project_has_one_role_more_while_it_lasts_and_is_afterwards_as_it_was()
    {
        var before = (await cluster.ReadAsync("alone"))["spec"]!.ToJsonString();
        var grant = await cluster.ApprovedAsync("alone");
        Assert.Empty((await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!);

        var given = await cluster.Access.GiveAsync(grant, default);

        Assert.True(given.IsOk, given.Sentence);
        var role = Assert.Single((await cluster.ReadAsync("alone"))["spec"]!["roles"]!.AsArray())!;
        var name = $"chatops-{grant.Grant.Id:N}-{grant.Grant.EndsAt.ToUnixTimeSeconds()}";
        Assert.Equal((name, "alice@login"), ((string?)role["name"], (string?)Assert.Single(role["groups"]!.AsArray())));
        Assert.Equal(
            [
                $"p, proj:alone:{name}, applications, get, alone/alone-app, allow",
                $"p, proj:alone:{name}, applications, sync, alone/alone-app, allow",
                $"p, proj:alone:{name}, logs, get, alone/alone-app, allow",
                $"p, proj:alone:{name}, applications, action/apps/Deployment/restart, alone/alone-app, allow",
            ],
            role["policies"]!.AsArray().Select(line => (string?)line));
        Assert.Equal(4, (await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!.Count);

        var ended = await cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default);

        Assert.True(ended.IsOk, ended.Sentence);
        Assert.Equal(before, (await cluster.ReadAsync("alone"))["spec"]!.ToJsonString());
        Assert.Empty((await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!);
    }

    [RealClusterFact]
    public async Task Doing_it_twice_even_at_once_is_doing_it_once_both_ways()
    {
        await cluster.MakeAsync("twice", Dev);
        var grant = await cluster.ApprovedAsync("twice");

        var given = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.Access.GiveAsync(grant, default)));

        Assert.All(given, answer => Assert.True(answer.IsOk, answer.Sentence));
        Assert.Equal(["dev", grant.Grant.ObjectName], await cluster.RolesAsync("twice"));

        var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default)));
        Assert.All(ended, answer => Assert.True(answer.IsAway, answer.Sentence));
        Assert.Single(ended, answer => answer.IsOk); // to the others it was gone
        Assert.Equal(["dev"], await cluster.RolesAsync("twice"));
    }

    [RealClusterTheory]
    [InlineData("crossed", "null")]
    [InlineData("crossed-list", Dev)]
    public async Task A_second_try_that_crosses_the_first_changes_nothing(string project, string roles)
    {
        await cluster.MakeAsync(project, roles);
        var grant = await cluster.ApprovedAsync(project);
        using var read = JsonDocument.Parse((await cluster.ReadAsync(project)).ToJsonString());
        var patch = ProjectRoles.Add(read.RootElement, ProjectRoles.Role(grant.Grant, "argocd"));
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);

        var (first, second) = (await admin.JsonPatchAsync($"{ProjectCluster.Projects}/{project}", patch), await admin.JsonPatchAsync($"{ProjectCluster.Projects}/{project}", patch));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity), (first.Status, second.Status));
        Assert.Single(await cluster.RolesAsync(project), grant.Grant.ObjectName);
    }

    [RealClusterFact]
    public async Task A_token_that_was_minted_meanwhile_ends_with_the_role_and_tokens_of_others_stay()
    {
        await cluster.MakeAsync("minted", Dev);
        var grant = await cluster.ApprovedAsync("minted");
        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk);
        await cluster.PatchAsync("minted", $$"""
            [{ "op": "add", "path": "/spec/roles/1/jwtTokens", "value": [{ "iat": 1795424617, "id": "mine" }] },
             { "op": "add", "path": "/status", "value": { "jwtTokensByRole": { "{{grant.Grant.ObjectName}}": { "items": [{ "iat": 1795424617, "id": "mine" }] }, "dev": { "items": [{ "iat": 1 }] } } } }]
            """);
        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk, "a token makes it no other role");

        Assert.True((await cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default)).IsOk);

        var project = await cluster.ReadAsync("minted");
        Assert.Equal(["dev"], await cluster.RolesAsync("minted"));
        Assert.Equal(["dev"], project["status"]!["jwtTokensByRole"]!.AsObject().Select(entry => entry.Key));
    }

    [RealClusterFact]
    public async Task Tokens_of_a_role_that_somebody_took_away_are_found_and_ended()
    {
        var grant = await cluster.ApprovedAsync("remains");
        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk);
        await cluster.PatchAsync("remains", $$"""
            [{ "op": "remove", "path": "/spec/roles/0" }, { "op": "add", "path": "/status", "value": { "jwtTokensByRole": { "{{grant.Grant.ObjectName}}": { "items": [{ "iat": 1 }] } } } }]
            """);
        Assert.NotEmpty((await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!);

        var found = Assert.Single(await FoundAsync(grant.Grant));
        Assert.True(found.IsRemains);
        Assert.True((await cluster.Access.TakeBackAsync(found.Revoke(), default)).IsOk);

        Assert.Empty(await FoundAsync(grant.Grant));
        Assert.Empty((await cluster.ReadAsync("remains"))["status"]!["jwtTokensByRole"]!.AsObject());
    }

    [RealClusterFact]
    public async Task Many_at_once_in_one_project_lose_none_and_take_nothing_of_others()
    {
        await cluster.MakeAsync("crowd", Dev);
        var grants = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => cluster.ApprovedAsync("crowd")));

        var given = await Task.WhenAll(grants.Select(grant => cluster.Access.GiveAsync(grant, default)));

        Assert.All(given, answer => Assert.True(answer.IsOk, answer.Sentence));
        Assert.Equal(grants.Select(grant => grant.Grant.ObjectName).Append("dev").Order(StringComparer.Ordinal), (await cluster.RolesAsync("crowd")).Order(StringComparer.Ordinal));
        var ended = await Task.WhenAll(grants.Select(grant => cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default)));
        Assert.All(ended, answer => Assert.True(answer.IsOk, answer.Sentence));
        Assert.Equal(["dev"], await cluster.RolesAsync("crowd"));
    }

    [RealClusterFact]
    public async Task A_project_in_which_a_policy_does_not_parse_gives_nothing_and_ends_all_the_same()
    {
        var grant = await cluster.ApprovedAsync("broken");
        var next = await cluster.ApprovedAsync("broken");
        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk);
        await cluster.PatchAsync("broken", """[{ "op": "add", "path": "/spec/roles/-", "value": { "name": "x", "policies": ["nonsense"] } }]""");

        var terms = (await cluster.Access.TermsAsync(ProjectCluster.Wish("broken"), default)).Terms!;
        var given = await cluster.Access.GiveAsync(next, default);
        var ended = await cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default);

        Assert.Contains("cannot read", terms.Obstacle!.Why.ToString(), StringComparison.Ordinal);
        Assert.Equal(ClusterAnswerKind.Rejected, given.Kind);
        Assert.True(ended.IsOk, ended.Sentence);
        Assert.Equal(["x"], await cluster.RolesAsync("broken"));
    }

    [RealClusterFact]
    public async Task Where_names_in_policies_are_regular_expressions_nothing_is_planned()
    {
        await cluster.Server.RunAsync(KubeUser.Admin, "create", "configmap", "argocd-rbac-cm", "--namespace=argocd", "--from-literal=policy.matchMode=regex");
        try
        {
            var terms = (await cluster.Access.TermsAsync(ProjectCluster.Wish("regex"), default)).Terms!;
            Assert.Contains("matchMode", terms.Obstacle!.Why.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            await cluster.Server.RunAsync(KubeUser.Admin, "delete", "configmap", "argocd-rbac-cm", "--namespace=argocd");
        }
    }

    [RealClusterTheory]
    [InlineData(null, "alice@login", true)]
    [InlineData("[groups]", "alice@login", true)]
    [InlineData("- groups\n", "alice@login", true)]
    [InlineData("[groups, email]", "alice@login", false)]
    [InlineData("- email\n- groups\n", "alice@login", false)]
    [InlineData("[preferred_username]", "alice@login", false)] // what is in that, nobody here knows
    [InlineData(null, "0193a5f0", false)]
    public async Task A_name_that_Argo_CD_does_not_look_at_is_pointed_out_before_it_is_decided(string? scopes, string subject, bool isSaid)
    {
        string[] literal = scopes is null ? [] : [$"--from-literal=scopes={scopes}"];
        await cluster.Server.RunAsync(KubeUser.Admin, ["create", "configmap", "argocd-rbac-cm", "--namespace=argocd", .. literal]);
        try
        {
            var terms = (await cluster.Access.TermsAsync(ProjectCluster.Wish("named") with { Subject = subject }, default)).Terms!;
            Assert.Null(terms.Obstacle);
            Assert.Equal(isSaid, terms.Notices.Any(notice => notice.ToString().Contains("this access would allow nothing", StringComparison.Ordinal)));
        }
        finally
        {
            await cluster.Server.RunAsync(KubeUser.Admin, "delete", "configmap", "argocd-rbac-cm", "--namespace=argocd");
        }
    }

    [RealClusterFact]
    public async Task A_role_of_that_name_that_is_not_what_was_approved_is_left_and_said()
    {
        var grant = await cluster.ApprovedAsync("taken");
        await cluster.PatchAsync("taken", $$"""[{ "op": "add", "path": "/spec/roles", "value": [{ "name": "{{grant.Grant.ObjectName}}", "groups": ["mallory"] }] }]""");

        Assert.Equal(ClusterAnswerKind.Moved, (await cluster.Access.GiveAsync(grant, default)).Kind);
    }

    [RealClusterFact]
    public async Task A_name_is_enough_to_find_it_and_to_end_it()
    {
        await cluster.MakeAsync("named", """[{ "name": "chatops-reader", "groups": ["chatops"] }]""");
        var grant = await cluster.ApprovedAsync("named");
        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk);

        var found = Assert.Single(await FoundAsync(grant.Grant));

        Assert.Equal((7, grant.Grant.EndsAt, "alice@login", "named"), (found.Incident, found.ExpiresAt, found.Subject, found.Project));
        Assert.Null(SweepGrants.WhatIsWrong(found, grant.Grant, cluster.Access.Allows(grant.Grant), ProjectCluster.Now));
        await cluster.PatchAsync("named", $$"""[{ "op": "add", "path": "/spec/roles/1/policies/-", "value": "p, proj:named:{{found.ObjectName}}, applications, delete, named/*, allow" }]""");
        var changed = Assert.Single(await FoundAsync(grant.Grant));
        Assert.Contains("something else", SweepGrants.WhatIsWrong(changed, grant.Grant, cluster.Access.Allows(grant.Grant), ProjectCluster.Now), StringComparison.Ordinal);
        Assert.True((await cluster.Access.TakeBackAsync(found.Revoke(), default)).IsOk);
        Assert.Equal(["chatops-reader"], await cluster.RolesAsync("named"));
    }

    [RealClusterFact]
    public async Task Other_projects_other_objects_and_its_own_account_are_refused_by_the_cluster()
    {
        using var bot = new ApiCaller(cluster.Server, KubeUser.Bot);
        (string, string)[] projects = [("Impersonate-User", "chatops:projects"), ("Impersonate-Extra-chatops-user", "alice")];
        const string Patch = """{ "spec": { "roles": [{ "name": "mine", "groups": ["mallory"] }] } }""";

        ApiAnswer[] tried =
        [
            await bot.MergePatchAsync($"{ProjectCluster.Projects}/payments", Patch, projects),
            await bot.MergePatchAsync($"{ProjectCluster.Projects}/others", Patch),
            await bot.DeleteAsync($"{ProjectCluster.Projects}/others", projects),
            await bot.CreateAsync(ProjectCluster.Projects, """{ "apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": { "name": "mine" }, "spec": {} }""", projects),
            await bot.CreateAsync("/api/v1/namespaces/argocd/configmaps", """{ "metadata": { "name": "argocd-rbac-cm" }, "data": { "policy.default": "role:admin" } }""", projects),
            await bot.MergePatchAsync("/api/v1/namespaces/argocd/configmaps/argocd-rbac-cm", "{}", projects),
            await bot.MergePatchAsync("/api/v1/namespaces/argocd/configmaps/argocd-rbac-cm", "{}"),
            await bot.GetAsync("/api/v1/namespaces/argocd/secrets", projects),
        ];

        Assert.All(tried, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
    }

    [RealClusterFact]
    public async Task A_cluster_or_a_project_that_is_gone_is_an_answer_and_no_crash()
    {
        var terms = (await cluster.Access.TermsAsync(ProjectCluster.Wish("others"), default)).Terms!;
        var lost = ProjectCluster.Approved(terms with { Scope = terms.Scope with { Cluster = "gone" } }, "others");
        var nowhere = ProjectCluster.Approved(terms with { Scope = terms.Scope with { Project = "nowhere" } }, "nowhere");

        Assert.Equal(ClusterAnswerKind.Unavailable, (await cluster.Access.TakeBackAsync(lost.Grant.Revoke(), default)).Kind);
        Assert.Equal(ClusterAnswerKind.Unavailable, (await cluster.Access.FindAsync("gone", [], default)).Answer.Kind);
        Assert.Null(await cluster.Access.AllowedNowAsync(lost.Grant, [], default));
        Assert.Equal(ClusterAnswerKind.Gone, (await cluster.Access.GiveAsync(nowhere, default)).Kind);
        Assert.Equal(ClusterAnswerKind.Gone, (await cluster.Access.TakeBackAsync(nowhere.Grant.Revoke(), default)).Kind);
        Assert.Empty((await cluster.Access.AllowedNowAsync(nowhere.Grant, [], default))!);
    }

    [RealClusterFact]
    public async Task A_project_whose_roles_somebody_else_applies_is_recognised_by_what_the_server_notes()
    {
        await cluster.Server.RunAsync(KubeUser.Admin, "label", "appproject", "from-git", "--namespace=argocd", "kustomize.toolkit.fluxcd.io/name=platform");
        Assert.Null((await cluster.Access.TermsAsync(ProjectCluster.Wish("from-git"), default)).Terms!.Obstacle);

        await cluster.MakeAsync("from-git", Dev); // applied with roles, as kubectl and Flux do

        Assert.Contains("Flux", (await cluster.Access.TermsAsync(ProjectCluster.Wish("from-git"), default)).Terms!.Obstacle!.Why.ToString(), StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task A_project_whose_parent_replaces_it_whole_is_recognised_though_its_Git_has_no_roles()
    {
        await cluster.Server.ApplyAsync("""
            { "apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": { "name": "platform", "namespace": "argocd" },
              "spec": { "project": "default", "source": { "repoURL": "https://git.example/platform" }, "destination": { "server": "https://kubernetes.default.svc" }, "syncPolicy": { "syncOptions": ["Replace=true"] } },
              "status": { "resources": [{ "group": "argoproj.io", "kind": "AppProject", "namespace": "argocd", "name": "replaced" }] } }
            """);
        var before = await cluster.ApprovedAsync("replaced");
        await cluster.Server.RunAsync(KubeUser.Admin, "annotate", "appproject", "replaced", "--namespace=argocd", "argocd.argoproj.io/tracking-id=platform:argoproj.io/AppProject:argocd/replaced");

        Assert.Contains("Replace=true", (await cluster.Access.TermsAsync(ProjectCluster.Wish("replaced"), default)).Terms!.Obstacle!.Why.ToString(), StringComparison.Ordinal);
        Assert.Contains("Replace=true", (await cluster.Access.GiveAsync(before, default)).Sentence, StringComparison.Ordinal); // it came between the approval and the start
        Assert.Empty(await cluster.RolesAsync("replaced"));
    }

    private async Task<IReadOnlyList<FoundGrant>> FoundAsync(Grant grant)
    {
        var (answer, found) = await cluster.Access.FindAsync("production", [], default);
        Assert.True(answer.IsOk, answer.Sentence);
        return [.. found.Where(one => one.Grant == grant.Id)];
    }
}
