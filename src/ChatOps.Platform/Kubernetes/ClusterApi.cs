using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using k8s;

namespace ChatOps.Platform.Kubernetes;

/// <summary>
/// One API server, spoken to in raw JSON: typed models would drop fields that they do not know. Connections and
/// credentials come from KubernetesClient; every call is a request of its own, with its own impersonation and deadline.
/// </summary>
public sealed class ClusterApi : IDisposable
{
    private static readonly Meter Meter = new("ChatOps.Platform");
    private static readonly Counter<long> Answers = Meter.CreateCounter<long>("chatops_cluster_answers", description: "What API servers answered");

    private const string JsonPatchType = "application/json-patch+json";
    private const string MetadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private const string DeleteAtOnce = """{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0,"propagationPolicy":"Background"}"""; // said, it takes away the finalizers of whoever began to delete it in the foreground
    private readonly k8s.Kubernetes client;
    private readonly TimeSpan timeout;
    private readonly TimeProvider time;

    public ClusterApi(string name, KubernetesClientConfiguration configuration, TimeSpan timeout, TimeProvider time)
    {
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan; // watches live long; every other call has its deadline here
        Name = name;
        client = new k8s.Kubernetes(configuration);
        Authority = string.Join('\n', (configuration.SslCaCerts ?? []).Select(certificate => certificate.ExportCertificatePem()));
        this.timeout = timeout;
        this.time = time;
    }

    /// <summary>Name of the cluster in the configuration.</summary>
    public string Name { get; }

    public Uri Address => client.BaseUri;

    /// <summary>Where people reach it, if that is not where the bot does.</summary>
    public Uri? ForPeople { get; init; }

    /// <summary>In PEM, whom it is trusted by; empty: by those whom the machine trusts.</summary>
    public string Authority { get; }

    public Task<ApiReply> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, null, ct);

    /// <summary>A list without what its objects hold: names, moments, who wrote which field.</summary>
    public Task<ApiReply> ListMetadataAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, null, MetadataOnly, ct);

    /// <summary>For access reviews, which are created and change nothing; as the bot itself or as a user that it acts as.</summary>
    public Task<ApiReply> AskAsync(string path, string json, Impersonation? who, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, path, new SentContent(json, "application/json"), who, ct);

    /// <summary>
    /// Once it is on its way it is not called back: a stop in between would leave an outcome that nobody knows. The
    /// deadline of the call bounds it.
    /// </summary>
    public Task<ApiReply> PatchAsync(string path, string jsonPatch, Impersonation who, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return SendAsync(HttpMethod.Patch, path, new SentContent(jsonPatch, JsonPatchType) { Changes = true }, who, CancellationToken.None);
    }

    /// <summary>As <see cref="PatchAsync"/>: once on its way it is not called back.</summary>
    public Task<ApiReply> CreateAsync(string path, string json, Impersonation who, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return SendAsync(HttpMethod.Post, path, new SentContent(json, "application/json") { Changes = true }, who, CancellationToken.None);
    }

    /// <summary>As <see cref="PatchAsync"/>: once on its way it is not called back.</summary>
    public Task<ApiReply> DeleteAsync(string path, Impersonation who, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return SendAsync(HttpMethod.Delete, path, new SentContent(DeleteAtOnce, "application/json") { Changes = true }, who, CancellationToken.None);
    }

    /// <summary>For lists and watches: the body is read by the caller, as it comes. Throws what the network throws.</summary>
    internal async Task<HttpResponseMessage> OpenAsync(string path, string accept, CancellationToken ct)
    {
        using var deadline = new Deadline(timeout, time, ct);
        using var request = await WithCredentialsAsync(path, deadline.Token);
        request.Headers.Accept.ParseAdd(accept);
        return await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
    }

    public void Dispose() => client.Dispose();

    private Task<ApiReply> SendAsync(HttpMethod method, string path, SentContent? content, Impersonation? who, CancellationToken ct) =>
        SendAsync(method, path, content, who, null, ct);

    private async Task<ApiReply> SendAsync(HttpMethod method, string path, SentContent? content, Impersonation? who, string? accept, CancellationToken ct)
    {
        var reply = await TrySendAsync(method, path, content, who, accept, ct);
        var answer = reply.Silence == Silence.None ? ((int)reply.Status).ToString(CultureInfo.InvariantCulture) : "none";
        Answers.Add(1, new KeyValuePair<string, object?>("cluster", Name), new KeyValuePair<string, object?>("answer", answer));
        return reply;
    }

    private async Task<ApiReply> TrySendAsync(HttpMethod method, string path, SentContent? content, Impersonation? who, string? accept, CancellationToken ct)
    {
        using var deadline = new Deadline(timeout, time, ct);
        try
        {
            using var request = await RequestAsync(method, path, deadline.Token);
            request.Content = content;
            request.Headers.Accept.TryParseAdd(accept);
            who?.ApplyTo(request);
            using var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return await ReplyAsync(response, time, deadline.Token);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return ApiReply.Nothing(SilenceOf(content), $"no answer within {timeout.TotalSeconds:0.#} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return ApiReply.Nothing(SilenceOf(content), e.InnerException?.Message ?? e.Message);
        }
#pragma warning disable CA1031 // credential plug-ins, kubeconfig and token files fail in ways of their own; nothing was sent then
        catch (Exception e) when (content is not { WasSent: true })
#pragma warning restore CA1031
        {
            return ApiReply.Nothing(Silence.NotSent, $"the credentials for the cluster cannot be used: {e.Message}");
        }
    }

    private async Task<HttpRequestMessage> WithCredentialsAsync(string path, CancellationToken ct)
    {
        try
        {
            return await RequestAsync(HttpMethod.Get, path, ct);
        }
#pragma warning disable CA1031 // credential plug-ins, kubeconfig and token files fail in ways of their own, and a watch must outlive them
        catch (Exception e) when (e is not (OperationCanceledException or HttpRequestException))
#pragma warning restore CA1031
        {
            throw new HttpRequestException($"the credentials for the cluster cannot be used: {e.Message}", e);
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, CancellationToken ct)
    {
        var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path));
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, ct);
        }

        return request;
    }

    internal static async Task<ApiReply> ReplyAsync(HttpResponseMessage response, TimeProvider time, CancellationToken ct) =>
        new(response.StatusCode, await BodyAsync(response, ct)) { RetryAfter = RetryAfter(response, time), Date = response.Headers.Date };

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(ct);
            using var document = await JsonDocument.ParseAsync(stream, cancellationToken: ct);
            return document.RootElement.Clone();
        }
        catch (JsonException) when (!response.IsSuccessStatusCode)
        {
            return default; // a proxy's page: the status says enough
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => ApiReply.Bounded(delta),
        { Date: { } date } => ApiReply.Bounded(date - time.GetUtcNow()),
        _ => null,
    };

    private static Silence SilenceOf(SentContent? content) => content is { Changes: true, WasSent: true } ? Silence.Lost : Silence.NotSent;
}
