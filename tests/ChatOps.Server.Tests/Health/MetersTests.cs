using System.Net;
using ChatOps.Core;
using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Outside;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Tests.Health;

public class MetersTests
{
    internal static async Task<string> ReadAsync(Meters meters)
    {
        await using var listener = new MetricsListener("http://127.0.0.1:0", meters);
        await listener.StartAsync(CancellationToken.None);
        using var client = new HttpClient { BaseAddress = listener.Address };
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/incidents/7")).StatusCode);
        return await client.GetStringAsync("/metrics");
    }

    [Fact]
    public async Task Every_number_is_named_and_labelled_with_words_of_ours()
    {
        var meters = new Meters();
        meters.Delivered(ChatPlatform.Slack, new Said.Command("gitops", "pause <script>"), DeliveryOutcome.Done);
        meters.Received(ChatPlatform.Slack, "Commands", "turned away");
        meters.Posted(ChatPlatform.Slack, PostOutcome.Dropped);
        meters.Refused(ChatPlatform.Slack, ChatRefusal.Configuration);
        meters.NotCovered(3);
        meters.Janitor("near", true);
        meters.Janitor("far", false);
        meters.Janitor("closed", null);
        meters.Acknowledged(ChatPlatform.Slack, TimeSpan.FromMilliseconds(7));
        meters.Waiting(new RecordsBacklog(1, 2, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4)));
        meters.Ended(Some.Operation(1, OperationState.Succeeded));
        meters.Refused(new Refusal(RefusalKind.ClusterSaidNo, "no"));
        meters.Answered("prod", "403");
        meters.Connections(ChatPlatform.Slack, 2);
        meters.Live([Some.Lease()], Some.Now.AddMinutes(10));

        var text = await ReadAsync(meters);

        foreach (var line in new[]
        {
            "chatops_deliveries_total{platform=\"slack\",kind=\"command\",outcome=\"done\"} 1",
            "chatops_received_total{platform=\"slack\",door=\"commands\",outcome=\"turned_away\"} 1",
            "chatops_posts_total{platform=\"slack\",outcome=\"dropped\"} 1",
            "chatops_chat_refusals_total{platform=\"slack\",kind=\"configuration\"} 1",
            "chatops_applications_not_covered 3",
            "chatops_janitor_at_work{cluster=\"near\"} 1",
            "chatops_janitor_at_work{cluster=\"far\"} 0",
            "chatops_janitor_at_work{cluster=\"closed\"} NaN",
            "chatops_acknowledge_seconds_bucket{platform=\"slack\",le=\"0.01\"} 1",
            "chatops_backlog{box=\"outbox\"} 2",
            "chatops_backlog_oldest_seconds{box=\"inbox\"} 3",
            "chatops_operations_total{kind=\"pause\",outcome=\"succeeded\"} 1",
            "chatops_refusals_total{kind=\"cluster_said_no\"} 1",
            "chatops_cluster_answers_total{cluster=\"prod\",answer=\"403\"} 1",
            "chatops_socket_connections{platform=\"slack\"} 2",
            "chatops_leases_live{hold=\"holding\"} 1",
            "chatops_lease_deadline_seconds{application=\"prod/argocd/checkout\"} 2400",
            "chatops_lease_age_seconds{application=\"prod/argocd/checkout\"} 300",
            "chatops_build_info{version=\"0.1.0",
        })
        {
            Assert.Contains(line, text);
        }
    }

    [Fact]
    public async Task An_ended_override_disappears_and_a_passed_deadline_goes_below_zero()
    {
        var meters = new Meters();
        meters.Live([Some.Lease()], Some.Now.AddMinutes(51));
        Assert.Contains("chatops_lease_deadline_seconds{application=\"prod/argocd/checkout\"} -60", await ReadAsync(meters));

        meters.Live([], Some.Now.AddMinutes(52));
        var text = await ReadAsync(meters);
        Assert.DoesNotContain("prod/argocd/checkout", text);
        Assert.Contains("chatops_leases_live{hold=\"holding\"} 0", text);
    }

    [Fact]
    public async Task An_override_from_outside_shows_its_age_until_it_is_gone()
    {
        var meters = new Meters();
        var alert = Outside("checkout");
        meters.Outside([alert, Outside("payments") with { Taken = new("Alice", 7, Guid.NewGuid(), Some.Now) }], Some.Now.AddMinutes(10));
        var text = await ReadAsync(meters);
        Assert.Contains("chatops_outside_overrides{kind=\"auto_sync_off\",owned=\"false\"} 1", text);
        Assert.Contains("chatops_outside_overrides{kind=\"auto_sync_off\",owned=\"true\"} 1", text);
        Assert.Contains("chatops_outside_override_age_seconds{application=\"prod/argocd/checkout\",kind=\"auto_sync_off\",owned=\"false\"} 600", text);

        meters.Outside([.. Enumerable.Range(0, 3000).Select(at => Outside($"app-{at}"))], Some.Now.AddMinutes(11));
        text = await ReadAsync(meters);
        Assert.DoesNotContain("prod/argocd/checkout", text);
        Assert.Equal(OutsideMeters.MostSeries + 1, text.Split('\n').Count(line => line.StartsWith("chatops_outside_override_age_seconds{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Applications_in_trouble_are_counted_by_what_is_the_matter()
    {
        var meters = new Meters();
        meters.Troubles([Outside("checkout") with { Name = "SyncFailed" }, Outside("payments") with { Name = "SyncFailed" }]);
        var text = await ReadAsync(meters);

        Assert.Contains("chatops_applications_in_trouble{kind=\"sync_failed\"} 2", text);
        Assert.Contains("chatops_applications_in_trouble{kind=\"gave_up\"} 0", text);
    }

    private static Alert Outside(string application) => new()
    {
        Fingerprint = application,
        Source = AlertSource.Outside,
        State = AlertState.Firing,
        Name = "AutoSyncOff",
        Severity = "",
        Summary = "auto-sync is off",
        About = new("prod", "argocd", application),
        StartedAt = Some.Now,
        LearnedAt = Some.Now,
        HeardAt = Some.Now,
        Override = new(OutsideKind.AutoSyncOff, "kubectl-edit", Some.Now, []),
    };

    [Fact]
    public async Task Thousands_of_overrides_do_not_make_thousands_of_series()
    {
        var meters = new Meters();
        Lease[] many = [.. Enumerable.Range(0, 5000).Select(at => Some.Lease(target: new("prod", "argocd", $"app-{at}")) with { Deadline = Some.Now.AddMinutes(at) })];

        meters.Live(many, Some.Now);
        var text = await ReadAsync(meters);

        Assert.Contains("chatops_leases_live{hold=\"holding\"} 5000", text);
        Assert.Equal(LeaseMeters.MostSeries + 1, text.Split('\n').Count(line => line.StartsWith("chatops_lease_age_seconds{", StringComparison.Ordinal)));
        Assert.Contains("application=\"prod/argocd/app-0\"", text);
        Assert.Contains("application=\"other\"", text);
    }
}
