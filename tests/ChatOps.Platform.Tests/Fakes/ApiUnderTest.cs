using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Tests.Fakes;

/// <summary>A Kubernetes API that the suite may use: where, as whom the bot comes, and an administrator's connection.</summary>
public sealed class ApiUnderTest(ClusterOptions bot, HttpClient admin) : IDisposable
{
    private const string Applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
    private const string Projects = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects";
    private const string Sets = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets";
    private ClusterApi? connection;

    public ArgoCdReconciler Reconciler(TimeProvider? time = null, params string[] further)
    {
        var clock = time ?? new InTheExample();
        var options = new ArgoCdOptions { Name = "argocd", Cluster = bot.Name, Namespace = "argocd" };
        options.ApplicationNamespaces.AddRange(further);
        return new(options, Connect(clock), new(options, Connect(clock), new([bot]), clock), clock);
    }

    public ClusterApi Connect(TimeProvider? time = null) =>
        connection ??= new ClusterApi(bot.Name, ClusterCredentials.For(bot), bot.RequestTimeout, time ?? new InTheExample());

    public (PlatformDoctor Doctor, PlatformRbac Rbac, ClusterConnections Connections) Checks(Rulebook rulebook)
    {
        var options = new PlatformOptions([new ArgoCdOptions()], [bot]);
        var connections = new ClusterConnections([bot], TimeProvider.System);
        var rbac = new PlatformRbac(options, connections, new([bot]), rulebook, TimeProvider.System);
        return (new(options, connections, rulebook, rbac, new(options, connections, rulebook, TimeProvider.System), TimeProvider.System), rbac, connections);
    }

    public async Task<ApplicationRef> CreateAsync(JsonObject application)
    {
        ((JsonObject)application["metadata"]!).Remove("uid");
        using var answer = await SendAsync(HttpMethod.Post, Applications, application.ToJsonString(), "application/json");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return new("argocd", "argocd", (string)application["metadata"]!["name"]!);
    }

    /// <summary>Somebody with kubectl.</summary>
    public async Task EditAsync(ApplicationRef application, string jsonPatch)
    {
        using var answer = await SendAsync(HttpMethod.Patch, $"{Applications}/{application.Name}?fieldManager=kubectl-edit", jsonPatch, "application/json-patch+json");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonObject> ReadAsync(ApplicationRef application) =>
        (JsonObject)JsonNode.Parse(await admin.GetStringAsync(new Uri($"{Applications}/{application.Name}", UriKind.Relative)))!;

    public async Task CreateProjectAsync(string name, string spec)
    {
        var project = new JsonObject { ["apiVersion"] = "argoproj.io/v1alpha1", ["kind"] = "AppProject", ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "argocd" }, ["spec"] = JsonNode.Parse(spec) };
        using var answer = await SendAsync(HttpMethod.Post, Projects, project.ToJsonString(), "application/json");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Somebody with kubectl, unless it is said who.</summary>
    public async Task EditProjectAsync(string name, string jsonPatch, string manager = "kubectl-edit")
    {
        using var answer = await SendAsync(HttpMethod.Patch, $"{Projects}/{name}?fieldManager={manager}", jsonPatch, "application/json-patch+json");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonObject> ReadProjectAsync(string name) =>
        (JsonObject)JsonNode.Parse(await admin.GetStringAsync(new Uri($"{Projects}/{name}", UriKind.Relative)))!;

    /// <summary>A set with these among its fields; the API server gives it its uid.</summary>
    public async Task<string> CreateSetAsync(string name, JsonObject fields)
    {
        var spec = (JsonObject)JsonNode.Parse("""{"generators":[{"list":{"elements":[]}}],"template":{"metadata":{"name":"one"},"spec":{"project":"default","source":{"repoURL":"https://git.example.com/shop.git"},"destination":{}}}}""")!;
        foreach (var (key, value) in fields.ToList())
        {
            spec[key] = value?.DeepClone();
        }

        var set = new JsonObject { ["apiVersion"] = "argoproj.io/v1alpha1", ["kind"] = "ApplicationSet", ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "argocd" }, ["spec"] = spec };
        using var answer = await SendAsync(HttpMethod.Post, Sets, set.ToJsonString(), "application/json");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (string)(await ReadSetAsync(name))["metadata"]!["uid"]!;
    }

    public async Task EditSetAsync(string name, string jsonPatch, string manager = "kubectl-edit")
    {
        using var answer = await SendAsync(HttpMethod.Patch, $"{Sets}/{name}?fieldManager={manager}", jsonPatch, "application/json-patch+json");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task DeleteSetAsync(string name)
    {
        using var answer = await admin.DeleteAsync(new Uri($"{Sets}/{name}", UriKind.Relative));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonObject> ReadSetAsync(string name) =>
        (JsonObject)JsonNode.Parse(await admin.GetStringAsync(new Uri($"{Sets}/{name}", UriKind.Relative)))!;

    /// <summary>What the controller does as soon as it has worked on the object.</summary>
    public Task AnswerRefreshAsync(ApplicationRef application) =>
        EditAsync(application, """[{"op":"remove","path":"/metadata/annotations/argocd.argoproj.io~1refresh"}]""");

    public async Task DeleteAsync(ApplicationRef application)
    {
        using var answer = await admin.DeleteAsync(new Uri($"{Applications}/{application.Name}", UriKind.Relative));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Until the API server's cache has all that is stored: it answers lists that may be old, and learns of a write a moment after its answer.</summary>
    public async Task CaughtUpAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        foreach (var list in new[] { Applications, Projects, Sets })
        {
            var stored = JsonNode.Parse(await admin.GetStringAsync(new Uri(list, UriKind.Relative), limit.Token))!["items"]!.AsArray();
            var newest = stored.Max(one => (ulong?)ulong.Parse((string)one!["metadata"]!["resourceVersion"]!, CultureInfo.InvariantCulture));
            while (newest is { } version)
            {
                using var cached = await admin.GetAsync(new Uri($"{list}?resourceVersion={version}&resourceVersionMatch=NotOlderThan", UriKind.Relative), limit.Token);
                if (cached.IsSuccessStatusCode)
                {
                    break;
                }

                Assert.Equal(HttpStatusCode.GatewayTimeout, cached.StatusCode); // it waits for three seconds at most
            }
        }
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body, string type)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)),
        };
        return await admin.SendAsync(request);
    }

    /// <summary>Always the moment of the examples; waiting takes real time.</summary>
    private sealed class InTheExample : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Some.Now;
    }

    public void Dispose()
    {
        connection?.Dispose();
        admin.Dispose();
    }
}
