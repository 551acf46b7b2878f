using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests;

public sealed class PlatformReachTests
{
    [Fact]
    public async Task A_probe_reads_one_application_and_names_the_engine_that_does_not_answer()
    {
        await using var fake = await FakeKubernetesApi.StartAsync();
        var bot = new ClusterOptions { Name = "production", Server = fake.Url.ToString(), Token = "bot" };
        using var clusters = new ClusterConnections([bot], TimeProvider.System);
        var reach = new PlatformReach(new([new ArgoCdOptions { Name = "prod" }], [bot]), clusters);

        Assert.Null(await reach.WhatIsWrongAsync(CancellationToken.None));
        Assert.Equal("?limit=1", Assert.Single(fake.Seen).Query);

        fake.Faults["GET"] = new("GET") { Status = 503 };
        Assert.StartsWith("prod: Cluster production has trouble of its own", await reach.WhatIsWrongAsync(CancellationToken.None), StringComparison.Ordinal);
    }
}
