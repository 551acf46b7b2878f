using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Peers;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>The command that takes somebody's window out of a project, copied from the message into a shell, on a real API server.</summary>
public sealed class WindowCommandOnRealApiServerTests(RealCluster real) : IClassFixture<RealCluster>
{
    private const string Projects = "/apis/argoproj.io/v1alpha1/namespaces/default/appprojects";
    private const string Release = """{"kind":"allow","schedule":"0 8 * * 1-5","duration":"9h","applications":["*"]}""";

    /// <summary>With whatever a shell or a chat could make something else of.</summary>
    private static readonly JsonObject Freeze = new()
    {
        ["kind"] = "deny",
        ["schedule"] = "* * * * *",
        ["duration"] = "1h",
        ["applications"] = new JsonArray("pay*", "$HOME"),
        ["manualSync"] = true,
        ["timeZone"] = "Europe/Berlin",
        ["description"] = "it's \"Freitag\": `id` \\ gr\u00fcn \u200d \ud83d\udd12",
    };

    [RealClusterFact]
    public async Task It_takes_out_that_one_and_is_refused_where_another_stands_there()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        await CreateAsync(admin, Release, Freeze.ToJsonString(), Release);
        var command = Assert.IsType<string>(WindowCommand.TakeOut("default", "shop", 1, CanonicalJson.Of((await WindowsAsync(admin))[1])!));

        var done = await ShellAsync(command);
        Assert.True(done.Code == 0, $"{command}\n{done.Complained}");

        var left = await WindowsAsync(admin);
        Assert.Equal(["allow", "allow"], left.Select(window => window.Text("kind")));
        var (code, complained) = await ShellAsync(command);
        Assert.NotEqual(0, code);
        Assert.Contains("The request is invalid", complained, StringComparison.Ordinal);
        Assert.Equal(2, (await WindowsAsync(admin)).Count);
    }

    [Fact]
    public void One_that_no_chat_shows_whole_has_none() =>
        Assert.Null(WindowCommand.TakeOut("argocd", "shop", 0, $$"""{"applications":["{{new string('a', 1200)}}"]}"""));

    private static async Task CreateAsync(ApiCaller admin, params string[] windows)
    {
        var created = await admin.CreateAsync(Projects, $$"""{"apiVersion":"argoproj.io/v1alpha1","kind":"AppProject","metadata":{"name":"shop","namespace":"default"},"spec":{"sourceRepos":["*"],"syncWindows":[{{string.Join(',', windows)}}] } }""");
        Assert.True((int)created.Status < 300, created.Body);
    }

    private static async Task<List<JsonElement>> WindowsAsync(ApiCaller admin)
    {
        using var project = JsonDocument.Parse((await admin.GetAsync($"{Projects}/shop")).Body);
        return [.. project.RootElement.Clone().Items("spec", "syncWindows")];
    }

    private async Task<(int Code, string Complained)> ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command])
        {
            Environment = { ["KUBECONFIG"] = real.Server.KubeconfigFor(KubeUser.Admin) },
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var complained = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return (shell.ExitCode, complained);
    }
}
