using System.Net;
using ChatOps.Peers;
using ChatOps.Scenarios.Crashes;
using Xunit.Abstractions;

namespace ChatOps.Scenarios.Deployment;

/// <summary>The manifests applied to a real API server, and the published program run as its Deployment says, with exactly these rights.</summary>
public sealed class DeploymentTests(ITestOutputHelper output)
{
    [RealClusterFact]
    public async Task The_deployed_bot_lives_the_short_story_with_the_rights_of_the_manifests_and_stops_without_losing_anything()
    {
        var ports = Loopback.FreePorts(2);
        var program = await PublishedProgram.FolderAsync();
        await using var outside = await Outside.StartAsync(new Uri($"http://127.0.0.1:{ports[0]}"), ["checkout"]);
        await outside.Cluster.RunAsync(KubeUser.Admin, "create", "configmap", "argocd-cm", "--namespace=argocd");
        await outside.Cluster.ApplyManifestsAsync("manifests/overlays/single-node");
        var files = await PodFiles.WriteAsync(outside.Folder, outside.Cluster, outside.Slack);
        using var pod = new Pod(program, files, outside.Cluster.Url, ports[0], ports[1]);

        pod.Start();
        var first = await pod.ReadyAsync();
        Assert.Equal(HttpStatusCode.OK, await pod.StatusAsync(new Uri(pod.Url, "/health/live")));
        Assert.Equal(HttpStatusCode.OK, await pod.StatusAsync(new Uri(pod.MetricsUrl, "/metrics")));
        if (Pod.CanMount)
        {
            Assert.Contains($"Uid:\t{Pod.Uid}\t", pod.KernelStatus(), StringComparison.Ordinal);
            Assert.Contains("CapEff:\t0000000000000000", pod.KernelStatus(), StringComparison.Ordinal);
        }

        var people = new Storyteller(outside, "checkout", new Acknowledged(), new Random(1));
        var thread = await people.DeclareAsync();
        await people.PauseAsync(thread);
        await outside.Slack.As("alice").CommandAsync("/incident", "note said in the last moment", Outside.ChannelOf("checkout"));
        var (code, took) = await pod.TerminateAsync();
        Assert.Equal(0, code);

        pod.Start();
        var second = await pod.ReadyAsync();
        await outside.Slack.Channel(Outside.ChannelOf("checkout")).WaitForTextAsync("said in the last moment", CancellationToken.None);
        await people.ResumeAsync(thread);
        await pod.TerminateAsync();
        output.WriteLine($"ready in {first} on an empty volume, in {second} on a used one; SIGTERM took {took}; read-only root: {Pod.CanMount}");
        Assert.All(await ClusterLook.ReadAsync(outside.Cluster), look => Assert.False(look.IsPaused));
    }
}
