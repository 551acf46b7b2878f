using System.Net;
using ChatOps.Core.Grants;
using ChatOps.Peers;

namespace ChatOps.Platform.Tests.Access;

/// <summary>
/// What each kind of access lets its person do, tried on the real API server with their own credentials, before, during and
/// after. Nothing that is named is there: an allowed request finds nothing, a refused one is refused.
/// </summary>
[Collection(GrantClusterCollection.Name)]
public sealed class AsThePersonTests(GrantCluster cluster)
{
    private const string Shop = "/api/v1/namespaces/shop";
    private const string Apps = "/apis/apps/v1/namespaces/shop";
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    private static readonly string[] Looking =
    [
        $"GET {Shop}/pods", $"GET {Shop}/pods/x", $"GET {Shop}/pods/x/log", $"GET {Shop}/configmaps", $"GET {Shop}/events", $"GET {Apps}/deployments", "GET /apis/batch/v1/namespaces/shop/jobs",
        "GET /apis/networking.k8s.io/v1/namespaces/shop/networkpolicies",
    ];

    private static readonly string[] Changing =
    [
        $"PATCH {Apps}/deployments/x", $"PATCH {Apps}/deployments/x/scale", $"PATCH {Shop}/configmaps/x", $"PATCH {Shop}/services/x", $"DELETE {Shop}/pods/x", $"POST {Shop}/pods/x/exec",
        $"POST {Shop}/pods/x/portforward", $"POST {Shop}/pods/x/eviction", "PATCH /apis/autoscaling/v1/namespaces/shop/horizontalpodautoscalers/x",
    ];

    /// <summary>By which somebody would have more, or have it longer; and other places.</summary>
    private static readonly string[] Never =
    [
        $"GET {Shop}/secrets", $"GET {Shop}/secrets/x", $"PATCH {Shop}/secrets/x", $"POST {Shop}/pods", $"POST {Shop}/pods/x/attach", $"PATCH {Shop}/pods/x/ephemeralcontainers", $"GET {Shop}/pods/x/proxy",
        $"POST {Shop}/serviceaccounts", $"POST {Shop}/serviceaccounts/default/token", $"GET {Rbac}/namespaces/shop/rolebindings", $"POST {Rbac}/namespaces/shop/rolebindings",
        $"DELETE {Rbac}/namespaces/shop/rolebindings/x", $"POST {Rbac}/namespaces/shop/roles", $"POST {Apps}/deployments", $"DELETE {Apps}/deployments/x", "POST /apis/batch/v1/namespaces/shop/jobs",
        "PATCH /apis/batch/v1beta1/namespaces/shop/cronjobs/x", "PATCH /apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/x", "GET /api/v1/namespaces/payments/pods", "GET /api/v1/namespaces/argocd/configmaps",
        "GET /api/v1/pods", "PATCH /api/v1/nodes/x", "GET /api/v1/nodes/x/proxy/", $"POST {Rbac}/clusterrolebindings", "PATCH /api/v1/namespaces/shop",
        "POST /apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", "POST /apis/certificates.k8s.io/v1/certificatesigningrequests",
    ];

    private static readonly string[] Nodes = ["GET /api/v1/nodes", "GET /api/v1/nodes/x", "GET /api/v1/namespaces", "GET /api/v1/persistentvolumes", "GET /apis/storage.k8s.io/v1/storageclasses"];

    [RealClusterFact]
    public async Task A_viewer_reads_pods_and_their_logs_and_changes_nothing() => await TryAsync("viewer", Looking, [.. Changing, .. Nodes, .. Never]);

    [RealClusterFact]
    public async Task An_editor_mends_what_runs_and_makes_nothing_that_stays() => await TryAsync("editor", [.. Looking, .. Changing], [.. Nodes, .. Never]);

    [RealClusterFact]
    public async Task Access_to_the_whole_cluster_is_to_what_lives_in_no_namespace() => await TryAsync("node-viewer", Nodes, [.. Looking, .. Changing, .. Never]);

    [RealClusterFact]
    public async Task An_account_may_what_its_role_may_and_nothing_by_being_an_account()
    {
        var terms = (await cluster.Accounts.TermsAsync(GrantCluster.WishAs("viewer", GrantCluster.Alice), default)).Terms!;
        var authorized = GrantCluster.Approved(terms, kind: GrantKind.ServiceAccount);
        var grant = authorized.Grant;
        Assert.True((await cluster.Accounts.GiveAsync(authorized, default)) is { IsOk: true });
        var (_, token) = await cluster.Accounts.MintAsync(grant.Given(GrantCluster.Now).Claim(GrantCluster.Now)!, default);
        using var holder = new ApiCaller(cluster.Server, token!.Token);

        await GrantCluster.UntilAsync(async () => (await cluster.Accounts.AllowedNowAsync(grant, [], default))!.Count == grant.Probes.Count);
        await AllAsync(holder, Looking, refused: false);
        await AllAsync(holder, [.. Changing, .. Nodes, .. Never], refused: true);

        Assert.True((await cluster.Accounts.TakeBackAsync(grant.Revoke(), default)).IsOk);
        await GrantCluster.UntilAsync(async () => (await cluster.Accounts.AllowedNowAsync(grant, [], default))!.Count == 0);
        await AllAsync(holder, [.. Looking, .. Changing, .. Nodes, .. Never], refused: true);
    }

    /// <summary>As the identity source tells them; without it they are not guessed.</summary>
    [RealClusterFact]
    public async Task Who_has_it_by_a_group_already_is_known_to_where_the_group_is_told()
    {
        await cluster.Server.RunAsync(KubeUser.Admin, "create", "rolebinding", "on-call-looks", "--namespace=shop", "--clusterrole=chatops-breakglass-viewer", "--group=shop-oncall");
        using var gina = new ApiCaller(cluster.Server, GrantCluster.Gina);
        await GrantCluster.UntilAsync(async () => (await gina.GetAsync($"{Shop}/pods")).Status == HttpStatusCode.OK);

        var (_, told) = await cluster.Access.TermsAsync(GrantCluster.WishAs("viewer", GrantCluster.Gina, "shop-oncall"), default);
        var (_, untold) = await cluster.Access.TermsAsync(GrantCluster.WishAs("viewer", GrantCluster.Gina), default);
        Assert.Empty(told!.Lacking); // so that the request is refused: nothing would be given
        Assert.Equal(untold!.Asked.Count, untold.Lacking.Count);

        // What she lacks as an editor is what the group does not give, and that is gone afterwards.
        var (_, terms) = await cluster.Access.TermsAsync(GrantCluster.WishAs("editor", GrantCluster.Gina, "shop-oncall"), default);
        Assert.DoesNotContain(terms!.Lacking, right => right is { Verb: "get", Resource: "pods" or "pods/log" });
        Assert.Contains(terms.Lacking, right => right is { Verb: "patch", Resource: "deployments" });
        var grant = GrantCluster.Approved(terms, GrantCluster.Gina.Name);
        Assert.True((await cluster.Access.GiveAsync(grant, default)).IsOk);
        await GrantCluster.UntilAsync(async () => (await cluster.Access.AllowedNowAsync(grant.Grant, ["shop-oncall"], default))!.Count == grant.Grant.Probes.Count);
        Assert.NotEqual(HttpStatusCode.Forbidden, (await gina.MergePatchAsync($"{Apps}/deployments/x", "{}")).Status);

        Assert.True((await cluster.Access.TakeBackAsync(grant.Grant.Revoke(), default)).IsOk);
        await GrantCluster.UntilAsync(async () => (await cluster.Access.AllowedNowAsync(grant.Grant, ["shop-oncall"], default))!.Count == 0);
        Assert.Equal(HttpStatusCode.Forbidden, (await gina.MergePatchAsync($"{Apps}/deployments/x", "{}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await gina.GetAsync($"{Shop}/pods")).Status);

        // Given to the group meanwhile, it is more than before, and is told from nothing only where the group counts.
        await cluster.Server.RunAsync(KubeUser.Admin, "create", "rolebinding", "on-call-edits", "--namespace=shop", "--clusterrole=chatops-breakglass-editor", "--group=shop-oncall");
        await GrantCluster.UntilAsync(async () => (await cluster.Access.AllowedNowAsync(grant.Grant, ["shop-oncall"], default))!.Count == grant.Grant.Probes.Count);
        Assert.Empty((await cluster.Access.AllowedNowAsync(grant.Grant, [], default))!);
        await cluster.Server.RunAsync(KubeUser.Admin, "delete", "rolebinding", "on-call-looks", "on-call-edits", "--namespace=shop");
    }

    private async Task TryAsync(string role, string[] allowed, string[] refused)
    {
        using var alice = new ApiCaller(cluster.Server, GrantCluster.Alice);
        IAccess port = role == "node-viewer" ? cluster.WholeCluster : cluster.Access;
        var authorized = GrantCluster.Approved(await GrantCluster.NothingYetAsync(port, GrantCluster.WishAs(role, GrantCluster.Alice)));
        await AllAsync(alice, [.. allowed, .. refused], refused: true);
        var grant = authorized.Grant;

        Assert.True((await port.GiveAsync(authorized, default)).IsOk);
        await GrantCluster.UntilAsync(async () => (await port.AllowedNowAsync(grant, [], default))!.Count == grant.Probes.Count);
        await AllAsync(alice, allowed, refused: false);
        await AllAsync(alice, refused, refused: true);

        Assert.True((await port.TakeBackAsync(grant.Revoke(), default)).IsOk);
        await GrantCluster.UntilAsync(async () => (await port.AllowedNowAsync(grant, [], default))!.Count == 0);
        await AllAsync(alice, [.. allowed, .. refused], refused: true);
    }

    private static async Task AllAsync(ApiCaller person, string[] requests, bool refused)
    {
        var wrong = new List<string>();
        foreach (var request in requests)
        {
            var status = await StatusAsync(person, request.Split(' '));
            if ((status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized) != refused)
            {
                wrong.Add($"{request}: {(int)status}");
            }
        }

        Assert.Empty(wrong);
    }

    private static async Task<HttpStatusCode> StatusAsync(ApiCaller person, string[] request) => (request switch
    {
        ["GET", var path] => await person.GetAsync(path),
        ["DELETE", var path] => await person.DeleteAsync(path),
        ["PATCH", var path] => await person.MergePatchAsync(path, "{}"),
        [_, var path] => await person.CreateAsync(path, "{}"),
        _ => throw new ArgumentException(string.Join(' ', request)),
    }).Status;
}
