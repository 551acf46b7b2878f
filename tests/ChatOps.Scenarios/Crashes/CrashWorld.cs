using ChatOps.Peers;
using ChatOps.Sandbox.World;

namespace ChatOps.Scenarios.Crashes;

/// <summary>The outside world and the product in it, as a program that can be killed.</summary>
internal sealed class CrashWorld : IAsyncDisposable
{
    private CrashWorld(Outside outside, ServerProgram server)
    {
        Outside = outside;
        Server = server;
    }

    public Outside Outside { get; }

    public ServerProgram Server { get; }

    public string StoreFile => Path.Combine(Outside.Folder, "chatops.db");

    public static async Task<CrashWorld> StartAsync(params string[] applications)
    {
        var ports = Loopback.FreePorts(2);
        var url = new Uri($"http://127.0.0.1:{ports[0]}");
        var outside = await Outside.StartAsync(url, applications);
        await outside.Cluster.ApplyAsync($$"""{"apiVersion":"v1","kind":"List","items":[{{string.Join(',', BotRights.For(applications).Select(right => right.ToJsonString()))}}]}""");
        return new(outside, new ServerProgram(new ProductSettings
        {
            Url = url,
            Folder = outside.Folder,
            KubeConfig = outside.Cluster.KubeconfigFor(KubeUser.Bot),
            SlackApi = outside.Slack.ApiBaseUrl,
            MetricsUrl = $"http://127.0.0.1:{ports[1]}",
        }));
    }

    public Task<Books> BooksAsync() => Books.ReadAsync(StoreFile, Outside.Posts);

    /// <summary>Where the next backup goes; a backup never replaces one.</summary>
    public string NewBackupFile() => Path.Combine(Outside.Folder, $"backup-{Guid.NewGuid():N}.db");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Outside.DisposeAsync();
    }
}
