using System.Net;
using System.Text.RegularExpressions;
using ChatOps.Peers;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Health;

/// <summary>What whoever runs the product sees of it from outside: numbers and health.</summary>
public sealed partial class NumbersTests
{
    [Fact]
    [Trait("Bug", "20")]
    public async Task After_a_story_the_numbers_say_what_happened()
    {
        var numbers = new Uri($"http://127.0.0.1:{Product.FreePort()}");
        await using var world = await StartAsync(numbers);
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 commander @bob apps checkout", SampleWorkspace.IncidentChannel);
        var card = await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);
        await world.Alice.MentionAsync(SampleWorkspace.IncidentChannel, card.Ts, "pause no-such-thing for 20m because it burns");
        await world.Alice.MentionAsync(SampleWorkspace.IncidentChannel, card.Ts, "pause checkout for 20m because rollback of payment config");
        var request = await world.ThreadSaysAsync(card.Ts, "Pause checkout", "needs one approval");
        await world.Bob.PressAsync(request, "Approve");
        await world.ThreadSaysAsync(card.Ts, "holding");

        await SaysAsync(
            numbers,
            "chatops_operations_total{kind=\"pause\",outcome=\"succeeded\"} 1",
            "chatops_refusals_total{kind=\"not_found\"} 1",
            "chatops_deliveries_total{platform=\"slack\",kind=\"button\",outcome=\"done\"} 1",
            "chatops_posts_total{platform=\"slack\",outcome=\"posted\"}",
            "chatops_lease_holding{application=\"argocd/argocd/checkout\",hold=\"holding\"} 1");

        // A metric was renamed elsewhere, and its alert was silent ever after.
        await SaysAsync(numbers, [.. await ReadByAlertsAsync()]);
    }

    [Fact]
    public async Task A_revoked_token_is_named_in_readiness_and_keeps_nobody_out_and_is_gone_when_mended()
    {
        await using var world = await StartAsync(new Uri($"http://127.0.0.1:{Product.FreePort()}"));
        world.Slack.Faults.Plan("chat.postMessage", Fault.Refuse("token_revoked"), times: 1000);
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 commander @bob apps checkout", SampleWorkspace.IncidentChannel);

        await ReadyAsync(world, body => body.Contains("Slack refuses posts: token_revoked; the token was revoked: reinstall the app", StringComparison.Ordinal));

        world.Slack.Faults.Clear();
        world.Clock.Advance(TimeSpan.FromMinutes(3));
        await ReadyAsync(world, body => body.Contains("\"chat\":\"ok\"", StringComparison.Ordinal));
    }

    private static async Task<IEnumerable<string>> ReadByAlertsAsync()
    {
        var rules = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "manifests/alerts/chatops.yaml"));
        var names = rules.Where(line => line.TrimStart().StartsWith("expr:", StringComparison.Ordinal)).SelectMany(line => MetricName().Matches(line)).Select(match => match.Value).Distinct().ToList();
        Assert.True(names.Count > 3, $"only {string.Join(", ", names)} are read");
        return names;
    }

    [GeneratedRegex("chatops_[a-z_]+", RegexOptions.NonBacktracking)]
    private static partial Regex MetricName();

    private static async Task ReadyAsync(ScenarioWorld world, Predicate<string> fits)
    {
        using var client = new HttpClient { BaseAddress = world.Product.Url };
        await AgainAsync(async () =>
        {
            using var answer = await client.GetAsync("/health/ready");
            var body = await answer.Content.ReadAsStringAsync();
            return (answer.StatusCode == HttpStatusCode.OK && fits(body), body);
        });
    }

    private static async Task SaysAsync(Uri numbers, params string[] lines)
    {
        using var client = new HttpClient { BaseAddress = numbers };
        await AgainAsync(async () =>
        {
            var text = await client.GetStringAsync("/metrics");
            return (lines.All(line => text.Contains(line, StringComparison.Ordinal)), string.Join('\n', text.Split('\n').Where(line => line.StartsWith("chatops_", StringComparison.Ordinal))));
        });
    }

    /// <summary>Numbers are asked for again and again by their nature: nothing tells when they change.</summary>
    private static async Task AgainAsync(Func<Task<(bool Fits, string Seen)>> look)
    {
        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        for (var (fits, seen) = await look(); !fits; (fits, seen) = await look())
        {
            Assert.False(patience.IsCancellationRequested, seen);
            await Task.Delay(50);
        }
    }

    private static Task<ScenarioWorld> StartAsync(Uri numbers) =>
        ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false, new Dictionary<string, string?> { ["Web:MetricsUrl"] = numbers.ToString() });
}
