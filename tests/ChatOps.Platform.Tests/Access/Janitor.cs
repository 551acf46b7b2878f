using System.Diagnostics;
using System.Text.Json.Nodes;
using ChatOps.Peers;

namespace ChatOps.Platform.Tests.Access;

/// <summary>The janitor's script, as its own account with a token that the API server issued.</summary>
internal static class Janitor
{
    /// <param name="argocd">What JANITOR_ARGOCD says.</param>
    /// <param name="accounts">What JANITOR_ACCOUNTS says.</param>
    /// <param name="wide">What JANITOR_CLUSTER says.</param>
    /// <param name="account">As whom, of namespace chatops.</param>
    /// <param name="elsewhere">An address that is not the API server's.</param>
    public static async Task<JanitorRun> RunAsync(KubeApiServer cluster, string argocd = "", string? elsewhere = null, string accounts = "", string wide = "yes", string account = "chatops-janitor", int looks = 1, int pause = 0)
    {
        using var admin = new ApiCaller(cluster, KubeUser.Admin);
        var issued = await admin.CreateAsync(
            $"/api/v1/namespaces/chatops/serviceaccounts/{account}/token",
            """{ "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": { "expirationSeconds": 3600 } }""");
        var kubeconfig = cluster.KubeconfigFor(new($"system:serviceaccount:chatops:{account}", (string)JsonNode.Parse(issued.Body)!["status"]!["token"]!));
        if (elsewhere is not null)
        {
            var lines = (await File.ReadAllLinesAsync(kubeconfig)).Select(line => line.Contains("server:", StringComparison.Ordinal) ? line[..line.IndexOf("server:", StringComparison.Ordinal)] + $"server: {elsewhere}" : line);
            kubeconfig += "-elsewhere";
            await File.WriteAllLinesAsync(kubeconfig, lines);
        }

        var start = new ProcessStartInfo("sh", Path.Combine(Repository.Root, "manifests/breakglass/janitor.sh")) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var calls = Path.Combine(cluster.Folder, $"janitor-calls-{Guid.NewGuid():N}");
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["JANITOR_CALLS"] = calls;
        start.Environment["PATH"] = $"{Watched(cluster.Folder)}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["JANITOR_LOOKS"] = $"{looks}";
        start.Environment["JANITOR_PAUSE"] = $"{pause}";
        start.Environment["JANITOR_ARGOCD"] = argocd;
        start.Environment["JANITOR_CLUSTER"] = wide;
        start.Environment["JANITOR_ACCOUNTS"] = accounts;
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, string.Concat(said)) { Calls = await File.ReadAllLinesAsync(calls) };
    }

    /// <summary>Stands before kubectl in the path, and notes each time that it is called.</summary>
    private static string Watched(string folder)
    {
        var before = Directory.CreateDirectory(Path.Combine(folder, "janitor")).FullName;
        var kubectl = Path.Combine(before, "kubectl");
        File.WriteAllText(kubectl, "#!/bin/sh\necho \"$1\" >>\"$JANITOR_CALLS\"\nPATH=${PATH#*:} exec kubectl \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(kubectl, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return before;
    }
}

internal sealed record JanitorRun(int Exit, string Said)
{
    /// <summary>What kubectl was called for, each time: a process of its own.</summary>
    public IReadOnlyList<string> Calls { get; init; } = [];
}
