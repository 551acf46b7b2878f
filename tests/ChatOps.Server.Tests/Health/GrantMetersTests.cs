using ChatOps.Core.Grants;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Tests.Health;

public sealed class GrantMetersTests
{
    [Fact]
    public async Task Access_past_its_end_is_counted_by_cluster_with_the_age_of_the_oldest_until_it_is_gone()
    {
        var meters = new Meters();
        var late = Open("production", Some.Now.AddSeconds(-90));
        meters.Grants([late, Open("production", Some.Now.AddSeconds(-30)), Open("production", Some.Now.AddMinutes(5)), Open("staging", Some.Now.AddMinutes(5))], Some.Now);

        var text = await MetersTests.ReadAsync(meters);
        Assert.Contains("chatops_grants_past_end{cluster=\"production\"} 2", text, StringComparison.Ordinal);
        Assert.Contains("chatops_grants_past_end_oldest_seconds{cluster=\"production\"} 90", text, StringComparison.Ordinal);
        Assert.Contains("chatops_grants_past_end{cluster=\"staging\"} 0", text, StringComparison.Ordinal);

        meters.Grants([late.Ended(Some.Now)], Some.Now.AddSeconds(5));
        text = await MetersTests.ReadAsync(meters);
        Assert.Contains("chatops_grants_past_end{cluster=\"production\"} 0", text, StringComparison.Ordinal);
        Assert.Contains("chatops_grants_past_end_oldest_seconds{cluster=\"production\"} 0", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_looked_for_is_1_until_it_can()
    {
        var meters = new Meters();
        meters.Unseen([new(GrantKind.ServiceAccount, "production", "403")]);
        Assert.Contains("chatops_grants_unseen{cluster=\"production\",kind=\"service_account\"} 1", await MetersTests.ReadAsync(meters), StringComparison.Ordinal);

        meters.Unseen([]);
        Assert.Contains("chatops_grants_unseen{cluster=\"production\",kind=\"service_account\"} 0", await MetersTests.ReadAsync(meters), StringComparison.Ordinal);
    }

    /// <summary>An alert that waits for an increase does not see a series that begins with one.</summary>
    [Fact]
    public async Task What_was_never_found_is_there_as_nothing() =>
        Assert.Contains("chatops_grants_found_total{kind=\"role_binding\",outcome=\"left\"} 0", await MetersTests.ReadAsync(new Meters()), StringComparison.Ordinal);

    private static Grant Open(string cluster, DateTimeOffset endsAt) => new()
    {
        Id = Guid.NewGuid(),
        Kind = GrantKind.RoleBinding,
        Incident = 7,
        Operation = Some.Id(1),
        Person = "alice",
        Subject = "alice@example.org",
        Role = "editor",
        Target = Some.Checkout,
        Scope = new(cluster, ["shop"], "editor", []),
        Reason = "pods crashloop",
        StartedAt = endsAt.AddMinutes(-30),
        EndsAt = endsAt,
        FirstStartedAt = endsAt.AddMinutes(-30),
        Latest = endsAt.AddHours(1),
        Probes = [],
        State = GrantState.Active,
        GivenAt = endsAt.AddMinutes(-30),
    };
}
