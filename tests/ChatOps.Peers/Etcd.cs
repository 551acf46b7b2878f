using System.Net;

namespace ChatOps.Peers;

internal static class Etcd
{
    private const string Memory = "/dev/shm";

    /// <summary>Two segments of its log are reserved from the beginning, and what is stored comes on top.</summary>
    private const long Room = 1L << 30;

    /// <summary>In memory where there is room: each write waits for the disk, and a busy one makes the API server answer with timeouts.</summary>
    private static string DataOf(string folder) =>
        Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= Room ? InMemory(folder) : Path.Combine(folder, "etcd");

    private static string InMemory(string folder) => Path.Combine(Memory, $"{Path.GetFileName(folder)}-etcd");

    /// <summary>What was kept outside the folder, when etcd has ended.</summary>
    public static void Clear(string folder)
    {
        if (Directory.Exists(InMemory(folder)))
        {
            Directory.Delete(InMemory(folder), recursive: true);
        }
    }

    public static async Task<SupervisedProcess> StartAsync(string folder, int clients, int peers)
    {
        string[] arguments =
        [
            $"--data-dir={DataOf(folder)}",
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
