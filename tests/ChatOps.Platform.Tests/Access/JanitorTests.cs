using System.Globalization;
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

    [RealClusterFact]
    public async Task It_says_so_when_it_could_not_look()
    {
        var (exit, said) = await Janitor.RunAsync(cluster.Server, elsewhere: "https://127.0.0.1:1");

        Assert.True(exit == 1, said);
    }

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
