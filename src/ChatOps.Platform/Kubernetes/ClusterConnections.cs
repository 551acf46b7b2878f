using System.Collections.Concurrent;

namespace ChatOps.Platform.Kubernetes;

/// <summary>The configured clusters, each connected to on first use.</summary>
public sealed class ClusterConnections(IReadOnlyList<ClusterOptions> clusters, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<ClusterApi>> open = new(StringComparer.Ordinal);

    public IReadOnlyList<ClusterOptions> Clusters { get; } = clusters;

    public IReadOnlyList<string> Names => [.. Clusters.Select(cluster => cluster.Name)];

    /// <summary>An empty name means the only one.</summary>
    public ClusterApi Of(string name)
    {
        var options = name.Length == 0 && Clusters.Count == 1 ? Clusters[0] : Clusters.First(cluster => cluster.Name == name);
        return open.GetOrAdd(options.Name, _ => new(() => new ClusterApi(options.Name, ClusterCredentials.For(options), options.RequestTimeout, time)
        {
            ForPeople = Uri.TryCreate(options.ServerForPeople, UriKind.Absolute, out var address) ? address : null,
        })).Value;
    }

    /// <summary>Null when the configuration no longer names it, which what is stored may not know.</summary>
    public ClusterApi? Find(string name) => Clusters.Any(cluster => cluster.Name == name) ? Of(name) : null;

    public void Dispose()
    {
        foreach (var cluster in open.Values.Where(cluster => cluster.IsValueCreated))
        {
            cluster.Value.Dispose();
        }
    }
}
