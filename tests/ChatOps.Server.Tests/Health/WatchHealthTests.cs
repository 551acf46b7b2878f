using ChatOps.Core.Reconciliation;
using ChatOps.Server.Health;
using ChatOps.Server.Metrics;
using ChatOps.Server.Tests.Web;
using ChatOps.Server.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Server.Tests.Health;

/// <summary>One dead watch among several is named wherever somebody looks, and forgotten when it is alive again.</summary>
public class WatchHealthTests
{
    private readonly FakeTimeProvider time = new(Some.Now);
    private List<WatchState> watches = [new("prod", "argocd", null, null), new("prod", "team-a", Some.Now, "403: may not list applications")];

    [Fact]
    public void One_that_is_dead_for_longer_than_a_moment_is_named_with_for_how_long_and_why()
    {
        var health = new WatchHealth(() => watches, time);
        Assert.Null(health.WhatIsWrong());

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("applications in prod/team-a have not been watched for 2 minutes (403: may not list applications)", health.WhatIsWrong());

        watches = [.. Enumerable.Range(0, 7).Select(number => new WatchState("prod", $"team-{number}", Some.Now, null))];
        Assert.EndsWith("(no answer yet); and 4 namespaces more", health.WhatIsWrong(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_metrics_and_the_log_name_it_once_and_say_when_it_is_alive_again()
    {
        var (meters, log) = (new Meters(), new CapturedLog());
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var worker = new WatchesWorker(new WatchHealth(() => watches, time), meters, time, factory.CreateLogger<WatchesWorker>());
        time.Advance(TimeSpan.FromMinutes(2));
        worker.RunOnce();
        worker.RunOnce();
        var text = await MetersTests.ReadAsync(meters);
        Assert.Contains("chatops_watch_dead_seconds{watch=\"prod/team-a\"} 120", text, StringComparison.Ordinal);
        Assert.Contains("chatops_watch_dead_seconds{watch=\"prod/argocd\"} 0", text, StringComparison.Ordinal);

        watches = [watches[0], watches[1] with { DeadSince = null }];
        worker.RunOnce();

        Assert.Contains("chatops_watch_dead_seconds{watch=\"prod/team-a\"} 0", await MetersTests.ReadAsync(meters), StringComparison.Ordinal);
        Assert.Equal(
            ["Applications in prod/team-a have not been watched since 2026-11-23 14:00:00Z: 403: may not list applications. What changes there is not seen; it is tried again and again", "Applications in prod/team-a are watched again"],
            log.Lines.Select(line => line.TrimEnd()));
    }
}
