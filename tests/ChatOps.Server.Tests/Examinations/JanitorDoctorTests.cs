using System.Globalization;
using ChatOps.Core.Policy;
using ChatOps.Platform;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using ChatOps.Server.Metrics;
using ChatOps.Server.Tests.Health;
using ChatOps.Server.Tests.Web;
using ChatOps.Server.Workers;
using Microsoft.Extensions.Logging;

namespace ChatOps.Server.Tests.Examinations;

/// <summary>What can be wrong with what ends access while ChatOps is dead.</summary>
public sealed class JanitorDoctorTests(SetUp setUp) : IClassFixture<SetUp>, IDisposable
{
    private const string Path = "/apis/batch/v1/namespaces/chatops/cronjobs/chatops-janitor";

    public void Dispose() => setUp.Shop.Server.Faults.Clear();

    /// <summary>Minutes before now; empty: never.</summary>
    [Theory]
    [InlineData("false", "9", "0", "0", "The janitor of cluster shop is there and starts", "")]
    [InlineData("false", "9", "4", "", "The janitor of cluster shop is there and starts", "")]
    [InlineData("true", "9", "0", "0", "The janitor of cluster shop is suspended", "spec.suspend")]
    [InlineData("false", "90", "6", "0", "The janitor of cluster shop has not started for", "events of CronJob chatops-janitor")]
    [InlineData("false", "90", "0", "61", "The janitor of cluster shop starts and has not ended well for", "kubectl -n chatops logs")]
    [InlineData("false", "9", "", "", "The janitor of cluster shop has never started", "events of CronJob chatops-janitor")]
    [InlineData("false", "2", "", "", "The janitor of cluster shop is new and has not started yet", "in some minutes")]
    public async Task It_is_as_its_CronJob_says(string suspended, string made, string started, string ended, string what, string fix)
    {
        setUp.Shop.Server.Faults.Answer(request => request.Path == Path, 200, $$"""
            { "apiVersion": "batch/v1", "kind": "CronJob", "metadata": { "name": "chatops-janitor", "namespace": "chatops", "creationTimestamp": "{{Ago(made)}}" },
              "spec": { "suspend": {{suspended}} }, "status": { {{string.Join(", ", Status("lastScheduleTime", started).Concat(Status("lastSuccessfulTime", ended)))}} } }
            """);

        var (_, said) = await setUp.DoctorAsync();

        Assert.Contains(what, said, StringComparison.Ordinal);
        Assert.Contains(fix, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_without_one_is_found()
    {
        setUp.Shop.Server.Faults.Answer(request => request.Path == Path, 404);

        DoctorTests.Expect(await setUp.DoctorAsync(), "Cluster shop gives break-glass access and has no janitor", "Apply manifests/breakglass-");
    }

    [Fact]
    public async Task That_it_may_not_be_read_is_said_as_that() =>
        DoctorTests.Expect(
            await setUp.DoctorAsync(("Clusters:0:KubeConfig", setUp.KubeConfigOf("unjanitored", manifest => manifest.Replace("\"resourceNames\":[\"chatops-janitor\"]", "\"resourceNames\":[\"another\"]", StringComparison.Ordinal)))),
            "Whether the janitor is at work in cluster shop cannot be read", "reads.yaml");

    /// <summary>In the log once, and in the numbers each time.</summary>
    [Fact]
    public async Task The_running_server_says_once_that_it_is_not_at_work_and_again_when_it_stops_once_more()
    {
        var policy = new PolicyConfiguration();
        policy.BreakGlass.ClusterWideIn.Add("shop");
        var options = new PlatformOptions([new ArgoCdOptions()], [new ClusterOptions { Name = "shop", KubeConfig = setUp.KubeConfig() }]);
        using var clusters = new ClusterConnections(options.Clusters, TimeProvider.System);
        var (log, meters) = (new CapturedLog(), new Meters());
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(log));
        using var worker = new JanitorWorker(new(options, clusters, new Rulebook(policy), TimeProvider.System), meters, TimeProvider.System, logs.CreateLogger<JanitorWorker>());

        foreach (var isThere in (bool[])[false, false, true, false])
        {
            setUp.Shop.Server.Faults.Clear();
            if (!isThere)
            {
                setUp.Shop.Server.Faults.Answer(request => request.Path == Path, 404);
            }

            await worker.RunOnceAsync(default);
            Assert.Contains($"chatops_janitor_at_work{{cluster=\"shop\"}} {(isThere ? 1 : 0)}", await MetersTests.ReadAsync(meters), StringComparison.Ordinal);
        }

        Assert.Equal(2, log.Lines.Count(line => line.Contains("has no janitor", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Status(string name, string minutes) => minutes.Length == 0 ? [] : [$"\"{name}\": \"{Ago(minutes)}\""];

    private static string Ago(string minutes) => DateTimeOffset.UtcNow.AddMinutes(-int.Parse(minutes, CultureInfo.InvariantCulture)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
