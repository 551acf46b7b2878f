using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ChatOps.Peers;

/// <summary>Plain requests to the API server as one user, possibly impersonating: what a client library would hide is the point here.</summary>
public sealed class ApiCaller(KubeApiServer cluster, string token) : IDisposable
{
    private readonly HttpClient client = cluster.ClientFor(token);

    public ApiCaller(KubeApiServer cluster, KubeUser user)
        : this(cluster, user.Token)
    {
    }

    /// <summary>Calls as a ServiceAccount, with a token that the API server itself issued for it.</summary>
    public static async Task<ApiCaller> AsServiceAccountAsync(KubeApiServer cluster, string ns, string name)
    {
        using var admin = new ApiCaller(cluster, KubeUser.Admin);
        var answer = await admin.CreateAsync(
            $"/api/v1/namespaces/{ns}/serviceaccounts/{name}/token",
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600}}""");
        return new ApiCaller(cluster, (string)JsonNode.Parse(answer.Body)!["status"]!["token"]!);
    }

    public Task<ApiAnswer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<ApiAnswer> DeleteAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Delete, path, null, headers);

    /// <param name="json">Null: without a body.</param>
    public Task<ApiAnswer> DeleteAsync(string path, string? json) =>
        SendAsync(HttpMethod.Delete, path, json is null ? null : Body(json, "application/json"), []);

    public Task<ApiAnswer> CreateAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, Body(json, "application/json"), headers);

    public Task<ApiAnswer> PutAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, Body(json, "application/json"), headers);

    public Task<ApiAnswer> MergePatchAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, path, Body(json, "application/merge-patch+json"), headers);

    public Task<ApiAnswer> JsonPatchAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, path, Body(json, "application/json-patch+json"), headers);

    public void Dispose() => client.Dispose();

    private static StringContent Body(string json, string type) => new(json, Encoding.UTF8, new MediaTypeHeaderValue(type));

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? body, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        return new ApiAnswer(response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

/// <summary>What the API server answered.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, string Body);
