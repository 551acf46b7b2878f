namespace ChatOps.Peers;

/// <summary>How the API server is started, and the files it reads.</summary>
internal static class ServerFlags
{
    private const string AuditPolicy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - {level: None, verbs: [get, list, watch]}
        - {level: None, users: ["system:apiserver"]}
        - {level: Metadata}
        """;

    public static void WriteFiles(string folder, IEnumerable<KubeUser> users)
    {
        File.WriteAllLines(Path.Combine(folder, "tokens.csv"), users.Select(user => user.TokenFileLine));
        File.WriteAllText(Path.Combine(folder, "audit-policy.yaml"), AuditPolicy);
    }

    public static IReadOnlyList<string> For(string folder, int etcd, int port) =>
    [
        $"--etcd-servers=http://127.0.0.1:{etcd}",
        $"--secure-port={port}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        $"--cert-dir={folder}",
        $"--tls-cert-file={Path.Combine(folder, "serving.crt")}",
        $"--tls-private-key-file={Path.Combine(folder, "serving.key")}",
        "--service-account-issuer=https://kubernetes.default.svc",
        $"--service-account-key-file={Path.Combine(folder, "service-accounts.key")}",
        $"--service-account-signing-key-file={Path.Combine(folder, "service-accounts.key")}",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--authorization-mode=RBAC",
        $"--token-auth-file={Path.Combine(folder, "tokens.csv")}",
        "--disable-admission-plugins=ServiceAccount",
        $"--audit-policy-file={Path.Combine(folder, "audit-policy.yaml")}",
        $"--audit-log-path={Path.Combine(folder, "audit.log")}",
    ];
}
