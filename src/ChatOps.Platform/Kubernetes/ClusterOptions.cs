namespace ChatOps.Platform.Kubernetes;

/// <summary>
/// One entry of section <c>Clusters</c>. Reached by a kubeconfig, by address and token, or, when neither is given, with
/// the service account of the pod.
/// </summary>
public sealed class ClusterOptions
{
    /// <summary>What people and rules call it.</summary>
    public string Name { get; set; } = "";

    /// <summary>Address as Applications name it in their destination; also where to connect when a token is given.</summary>
    public string Server { get; set; } = "";

    /// <summary>A kubeconfig file.</summary>
    public string KubeConfig { get; set; } = "";

    /// <summary>The context in it; left out, its current one.</summary>
    public string Context { get; set; } = "";

    /// <summary>Bearer token, when there is no kubeconfig. A mounted <see cref="TokenFile"/> is better: it may rotate.</summary>
    public string Token { get; set; } = "";

    /// <summary>A file with the bearer token, read again when it changes.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>File with the authority that signed the server's certificate, when it is a private one.</summary>
    public string CertificateAuthority { get; set; } = "";

    /// <summary>Where people reach it, for the kubeconfig that comes with a token; left out, where the bot does.</summary>
    public string ServerForPeople { get; set; } = "";

    /// <summary>What this cluster's API server presents with its audit events (<c>/webhooks/kubernetes/audit</c>); it says which cluster they are of. Without one nothing is heard from it.</summary>
    public string AuditToken { get; set; } = "";

    /// <summary>For each single call.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
