using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Outside;

/// <summary>From a sync window that somebody else adds to a project to what people read, and to its end.</summary>
public class WindowTests
{
    private readonly World world = new();
    private readonly LookAtWindows look;

    public WindowTests()
    {
        look = new(world.Records, world.Time);
        world.Cluster.Add("shop-c");
        world.Cluster.Add("shop-d");
    }

    [Fact]
    public async Task One_that_is_added_is_said_once_with_who_what_and_until_when_and_its_end_in_the_same_message()
    {
        await SeesAsync(Project());
        var by = new FieldHand("kubectl-edit", world.Now.AddSeconds(-8));
        for (var times = 0; times < 3; times++)
        {
            await SeesAsync(Project(by, Deny("shop-c", until: world.Now.AddMinutes(30))));
        }

        var card = Assert.Single(Messages()).Value;
        Assert.Equal("Sync window from outside in project shop", card.Title);
        Assert.Contains("was added or changed by kubectl-edit", Words(card), StringComparison.Ordinal);
        Assert.Contains("neither deploys to shop-c by itself nor puts anything back, and nobody can sync by hand, until 2026", Words(card), StringComparison.Ordinal);
        Assert.Contains("kubectl edit appproject shop", Assert.Single(card.Parts.OfType<Part.Verbatim>()).Value, StringComparison.Ordinal);
        Assert.Equal(["Take ownership"], Labels(card));

        world.Restart();
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await SeesAsync(Project(by));
        card = Assert.Single(Messages()).Value;
        Assert.Equal(("Over: the sync window in project shop is gone", Tone.Good), (card.Title, card.Tone));
        Assert.Empty(await world.Records.AlertsAsync(onlyLive: true, default));
    }

    /// <summary>It goes by place: a window that was added before it moves it, and the command of a minute ago would be refused.</summary>
    [Fact]
    public async Task The_command_that_takes_it_out_is_there_to_be_copied_and_is_made_anew_when_the_list_changes()
    {
        await SeesAsync(Project());
        var by = new FieldHand("kubectl-edit", world.Now);
        var (first, second) = (Deny("shop-c") with { TakeOut = "kubectl patch … /0" }, Deny("shop-c") with { TakeOut = "kubectl patch … /1" });
        foreach (var window in new[] { first, first, second })
        {
            await SeesAsync(Project(by, window));
            Assert.Equal(window.TakeOut, Assert.Single(Assert.Single(Messages()).Value.Parts.OfType<Part.Verbatim>()).Value);
        }

        Assert.Equal(1, Assert.Single(await world.Records.AlertsAsync(onlyLive: true, default)).Telling);
        world.Cluster.Seen = facts => facts with { ProjectWindows = [second.Json] };
        var refused = await world.DeliverAsync("alice", new Said.Command("gitops", "resume shop-c"), new Place(World.ShopRoom, null));
        Assert.Contains("kubectl patch … /1", Words(refused!), StringComparison.Ordinal);
    }

    public static TheoryData<string, FieldHand?, bool> NoNews => new()
    {
        { "there at the first look", null, true },
        { "brought by Git", new("argocd-controller", Some.Now, IsOwner: true), false },
    };

    [Theory]
    [MemberData(nameof(NoNews))]
    public async Task What_is_Git_s_or_was_there_is_no_news(string why, FieldHand? hand, bool first)
    {
        if (!first)
        {
            await SeesAsync(Project());
        }

        await SeesAsync(Project(hand, Deny("shop-c")));
        await SeesAsync(Project(new("kubectl-edit", world.Now), Deny("shop-c"))); // somebody touched the list since

        Assert.True(Messages().Count == 0, why);
    }

    [Fact]
    public async Task One_of_ours_is_told_by_its_pause_and_one_that_is_changed_by_hand_is_a_new_one()
    {
        await SeesAsync(Project(null, Deny("shop-c")));
        await SeesAsync(Project(new("kubectl-edit", world.Now), Deny("shop-c shop-d"), Deny("shop-d") with { Json = "ours", IsOurs = true }));

        Assert.Contains("shop-c, shop-d", Words(Assert.Single(Messages()).Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_into_Git_afterwards_is_Git_s_from_then_on()
    {
        await SeesAsync(Project());
        await SeesAsync(Project(new("kubectl-edit", world.Now), Deny("shop-c")));
        await SeesAsync(Project(new("argocd-controller", world.Now, IsOwner: true), Deny("shop-c")));
        await SeesAsync(Project(new("kubectl-edit", world.Now), Deny("shop-c")));

        Assert.Equal("The sync window in project shop is Git's now", Assert.Single(Messages()).Value.Title);
    }

    [Fact]
    public async Task The_thread_of_an_incident_that_has_one_it_reaches_and_the_channel_of_another_are_told()
    {
        await SeesAsync(Project());
        await world.SayAsync("bob", "incident", "declare \"checkout is down\" sev1 operator @alice apps shop-c");
        var at = world.Now.AddSeconds(-5);
        await SeesAsync(Project(new("kubectl-edit", at), Deny("shop-c shop-d")));

        Assert.Equal(2, world.Records.Outbox.Select(post => post.Post).OfType<Outgoing.Say>().Count(say => say.Card.Title.StartsWith("Sync window from outside", StringComparison.Ordinal)));
        var entry = Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.ForeignChange);
        Assert.Equal((at, "kubectl-edit"), (entry.At, entry.By));
    }

    [Fact]
    public async Task What_stands_in_what_was_applied_is_Git_s_whoever_wrote_the_list_since()
    {
        await SeesAsync(Project());
        await SeesAsync(Project(new("kubectl-edit", world.Now), Deny("shop-c") with { IsApplied = true }, Deny("shop-d")));

        Assert.Contains("shop-d", Words(Assert.Single(Messages()).Value), StringComparison.Ordinal);
        await SeesAsync(Project(null, Deny("shop-c"), Deny("shop-d") with { IsApplied = true }));
        Assert.Equal("The sync window in project shop is Git's now", Assert.Single(Messages()).Value.Title);
    }

    [Fact]
    public async Task Whom_they_reach_is_asked_once_for_all_that_are_new()
    {
        await SeesAsync(Project(), new SeenWindows("other", [], null));
        await SeesAsync(Project(new("kubectl-edit", world.Now), Deny("shop-c"), Deny("shop-d")), new SeenWindows("other", [Deny("shop-c shop-d")], null));

        Assert.Equal(1, world.Cluster.ReachAsked);
        var reached = (await world.Records.AlertsAsync(onlyLive: true, default)).Select(alert => (alert.Window!.Project, string.Join(' ', alert.Window.Reaches.Select(one => one.Name))));
        Assert.Equal([("other", "shop-c shop-d"), ("shop", "shop-c"), ("shop", "shop-d")], reached.Order());
    }

    [Fact]
    public async Task A_project_that_is_gone_took_its_windows_with_it()
    {
        await SeesAsync(Project());
        await SeesAsync(Project(new("kubectl-edit", world.Now), Deny("shop-c")));
        await SeesAsync();

        Assert.Equal("Over: the sync window in project shop is gone", Assert.Single(Messages()).Value.Title);
    }

    [Fact]
    public async Task Whoever_takes_it_owns_it_with_an_end_until_it_is_out_of_the_project_and_nobody_has_me_write_it()
    {
        await FindsAsync();
        Assert.Null(await PressAsync("alice"));
        var lease = world.OnlyLease();
        Assert.Equal(("alice", "shop-c", LeaseState.Overtaken, OutsideKind.WindowAdded), (lease.Owner, lease.Target.Name, lease.State, lease.Outside!.Kind));
        Assert.InRange(lease.Deadline, world.Now.AddMinutes(1), world.Now.AddHours(1));
        await world.Tell.HandleAsync(default);
        var card = Assert.Single(Messages()).Value;
        Assert.Contains($"took it, in incident {lease.Incident}, until", Words(card), StringComparison.Ordinal);
        Assert.Empty(Labels(card));
        Assert.NotNull(await PressAsync("bob")); // the same button, late

        var refused = await world.DeliverAsync("alice", new Said.Command("gitops", "resume shop-c"), new Place(World.ShopRoom, null));
        Assert.Contains("I may write windows of my own and no others", Words(refused!), StringComparison.Ordinal);
        Assert.Contains("kubectl edit appproject shop", Words(refused!), StringComparison.Ordinal);
        Assert.Equal(LeaseState.Overtaken, world.OnlyLease().State);

        world.Cluster.Seen = facts => facts;
        await SeesAsync(Project(null));
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Contains(world.Records.Entries, one => one.Kind == TimelineKind.Settled && one.Text.Contains("that sync window of project shop holds it back no more, and not by me", StringComparison.Ordinal));
        Assert.Equal("Over: the sync window in project shop is gone", Assert.Single(Messages()).Value.Title);
    }

    [Fact]
    public async Task What_people_leave_so_is_told_of_no_more_and_still_holds()
    {
        await FindsAsync();
        await PressAsync("alice");
        await world.PressAsync("alice", ChoiceKind.LeaveOff);
        for (var times = 0; times < 2; times++)
        {
            await SeesAsync(Project(new("kubectl-edit", world.Now), Deny("shop-c")));
            world.Restart();
        }

        Assert.Equal("The sync window in project shop stays", Assert.Single(Messages()).Value.Title);
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Empty(await world.Records.AlertsAsync(onlyLive: true, default));
    }

    [Fact]
    public async Task Where_the_application_by_whose_name_it_was_taken_goes_and_the_window_stays_it_is_nobodys_again()
    {
        await SeesAsync(Project());
        var window = Deny("shop-c shop-d");
        world.Cluster.Seen = facts => facts with { ProjectWindows = [window.Json] };
        await SeesAsync(Project(new("kubectl-edit", world.Now), window));
        await world.PostAllAsync();
        Assert.Null(await PressAsync("alice"));
        world.Cluster.Seen = facts => facts with { ProjectWindows = facts.Ref.Name == "shop-c" ? [] : [window.Json] };
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);

        await SeesAsync(Project(new("kubectl-edit", world.Now), window));

        Assert.Null(Assert.Single(await world.Records.AlertsAsync(onlyLive: true, default)).Taken);
        Assert.Equal(["Take ownership"], Labels(Assert.Single(Messages()).Value));
        Assert.Contains("that sync window of project shop holds it back no more", world.Records.Entries.Last(one => one.Kind == TimelineKind.Settled).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_may_not_own_it_does_not_and_to_resume_it_is_refused_with_what_to_do()
    {
        await FindsAsync();
        Assert.NotNull(await PressAsync("eve"));
        var refused = await world.SayAsync("alice", "gitops", "resume shop-c");
        Assert.Contains("I may write windows of my own and no others", Words(refused!), StringComparison.Ordinal);
        Assert.Empty(await world.Records.UnsettledLeasesAsync(default));
    }

    [Fact]
    public async Task That_nobody_owns_it_is_said_anew_ever_more_rarely()
    {
        await FindsAsync();
        var by = new FieldHand("kubectl-edit", world.Now);
        for (var minutes = 0; minutes < 72 * 60; minutes += 5)
        {
            world.Time.Advance(TimeSpan.FromMinutes(5));
            await SeesAsync(Project(by, Deny("shop-c")));
        }

        Assert.Equal(["Nobody owns it: the sync window in project shop"], Messages().Values.Select(card => card.Title).Distinct());
        await SeesAsync(Project(by));
        Assert.Equal(4, Messages().Count);
        Assert.All(Messages().Values, card => Assert.Equal("Over: the sync window in project shop is gone", card.Title));
    }

    /// <summary>A window that holds shop-c back, found and told.</summary>
    private async Task FindsAsync()
    {
        await SeesAsync(Project());
        world.Cluster.Seen = facts => facts.Ref.Name == "shop-c" ? facts with { ProjectWindows = [Deny("shop-c").Json] } : facts;
        await SeesAsync(Project(new("kubectl-edit", world.Now.AddSeconds(-8)), Deny("shop-c")));
        await world.PostAllAsync();
    }

    private async Task<Card?> PressAsync(string person)
    {
        var choice = world.Records.Choices.Last(one => one.Kind == ChoiceKind.SayOfOutside);
        var message = (await world.Records.FindMessageAsync(choice.Message!.Value, null, default))!.Ref;
        return await world.DeliverAsync(person, new Said.Pressed(choice.Token, message), new Place(World.ShopRoom, null));
    }

    private static IEnumerable<string> Labels(Card card) => card.Parts.OfType<Part.Buttons>().SelectMany(part => part.Row).Select(button => button.Label);

    private static SeenWindows Project(FieldHand? hand = null, params SeenWindow[] windows) => new("shop", windows, hand);

    private static SeenWindow Deny(string applications, DateTimeOffset? until = null) =>
        new($"deny {applications}", $"deny `* * * * *` for 1h UTC, {applications}", Denies: true, ByHandToo: true, IsOurs: false, until ?? SeenWindow.NoEnd, null);

    private async Task SeesAsync(params SeenWindows[] projects)
    {
        world.Cluster.Projects.Clear();
        world.Cluster.Projects.AddRange(projects);
        Assert.True(await look.HandleAsync(world.Cluster, default));
        await world.Tell.HandleAsync(default);
    }

    private Dictionary<MessageKey, Card> Messages() => world.Records.Outbox.Select(post => post.Post).OfType<Outgoing.Say>()
        .Where(say => say.Key.Value.StartsWith("outside", StringComparison.Ordinal)).GroupBy(say => say.Key).ToDictionary(group => group.Key, group => group.Last().Card);

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text));
}
