using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Outside;

/// <summary>From a change that nobody made through us to what people read, and to what becomes of it.</summary>
public class OutsideTests
{
    private readonly List<Outgoing.Say> said = [];

    [Fact]
    public async Task That_nobody_owns_it_is_said_anew_ever_more_rarely_and_the_end_in_every_message()
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);
        for (var minutes = 0; minutes < 72 * 60; minutes += 5)
        {
            world.Time.Advance(TimeSpan.FromMinutes(5));
            await LookAsync(world, shop);
        }

        Assert.Equal(4, Messages().Count);
        Assert.Equal("Nobody owns it: shop-c, auto-sync is off", Messages().Values.Last().Title);
        Assert.Contains(Messages().Values.Last().Parts, part => part is Part.Buttons);
        SwitchOn(world, shop);
        await LookAsync(world, shop);
        Assert.All(Messages().Values, card => Assert.Equal("Over: shop-c, auto-sync is on again", card.Title));
    }

    [Fact]
    public async Task An_incident_that_is_declared_over_an_old_one_is_told_of_it_once_and_reminded_once_each_time()
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);
        for (var minutes = 0; minutes < 40; minutes += 5)
        {
            world.Time.Advance(TimeSpan.FromMinutes(5));
            await LookAsync(world, shop);
        }

        await world.SayAsync("bob", "incident", "declare \"shop is slow\" sev2 operator @alice apps shop-c");
        await LookAsync(world, shop);
        await LookAsync(world, shop);
        Assert.Single(InThread());
        Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.ForeignChange && entry.Text.Contains("auto-sync", StringComparison.Ordinal));

        world.Time.Advance(TimeSpan.FromHours(4));
        await LookAsync(world, shop);
        await LookAsync(world, shop);
        Assert.Equal(2, InThread().Count);
        Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.ForeignChange && entry.Text.Contains("auto-sync", StringComparison.Ordinal));

        List<MessageKey> InThread() => [.. said.Where(say => say.Where is Where.InThread && say.Card.Parts.Any(part => part is Part.Buttons)).Select(say => say.Key).Distinct()];
    }

    [Fact]
    public async Task It_is_said_once_however_often_it_is_looked_at_and_its_end_is_said_in_the_same_message()
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);

        await LookAsync(world, shop);
        await LookAsync(world, shop);
        world.Restart();
        world.Time.Advance(TimeSpan.FromMinutes(7));
        await LookAsync(world, shop);
        var card = Assert.Single(Messages()).Value;
        Assert.Equal("Override from outside: shop-c, auto-sync is off", card.Title);
        Assert.Contains("switched off by kubectl-edit", Words(card), StringComparison.Ordinal);

        SwitchOn(world, shop);
        await LookAsync(world, shop);
        card = Assert.Single(Messages()).Value;
        Assert.Equal(("Over: shop-c, auto-sync is on again", Tone.Good), (card.Title, card.Tone));
        Assert.Empty(await world.Records.AlertsAsync(onlyLive: true, default));
    }

    [Fact]
    public async Task Whoever_takes_it_has_a_lease_with_an_owner_and_an_end_and_the_channel_says_whose_it_is()
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);

        Assert.Null(await PressAsync(world, "alice", "own"));
        var lease = world.OnlyLease();
        Assert.Equal((LeaseKind.Outside, "alice", world.Now.AddHours(1)), (lease.Kind, lease.Owner, lease.Deadline));
        Assert.True(lease.WaitsForPeople);
        var incident = Assert.Single(world.Records.AllIncidents);
        Assert.Equal((World.ShopRoom, shop), (Assert.Single(incident.Channels), Assert.Single(incident.Scope)));

        await LookAsync(world, shop);
        var card = Assert.Single(Messages()).Value;
        Assert.Contains("alice took it, in incident 1", Words(card), StringComparison.Ordinal);
        Assert.DoesNotContain(card.Parts, part => part is Part.Buttons);

        world.Time.Advance(TimeSpan.FromMinutes(61));
        await world.WorkAsync();
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.DeadlinePassed && entry.Text.Contains("switched off by kubectl-edit", StringComparison.Ordinal));
        Assert.False(world.Cluster[shop].Automated == ModelApplication.Before);
    }

    [Fact]
    public async Task Resume_puts_back_what_was_there_as_the_role_that_acts_on_it()
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);

        Assert.Null(await PressAsync(world, "carol", "resume"));
        await world.WorkAsync();
        await LookAsync(world, shop);

        Assert.Equal(ModelApplication.Before, world.Cluster[shop].Automated);
        Assert.Equal("chatops:on-call", Assert.Single(world.Cluster.Effects).User);
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Equal(Tone.Good, Assert.Single(Messages()).Value.Tone);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.Resumed && entry.Text.Contains("auto-sync is on again", StringComparison.Ordinal));
    }

    /// <summary>Before anybody has looked at the new one: how it was made may be what Git says now.</summary>
    [Theory]
    [InlineData("own")]
    [InlineData("resume")]
    public async Task What_was_found_of_one_is_not_put_back_on_another_of_its_name(string verb)
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);
        world.Cluster[shop] = world.Cluster[shop] with { Uid = "made-again" };

        Assert.Contains("deleted and made again", Words((await PressAsync(world, "carol", verb))!), StringComparison.Ordinal);
        await world.WorkAsync();

        Assert.Empty(world.Records.AllLeases);
        Assert.Empty(world.Cluster.Effects);
    }

    [Fact]
    public async Task What_was_changed_once_more_since_it_was_taken_is_told_and_the_next_resume_puts_that_back()
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);
        Assert.Null(await PressAsync(world, "alice", "own"));
        world.Cluster[shop] = world.Cluster[shop] with { Automated = null };

        Assert.Null(await world.DeliverAsync("alice", new Said.Command("/gitops", "resume shop-c"), new Place(World.ShopRoom, null)));
        await world.WorkAsync();

        Assert.Empty(world.Cluster.Effects);
        var lease = world.OnlyLease();
        Assert.True(lease.WaitsForPeople);
        var moved = Assert.Single(lease.Outside!.Fields);
        Assert.Equal(("/spec/syncPolicy/automated", null), (moved.Before.Path, moved.Seen));
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains("I did not resume shop-c", StringComparison.Ordinal));

        Assert.Null(await world.PressAsync("alice", ChoiceKind.ResumeLease));
        await world.WorkAsync();

        Assert.Equal(ModelApplication.Before, world.Cluster[shop].Automated);
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_resume_shows_first_what_it_overwrites_and_takes_a_second_press(bool takenBefore)
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);
        world.View.Drifts = HandChange;

        if (takenBefore)
        {
            await PressAsync(world, "carol", "own");
            await world.PressAsync("carol", ChoiceKind.ResumeLease);
        }
        else
        {
            Assert.Null(await PressAsync(world, "carol", "resume"));
        }

        await world.WorkAsync();
        var asked = Question(world);
        Assert.Contains("make 1 field as Git says that was changed by hand", asked.Summary, StringComparison.Ordinal);
        Assert.Contains("/data/MODE: Git slow | live fast", Assert.Single(asked.Parts.OfType<Part.Verbatim>()).Value, StringComparison.Ordinal);
        Assert.True(world.Cluster[shop].IsOff);
        Assert.Equal(("carol", true), (world.OnlyLease().Owner, world.OnlyLease().WaitsForPeople));

        await world.PressAsync("carol", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal((ModelApplication.Before, LeaseState.Ended), (world.Cluster[shop].Automated, world.OnlyLease().State));
    }

    [Fact]
    public async Task No_rule_allowed_it_so_the_strictest_rule_for_an_override_there_says_what_a_resume_needs()
    {
        var (world, shop) = await WithShopAsync();
        world.Restart(policy => policy.Rules[0].OverwritingNeeds = Core.Policy.OverwritingNeeds.Approval);
        SwitchOff(world, shop);
        await LookAsync(world, shop);
        world.View.Drifts = HandChange;
        await PressAsync(world, "alice", "resume");

        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.True(world.Cluster[shop].IsOff);

        await world.PressAsync("bob", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal((ModelApplication.Before, "alice"), (world.Cluster[shop].Automated, world.OnlyLease().EndedBy));
        Assert.Contains("by alice; bob agreed", Words(Question(world)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_about_it_that_was_asked_again_is_pressed_on_the_newer_message_alone()
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);
        world.View.Drifts = HandChange;
        await PressAsync(world, "alice", "resume");
        await world.PostAllAsync();
        var first = world.Records.Choices.Last(one => one.Kind == ChoiceKind.ResumeKnowing);
        await world.DeliverAsync("alice", new Said.Command("gitops", "resume shop-c"), new Place(World.ShopRoom, null));

        Assert.Contains("asked again since", Words((await PressAsync(world, "alice", first))!), StringComparison.Ordinal);
        Assert.True(world.Cluster[shop].IsOff);
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal(ModelApplication.Before, world.Cluster[shop].Automated);
    }

    [Fact]
    public async Task A_pause_that_is_ours_again_after_somebody_took_it_shows_first_what_its_end_overwrites()
    {
        var world = await World.WithPauseAsync();
        var shop = world.OnlyLease().Target;
        var ours = world.Cluster[shop];
        SwitchOn(world, shop);
        await world.WorkAsync();
        Assert.True(world.OnlyLease().WaitsForPeople);
        world.Cluster[shop] = ours;
        world.View.Drifts = HandChange;

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Contains("make 1 field as Git says", Question(world).Summary, StringComparison.Ordinal);
        Assert.Equal((LeaseState.Active, true), (world.OnlyLease().State, world.Cluster[shop].IsOff));
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Theory]
    [InlineData("own")]
    [InlineData("resume")]
    public async Task Whom_no_rule_lets_do_it_is_told_so_and_nothing_happens(string verb)
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);

        var refused = await PressAsync(world, "eve", verb);
        Assert.Contains("rule", Words(refused!), StringComparison.OrdinalIgnoreCase);

        Assert.Empty(world.Records.AllLeases);
        Assert.Empty(world.Records.AllIncidents);
        Assert.Empty(world.Cluster.Effects);
    }

    [Fact]
    public async Task An_incident_that_has_the_application_hears_of_it_in_its_thread_and_the_channel_does_not()
    {
        var (world, shop) = await WithShopAsync();
        await world.SayAsync("alice", "incident", "declare \"checkout is down\" sev1 apps shop-c");
        await world.PostAllAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);

        var (key, card) = Assert.Single(Messages());
        Assert.StartsWith("incident/1/alerts", key.Value, StringComparison.Ordinal);
        Assert.Contains(card.Parts, part => part is Part.Buttons);
        var entry = Assert.Single(world.Records.Entries, entry => entry is { Kind: TimelineKind.ForeignChange, By: "kubectl-edit" });
        Assert.Contains("auto-sync was switched off", entry.Text, StringComparison.Ordinal);

        Assert.Null(await world.SayAsync("alice", "gitops", "own shop-c"));
        Assert.Equal((1, "alice"), (world.OnlyLease().Incident, world.OnlyLease().Owner));
        SwitchOn(world, shop);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Contains(world.Records.Entries, one => one.Kind == TimelineKind.Settled && one.Text.Contains("not by me", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_people_leave_so_is_over_and_never_found_again()
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        await LookAsync(world, shop);
        await PressAsync(world, "alice", "own");

        await world.PressAsync("alice", ChoiceKind.LeaveOff);
        await LookAsync(world, shop);
        world.Restart();
        await LookAsync(world, shop);

        Assert.Equal("Override from outside: shop-c stays as it is", Assert.Single(Messages()).Value.Title);
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.True(world.Cluster[shop].IsOff);
    }

    [Fact]
    public async Task A_pause_of_ours_that_somebody_takes_and_people_leave_off_is_not_found_as_an_override_from_outside()
    {
        var world = await World.WithIncidentAsync();
        Listen(world);
        var shop = world.Cluster.All.First().Ref;
        await LookAsync(world, shop);
        await world.SayAsync("alice", "gitops", $"pause {shop.Name} for 30m because the rollback needs hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        await LookAsync(world, shop);
        world.Cluster[shop] = world.Cluster[shop] with { Mark = null };
        await world.WorkAsync();
        await world.PressAsync("alice", ChoiceKind.LeaveOff);
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);

        await LookAsync(world, shop);

        Assert.Empty(Messages());
    }

    [Fact]
    public async Task A_button_about_it_leaves_a_pause_of_ours_on_the_same_application_alone_and_works_once()
    {
        var world = await World.WithPauseAsync();
        Listen(world);
        var pause = world.OnlyLease();
        world.Cluster.Seen = facts => facts with { Skip = new(new("/metadata/annotations/argocd.argoproj.io~1skip-reconcile", "\"true\"", null), new("kubectl-annotate", null)) };
        await LookAsync(world, pause.Target);
        Assert.Contains("set by kubectl-annotate", Words(Assert.Single(Messages()).Value), StringComparison.Ordinal);
        var choice = world.Records.Choices.Last(one => one.Kind == ChoiceKind.SayOfOutside && one.Says!.StartsWith("resume", StringComparison.Ordinal));

        var room = new Place(World.Room, null);
        var message = (await world.Records.FindMessageAsync(choice.Message!.Value, null, default))!.Ref;
        Assert.Null(await world.DeliverAsync("alice", new Said.Pressed(choice.Token, message), room));
        Assert.Contains("nothing was done", Words((await world.DeliverAsync("bob", new Said.Pressed(choice.Token, message), room))!), StringComparison.Ordinal);

        Assert.Equal(LeaseState.Active, (await world.Records.FindLeaseAsync(pause.Id, default))!.State);
        var taken = Assert.Single(world.Records.AllLeases, lease => lease.Kind == LeaseKind.Outside);
        Assert.Equal((LeaseState.Ending, pause.Incident), (taken.State, taken.Incident));
    }

    [Fact]
    public async Task Several_that_come_together_are_one_message_and_a_later_one_is_news()
    {
        var (world, shop) = await WithShopAsync();
        var others = Enumerable.Range(1, 20).Select(number => world.Cluster.Add($"shop-x{number}")).ToList();
        foreach (var one in others)
        {
            await LookAsync(world, one);
            SwitchOff(world, one);
        }

        foreach (var one in others)
        {
            await LookAsync(world, one);
        }

        var card = Assert.Single(Messages()).Value;
        Assert.Equal("20 overrides from outside", card.Title);
        Assert.Contains("and 8 more", Words(card), StringComparison.Ordinal);
        world.Time.Advance(TimeSpan.FromHours(3));
        SwitchOff(world, shop);
        await LookAsync(world, shop);
        Assert.Equal(2, Messages().Count);
    }

    [Fact]
    public async Task What_the_policy_does_not_cover_and_what_cannot_be_read_is_not_said()
    {
        var (world, shop) = await WithShopAsync();
        world.Policy.Rules.Clear();
        world.Restart();
        SwitchOff(world, shop);
        await LookAsync(world, shop);
        world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Unavailable);
        Assert.False(await world.LookOutside.HandleAsync(shop, default));

        Assert.Empty(Messages());
    }

    [Fact]
    public async Task A_look_that_a_commit_overtakes_decides_again_and_an_application_that_is_gone_ends_its_override()
    {
        var (world, shop) = await WithShopAsync();
        SwitchOff(world, shop);
        world.Records.BeforeCommit = async _ =>
        {
            world.Records.BeforeCommit = null;
            await world.LookOutside.HandleAsync(shop, default);
        };
        await Assert.ThrowsAsync<StaleRecordException>(() => world.LookOutside.HandleAsync(shop, default));
        await LookAsync(world, shop);
        Assert.Single(Messages());

        world.Cluster.Remove(shop);
        await LookAsync(world, shop);
        Assert.Equal(Tone.Good, Assert.Single(Messages()).Value.Tone);
    }

    private static ResourceDrift[] HandChange => [new("ConfigMap", "shop", "shop-config", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now)])];

    private static Card Question(World world)
    {
        world.PostAllAsync().GetAwaiter().GetResult();
        return world.Chat.Said.Last(said => said.Card.Summary.Contains("asks to resume", StringComparison.Ordinal)).Card;
    }

    /// <summary>shop-c, which no incident has, as it was seen when all was well.</summary>
    private async Task<(World World, ApplicationRef Shop)> WithShopAsync()
    {
        var world = new World();
        Listen(world);
        var shop = world.Cluster.Add("shop-c");
        await LookAsync(world, shop);
        Assert.Empty(Messages());
        return (world, shop);
    }

    private static void SwitchOff(World world, ApplicationRef application) => world.Cluster[application] = world.Cluster[application] with { Automated = ModelApplication.Off };

    private static void SwitchOn(World world, ApplicationRef application) => world.Cluster[application] = world.Cluster[application] with { Automated = ModelApplication.Before };

    private static async Task LookAsync(World world, ApplicationRef application)
    {
        await world.LookOutside.HandleAsync(application, default);
        await world.Tell.HandleAsync(default);
        await world.PostAllAsync();
    }

    private static Task<Card?> PressAsync(World world, string person, string verb)
    {
        var choice = world.Records.Choices.Last(one => one.Kind == ChoiceKind.SayOfOutside && one.Says!.StartsWith(verb, StringComparison.Ordinal));
        return PressAsync(world, person, choice);
    }

    private static async Task<Card?> PressAsync(World world, string person, Choice choice)
    {
        var message = (await world.Records.FindMessageAsync(choice.Message!.Value, null, default))!.Ref;
        return await world.DeliverAsync(person, new Said.Pressed(choice.Token, message), new Place(World.ShopRoom, null));
    }

    private void Listen(World world) => world.Records.AfterCommit = changes => said.AddRange(changes.Posts.OfType<Outgoing.Say>());

    /// <summary>The last word of each message about overrides from outside.</summary>
    private Dictionary<MessageKey, Card> Messages() => said.Where(say => say.Key.Value.Contains("alerts", StringComparison.Ordinal) || say.Key.Value.StartsWith("outside", StringComparison.Ordinal))
        .GroupBy(say => say.Key).ToDictionary(group => group.Key, group => group.Last().Card);

    private static string Words(Card card) => card.Title + string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text));
}
