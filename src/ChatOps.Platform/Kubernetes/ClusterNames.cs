using System.Text.Json;

namespace ChatOps.Platform.Kubernetes;

/// <summary>Configured names for clusters as Applications write them: by address, or by a name of their own.</summary>
public sealed class ClusterNames(IEnumerable<ClusterOptions> clusters)
{
    private const string InCluster = "https://kubernetes.default.svc";
    private readonly IReadOnlyList<ClusterOptions> known = [.. clusters];

    public string Of(JsonElement destination, string own) => Of(destination.Text("server") ?? "", destination.Text("name") ?? "", own);

    /// <param name="server">Address in the destination; empty when it names the cluster.</param>
    /// <param name="own">The cluster in which the GitOps engine itself runs.</param>
    public string Of(string server, string name, string own)
    {
        server = server.TrimEnd('/');
        if (server == InCluster || name == "in-cluster")
        {
            return own;
        }

        return known.FirstOrDefault(cluster => server.Length > 0 ? cluster.Server.TrimEnd('/') == server : cluster.Name == name)?.Name
            ?? (server.Length > 0 ? server : name);
    }
}
