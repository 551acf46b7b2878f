using ChatOps.Server.Audit;
using ChatOps.Server.Metrics;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Server.Tests.Examinations;

/// <summary>Whether a cluster tells what access is used for.</summary>
public sealed class AuditDoctorTests(SetUp setUp) : IClassFixture<SetUp>
{
    private const string Token = "audit-of-the-shop-0123456789";

    [Fact]
    public async Task Without_a_token_it_is_said_what_that_costs()
    {
        var (exit, said) = await setUp.DoctorAsync();

        Assert.Equal(0, exit);
        Assert.Contains("✓ Cluster shop tells no audit events (Clusters[].AuditToken is not set)", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apart_from_the_server_it_cannot_be_seen() =>
        Assert.Contains("? Whether cluster shop tells its audit events cannot be seen from here", (await setUp.DoctorAsync(("Clusters:0:AuditToken", Token))).Said, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "? The running server has heard no audit events of cluster shop since it started")]
    [InlineData(3, "✓ The running server has heard audit events of cluster shop, the last 3 minutes")] // or a second more, by when it is asked
    [InlineData(2000, "✗ The running server has heard no audit events of cluster shop for ")]
    public async Task The_running_server_knows_when_it_last_heard(int? minutesAgo, string expected)
    {
        var store = setUp.NewStore();
        using var books = LiteDbRecords.Open(store, TimeProvider.System);
        var meters = new Meters();
        await using var listener = new MetricsListener("http://127.0.0.1:0", meters);
        await listener.StartAsync(CancellationToken.None);
        if (minutesAgo is { } minutes)
        {
            meters.Audited("shop", AuditOutcome.Heard, TimeProvider.System.GetUtcNow().AddMinutes(-minutes));
        }

        meters.Audited("shop", AuditOutcome.Unreadable, TimeProvider.System.GetUtcNow());

        var (_, said) = await setUp.DoctorAsync(("Clusters:0:AuditToken", Token), ("Storage:LiteDb:Path", store), ("Web:MetricsUrl", listener.Address!.ToString()));

        Assert.Contains(expected, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", "can be guessed or cannot be sent")]
    [InlineData("with a space in the middle of it", "can be guessed or cannot be sent")]
    public async Task A_token_that_is_no_secret_is_refused(string token, string what) =>
        DoctorTests.Expect(await setUp.DoctorAsync(("Clusters:0:AuditToken", token)), what, "openssl rand -hex 32");

    [Fact]
    public async Task Two_clusters_with_one_token_are_refused() =>
        DoctorTests.Expect(
            await setUp.DoctorAsync(("Clusters:0:AuditToken", Token), ("Clusters:1:Name", "other"), ("Clusters:1:KubeConfig", setUp.KubeConfig()), ("Clusters:1:AuditToken", Token)),
            "is that of another cluster too", "Give each cluster a token of its own");
}
