using System.Globalization;
using System.Net;
using ChatOps.Peers;
using ChatOps.Platform.Access;

namespace ChatOps.Platform.Tests.Access;

/// <summary>The janitor's script as its manifest runs it, with the rights that its manifest gives, against a real API server.</summary>
public sealed class JanitorTests(GrantCluster cluster) : IClassFixture<GrantCluster>
{
    private const string Namespace = "shop-jobs";

    [RealClusterFact]
    public async Task It_ends_what_is_past_and_what_says_no_end_and_leaves_the_rest()
    {
        var now = DateTimeOffset.UtcNow;
        await BindAsync("past", GrantMarks.Written(now.AddMinutes(-1)));
        await BindAsync("without-end", null);
        await BindAsync("unreadable", "tomorrow");
        await BindAsync("local-time", now.AddHours(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'+02:00'", CultureInfo.InvariantCulture));
        await BindAsync("open", GrantMarks.Written(now.AddHours(1)));
        await cluster.Server.RunAsync(KubeUser.Admin, "create", "rolebinding", "of-others", $"--namespace={Namespace}", "--clusterrole=chatops-breakglass-viewer", "--user=mallory");

        var (exit, said) = await Janitor.RunAsync(cluster.Server);

        Assert.True(exit == 0, said);
        Assert.Equal(["of-others", "open"], (await NamesAsync()).Intersect(["past", "without-end", "unreadable", "local-time", "open", "of-others"]).Order());
    }

    [RealClusterFact]
    public async Task It_ends_what_is_past_in_no_namespace_where_there_may_be_such()
    {
        var now = DateTimeOffset.UtcNow;
        await BindAsync("wide-past", GrantMarks.Written(now.AddMinutes(-1)), inTheCluster: true);
        await BindAsync("wide-without-end", null, inTheCluster: true);
        await BindAsync("wide-open", GrantMarks.Written(now.AddHours(1)), inTheCluster: true);
        await cluster.Server.RunAsync(KubeUser.Admin, "create", "clusterrolebinding", "wide-of-others", "--clusterrole=chatops-breakglass-cluster-viewer", "--user=mallory");

        Assert.Equal(0, (await Janitor.RunAsync(cluster.Server, wide: "")).Exit);
        Assert.Equal(4, (await WideAsync()).Count);
        var (exit, said) = await Janitor.RunAsync(cluster.Server);

        Assert.True(exit == 0, said);
        Assert.Equal(["wide-of-others", "wide-open"], (await WideAsync()).Order());
    }

    [RealClusterFact]
    public async Task It_ends_accounts_that_are_past_in_the_namespace_that_it_is_told_and_leaves_the_rest()
    {
        var now = DateTimeOffset.UtcNow;
        await AccountAsync("past", $$"""{ "{{GrantMarks.ExpiresAt}}": "{{GrantMarks.Written(now.AddMinutes(-1))}}" }""", "chatops");
        await AccountAsync("without-end", "{}", "chatops");
        await AccountAsync("open", $$"""{ "{{GrantMarks.ExpiresAt}}": "{{GrantMarks.Written(now.AddHours(1))}}" }""", "chatops");
        await AccountAsync("of-others", "{}", "helm");

        var (exit, said) = await Janitor.RunAsync(cluster.Server, accounts: GrantCluster.AccountsIn);

        Assert.True(exit == 0, said);
        var left = (await cluster.Server.RunAsync(KubeUser.Admin, "get", "serviceaccounts", $"--namespace={GrantCluster.AccountsIn}", "--output=jsonpath={.items[*].metadata.name}")).Split(' ');
        Assert.Equal(["of-others", "open"], left.Intersect(["past", "without-end", "open", "of-others"]).Order());
    }

    private async Task AccountAsync(string name, string annotations, string by) => await cluster.Server.ApplyAsync($$"""
        { "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": "{{name}}", "namespace": "{{GrantCluster.AccountsIn}}", "annotations": {{annotations}},
          "labels": { "{{GrantMarks.ManagedBy}}": "{{by}}", "{{GrantMarks.Grant}}": "{{Guid.NewGuid():N}}" } } }
        """);

    /// <summary>As many as end in one bad minute, of which one may not be deleted and one is kept by a finalizer.</summary>
    [RealClusterFact]
    public async Task Hundreds_end_in_one_look_and_what_cannot_be_ended_keeps_none_of_them()
    {
        const string narrow = "narrow-janitor";
        await cluster.Server.ApplyAsync($$"""
            { "apiVersion": "v1", "kind": "List", "items": [
              { "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": "{{narrow}}", "namespace": "chatops" } },
              { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": { "name": "{{narrow}}-looks" }, "rules": [ { "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["rolebindings"], "verbs": ["list"] } ] },
              { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": { "name": "{{narrow}}-looks" }, "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "{{narrow}}-looks" }, "subjects": [ { "kind": "ServiceAccount", "name": "{{narrow}}", "namespace": "chatops" } ] },
              { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": { "name": "{{narrow}}", "namespace": "{{Namespace}}" }, "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "chatops-janitor" }, "subjects": [ { "kind": "ServiceAccount", "name": "{{narrow}}", "namespace": "chatops" } ] } ] }
            """);
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        var now = DateTimeOffset.UtcNow;
        await Parallel.ForEachAsync(Enumerable.Range(0, 600), async (number, _) => await MakeAsync(admin, Namespace, $"many-{number:000}", number % 100 == 7 ? now.AddHours(1) : now.AddMinutes(-1)));
        await MakeAsync(admin, "payments", "forbidden", now.AddMinutes(-1));
        await MakeAsync(admin, Namespace, "kept", now.AddMinutes(-1), "[\"example.com/keep\"]");

        var run = await Janitor.RunAsync(cluster.Server, wide: "", account: narrow, looks: 2);
        var (exit, said) = run;

        Assert.True(exit == 1, said);
        Assert.Equal([.. Enumerable.Range(0, 6).Select(hundred => $"many-{hundred}07")], (await NamesAsync()).Where(name => name.StartsWith("many-", StringComparison.Ordinal)).Order());
        Assert.InRange(run.Calls.Count(call => call == "delete"), 2, 6); // three at a time in each look, however many there are
        Assert.Equal(2, said.Split('\n').Count(line => line.Contains("\"forbidden\" is forbidden", StringComparison.Ordinal)));
        Assert.Contains($"RoleBinding {Namespace} kept is kept by example.com/keep", said, StringComparison.Ordinal);

        await admin.MergePatchAsync($"{Bindings(Namespace)}/kept", """{"metadata":{"finalizers":null} }""");
        await admin.DeleteAsync($"{Bindings("payments")}/forbidden");
        Assert.DoesNotContain("kept", await NamesAsync());
    }

    [RealClusterFact]
    public async Task What_becomes_past_between_two_looks_ends_in_the_second()
    {
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        await MakeAsync(admin, Namespace, "soon", DateTimeOffset.UtcNow.AddSeconds(2));

        var (exit, said) = await Janitor.RunAsync(cluster.Server, wide: "", looks: 2, pause: 4);

        Assert.True(exit == 0, said);
        Assert.DoesNotContain("soon", await NamesAsync());
    }

    [RealClusterFact]
    public async Task It_says_so_when_it_could_not_look()
    {
        var (exit, said) = await Janitor.RunAsync(cluster.Server, elsewhere: "https://127.0.0.1:1");

        Assert.True(exit == 1, said);
    }

    private static string Bindings(string ns) => $"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings";

    private static async Task MakeAsync(ApiCaller admin, string ns, string name, DateTimeOffset end, string finalizers = "[]") => Assert.Equal(HttpStatusCode.Created, (await admin.CreateAsync(Bindings(ns), $$"""
        { "metadata": { "name": "{{name}}", "finalizers": {{finalizers}}, "annotations": { "{{GrantMarks.ExpiresAt}}": "{{GrantMarks.Written(end)}}" }, "labels": { "{{GrantMarks.ManagedBy}}": "chatops", "{{GrantMarks.Grant}}": "{{Guid.NewGuid():N}}" } },
          "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "chatops-breakglass-viewer" }, "subjects": [ { "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "mallory" } ] }
        """)).Status);

    private async Task BindAsync(string name, string? end, bool inTheCluster = false)
    {
        var annotations = end is null ? "{}" : $$"""{ "{{GrantMarks.ExpiresAt}}": "{{end}}" }""";
        var (kind, ns) = inTheCluster ? ("ClusterRoleBinding", "") : ("RoleBinding", $"\"namespace\": \"{Namespace}\",");
        await cluster.Server.ApplyAsync($$"""
            { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "{{kind}}",
              "metadata": { "name": "{{name}}", {{ns}} "annotations": {{annotations}}, "labels": { "{{GrantMarks.ManagedBy}}": "chatops", "{{GrantMarks.Grant}}": "{{Guid.NewGuid():N}}" } },
              "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "chatops-breakglass-viewer" },
              "subjects": [ { "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "mallory" } ] }
            """);
    }

    private async Task<IReadOnlyList<string>> WideAsync() =>
        [.. (await cluster.Server.RunAsync(KubeUser.Admin, "get", "clusterrolebindings", "--output=jsonpath={.items[*].metadata.name}")).Split(' ').Where(name => name.StartsWith("wide-", StringComparison.Ordinal))];

    private async Task<IReadOnlyList<string>> NamesAsync() =>
        (await cluster.Server.RunAsync(KubeUser.Admin, "get", "rolebindings", $"--namespace={Namespace}", "--output=jsonpath={.items[*].metadata.name}")).Split(' ');
}
