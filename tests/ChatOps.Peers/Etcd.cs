using System.Net;

namespace ChatOps.Peers;

internal static class Etcd
{
    public static async Task<SupervisedProcess> StartAsync(string folder, int clients, int peers)
    {
        string[] arguments =
        [
            $"--data-dir={Path.Combine(folder, "etcd")}",
            $"--listen-client-urls=http://127.0.0.1:{clients}",
            $"--advertise-client-urls=http://127.0.0.1:{clients}",
            $"--listen-peer-urls=http://127.0.0.1:{peers}",
            $"--initial-advertise-peer-urls=http://127.0.0.1:{peers}",
            $"--initial-cluster=default=http://127.0.0.1:{peers}",
        ];
        var etcd = await SupervisedProcess.StartAsync(KubeAssets.PathOf("etcd"), arguments, Path.Combine(folder, "etcd.log"));
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            await Readiness.WaitAsync(etcd, "etcd", async ct =>
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{clients}/health"), ct);
                return answer.StatusCode == HttpStatusCode.OK;
            });
            return etcd;
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }
    }
}
