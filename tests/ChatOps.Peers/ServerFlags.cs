namespace ChatOps.Peers;

/// <summary>How the API server is started, and the files it reads.</summary>
internal static class ServerFlags
{
    public static void WriteFiles(string folder, IEnumerable<KubeUser> users)
    {
        File.WriteAllLines(Path.Combine(folder, "tokens.csv"), users.Select(user => user.TokenFileLine));
    }

    /// <summary>What tells of the audit log, as operators get it, with address and token filled in; and without the patience that one has at night.</summary>
    public static IReadOnlyList<string> AuditWebhook(string folder, AuditRelay relay)
    {
        var file = Path.Combine(folder, "audit-webhook.yaml");
        File.WriteAllText(file, File.ReadAllText(Path.Combine(Repository.Root, "manifests/audit/webhook.yaml"))
            .Replace("https://chatops.example.com/webhooks/kubernetes/audit", relay.Url.ToString(), StringComparison.Ordinal)
            .Replace("# certificate-authority: /etc/kubernetes/chatops-ca.crt", $"certificate-authority: {relay.AuthorityFile}", StringComparison.Ordinal)
            .Replace("REPLACE-WITH-THE-TOKEN-OF-THIS-CLUSTER", AuditRelay.Token, StringComparison.Ordinal));
        return [$"--audit-webhook-config-file={file}", "--audit-webhook-truncate-enabled", "--audit-webhook-truncate-max-event-size=8388608", "--audit-webhook-batch-max-wait=200ms", "--audit-webhook-initial-backoff=200ms"];
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
        $"--audit-policy-file={Path.Combine(Repository.Root, "manifests/audit/policy.yaml")}",
        $"--audit-log-path={Path.Combine(folder, "audit.log")}",
    ];
}
