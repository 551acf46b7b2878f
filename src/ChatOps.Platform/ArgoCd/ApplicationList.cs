using System.Net;
using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Lists Applications from the API server's own cache, metadata only where that is enough, parsed as it streams in:
/// thousands of them are hundreds of megabytes as a whole.
/// </summary>
internal sealed class ApplicationList(ClusterApi cluster, TimeProvider time)
{
    private const string Whole = "application/json";
    private const string MetadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;q=0.8";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions Glances = new() { Converters = { new ApplicationGlanceConverter() } };

    public Task<(ClusterAnswer Answer, ApplicationGlances List)> ReadAsync(string ns, CancellationToken ct) => ReadAsync(ns, MetadataOnly, ct);

    /// <summary>With what rules look at and with how each does, which is not in the metadata.</summary>
    public Task<(ClusterAnswer Answer, ApplicationGlances List)> ReadWholeAsync(string ns, CancellationToken ct) => ReadAsync(ns, Whole, ct);

    /// <summary>As the above, and not older than what was seen already: another replica's cache may be behind.</summary>
    /// <param name="seen">Null: however old.</param>
    public Task<(ClusterAnswer Answer, ApplicationGlances List)> ReadWholeAsync(string ns, string? seen, CancellationToken ct) => seen is null
        ? ReadWholeAsync(ns, ct)
        : ReadAsync(ns, $"resourceVersion={Uri.EscapeDataString(seen)}&resourceVersionMatch=NotOlderThan", Whole, ct);

    /// <summary>Whether one is there, as the store says and not the cache: it may be behind.</summary>
    public async Task<(ClusterAnswer Answer, bool Has)> HasAsync(ApplicationRef application, CancellationToken ct)
    {
        var (answer, found) = await NamedAsync(application.Namespace, application.Name, ct);
        return (answer, found.Count > 0);
    }

    /// <summary>The one of that name or none, as the store says.</summary>
    public async Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationGlance> Found)> NamedAsync(string ns, string name, CancellationToken ct)
    {
        var (answer, list) = await ReadAsync(ns, $"fieldSelector={Uri.EscapeDataString($"metadata.name={name}")}", MetadataOnly, ct);
        return (answer, [.. list.Items.Where(glance => glance.Name == name)]);
    }

    private Task<(ClusterAnswer Answer, ApplicationGlances List)> ReadAsync(string ns, string accept, CancellationToken ct) => ReadAsync(ns, "resourceVersion=0", accept, ct);

    private async Task<(ClusterAnswer Answer, ApplicationGlances List)> ReadAsync(string ns, string query, string accept, CancellationToken ct)
    {
        var attempt = new Attempt(cluster.Name, null, "list", "applications", ns);
        using var deadline = new Deadline(Longest, time, ct);
        try
        {
            using var response = await cluster.OpenAsync($"{ApplicationPaths.Applications(ns)}?{query}", accept, deadline.Token);
            if (!response.IsSuccessStatusCode)
            {
                return No(ClusterAnswers.Of(await ClusterApi.ReplyAsync(response, time, deadline.Token), attempt));
            }

            await using var stream = await response.Content.ReadAsStreamAsync(deadline.Token);
            var list = await JsonSerializer.DeserializeAsync<ApplicationGlances>(stream, Glances, deadline.Token);

            // What has no version is no list.
            return list?.Metadata?.ResourceVersion is null ? No(ClusterAnswers.Of(new(HttpStatusCode.InternalServerError, default), attempt)) : (ClusterAnswer.Ok, list);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return No(ClusterAnswers.Of(ApiReply.Nothing(Silence.NotSent, "no answer in time"), attempt));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return No(ClusterAnswers.Of(ApiReply.Nothing(Silence.NotSent, e.Message), attempt));
        }
    }

    private static (ClusterAnswer, ApplicationGlances) No(ClusterAnswer answer) => (answer, new([], null));
}
