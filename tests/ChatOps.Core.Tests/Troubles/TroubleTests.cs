using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;
using ChatOps.Core.Troubles;

namespace ChatOps.Core.Tests.Troubles;

/// <summary>From what applications come into and out of to what people read of it.</summary>
public class TroubleTests
{
    private static readonly ApplicationRef C = App("shop-c");
    private readonly World world = new();

    [Fact]
    public async Task A_failed_sync_is_said_once_through_restarts_and_its_end_is_said_in_the_same_message()
    {
        await WatchedAsync(C);
        var failed = SomeVitals.Failed(world.Now);
        await SeesAsync(C, failed);
        await SeesAsync(C, failed);
        world.Restart();
        world.Time.Advance(TimeSpan.FromMinutes(7));
        await SeesAsync(C, failed);

        var card = Assert.Single(Messages()).Value;
        Assert.Equal(("shop-c: its sync failed", Tone.Alarm), (card.Title, card.Tone));
        Assert.Contains("a field cannot be changed on what is there already", Words(card), StringComparison.Ordinal);
        Assert.Contains("/incident declare <title> sev2 apps", Words(card), StringComparison.Ordinal);

        await SeesAsync(C, SomeVitals.Fine with { Last = null, Sync = SyncState.OutOfSync }); // at work: nothing is known yet
        Assert.Equal(Tone.Alarm, Assert.Single(Messages()).Value.Tone);
        await SeesAsync(C, SomeVitals.Synced(world.Now));
        card = Assert.Single(Messages()).Value;
        Assert.Equal(("shop-c: synced again", Tone.Good), (card.Title, card.Tone));
        Assert.Contains("after 7 minutes", Words(card), StringComparison.Ordinal);
        Assert.Empty(await world.Records.AlertsAsync(onlyLive: true, default));
    }

    [Fact]
    public async Task What_was_bad_before_we_looked_for_the_first_time_is_no_alarm_and_what_begins_while_we_are_down_is()
    {
        await SeesAsync((C, SomeVitals.Degraded(world.Now.AddDays(-3))), (App("shop-d"), SomeVitals.Failed(world.Now.AddDays(-2))), (App("shop-e"), SomeVitals.Fine));
        var quiet = Assert.Single(Messages()).Value;
        Assert.Equal(("2 applications are in trouble already", Tone.Neutral), (quiet.Title, quiet.Tone));

        world.Restart();
        world.Time.Advance(TimeSpan.FromHours(3));
        await SeesAsync((C, SomeVitals.Degraded(world.Now.AddDays(-3))), (App("shop-d"), SomeVitals.Synced(world.Now.AddHours(-2))), (App("shop-e"), SomeVitals.Degraded(world.Now.AddHours(-1))));

        Assert.Equal(["1 of 2 applications are still in trouble", "shop-e: Degraded"], Messages().Values.Select(card => card.Title));
        Assert.Contains("after 2 days 1 hour", Words(Messages().Values.First()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_begins_in_the_second_of_the_first_look_is_news_since_engines_tell_whole_seconds()
    {
        world.Time.Advance(TimeSpan.FromMilliseconds(700));
        await WatchedAsync(C);
        await SeesAsync(C, SomeVitals.Failed(DateTimeOffset.FromUnixTimeSeconds(world.Now.ToUnixTimeSeconds())));

        Assert.Equal(Tone.Alarm, Assert.Single(Messages()).Value.Tone);
    }

    [Fact]
    public async Task What_one_thing_breaks_is_one_message_however_many_and_however_late_they_show()
    {
        var many = Enumerable.Range(1, 60).Select(number => App($"shop-{number:00}")).ToList();
        await WatchedAsync([.. many]);
        await SeesAsync([.. many.Take(55).Select(one => (one, SomeVitals.Failed(world.Now, $"pods \"{one.Name}-1\" exceeded quota: shop")))]);
        world.Time.Advance(TimeSpan.FromMinutes(20));
        await SeesAsync([.. many.Skip(55).Select(one => (one, SomeVitals.Failed(world.Now, $"pods \"{one.Name}-1\" exceeded quota: shop")))]);

        var card = Assert.Single(Messages()).Value;
        Assert.Equal("60 applications are in trouble", card.Title);
        Assert.Contains("and 50 more", Words(card), StringComparison.Ordinal);
        Assert.InRange(card.Parts.Count, 2, 16);

        await SeesAsync(many[0], SomeVitals.Failed(world.Now, "repository not found"));
        await SeesAsync([.. many.Select(one => (one, SomeVitals.Synced(world.Now)))]);
        Assert.Equal("All 60 applications are well again", Assert.Single(Messages()).Value.Title);
        Assert.InRange(Assert.Single(Messages()).Value.Parts.Count, 2, 16);
    }

    [Fact]
    public async Task What_comes_later_by_another_cause_is_a_message_that_wakes_people_up()
    {
        await WatchedAsync(C, App("shop-d"));
        await SeesAsync(C, SomeVitals.Failed(world.Now));
        world.Time.Advance(TimeSpan.FromMinutes(3));
        await SeesAsync(App("shop-d"), SomeVitals.Failed(world.Now, "repository not found", "Deployment/shop-d"));

        Assert.Equal(["shop-c: its sync failed", "shop-d: its sync failed"], Messages().Values.Select(card => card.Title));
    }

    [Fact]
    public async Task What_comes_and_goes_stays_one_message_with_some_edits_until_it_was_calm()
    {
        await WatchedAsync(C);
        for (var times = 0; times < 40; times++)
        {
            await SeesAsync(C, SomeVitals.Degraded(world.Now));
            await SeesAsync(C, SomeVitals.Degraded(world.Now), after: TimeSpan.FromSeconds(15));
            await SeesAsync(C, SomeVitals.Healthy(world.Now));
            world.Time.Advance(TimeSpan.FromSeconds(45));
        }

        var card = Assert.Single(Messages()).Value;
        Assert.Equal("shop-c: Degraded", card.Title);
        Assert.Contains("comes and goes", Words(card), StringComparison.Ordinal);
        Assert.InRange(world.Records.Outbox.Count, 3, 8);

        await SeesAsync(C, SomeVitals.Healthy(world.Now), after: TroubleCourse.Calm);
        Assert.Equal("shop-c: Healthy again", Assert.Single(Messages()).Value.Title);
        await SeesAsync(C, SomeVitals.Degraded(world.Now.AddSeconds(-30)), after: TroubleCourse.Calm);
        Assert.Equal(2, Messages().Count);
    }

    [Fact]
    public async Task A_moment_of_bad_health_is_nothing_and_is_looked_at_again()
    {
        await WatchedAsync(C);
        var again = await world.LookForTrouble.HandleAsync(C.Instance, [Seen(C, SomeVitals.Degraded(world.Now))], default);
        Assert.Equal((C, world.Now + TroubleCourse.Stands(TroubleKind.Unhealthy)), Assert.Single(again));

        await SeesAsync(C, SomeVitals.Healthy(world.Now), after: TimeSpan.FromSeconds(5));
        Assert.Empty(Messages());
    }

    [Fact]
    public async Task While_an_incident_has_the_application_its_thread_and_record_are_told_and_the_channel_is_not()
    {
        await WatchedAsync(world.Cluster.Add("shop-c"));
        await world.SayAsync("bob", "incident", "declare \"checkout is down\" sev1 operator @alice apps shop-c");
        var at = world.Now.AddSeconds(-3);
        await SeesAsync(C, SomeVitals.Failed(at));
        world.Time.Advance(TimeSpan.FromMinutes(4));
        var over = world.Now.AddSeconds(-1);
        await SeesAsync(C, SomeVitals.Synced(over));

        Assert.DoesNotContain(Messages(), message => message.Key.Value.StartsWith("trouble", StringComparison.Ordinal));
        Assert.Equal("shop-c: synced again", Assert.Single(Messages()).Value.Title);
        Assert.Equal([(TimelineKind.AlertFires, at), (TimelineKind.AlertResolved, over)], world.Records.Entries.Where(entry => entry.By == "argocd").Select(entry => (entry.Kind, entry.At)));
    }

    [Fact]
    public async Task An_incident_that_is_declared_for_it_hears_what_was_said_in_the_channel()
    {
        await WatchedAsync(world.Cluster.Add("shop-c"));
        await SeesAsync(C, SomeVitals.Failed(world.Now));
        await world.SayAsync("bob", "incident", "declare \"checkout is down\" sev1 operator @alice apps shop-c");
        await world.Tell.HandleAsync(default);
        await SeesAsync(C, SomeVitals.Synced(world.Now));

        Assert.Equal(["shop-c: synced again", "shop-c: synced again"], Messages().Values.Select(card => card.Title));
    }

    [Fact]
    public async Task Another_failure_of_the_same_application_edits_what_was_said_and_other_consequences_do_not()
    {
        await WatchedAsync(C);
        var failed = SomeVitals.Failed(world.Now);
        await SeesAsync(C, failed);
        await SeesAsync(C, failed with { AutoSyncOn = false });
        Assert.Single(world.Records.Outbox);

        await SeesAsync(C, SomeVitals.Failed(world.Now, "repository not found"));
        Assert.Contains("no access to the repository", Words(Assert.Single(Messages()).Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_that_is_gone_is_no_trouble_and_not_well_either()
    {
        await WatchedAsync(C, App("shop-d"));
        await SeesAsync((C, SomeVitals.Failed(world.Now)), (App("shop-d"), SomeVitals.Failed(world.Now)));
        await SeesAsync(C, null);
        world.Cluster.Add("shop-c");
        var unseen = await world.LookForTrouble.UnseenAsync(new HashSet<ApplicationRef> { C }, default);
        Assert.Equal([App("shop-d")], unseen);
        await world.LookForTrouble.HandleUnseenAsync(unseen, default);
        await world.Tell.HandleAsync(default);

        var card = Assert.Single(Messages()).Value;
        Assert.Contains("shop-c is not there any more", Words(card), StringComparison.Ordinal);
        Assert.Contains("shop-d is not there any more", Words(card), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_while_all_is_well()
    {
        await WatchedAsync(C);
        var commits = 0;
        world.Records.BeforeCommit = _ => Task.FromResult(commits++);

        await SeesAsync(C, SomeVitals.Synced(world.Now));
        await SeesAsync(C, SomeVitals.Fine with { Last = null });

        Assert.Equal(0, commits);
    }

    private static ApplicationRef App(string name) => new("prod", "argocd", name);

    private Task WatchedAsync(params ApplicationRef[] applications) => SeesAsync([.. applications.Select(one => (one, SomeVitals.Fine))]);

    private Task SeesAsync(ApplicationRef application, Vitals? vitals, TimeSpan after = default)
    {
        world.Time.Advance(after);
        return SeesAsync((application, vitals));
    }

    private async Task SeesAsync(params (ApplicationRef Application, Vitals? Vitals)[] looks)
    {
        await world.LookForTrouble.HandleAsync(C.Instance, [.. looks.Select(look => Seen(look.Application, look.Vitals))], default);
        await world.Tell.HandleAsync(default);
        world.Time.Advance(TimeSpan.FromMilliseconds(1));
    }

    private TroubleSeen Seen(ApplicationRef application, Vitals? vitals) =>
        new(application, vitals is null ? [] : [.. TroubleLook.At(vitals, world.Now).Select(finding => (finding, world.Now))], null);

    /// <summary>The last word of each message about troubles, in the order in which they began.</summary>
    private Dictionary<MessageKey, Card> Messages() => world.Records.Outbox.Select(post => post.Post).OfType<Outgoing.Say>()
        .Where(say => say.Key.Value.Contains("trouble", StringComparison.Ordinal) || say.Key.Value.Contains("/alerts/", StringComparison.Ordinal))
        .GroupBy(say => say.Key).ToDictionary(group => group.Key, group => group.Last().Card);

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text));
}
