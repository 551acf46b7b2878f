using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.Platform.Tests.Fakes;

/// <summary>One request that arrived, with what identifies who sent it for whom.</summary>
public sealed record SeenRequest(string Method, string Path, string Query, string? As, string? Person, string Body);

/// <summary>
/// Just enough of a Kubernetes API to answer the reconciler over real HTTP, and to misbehave on demand. Its opinion is
/// held against a real API server by the same suite.
/// </summary>
public sealed class FakeKubernetesApi : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, JsonObject> resources = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private WebApplication? server;
    private int version = 100;

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    /// <summary>The first one that wants a request gets it, and is used up when it says so.</summary>
    public ConcurrentDictionary<string, Fault> Faults { get; } = new();

    /// <summary>What each watch gets, in order; one that finds nothing here stays open and silent.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Watches { get; } = new();

    public Func<string, string, bool> MayPatch { get; set; } = (_, _) => true;

    /// <summary>Runs between a read and a write: somebody is faster.</summary>
    public Action<JsonObject>? BeforePatch { get; set; }

    /// <summary>Runs when a request for an object arrives, before anything is read or written.</summary>
    public Action<string>? BeforeRequest { get; set; }

    /// <summary>Told of each patch that was stored: where, what was there, what is.</summary>
    public Action<string, JsonObject, JsonObject>? AfterPatch { get; set; }

    /// <summary>Runs on what is about to be stored: a schema or a webhook has other ideas.</summary>
    public Action<JsonObject>? Prune { get; set; }

    public static async Task<FakeKubernetesApi> StartAsync()
    {
        var fake = new FakeKubernetesApi();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(fake.HandleAsync);
        await app.StartAsync();
        fake.server = app;
        fake.Url = new Uri(app.Urls.Single());
        return fake;
    }

    public JsonObject? At(string path) => resources.TryGetValue(path, out var found) ? found : null;

    public void Put(string path, JsonObject resource)
    {
        lock (gate)
        {
            var metadata = (JsonObject)(resource["metadata"] ??= new JsonObject());
            metadata["uid"] ??= Guid.NewGuid().ToString();
            metadata["namespace"] ??= path.Contains("/namespaces/", StringComparison.Ordinal) ? path.Split('/')[^3] : null;
            metadata["name"] ??= path.Split('/')[^1];
            metadata["resourceVersion"] = $"{++version}";
            resources[path] = resource;
        }
    }

    public void Delete(string path) => resources.TryRemove(path, out _);

    public ValueTask DisposeAsync() => server!.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var request = context.Request;
        var path = request.Path.Value!;
        var user = request.Headers["Impersonate-User"].FirstOrDefault();
        Seen.Enqueue(new(request.Method, path, request.QueryString.Value ?? "", user, request.Headers["Impersonate-Extra-chatops-user"].FirstOrDefault(), body));
        var fault = Fault.Take(Faults, request);
        if (fault is not null && await fault.PlayAsync(context))
        {
            return;
        }

        if (request.Query.ContainsKey("watch"))
        {
            await (Watches.TryDequeue(out var script) ? script(context) : Fault.HangAsync(context));
            return;
        }

        var (status, answer) = Answer(request.Method, path, body, user, request.Query["fieldManager"].FirstOrDefault() ?? "kubectl-edit");
        if (fault is { DropsAnswer: true })
        {
            context.Abort();
            return;
        }

        if (fault?.SaysAfterwards is { } instead)
        {
            (status, answer) = (instead, Statuses.Of(instead, "InternalError", "etcdserver: leader changed"));
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), Encoding.UTF8);
    }

    private (int Status, JsonObject Answer) Answer(string method, string path, string body, string? user, string manager)
    {
        lock (gate)
        {
            BeforeRequest?.Invoke(path);
            return (method, path) switch
            {
                ("POST", _) when path.EndsWith("accessreviews", StringComparison.Ordinal) => (201, Review(body)),
                ("POST", _) => Create(path, body),
                ("DELETE", _) => (resources.TryRemove(path, out _) ? 200 : 404, new()),
                ("PATCH", _) => Patch(path, body, user, manager),
                (_, _) when path.EndsWith("/applications", StringComparison.Ordinal) || path.EndsWith("/appprojects", StringComparison.Ordinal) || path.EndsWith("/applicationsets", StringComparison.Ordinal) => (200, List(path)),
                _ => At(path) is { } found ? (200, (JsonObject)found.DeepClone()) : (404, Statuses.NotFound(path)),
            };
        }
    }

    private JsonObject Review(string body)
    {
        var review = (JsonObject)JsonNode.Parse(body)!;
        var user = (string?)review["spec"]!["user"] ?? "";
        review["status"] = new JsonObject { ["allowed"] = MayPatch(user, (string)review["spec"]!["resourceAttributes"]!["name"]!) };
        return review;
    }

    private (int, JsonObject) Create(string path, string body)
    {
        var resource = (JsonObject)JsonNode.Parse(body)!;
        Put($"{path}/{resource["metadata"]!["name"]}", resource);
        return (201, (JsonObject)resource.DeepClone());
    }

    private (int, JsonObject) Patch(string path, string body, string? user, string manager)
    {
        if (user is not null && !MayPatch(user, path.Split('/')[^1]))
        {
            return (403, Statuses.Forbidden(user, path));
        }

        if (At(path) is not { } found)
        {
            return (404, Statuses.NotFound(path));
        }

        BeforePatch?.Invoke(found);
        var changed = (JsonObject)found.DeepClone();
        if (!JsonPatchApplication.TryApply(changed, body))
        {
            return (422, Statuses.FailedTest());
        }

        Prune?.Invoke(changed);
        FieldOwners.Note(found, changed, manager);
        Put(path, changed);
        AfterPatch?.Invoke(path, found, changed);
        return (200, (JsonObject)changed.DeepClone());
    }

    private JsonObject List(string path) => new()
    {
        ["kind"] = "ApplicationList",
        ["apiVersion"] = "argoproj.io/v1alpha1",
        ["metadata"] = new JsonObject { ["resourceVersion"] = $"{version}" },
        ["items"] = new JsonArray([.. resources.Where(entry => entry.Key.StartsWith($"{path}/", StringComparison.Ordinal)).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value.DeepClone())]),
    };
}
