using System.Diagnostics;

namespace ChatOps.Peers;

/// <summary>Runs the machine's kubectl against a cluster under test, away from the machine's own configuration.</summary>
public static class Kubectl
{
    public static Task<string> RunAsync(this KubeApiServer cluster, KubeUser user, params string[] arguments) =>
        RunAsync(cluster, user, input: null, arguments);

    /// <summary>Applies YAML as the admin; large CustomResourceDefinitions included.</summary>
    public static Task ApplyAsync(this KubeApiServer cluster, string yaml) => RunAsync(
        cluster, KubeUser.Admin, yaml, "apply", "--server-side", "--force-conflicts", "--validate=false", "-f", "-");

    private static async Task<string> RunAsync(KubeApiServer cluster, KubeUser user, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])
            ["--kubeconfig", cluster.KubeconfigFor(user), "--cache-dir", Path.Combine(cluster.Folder, "kubectl"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var kubectl = Process.Start(start) ?? throw new InvalidOperationException("kubectl did not start.");
        var said = kubectl.StandardOutput.ReadToEndAsync();
        var complained = kubectl.StandardError.ReadToEndAsync();
        await kubectl.StandardInput.WriteAsync(input);
        kubectl.StandardInput.Close();
        await kubectl.WaitForExitAsync();
        return kubectl.ExitCode == 0
            ? await said
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: exit {kubectl.ExitCode}\n{await complained}");
    }
}
