using System.Net;

namespace ChatOps.Peers.Tests;

public sealed class RunningClusterTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    [RealClusterFact]
    public async Task A_restart_keeps_the_data_and_the_port()
    {
        await using var cluster = await KubeApiServer.StartAsync();
        using var admin = new ApiCaller(cluster, KubeUser.Admin);
        Assert.Equal(HttpStatusCode.Created, (await admin.CreateAsync(ConfigMaps, """{"metadata":{"name":"kept"}}""")).Status);

        await cluster.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => admin.GetAsync(ConfigMaps));
        await cluster.RestartAsync();

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync($"{ConfigMaps}/kept")).Status);
    }

    [RealClusterFact]
    public async Task A_frozen_server_answers_nothing_until_it_continues()
    {
        await using var cluster = await KubeApiServer.StartAsync();
        using var impatient = cluster.ClientFor(KubeUser.Admin);
        impatient.Timeout = TimeSpan.FromMilliseconds(500);

        cluster.Pause();
        await Assert.ThrowsAsync<TaskCanceledException>(() => impatient.GetAsync("/readyz"));
        cluster.Continue();

        using var admin = new ApiCaller(cluster, KubeUser.Admin);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/readyz")).Status);
    }

    [RealClusterFact]
    public async Task Users_named_at_the_start_are_known_and_strangers_are_not()
    {
        var alice = new KubeUser("alice@example.com", "alice-token", "on-call");
        await using var cluster = await KubeApiServer.StartAsync(alice);
        using var caller = new ApiCaller(cluster, alice);
        using var stranger = new ApiCaller(cluster, "no-such-token");

        Assert.Equal(HttpStatusCode.Forbidden, (await caller.GetAsync(ConfigMaps)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(ConfigMaps)).Status);
    }

    [RealClusterFact]
    public async Task Nothing_is_left_behind()
    {
        var cluster = await KubeApiServer.StartAsync();
        var folder = cluster.Folder;
        await cluster.DisposeAsync();

        Assert.False(Directory.Exists(folder));
        Assert.DoesNotContain(CommandLines(), line => line.Contains(folder, StringComparison.Ordinal));
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (var process in Directory.GetDirectories("/proc"))
        {
            var file = Path.Combine(process, "cmdline");
            string line;
            try
            {
                line = File.Exists(file) ? File.ReadAllText(file) : "";
            }
            catch (IOException)
            {
                continue; // it ended while we looked
            }

            yield return line;
        }
    }
}
