using System.Diagnostics;
using ChatOps.Peers;
using ChatOps.Sandbox.ArgoCd;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Scenarios.Acting;

/// <summary>
/// What the sandbox's welcome invites to, with the machine's own kubectl against the simulated API server, as alice. Once the
/// shop is deployed nobody moves the clock, so that Argo CD does not take the changes back meanwhile.
/// </summary>
public sealed class KubectlInTheSandboxTests : IAsyncLifetime
{
    private const string Mode = "--output=jsonpath={.data.PAYMENT_MODE}";

    private readonly string folder = Directory.CreateTempSubdirectory("chatops-kubectl-").FullName;
    private SampleShop shop = null!;

    public async Task InitializeAsync()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        shop = await SampleShop.StartAsync(time, CancellationToken.None, byHand: true);
        while (shop.Server.Find("configmaps", "shop", "checkout") is null)
        {
            var due = await shop.Argo.SettleAsync(CancellationToken.None) ?? throw new InvalidOperationException("Argo CD has nothing more to do, and the shop is not deployed.");
            time.SetUtcNow(due > time.GetUtcNow() ? due : time.GetUtcNow());
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "kubeconfig"), shop.Server.KubeConfig(shop.AliceToken));
    }

    public async Task DisposeAsync()
    {
        await shop.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [RealClusterFact]
    public async Task Get_patch_and_edit_do_what_they_do_on_a_real_one()
    {
        Assert.Contains("checkout", await KubectlAsync("--namespace=argocd", "get", "applications"), StringComparison.Ordinal);
        Assert.Contains("NAME", await KubectlAsync("--namespace=shop", "get", "configmaps"), StringComparison.Ordinal);

        await KubectlAsync("--namespace=shop", "patch", "configmap", "checkout", "--type=merge", $$$"""--patch={"data":{"PAYMENT_MODE":"{{{SampleShop.GoodMode}}}"}}""");
        Assert.Equal(SampleShop.GoodMode, await KubectlAsync("--namespace=shop", "get", "configmap", "checkout", Mode));

        var edited = await KubectlAsync("--namespace=shop", "edit", "configmap", "checkout");
        Assert.Contains("configmap/checkout edited", edited, StringComparison.Ordinal);
        Assert.Equal("edited", await KubectlAsync("--namespace=shop", "get", "configmap", "checkout", Mode));
    }

    [RealClusterFact]
    public async Task What_alice_may_not_do_is_forbidden_in_the_API_servers_own_words()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => KubectlAsync("--namespace=argocd", "patch", "application", "checkout", "--type=merge", """--patch={"spec":{"project":"default"}}"""));

        Assert.Contains("Error from server (Forbidden)", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> KubectlAsync(params string[] words)
    {
        var start = new ProcessStartInfo("kubectl", ["--kubeconfig", Path.Combine(folder, "kubeconfig"), "--cache-dir", Path.Combine(folder, "cache"), .. words])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KUBE_EDITOR"] = $"sed -i s/{SampleShop.GoodMode}/edited/", ["HOME"] = folder },
        };
        using var kubectl = Process.Start(start)!;
        var said = kubectl.StandardOutput.ReadToEndAsync();
        var complained = kubectl.StandardError.ReadToEndAsync();
        await kubectl.WaitForExitAsync();
        return kubectl.ExitCode == 0 ? await said : throw new InvalidOperationException(await complained);
    }
}
