using System.Diagnostics;
using System.Globalization;
using ChatOps.Peers;
using k8s;
using k8s.Models;

namespace ChatOps.Platform.Tests.Access;

/// <summary>How the janitor is started, as kubectl builds its manifests: this API server is too old to take a CronJob.</summary>
public sealed class JanitorManifestTests
{
    /// <summary>A look may take so long, and a pod so long to start.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    [RealClusterTheory]
    [InlineData("manifests/breakglass", null, null)]
    [InlineData("manifests/breakglass-argocd", "JANITOR_ARGOCD", "argocd")]
    [InlineData("manifests/breakglass-cluster", "JANITOR_CLUSTER", "yes")]
    [InlineData("manifests/breakglass-accounts", "JANITOR_ACCOUNTS", "breakglass-accounts")]
    public async Task Access_ends_within_90_seconds_also_when_two_starts_are_missed(string folder, string? also, string? told)
    {
        var built = await BuildAsync(folder);
        var spec = built.OfType<V1CronJob>().Single().Spec;
        var environment = Container(spec).Env.ToDictionary(one => one.Name, one => one.Value);
        var pause = TimeSpan.FromSeconds(Number(environment["JANITOR_PAUSE"]));
        var looksFor = pause * (Number(environment["JANITOR_LOOKS"]) - 1);

        Assert.Equal(("* * * * *", "Allow", null), (spec.Schedule, spec.ConcurrencyPolicy, spec.Suspend)); // the old one goes on looking
        Assert.InRange(TimeSpan.FromMinutes(3) - looksFor + Slack, TimeSpan.Zero, TimeSpan.FromSeconds(90));
        Assert.InRange(pause + Slack, TimeSpan.Zero, TimeSpan.FromSeconds(90));

        // Made up for when it can be; and never so many counted that the schedule stops, which a hundred do.
        Assert.InRange(spec.StartingDeadlineSeconds!.Value, 60, 90 * 60);
        Assert.InRange(TimeSpan.FromSeconds(spec.JobTemplate.Spec.ActiveDeadlineSeconds!.Value), looksFor + (2 * Slack), TimeSpan.FromMinutes(3));
        Assert.Equal((0, "Never"), (spec.JobTemplate.Spec.BackoffLimit, Pod(spec).RestartPolicy));
        if (also is not null)
        {
            Assert.Equal(told, environment[also]);
        }
    }

    [RealClusterFact]
    public async Task It_is_an_image_of_others_that_runs_the_script_and_may_do_nothing_else()
    {
        var built = await BuildAsync("manifests/breakglass");
        var spec = built.OfType<V1CronJob>().Single().Spec;
        var container = Container(spec);

        Assert.Equal("chatops-janitor", Pod(spec).ServiceAccountName);
        Assert.Equal(["/bin/sh", "/janitor/janitor.sh"], container.Command);
        Assert.DoesNotContain("chatops", container.Image, StringComparison.Ordinal);
        Assert.DoesNotContain(":latest", container.Image, StringComparison.Ordinal);
        Assert.True(container.SecurityContext is { ReadOnlyRootFilesystem: true, AllowPrivilegeEscalation: false } && Pod(spec).SecurityContext.RunAsNonRoot == true);
        var script = built.OfType<V1ConfigMap>().Single();
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "manifests/breakglass/janitor.sh")), script.Data["janitor.sh"]);
        Assert.Equal(script.Metadata.Name, Pod(spec).Volumes.Single(volume => volume.ConfigMap is not null).ConfigMap.Name);

        var rule = Assert.Single(built.OfType<V1ClusterRole>().Single(role => role.Metadata.Name == "chatops-janitor").Rules);
        Assert.Equal(["rolebindings"], rule.Resources);
        Assert.Equal(["get", "list", "delete"], rule.Verbs);
        var binding = built.OfType<V1ClusterRoleBinding>().Single(one => one.RoleRef.Name == "chatops-janitor");
        var subject = Assert.Single(binding.Subjects);
        Assert.Equal(("ServiceAccount", "chatops-janitor", "chatops"), (subject.Kind, subject.Name, subject.NamespaceProperty));
    }

    private static V1PodSpec Pod(V1CronJobSpec spec) => spec.JobTemplate.Spec.Template.Spec;

    private static V1Container Container(V1CronJobSpec spec) => Assert.Single(Pod(spec).Containers);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A component by itself changes nothing, so it is built in what it is made for.</summary>
    private static async Task<IReadOnlyList<object>> BuildAsync(string folder)
    {
        var source = Path.Combine(Repository.Root, folder);
        if (!(await File.ReadAllTextAsync(Path.Combine(source, "kustomization.yaml"))).Contains("kind: Component", StringComparison.Ordinal))
        {
            return await KustomizeAsync(source);
        }

        var whole = Directory.CreateTempSubdirectory("chatops-component-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(whole, "kustomization.yaml"), $"resources: [{Path.GetRelativePath(whole, Path.Combine(Repository.Root, "manifests/breakglass"))}]\ncomponents: [{Path.GetRelativePath(whole, source)}]\n");
            return await KustomizeAsync(whole);
        }
        finally
        {
            Directory.Delete(whole, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<object>> KustomizeAsync(string folder)
    {
        using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", folder]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, complained) = (kubectl.StandardOutput.ReadToEndAsync(), kubectl.StandardError.ReadToEndAsync());
        await kubectl.WaitForExitAsync();
        Assert.True(kubectl.ExitCode == 0, await complained);
        return KubernetesYaml.LoadAllFromString(await said);
    }
}
