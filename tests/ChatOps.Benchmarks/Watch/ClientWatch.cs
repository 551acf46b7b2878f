using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace ChatOps.Benchmarks.Watch;

/// <summary>The same list and events by what is at hand: the Kubernetes client for .NET, each object kept whole, as caches of it do.</summary>
internal static class ClientWatch
{
    public static async IAsyncEnumerable<(string Name, object News)> ReadAsync(Uri server, [EnumeratorCancellation] CancellationToken ct)
    {
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.ToString(), AccessToken = "bot" });
        using var applications = new GenericClient(client, "argoproj.io", "v1alpha1", "applications", disposeClient: false);
        for (var listed = await ListAsync(applications, ct); listed.TryDequeue(out var application);)
        {
            yield return (application.Metadata.Name, application);
        }

        await foreach (var (_, application) in applications.WatchNamespacedAsync<ApplicationObject>("argocd", cancel: ct))
        {
            yield return (application.Metadata.Name, application);
        }
    }

    /// <summary>A queue, so that what was read of it is kept by whoever read it, and by nobody besides.</summary>
    private static async Task<Queue<ApplicationObject>> ListAsync(GenericClient applications, CancellationToken ct) =>
        new((await applications.ListNamespacedAsync<ApplicationObjects>("argocd", cancel: ct)).Items);

    private sealed class ApplicationObjects : IKubernetesObject<V1ListMeta>, IItems<ApplicationObject>
    {
        [JsonPropertyName("apiVersion")]
        public string ApiVersion { get; set; } = "";

        [JsonPropertyName("kind")]
        public string Kind { get; set; } = "";

        [JsonPropertyName("metadata")]
        public V1ListMeta Metadata { get; set; } = new();

        [JsonPropertyName("items")]
        public IList<ApplicationObject> Items { get; set; } = [];
    }

    /// <summary>Without a class for each part of it: what nobody asked for is left as JSON.</summary>
    private sealed class ApplicationObject : IKubernetesObject<V1ObjectMeta>
    {
        [JsonPropertyName("apiVersion")]
        public string ApiVersion { get; set; } = "";

        [JsonPropertyName("kind")]
        public string Kind { get; set; } = "";

        [JsonPropertyName("metadata")]
        public V1ObjectMeta Metadata { get; set; } = new();

        [JsonPropertyName("spec")]
        public JsonElement Spec { get; set; }

        [JsonPropertyName("status")]
        public JsonElement Status { get; set; }
    }
}
