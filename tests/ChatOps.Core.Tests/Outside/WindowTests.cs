using ChatOps.Core.Conversation;
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
        Assert.Contains("kubectl edit appproject shop", Words(card), StringComparison.Ordinal);
        Assert.DoesNotContain(card.Parts, part => part is Part.Buttons);

        world.Restart();
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await SeesAsync(Project(by));
        card = Assert.Single(Messages()).Value;
        Assert.Equal(("Over: the sync window in project shop is gone", Tone.Good), (card.Title, card.Tone));
        Assert.Empty(await world.Records.AlertsAsync(onlyLive: true, default));
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
