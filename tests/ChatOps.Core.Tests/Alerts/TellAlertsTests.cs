using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Alerts;

public class TellAlertsTests
{
    [Fact]
    public async Task Fifty_alerts_are_one_message_that_edits_itself_until_all_are_over()
    {
        var world = await World.WithIncidentAsync();
        var alerts = Enumerable.Range(1, 50).Select(number => SomeAlert.Fires($"Errors{number:00}", since: world.Now)).ToList();
        foreach (var alert in alerts)
        {
            await HearAsync(world, alert);
        }

        var card = Assert.Single(Messages(world)).Value;
        Assert.Equal("50 alerts fire", card.Title);
        Assert.Contains("and 38 more", Words(card), StringComparison.Ordinal);

        world.Time.Advance(TimeSpan.FromMinutes(4));
        await HearAsync(world, [.. alerts.Select(alert => SomeAlert.IsOver(alert, world.Now))]);
        card = Assert.Single(Messages(world)).Value;
        Assert.Equal(("All 50 alerts are resolved", Tone.Good), (card.Title, card.Tone));
        Assert.Contains("is resolved after 4 minutes", Words(card), StringComparison.Ordinal);

        await HearAsync(world, SomeAlert.Fires("Errors01", since: world.Now));
        Assert.Equal(2, Messages(world).Count);
    }

    [Fact]
    public async Task Repeats_say_nothing_and_write_nothing()
    {
        var world = await World.WithIncidentAsync();
        await HearAsync(world, SomeAlert.Fires(since: world.Now));
        var (posts, entries) = (world.Records.Outbox.Count, world.Records.Entries.Count);

        await HearAsync(world, SomeAlert.Fires(since: world.Now));
        await HearAsync(world, SomeAlert.Fires(since: world.Now));

        Assert.Equal((posts, entries), (world.Records.Outbox.Count, world.Records.Entries.Count));
    }

    [Fact]
    public async Task The_record_has_both_transitions_at_the_times_at_which_they_happened()
    {
        var world = await World.WithIncidentAsync();
        var began = world.Now;
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var alert = SomeAlert.Fires(since: began);
        await HearAsync(world, alert);
        world.Time.Advance(TimeSpan.FromMinutes(9));
        await HearAsync(world, SomeAlert.IsOver(alert, began.AddMinutes(8)));

        var entries = world.Records.Entries.Where(entry => entry.By == "alertmanager").ToList();
        Assert.Equal([(TimelineKind.AlertFires, began), (TimelineKind.AlertResolved, began.AddMinutes(8))], entries.Select(entry => (entry.Kind, entry.At)));
        Assert.Equal(began.AddMinutes(10), entries[1].LearnedAt);
        Assert.Contains("after 8 minutes", entries[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_that_is_declared_after_its_alert_hears_of_it_and_the_channel_is_kept_true()
    {
        var world = new World();
        world.Cluster.Add("shop-a");
        var alert = SomeAlert.Fires(since: world.Now);
        await HearAsync(world, alert);
        Assert.Contains("/incident declare \"Errors\" sev1 apps shop-a", Words(Assert.Single(Messages(world)).Value), StringComparison.Ordinal);

        await world.SayAsync("alice", "incident", "declare \"checkout is down\" sev1 apps shop-a");
        await world.Tell.HandleAsync(default);
        Assert.Equal(2, Messages(world).Count);

        await HearAsync(world, SomeAlert.IsOver(alert, world.Now));
        Assert.All(Messages(world).Values, card => Assert.Equal("Alert: Errors is resolved", card.Title));
    }

    /// <summary>An edit notifies nobody: in a channel, news of another hour is no news below what people have read.</summary>
    [Fact]
    public async Task In_a_channel_a_later_alert_is_a_message_of_its_own()
    {
        var world = new World();
        world.Cluster.Add("shop-a");
        await HearAsync(world, SomeAlert.Fires("Errors", since: world.Now));
        world.Time.Advance(TimeSpan.FromHours(1));

        await HearAsync(world, SomeAlert.Fires("Latency", since: world.Now));

        Assert.Equal(["Alert: Errors fires", "Alert: Latency fires"], Messages(world).Values.Select(card => card.Title).Order());
    }

    [Fact]
    public async Task An_alert_about_nobody_here_is_said_nowhere()
    {
        var world = await World.WithIncidentAsync();

        await HearAsync(world, SomeAlert.Fires(about: "billing"));
        await HearAsync(world, SomeAlert.Fires(about: "no name"));

        Assert.Empty(Messages(world));
        Assert.Equal("billing", Assert.Single(await world.Records.AlertsAsync(onlyLive: false, default)).About.Name);
    }

    private static async Task HearAsync(World world, params AlertNotice[] notices)
    {
        await world.Hear.HandleAsync(notices, default);
        await world.Tell.HandleAsync(default);
    }

    /// <summary>The last word of each message about alerts.</summary>
    private static Dictionary<MessageKey, Card> Messages(World world) => world.Records.Outbox.Select(post => post.Post).OfType<Outgoing.Say>()
        .Where(say => say.Key.Value.Contains("alerts", StringComparison.Ordinal)).GroupBy(say => say.Key).ToDictionary(group => group.Key, group => group.Last().Card);

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text));
}
