using System.Diagnostics;
using System.Text.Json.Nodes;
using ChatOps.Peers;

namespace ChatOps.Scenarios.Access;

/// <summary>One look of the janitor's script as its manifests run it: its own account, its own rights, a real API server.</summary>
internal static class JanitorRun
{
    public static async Task OnceAsync(KubeApiServer server)
    {
        using var admin = new ApiCaller(server, KubeUser.Admin);
        var issued = await admin.CreateAsync(
            "/api/v1/namespaces/chatops/serviceaccounts/chatops-janitor/token",
            """{ "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": { "expirationSeconds": 3600 } }""");
        var start = new ProcessStartInfo("sh", Path.Combine(Repository.Root, "manifests/breakglass/janitor.sh")) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = server.KubeconfigFor(new("system:serviceaccount:chatops:chatops-janitor", (string)JsonNode.Parse(issued.Body)!["status"]!["token"]!));
        start.Environment["JANITOR_LOOKS"] = "1";
        start.Environment["JANITOR_ARGOCD"] = "argocd";
        start.Environment["JANITOR_CLUSTER"] = "yes";
        start.Environment["JANITOR_ACCOUNTS"] = MortalServer.AccountsIn;
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, string.Concat(said));
    }
}
