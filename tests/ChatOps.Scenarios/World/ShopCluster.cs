using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Git;

namespace ChatOps.Scenarios.World;

/// <summary>The shop in a cluster, reached as everybody reaches one: by HTTP, whoever answers.</summary>
public abstract class ShopCluster : IAsyncDisposable
{
    public const string Checkout = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/checkout";
    public const string CheckoutConfig = "/api/v1/namespaces/shop/configmaps/checkout";

    private const string Applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
    private static readonly string[] Names = ["catalogue", "checkout", "payments", "platform", "reports", "search"];

    public abstract SimulatedArgoCd Argo { get; }

    public abstract GitRepository Repository { get; }

    /// <summary>A kubeconfig of the bot, with the rights that the manifests give it and no other.</summary>
    public abstract string BotKubeConfig { get; }

    /// <summary>Clients with connections of their own; the one of the admin sets the scene and looks afterwards.</summary>
    public abstract HttpClient Admin { get; }

    public abstract HttpClient Alice { get; }

    /// <summary>May do nothing in the cluster, unless somebody gives her access.</summary>
    public abstract HttpClient Carol { get; }

    /// <summary>Who patched checkout's Application as somebody else, as the API server recorded it.</summary>
    public abstract IReadOnlyList<ActedAs> PatchesOfCheckout();

    /// <summary>The cluster's rights are brought up to what <c>rbac</c> writes for the policy.</summary>
    public abstract Task ApplyRightsAsync(string yaml);

    /// <summary>Argo CD looks after the applications of that namespace as well, moved by hand.</summary>
    public abstract Task<SimulatedArgoCd> LookAfterAsync(string ns, TimeProvider time);

    public async Task<JsonObject?> FindAsync(string path)
    {
        using var answer = await Admin.GetAsync(path);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject() : null;
    }

    /// <summary>Completes when the object looks so; asks again at each of its changes, never by the clock.</summary>
    public async Task<JsonObject> WaitForAsync(string path, Func<JsonObject, bool> fits, string what)
    {
        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        try
        {
            return await WatchAsync(path, fits, patience.Token);
        }
        catch (OperationCanceledException late)
        {
            var now = await FindAsync(path);
            throw new TimeoutException($"Waited in vain for {what}. Argo CD's last failure: {Argo.LastFailure ?? "none"}. Now: {(now?["status"] ?? now)?.ToJsonString()}", late);
        }
    }

    /// <summary>Whether everything of the shop is deployed, also what Argo CD makes from others in its own time; as it is read by whoever takes a list that may be old, as the product does.</summary>
    public async Task<bool> IsDeployedAsync()
    {
        var listed = (await FindAsync($"{Applications}?resourceVersion=0"))!["items"]!.AsArray();
        return Names.All(name => listed.Any(one => (string?)one!["metadata"]!["name"] == name && (string?)one["status"]?["sync"]?["status"] == "Synced"));
    }

    /// <summary>What alice does with kubectl in the first minutes.</summary>
    public Task HandFixAsync() => PatchAsync(Alice, CheckoutConfig, $$"""{ "data": { "PAYMENT_MODE": "{{SampleShop.GoodMode}}" } }""", "kubectl-edit");

    public static bool Works(JsonObject config) => (string?)config["data"]?["PAYMENT_MODE"] == SampleShop.GoodMode;

    public Task AdminPatchesCheckoutAsync(string json, string fieldManager) => PatchAsync(Admin, Checkout, json, fieldManager);

    public Task AdminPatchesAsync(string path, string json) => PatchAsync(Admin, path, json, "kubectl-edit");

    public async Task AdminCreatesAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await Admin.PostAsync(path, content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public abstract ValueTask DisposeAsync();

    private static async Task PatchAsync(HttpClient client, string path, string json, string manager)
    {
        using var content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/merge-patch+json"));
        using var answer = await client.PatchAsync($"{path}?fieldManager={manager}", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<JsonObject> WatchAsync(string path, Func<JsonObject, bool> fits, CancellationToken ct)
    {
        var (collection, name) = (path[..path.LastIndexOf('/')], path[(path.LastIndexOf('/') + 1)..]);
        using var response = await Admin.GetAsync($"{collection}?watch=true&fieldSelector=metadata.name%3D{name}", HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
        while (await events.ReadLineAsync(ct) is { } line)
        {
            if (JsonNode.Parse(line)?["object"] is JsonObject seen && fits(seen))
            {
                return seen;
            }
        }

        throw new IOException("The API server ended the watch.");
    }
}

/// <summary>One patch: who authenticated, as whom, and the person named in the extra.</summary>
public sealed record ActedAs(string User, string? As, string? Person);
