using System.Net.Http.Headers;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatOps.Platform.Tests;

public sealed class PlatformOptionsTests
{
    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_with_its_fix()
    {
        var options = PlatformOptions.Read(Configuration(
            ("Clusters:0:Name", "production"), ("Clusters:0:KubeConfig", "/no/such/file"),
            ("Clusters:1:Name", "production"), ("Clusters:1:Token", "t"),
            ("ArgoCd:0:Name", "a/b"), ("ArgoCd:0:Cluster", "staging"), ("ArgoCd:0:ServerUrl", "argocd")));

        var faults = options.Faults().ToList();

        Assert.Collection(
            faults.Select(fault => fault.What),
            what => Assert.StartsWith("Clusters:0:KubeConfig names /no/such/file", what, StringComparison.Ordinal),
            what => Assert.StartsWith("Clusters:1:Server must say", what, StringComparison.Ordinal),
            what => Assert.StartsWith("ArgoCd:0:Name “a/b”", what, StringComparison.Ordinal),
            what => Assert.StartsWith("ArgoCd:0:Cluster “staging”", what, StringComparison.Ordinal),
            what => Assert.StartsWith("ArgoCd:0:ServerUrl argocd", what, StringComparison.Ordinal),
            what => Assert.StartsWith("Clusters: the name “production” is used 2 times", what, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.NotEqual("", fault.Fix));
        Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddPlatform(Configuration(("Clusters:0:Name", ""))));
    }

    [Fact]
    public void A_misspelt_setting_is_not_taken_for_a_default() =>
        Assert.Throws<InvalidOperationException>(() => PlatformOptions.Read(Configuration(("Clusters:0:Name", "production"), ("Clusters:0:Kubeconfg", "x"))));

    [Fact]
    public void Each_configured_argo_cd_is_a_reconciler()
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddPlatform(Configuration(
            ("Clusters:0:Name", "production"), ("Clusters:0:Server", "http://127.0.0.1:1"), ("Clusters:0:Token", "t"),
            ("ArgoCd:0:Name", "shop"), ("ArgoCd:1:Name", "infra"), ("ArgoCd:1:Namespace", "argocd-infra")));
        using var provider = services.BuildServiceProvider();

        Assert.Equal(["shop", "infra"], provider.GetServices<IReconciler>().Select(reconciler => reconciler.Instance));
    }

    [Fact]
    public async Task A_token_file_that_rotates_is_read_again()
    {
        var folder = Directory.CreateTempSubdirectory("chatops-token-");
        var kubeConfig = Path.Combine(folder.FullName, "config");
        var token = Path.Combine(folder.FullName, "token");
        await File.WriteAllTextAsync(token, "first\n");
        await File.WriteAllTextAsync(kubeConfig, """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: u, user: {tokenFile: token}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """);
        var configuration = ClusterCredentials.For(new ClusterOptions { Name = "c", KubeConfig = kubeConfig });

        Assert.Equal(new AuthenticationHeaderValue("Bearer", "first"), await configuration.TokenProvider.GetAuthenticationHeaderAsync(CancellationToken.None));
        await File.WriteAllTextAsync(token, "second\n");
        Assert.Equal(new AuthenticationHeaderValue("Bearer", "second"), await configuration.TokenProvider.GetAuthenticationHeaderAsync(CancellationToken.None));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_cannot_have_changed_anything()
    {
        using var cluster = new ClusterApi("c", ClusterCredentials.For(new ClusterOptions { Server = "http://127.0.0.1:1", Token = "t" }), TimeSpan.FromSeconds(5), TimeProvider.System);

        var reply = await cluster.PatchAsync("apis/x", "[]", new("chatops:on-call", "alice"), CancellationToken.None);

        Assert.Equal(Silence.NotSent, reply.Silence);
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
