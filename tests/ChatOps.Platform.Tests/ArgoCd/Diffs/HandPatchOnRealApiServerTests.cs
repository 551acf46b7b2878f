using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ChatOps.Peers;
using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>The command that puts hand changes back, copied from the thread into a shell, does that on a real API server.</summary>
public sealed class HandPatchOnRealApiServerTests(RealCluster real) : IClassFixture<RealCluster>
{
    private const string Git = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"hands","namespace":"default","labels":{"app":"hands"}},
         "spec":{"replicas":2,"selector":{"matchLabels":{"app":"hands"}},"template":{"metadata":{"labels":{"app":"hands"}},"spec":{
           "containers":[{"name":"app","image":"shop:1","args":["serve"],"env":[{"name":"MODE","value":"slow"},{"name":"OLD","value":"1"}],
                          "ports":[{"name":"http","containerPort":8080}],"resources":{"limits":{"memory":"128Mi"}}}]}}}}
        """;

    /// <summary>More copies, another image, a value with quotes in it, a variable less, one more port, another limit.</summary>
    private const string ByHand = """
        {"spec":{"replicas":6,"template":{"spec":{"containers":[{"name":"app","image":"shop:2","args":["serve","--fast"],
          "env":[{"name":"MODE","value":"it's \"fast\""},{"name":"OLD","$patch":"delete"}],
          "ports":[{"name":"debug","containerPort":9090}],"resources":{"limits":{"memory":"512Mi"}}}]}}}}
        """;

    [RealClusterFact]
    public async Task What_hands_did_is_done_again_by_the_command_and_nothing_else_is()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        await AsGitSaysAsync(admin);
        await Kubectl.RunAsync(real.Server, KubeUser.Admin, "--namespace", "default", "patch", "deployment", "hands", "--type", "strategic", "--patch", ByHand);
        var byHand = await ReadAsync(admin);

        var drift = ResourceDiff.Of(new("Deployment", "default", "hands", Parse(Git), byHand));
        await admin.DeleteAsync("/apis/apps/v1/namespaces/default/deployments/hands");
        await AsGitSaysAsync(admin);
        await ShellAsync(Assert.IsType<string>(drift.PutBack));

        Assert.Equal(CanonicalJson.Of(byHand.At("spec")), CanonicalJson.Of((await ReadAsync(admin)).At("spec")));
    }

    [RealClusterFact]
    public async Task A_whole_file_is_put_back_from_a_shell()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        const string all = "/api/v1/namespaces/default/configmaps";
        string Config(string file) => $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"file","namespace":"default"},"data":{"MODE":"slow","app.conf":{{JsonSerializer.Serialize(file)}} } }""";
        var git = string.Join('\n', Enumerable.Range(0, 500).Select(line => $"setting.{line} = \t'it is'  \"so\" $HOME `id` \\n \\ud83c EOF 🎉 gr\u00fcn \u00ad\u200d\ufeff\u2028"));
        Assert.True((int)(await admin.CreateAsync($"{all}?fieldManager=argocd-controller", Config(git))).Status < 300);
        await Kubectl.RunAsync(real.Server, KubeUser.Admin, "--namespace", "default", "patch", "configmap", "file", "--patch", $$"""{"data":{"app.conf":{{JsonSerializer.Serialize(git + "\nEOF\nlast = 1\n")}} } }""");
        var byHand = Parse((await admin.GetAsync($"{all}/file")).Body);

        var drift = ResourceDiff.Of(new("ConfigMap", "default", "file", Parse(Config(git)), byHand));
        await admin.DeleteAsync($"{all}/file");
        Assert.True((int)(await admin.CreateAsync($"{all}?fieldManager=argocd-controller", Config(git))).Status < 300);
        await ShellAsync(Assert.IsType<string>(drift.PutBack));

        Assert.Contains("--patch-file /dev/stdin", drift.PutBack, StringComparison.Ordinal);
        Assert.Equal(CanonicalJson.Of(byHand.At("data")), CanonicalJson.Of(Parse((await admin.GetAsync($"{all}/file")).Body).At("data")));
    }

    [RealClusterFact]
    public async Task What_was_deleted_is_deleted_again_from_a_shell()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        const string jobs = "/apis/batch/v1/namespaces/default/jobs";
        const string job = """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"gone","namespace":"default"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"app","image":"shop:1"}]}}}}""";
        const string role = """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"gone"},"rules":[]}""";
        foreach (var (path, json) in new[] { (jobs, job), ("/apis/rbac.authorization.k8s.io/v1/clusterroles", role) })
        {
            Assert.True((int)(await admin.CreateAsync(path, json)).Status < 300);
            var target = Parse(json);

            await ShellAsync(Assert.IsType<string>(ResourceDiff.Of(new(target.Text("kind")!, target.Text("metadata", "namespace") ?? "", "gone", target, default) { WasDeployed = true }).PutBack));

            Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"{path}/gone")).Status);
        }
    }

    private static async Task AsGitSaysAsync(ApiCaller admin)
    {
        var created = await admin.CreateAsync("/apis/apps/v1/namespaces/default/deployments?fieldManager=argocd-controller", Git);
        Assert.True((int)created.Status < 300, created.Body);
    }

    private static async Task<JsonElement> ReadAsync(ApiCaller admin) => Parse((await admin.GetAsync("/apis/apps/v1/namespaces/default/deployments/hands")).Body);

    private async Task ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command])
        {
            Environment = { ["KUBECONFIG"] = real.Server.KubeconfigFor(KubeUser.Admin) },
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var complained = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{command}\n{complained}");
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
