using System.Security.Cryptography.X509Certificates;
using k8s;
using YamlDotNet.RepresentationModel;

namespace ChatOps.Platform.Kubernetes;

/// <summary>How to reach a configured cluster and be trusted there.</summary>
public static class ClusterCredentials
{
    private const string MountedAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Throws what the files and KubernetesClient throw; the configuration was validated before.</summary>
    public static KubernetesClientConfiguration For(ClusterOptions options)
    {
        if (options.KubeConfig.Length > 0)
        {
            return FromFile(options.KubeConfig, options.Context);
        }

        if (options.Token.Length > 0 || options.TokenFile.Length > 0)
        {
            var direct = new KubernetesClientConfiguration { Host = options.Server, AccessToken = options.Token };
            if (options.CertificateAuthority.Length > 0)
            {
                direct.SslCaCerts = Authorities(options.CertificateAuthority);
            }

            return UseTokenFile(direct, options.TokenFile);
        }

        return UseTokenFile(KubernetesClientConfiguration.InClusterConfig(), Path.Combine(MountedAccount, "token"));
    }

    private static KubernetesClientConfiguration UseTokenFile(KubernetesClientConfiguration configuration, string? file)
    {
        if (!string.IsNullOrEmpty(file))
        {
            configuration.TokenProvider = new FileToken(file);
            configuration.AccessToken = null;
        }

        return configuration;
    }

    // KubernetesClient knows no `tokenFile`, which kubectl does, and refuses a user who has nothing else.
    private static KubernetesClientConfiguration FromFile(string kubeConfig, string context)
    {
        var written = KubernetesClientConfiguration.LoadKubeConfig(kubeConfig);
        var yaml = new YamlStream();
        using var text = new StreamReader(kubeConfig);
        yaml.Load(text);
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        var chosen = context.Length > 0 ? context : written.CurrentContext;
        var name = Scalar(Named(root, "contexts", chosen, "context"), "user");
        var user = Named(root, "users", name, "user");
        if (Scalar(user, "token") is not null || Scalar(user, "tokenFile") is not { } file)
        {
            return KubernetesClientConfiguration.BuildConfigFromConfigObject(written, chosen);
        }

        written.Users.First(known => known.Name == name).UserCredentials.Token = "in a file";
        return UseTokenFile(
            KubernetesClientConfiguration.BuildConfigFromConfigObject(written, chosen),
            Path.Combine(Path.GetDirectoryName(Path.GetFullPath(kubeConfig))!, file));
    }

    private static YamlMappingNode? Named(YamlMappingNode root, string list, string? name, string child) =>
        (Child(root, list) as YamlSequenceNode)?.OfType<YamlMappingNode>()
            .Where(entry => Scalar(entry, "name") == name)
            .Select(entry => Child(entry, child) as YamlMappingNode)
            .FirstOrDefault();

    private static string? Scalar(YamlMappingNode? node, string key) => (Child(node, key) as YamlScalarNode)?.Value;

    private static YamlNode? Child(YamlMappingNode? node, string key) =>
        node is not null && node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities;
    }
}
