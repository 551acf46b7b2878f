using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ChatOps.Peers;
using ChatOps.Scenarios.Crashes;
using ChatOps.Scenarios.World;
using Xunit.Abstractions;

namespace ChatOps.Scenarios.Deployment;

/// <summary>The manifests applied to a real API server, and the published program run as its Deployment says, with exactly these rights.</summary>
public sealed class DeploymentTests(ITestOutputHelper output)
{
    [RealClusterFact]
    public async Task The_deployed_bot_lives_the_short_story_with_the_rights_of_the_manifests_loses_nothing_when_it_stops_and_comes_back_from_a_backup()
    {
        Assert.True(Pod.CanMount, "This test makes mounts in a namespace of its own, as a container runtime would: it needs root, and CAP_SYS_ADMIN where that is in a container.");
        var ports = Loopback.FreePorts(2);
        var program = await PublishedProgram.FolderAsync();
        await using var outside = await Outside.StartAsync(new Uri($"http://127.0.0.1:{ports[0]}"), ["checkout"]);
        await outside.Cluster.RunAsync(KubeUser.Admin, "create", "configmap", "argocd-cm", "--namespace=argocd");
        await outside.Cluster.ApplyManifestsAsync("manifests/overlays/single-node");
        var manifest = await PodManifest.ReadAsync(outside.Cluster);
        AssertIsWhatIsPromised(manifest);
        var files = await PodFiles.WriteAsync(outside.Folder, manifest, outside.Cluster, outside.Slack);
        using var pod = new Pod(program, manifest, files, outside.Cluster.Url, ports[0], ports[1]);

        pod.Start();
        var first = await pod.ReadyAsync();
        Assert.Equal(HttpStatusCode.OK, await pod.StatusAsync(new Uri(pod.Url, manifest.Probe("livenessProbe"))));
        Assert.Equal(HttpStatusCode.OK, await pod.StatusAsync(new Uri(pod.MetricsUrl, "/metrics")));
        foreach (var line in new[] { $"Uid:\t{Pod.Uid}\t{Pod.Uid}\t", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1" })
        {
            Assert.Contains(line, pod.KernelStatus(), StringComparison.Ordinal);
        }

        Assert.All(["/tmp", "/var/lib/chatops"], folder => Assert.True(pod.CanBeWritten(folder), folder));
        Assert.All(["", "/etc/chatops", "/run/program", "/run/secrets/chatops", "/var/lib"], folder => Assert.False(pod.CanBeWritten(folder), folder));

        var people = new Storyteller(outside, "checkout", new Acknowledged(), new Random(1));
        var thread = await people.DeclareAsync();
        await people.PauseAsync(thread);
        for (var clock = Stopwatch.StartNew(); (await outside.Slack.As("alice").CommandAsync("/incident", "note said in the last moment", Outside.ChannelOf("checkout"))).Answer is not { IsAcknowledged: true, Body: "" };)
        {
            Assert.True(clock.Elapsed < ScenarioWorld.Patience, "the note was never acknowledged"); // said again, as people do on a slow machine
        }

        var (code, took) = await pod.TerminateAsync();
        Assert.Equal(0, code);

        pod.Start();
        var second = await pod.ReadyAsync();
        Assert.Equal((0, "Written to /var/lib/chatops/backup.db.\n"), await pod.ExecAsync([.. manifest.Command, "storage", "backup", "/var/lib/chatops/backup.db"]));
        await outside.Slack.Channel(Outside.ChannelOf("checkout")).WaitForTextAsync("said in the last moment", CancellationToken.None);
        await pod.TerminateAsync();

        await RestoreOnNewVolumeAsync(program, files, outside.Cluster);
        pod.Start();
        await pod.ReadyAsync();
        await people.ResumeAsync(thread);
        await pod.TerminateAsync();
        output.WriteLine($"ready in {first} on an empty volume, in {second} on a used one; SIGTERM took {took}");
        Assert.All(await ClusterLook.ReadAsync(outside.Cluster), look => Assert.False(look.IsPaused));
        var written = LogLines.Read(files.Log);
        Assert.Empty(written.NotJson);
        Assert.Empty(written.Telling([.. LogLines.SecretsOf(outside.Slack), await File.ReadAllTextAsync(Path.Combine(files.Account, "token"))]));
    }

    /// <summary>The volume is lost but for the backup that was copied to the new one; the Job runs as the API server took it.</summary>
    private static async Task RestoreOnNewVolumeAsync(string program, PodFiles files, KubeApiServer cluster)
    {
        await cluster.RunAsync(KubeUser.Admin, "apply", "--namespace=chatops", "--validate=false", $"--filename={Path.Combine(Repository.Root, "manifests/volume/restore.yaml")}");
        using var job = new Pod(program, await PodManifest.ReadAsync(cluster, "job/chatops-restore"), files, cluster.Url, 0, 0);
        foreach (var lost in new DirectoryInfo(files.Data).EnumerateFileSystemInfos().Where(one => one.Name != "backup.db"))
        {
            if (lost is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                lost.Delete();
            }
        }

        var (code, said) = await job.RunAsync();
        Assert.True(code == 0, said);
        Assert.StartsWith("Restored.", said, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(files.Data, "chatops.db")));
    }

    /// <summary>What docs/install.md tells people to apply when there is no bot to ask.</summary>
    [RealClusterFact]
    public async Task What_copies_and_restores_the_store_reaches_the_volume_of_the_bot_and_is_as_restricted()
    {
        await using var cluster = await KubeApiServer.StartAsync();
        await cluster.RunAsync(KubeUser.Admin, "create", "namespace", "chatops");
        foreach (var file in new[] { "base/serviceaccount.yaml", "base/deployment.yaml", "volume/restore.yaml", "volume/access.yaml" })
        {
            await cluster.RunAsync(KubeUser.Admin, "create", "--namespace=chatops", "--validate=false", $"--filename={Path.Combine(Repository.Root, "manifests", file)}");
        }

        var bot = await PodManifest.ReadAsync(cluster);
        var restore = await PodManifest.ReadAsync(cluster, "job/chatops-restore");
        foreach (var one in new[] { restore, await PodManifest.ReadAsync(cluster, "pod/chatops-volume") })
        {
            Assert.True(one.IsRestricted);
            Assert.Equal(bot.VolumeGroup, one.VolumeGroup);
            Assert.Equal(bot.ClaimAt("/var/lib/chatops"), one.ClaimAt("/var/lib/chatops"));
        }

        Assert.Equal(bot.Image, restore.Image);
        Assert.Equal(["storage", "restore", "/var/lib/chatops/backup.db"], restore.Arguments);
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "manifests/base/appsettings.json")))!;
        Assert.Equal((string?)settings["Storage"]!["LiteDb"]!["Path"], restore.Environment["Storage__LiteDb__Path"]);
    }

    /// <summary>The restricted Pod security standard, and the mounts that docs/install.md tells of.</summary>
    private static void AssertIsWhatIsPromised(PodManifest manifest)
    {
        Assert.True(manifest is { IsRestricted: true, MountsAccount: true });
        PodMount[] promised =
        [
            new("/etc/chatops", "configMap", true, null), new("/tmp", "emptyDir", false, "256Mi"),
            new("/var/lib/chatops", "persistentVolumeClaim", false, null), new("/var/run/secrets/chatops", "secret", true, null),
        ];
        Assert.Equal(promised, manifest.Mounts.OrderBy(mount => mount.Path, StringComparer.Ordinal));
        Assert.All(["livenessProbe", "readinessProbe", "startupProbe"], probe => Assert.Equal(8080, manifest.Port(manifest.PortOf(probe))));
    }
}
