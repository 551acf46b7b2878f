using ChatOps.Core;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using Microsoft.Extensions.Configuration;

namespace ChatOps.Platform;

/// <summary>Sections <c>ArgoCd</c> and <c>Clusters</c>. With neither: the Argo CD of namespace argocd in the pod's own cluster.</summary>
public sealed record PlatformOptions(IReadOnlyList<ArgoCdOptions> ArgoCd, IReadOnlyList<ClusterOptions> Clusters)
{
    public static PlatformOptions Read(IConfiguration configuration)
    {
        var clusters = List<ClusterOptions>(configuration, "Clusters");
        var engines = List<ArgoCdOptions>(configuration, "ArgoCd");
        return new(
            engines.Count > 0 ? engines : [new ArgoCdOptions()],
            clusters.Count > 0 ? clusters : [new ClusterOptions { Name = "in-cluster" }]);
    }

    /// <summary>Everything that is wrong, at once, each with its fix.</summary>
    public IEnumerable<Finding> Faults() =>
        [.. Clusters.SelectMany((cluster, at) => Faults(cluster, $"Clusters:{at}")), .. ArgoCd.SelectMany((engine, at) => Faults(engine, $"ArgoCd:{at}")),
            .. AuditTokens(Clusters), .. Twice("Clusters", Clusters.Select(cluster => cluster.Name)), .. Twice("ArgoCd", ArgoCd.Select(engine => engine.Name))];

    private static List<T> List<T>(IConfiguration configuration, string section) =>
        configuration.GetSection(section).Get<List<T>>(binder => binder.ErrorOnUnknownConfiguration = true) ?? [];

    private static IEnumerable<Finding> Faults(ClusterOptions cluster, string where)
    {
        if (cluster.Name.Length == 0)
        {
            yield return Finding.Problem($"{where}:Name is empty", "Give the cluster the name that people and rules use for it.");
        }

        if (cluster.RequestTimeout <= TimeSpan.Zero || cluster.RequestTimeout > TimeSpan.FromMinutes(1))
        {
            yield return Finding.Problem($"{where}:RequestTimeout {cluster.RequestTimeout} makes no sense", "Leave it out (10 s), or set something between a second and a minute.");
        }

        if (cluster.Context.Length > 0 && cluster.KubeConfig.Length == 0)
        {
            yield return Finding.Problem($"{where}:Context is set and KubeConfig is not", "Set KubeConfig to the file that has the context, or remove Context.");
        }

        if ((cluster.Token.Length > 0 || cluster.TokenFile.Length > 0) && !IsHttp(cluster.Server))
        {
            yield return Finding.Problem($"{where}:Server must say where to use the token", "Set it to the API server's address, such as https://10.0.0.1:6443.");
            yield break;
        }

        foreach (var (name, file) in new[] { ("KubeConfig", cluster.KubeConfig), ("TokenFile", cluster.TokenFile), ("CertificateAuthority", cluster.CertificateAuthority) })
        {
            if (file.Length > 0 && !File.Exists(file))
            {
                yield return Finding.Problem($"{where}:{name} names {file}, which is not there", "Mount it there, or correct the path.");
                yield break;
            }
        }

        if (Unusable(cluster) is { } trouble)
        {
            yield return Finding.Problem($"{where}: cluster {cluster.Name} cannot be connected to: {trouble}", "Set KubeConfig (with Context), or Server with TokenFile, or run in a pod with a service account.");
        }
    }

    private IEnumerable<Finding> Faults(ArgoCdOptions engine, string where)
    {
        if (engine.Name.Length == 0 || engine.Name.Contains('/'))
        {
            yield return Finding.Problem($"{where}:Name “{engine.Name}” cannot be typed", "People write instance/namespace/app: use a name without a slash.");
        }

        if (engine.Namespace.Length == 0)
        {
            yield return Finding.Problem($"{where}:Namespace is empty", "Set the namespace that Argo CD runs in, usually argocd.");
        }

        if (engine.Cluster.Length == 0 ? Clusters.Count != 1 : Clusters.All(cluster => cluster.Name != engine.Cluster))
        {
            yield return Finding.Problem($"{where}:Cluster “{engine.Cluster}” is none of Clusters ({string.Join(", ", Clusters.Select(cluster => cluster.Name))})", "Name the cluster that this Argo CD runs in.");
        }

        if (engine.ServerUrl.Length > 0 && !IsHttp(engine.ServerUrl))
        {
            yield return Finding.Problem($"{where}:ServerUrl {engine.ServerUrl} is not an address", "Write it as people open it in a browser: https://argocd.example.com.");
        }

        if (engine.Token.Length > 0 && engine.ServerUrl.Length == 0)
        {
            yield return Finding.Problem($"{where}:Token is set and ServerUrl is not", "Set ServerUrl to the Argo CD that the token is for, or remove the token: without it commit messages and exact diffs are missing, and nothing else.");
        }
    }

    private static IEnumerable<Finding> AuditTokens(IReadOnlyList<ClusterOptions> clusters)
    {
        const int fewest = 20;
        foreach (var (at, cluster) in clusters.Index().Where(one => one.Item.AuditToken.Length > 0))
        {
            if (cluster.AuditToken.Length < fewest || cluster.AuditToken.Any(letter => letter is <= ' ' or > '~'))
            {
                yield return Finding.Problem($"Clusters:{at}:AuditToken can be guessed or cannot be sent", $"Set it to {fewest} or more random letters and digits (openssl rand -hex 32), the same as in the kubeconfig of the API server's audit webhook.");
            }

            if (clusters.Take(at).Any(other => other.AuditToken == cluster.AuditToken))
            {
                yield return Finding.Problem($"Clusters:{at}:AuditToken is that of another cluster too, so nobody could tell whose events came", "Give each cluster a token of its own.");
            }
        }
    }

    private static IEnumerable<Finding> Twice(string section, IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => Finding.Problem($"{section}: the name “{group.Key}” is used {group.Count()} times", "Give each its own name."));

    private static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "https" or "http";

    private static string? Unusable(ClusterOptions cluster)
    {
        try
        {
            _ = ClusterCredentials.For(cluster);
            return null;
        }
#pragma warning disable CA1031 // whatever is wrong with somebody's kubeconfig, the start reports it beside the other faults
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.Message;
        }
    }
}
