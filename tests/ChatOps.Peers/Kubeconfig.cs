using System.Text;

namespace ChatOps.Peers;

internal static class Kubeconfig
{
    public static string Write(KubeApiServer cluster, KubeUser user)
    {
        var file = Path.Combine(cluster.Folder, $"kubeconfig-{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(user.Name))}");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, Text(cluster, user));
        }

        return file;
    }

    private static string Text(KubeApiServer cluster, KubeUser user) => $$"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: tests
          cluster:
            server: {{cluster.Url.GetLeftPart(UriPartial.Authority)}}
            certificate-authority-data: {{Convert.ToBase64String(Encoding.ASCII.GetBytes(cluster.Authority.ExportCertificatePem()))}}
        users:
        - name: user
          user: {token: "{{user.Token}}"}
        contexts:
        - name: tests
          context: {cluster: tests, user: user}
        current-context: tests
        """;
}
