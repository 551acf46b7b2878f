using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>The few calls that the simulated controller makes; any API server answers them, the simulated one or a real one.</summary>
internal sealed class KubernetesApi : IDisposable
{
    private readonly HttpClient http;

    public KubernetesApi(ArgoCdSimulationOptions options)
    {
        http = new HttpClient(options.Handler?.Invoke() ?? new SocketsHttpHandler()) { BaseAddress = options.ApiServer, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("argocd-application-controller/simulated");
        if (options.Token is { } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public async Task<JsonObject?> GetAsync(ResourceId id, CancellationToken ct)
    {
        var answer = await SendAsync(HttpMethod.Get, id.Path, null, null, ct);
        return answer.Status == 404 ? null : answer.Require();
    }

    /// <summary>An unknown kind or namespace lists as empty.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(ResourceType type, string ns, CancellationToken ct)
    {
        var answer = await SendAsync(HttpMethod.Get, type.PathIn(ns), null, null, ct);
        if (answer.Status == 404)
        {
            return [];
        }

        var items = answer.Require()["items"]?.AsArray().OfType<JsonObject>().Select(item => (JsonObject)item.DeepClone()).ToList() ?? [];
        foreach (var item in items)
        {
            item["apiVersion"] ??= type.ApiVersion;
            item["kind"] ??= type.Kind;
        }

        return items;
    }

    public Task<ApiAnswer> PatchAsync(ResourceId id, JsonNode patch, string manager, CancellationToken ct)
    {
        var form = patch is JsonArray ? "application/json-patch+json" : id.Type.IsCustom ? "application/merge-patch+json" : "application/strategic-merge-patch+json";
        return SendAsync(HttpMethod.Patch, $"{id.Path}?fieldManager={manager}", patch, form, ct);
    }

    public Task<ApiAnswer> CreateAsync(ResourceId id, JsonObject body, string manager, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"{id.Type.PathIn(id.Namespace)}?fieldManager={manager}", body, "application/json", ct);

    public Task<ApiAnswer> ReplaceAsync(ResourceId id, JsonObject body, string manager, CancellationToken ct) =>
        SendAsync(HttpMethod.Put, $"{id.Path}?fieldManager={manager}", body, "application/json", ct);

    public Task<ApiAnswer> DeleteAsync(ResourceId id, CancellationToken ct) => SendAsync(HttpMethod.Delete, id.Path, null, null, ct);

    /// <summary>Calls back at every event of a watch, until it ends for whatever reason.</summary>
    public async Task WatchAsync(ResourceType type, string ns, Action changed, CancellationToken ct)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{type.PathIn(ns)}?watch=true");
        using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode)
        {
            return;
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
        changed();
        while (await reader.ReadLineAsync(ct) is not null)
        {
            changed();
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, JsonNode? body, string? form, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(form!);
        }

        using var response = await http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        return new ApiAnswer((int)response.StatusCode, JsonNode.Parse(text) as JsonObject ?? []);
    }
}

internal sealed record ApiAnswer(int Status, JsonObject Body)
{
    public bool Succeeded => Status < 300;

    public string Message => Body["message"]?.GetValue<string>() ?? "";

    public JsonObject Require() => Succeeded ? Body : throw new HttpRequestException($"{Status}: {Message}");
}
