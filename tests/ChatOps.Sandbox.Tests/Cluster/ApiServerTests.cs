using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Manifests;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Sandbox.Tests.Cluster;

public sealed class ApiServerTests : IAsyncLifetime
{
    private const string Apps = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
    private SimulatedApiServer server = null!;
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        server = await SimulatedApiServer.StartAsync(new FakeTimeProvider(), new SimulatedApiServerOptions { AutomatedEnabledInCrd = false }, CancellationToken.None);
        client = new HttpClient(server.CreateHandler()) { BaseAddress = server.Url };
        foreach (var manifest in Yaml.ParseAll(Objects))
        {
            server.Create(manifest);
        }

        server.AddUser("bot", "bot");
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/operation","value":null},{"op":"add","path":"/operation","value":{"sync":{}}}]""", 200)]
    [InlineData("""[{"op":"test","path":"/spec/project","value":"other"}]""", 422)]
    [InlineData("""[{"op":"test","path":"/spec/source","value":{"targetRevision":"main","repoURL":"r","path":"p"}}]""", 200)]
    [InlineData("""[{"op":"remove","path":"/spec/nothing/here"}]""", 422)]
    public async Task A_json_patch_passes_or_fails_as_a_whole(string patch, int expected)
    {
        var (status, body) = await SendAsync("PATCH", Apps + "/checkout", patch, "application/json-patch+json");

        Assert.Equal(expected, (int)status);
        if (expected == 422)
        {
            Assert.Equal("""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the server rejected our request due to an error in our request","reason":"Invalid","details":{},"code":422}""", body.ToJsonString());
        }
    }

    /// <summary>Whoever opens it takes no answer for none.</summary>
    [Fact]
    public async Task A_watch_of_what_is_quiet_is_open_before_anything_happens()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (_, list) = await SendAsync("GET", Apps, null);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Apps}?watch=true&resourceVersion={(string)list["metadata"]!["resourceVersion"]!}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.AdminToken);

        using var opened = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);

        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
    }

    [Fact]
    public async Task A_stale_version_conflicts_in_the_recorded_words()
    {
        var (status, body) = await SendAsync("PATCH", Apps + "/checkout", """{"metadata":{"resourceVersion":"1"},"spec":{"project":"x"}}""");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("Operation cannot be fulfilled on applications.argoproj.io \"checkout\": the object has been modified; please apply your changes to the latest version and try again", body["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_field_that_the_crd_lacks_is_pruned_or_refused_when_strict()
    {
        const string Patch = """{"spec":{"syncPolicy":{"automated":{"enabled":false}}}}""";

        var (status, body) = await SendAsync("PATCH", Apps + "/checkout", Patch);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Null(body["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync("PATCH", Apps + "/checkout?fieldValidation=Strict", Patch)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync("PATCH", Apps + "/checkout", """{"spec":{"project":5}}""")).Status);
    }

    [Fact]
    public async Task A_manager_owns_exactly_what_it_wrote_and_scale_carries_no_time()
    {
        var (_, app) = await SendAsync("PATCH", Apps + "/checkout?fieldManager=chatops", """{"spec":{"syncPolicy":{"automated":{"prune":false}}}}""");
        var mine = app["metadata"]!["managedFields"]!.AsArray().Single(entry => entry!["manager"]!.GetValue<string>() == "chatops")!;
        Assert.Equal("""{"f:spec":{"f:syncPolicy":{"f:automated":{"f:prune":{}}}}}""", mine["fieldsV1"]!.ToJsonString());

        await SendAsync("PATCH", "/apis/apps/v1/namespaces/argocd/deployments/web/scale?fieldManager=kubectl", """{"spec":{"replicas":5}}""");
        var scaled = server.Find("deployments", "argocd", "web")!["metadata"]!["managedFields"]!.AsArray().Single(entry => entry!["subresource"] is not null)!;
        Assert.Equal("""{"f:spec":{"f:replicas":{}}}""", scaled["fieldsV1"]!.ToJsonString());
        Assert.Null(scaled["time"]);
    }

    [Theory]
    [InlineData("operator", null, null, "checkout", 200)]
    [InlineData("operator", null, null, "payments", 403)]
    [InlineData(null, null, null, "checkout", 403)]
    [InlineData("kubernetes-admin", null, null, "checkout", 403)]
    [InlineData("operator", "system:masters", null, "checkout", 403)]
    [InlineData("operator", null, "other", "checkout", 403)]
    [InlineData("operator", null, "chatops-user", "checkout", 200)]
    public async Task Impersonation_goes_as_far_as_rbac_says(string? user, string? group, string? extra, string name, int expected)
    {
        var (status, _) = await SendAsync("PATCH", $"{Apps}/{name}", """{"metadata":{"labels":{"a":"b"}}}""", token: "bot", prepare: headers =>
        {
            Add(headers, "Impersonate-User", user);
            Add(headers, "Impersonate-Group", group);
            Add(headers, "Impersonate-Extra-" + extra, extra is null ? null : "alice@example.com");
        });

        Assert.Equal(expected, (int)status);
    }

    [Fact]
    public async Task Nobody_binds_a_role_that_they_neither_hold_nor_may_bind()
    {
        const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/argocd/rolebindings";
        static string Binding(string role) => $$"""{"metadata":{"name":"b-{{role}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{role}}"},"subjects":[{"kind":"User","name":"mallory"}]}""";

        var (refused, body) = await SendAsync("POST", Bindings, Binding("everything"), "application/json", "bot");
        Assert.Equal(HttpStatusCode.Forbidden, refused);
        Assert.Contains("attempting to grant RBAC permissions not currently held", body["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await SendAsync("POST", Bindings, Binding("breakglass"), "application/json", "bot")).Status);
    }

    [Fact]
    public async Task A_fault_can_apply_the_request_and_then_lose_the_answer()
    {
        server.Faults.ApplyThenDrop(request => request.Verb == "patch", nth: 1);
        server.Faults.Answer(request => request.Verb == "get", 429, retryAfter: 1);

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("PATCH", Apps + "/checkout", """{"metadata":{"labels":{"a":"b"}}}"""));
        Assert.Equal("b", server.Find("applications", "argocd", "checkout")!["metadata"]!["labels"]!["a"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync("GET", Apps + "/checkout", null)).Status);
        Assert.Equal("patch", server.Requests.All[0].Verb);
    }

    [Fact]
    public async Task A_watch_from_a_forgotten_version_ends_with_an_error_event_of_410()
    {
        server.Compact();

        var (status, line) = await SendAsync("GET", Apps + "?watch=true&resourceVersion=1", null);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("ERROR", line["type"]!.GetValue<string>());
        Assert.Equal(410, line["object"]!["code"]!.GetValue<int>());
    }

    /// <summary>Bindings of the whole cluster are kept by whom they bind, so that this must follow every change of them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_bound_in_the_whole_cluster_is_so_from_that_write_on_and_no_longer(bool forgotten)
    {
        const string bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
        server.AddUser("carol-token", "carol", "on-call");
        Assert.Equal(HttpStatusCode.Forbidden, await LookAsync());

        await WriteAsync("POST", bindings, """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"later"},"roleRef":{"kind":"ClusterRole","name":"everything"},"subjects":[{"kind":"User","name":"carol"},{"kind":"Robot","name":"on-call"}]}""", "application/json");
        Assert.Equal(HttpStatusCode.OK, await LookAsync());

        await WriteAsync("PATCH", $"{bindings}/later", """{"subjects":[{"kind":"Robot","name":"on-call"}]}""");
        Assert.Equal(HttpStatusCode.Forbidden, await LookAsync());

        await WriteAsync("PATCH", $"{bindings}/later", """{"subjects":[{"kind":"Group","name":"on-call"}]}""");
        Assert.Equal(HttpStatusCode.OK, await LookAsync());

        await WriteAsync("DELETE", $"{bindings}/later", null);
        Assert.Equal(HttpStatusCode.Forbidden, await LookAsync());

        async Task<HttpStatusCode> LookAsync() => (await SendAsync("GET", Apps, null, token: "carol-token")).Status;

        async Task WriteAsync(string method, string path, string? json, string form = "application/merge-patch+json")
        {
            Assert.True((int)(await SendAsync(method, path, json, form)).Status < 300);
            if (forgotten)
            {
                server.Compact();
            }
        }
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_token_that_is_known() =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync("GET", Apps, null, token: "guess")).Status);

    private async Task<(HttpStatusCode Status, JsonObject Body)> SendAsync(string method, string path, string? json, string form = "application/merge-patch+json", string? token = null, Action<HttpRequestHeaders>? prepare = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new("Bearer", token ?? server.AdminToken);
        prepare?.Invoke(request.Headers);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8);
            request.Content.Headers.ContentType = new(form);
        }

        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }

    private static void Add(HttpRequestHeaders headers, string name, string? value)
    {
        if (value is not null)
        {
            headers.Add(name, value);
        }
    }

    private const string Objects = """
        {apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: checkout, namespace: argocd}, spec: {project: shop, source: {repoURL: r, path: p, targetRevision: main}, syncPolicy: {automated: {prune: true}}}}
        ---
        {apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: payments, namespace: argocd}, spec: {project: shop}}
        ---
        {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: argocd}, spec: {replicas: 2, selector: {matchLabels: {app: web}}}}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: bot}, rules: [
          {apiGroups: [""], resources: [users], verbs: [impersonate], resourceNames: [operator]},
          {apiGroups: [authentication.k8s.io], resources: [userextras/chatops-user], verbs: [impersonate]},
          {apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]},
          {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [breakglass]}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: bot}, roleRef: {kind: ClusterRole, name: bot}, subjects: [{kind: User, name: bot}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: operator, namespace: argocd}, rules: [{apiGroups: [argoproj.io], resources: [applications], verbs: [get, patch], resourceNames: [checkout]}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: operator, namespace: argocd}, roleRef: {kind: Role, name: operator}, subjects: [{kind: User, name: operator}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: everything}, rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: breakglass}, rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]}
        """;
}
