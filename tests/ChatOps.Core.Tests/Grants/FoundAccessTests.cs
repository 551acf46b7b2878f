using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Grants;

/// <summary>Where the sweep looks, and whom it tells what it found, when nothing is as it should be.</summary>
public sealed class FoundAccessTests
{
    private static readonly FoundGrant Rogue = new(GrantKind.RoleBinding, "prod", "shop", "chatops-rogue", Guid.Parse("11111111111111111111111111111111"), null, null, "mallory") { Uid = "u-1" };

    [Fact]
    public async Task What_belongs_to_a_closed_incident_is_told_in_its_thread()
    {
        var world = await ClosedAsync();
        world.Rooms.Add(new(["*"], World.ShopRoom));
        world.Access.Objects.Add(Rogue with { Incident = 1 });

        await world.SweepAsync();
        await world.PostAllAsync();

        Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantFound);
        Assert.Single(Told(world), told => told.What == "post" && told.Thread is not null);
    }

    [Fact]
    public async Task What_no_incident_is_known_for_is_told_once_in_every_channel_that_hears_of_applications()
    {
        var world = await World.WithIncidentAsync(); // open, and about something else
        world.Rooms.AddRange([new(["shop-*"], World.ShopRoom), new(["search"], World.Room), new(["*"], World.ShopRoom)]);
        world.Access.NextWrites.Enqueue((ClusterAnswerKind.Rejected, false));
        world.Access.NextWrites.Enqueue((ClusterAnswerKind.Rejected, false));
        world.Access.Objects.Add(Rogue);

        Assert.False((await world.SweepAsync()).IsComplete);
        await world.PostAllAsync();
        Assert.Equal(["post", "post", "edit", "edit"], Told(world).Select(told => told.What).OrderDescending());
        Assert.All(Told(world).Where(told => told.What == "post"), told => Assert.Contains("I take it away now", Words(told), StringComparison.Ordinal));
        Assert.All(Told(world).Where(told => told.What == "edit"), told => Assert.Contains("not taken away yet", Words(told), StringComparison.Ordinal));
        world.Restart();
        await world.SweepAsync();
        await world.PostAllAsync();
        Assert.Equal(4, Told(world).Count);

        Assert.True((await world.SweepAsync()).IsComplete);
        await world.SweepAsync();
        await world.PostAllAsync();

        Assert.Equal(["edit", "edit"], Told(world)[4..].Select(told => told.What));
        Assert.All(Told(world)[4..], told => Assert.Contains("I took it away", Words(told), StringComparison.Ordinal));
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind is TimelineKind.GrantFound or TimelineKind.GrantNotEnded);
    }

    [Fact]
    public async Task Without_any_channel_the_newest_incident_hears_of_it_and_goes_on_hearing_of_it()
    {
        var world = await ClosedAsync();
        world.Access.NextWrites.Enqueue((ClusterAnswerKind.Rejected, false));
        world.Access.Objects.Add(Rogue);
        await world.SweepAsync();
        await world.SayAsync("bob", "incident", "declare \"search is slow\" sev3 apps shop-b");
        await world.PostAllAsync();

        world.Restart();
        await world.SweepAsync();
        await world.PostAllAsync();

        Assert.Equal([TimelineKind.GrantAstray, TimelineKind.GrantNotEnded, TimelineKind.GrantFound], OfRecord(world).Select(entry => entry.Kind));
        Assert.All(OfRecord(world), entry => Assert.Equal(1, entry.Incident));
        Assert.Equal(["post", "edit", "edit"], Told(world).Select(told => told.What));
    }

    [Fact]
    public async Task In_new_books_without_channels_there_is_nobody_to_tell_and_it_is_ended_all_the_same()
    {
        var world = new World();
        world.Access.Objects.Add(Rogue);

        await world.SweepAsync();

        Assert.Empty(world.Access.Objects);
    }

    [Fact]
    public async Task What_cannot_be_taken_away_is_told_once_and_once_more_when_it_is_gone()
    {
        var world = await World.WithIncidentAsync();
        for (var tries = 0; tries < 3; tries++)
        {
            world.Access.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));
        }

        world.Access.Objects.Add(Rogue with { Incident = 1 });
        for (var sweeps = 0; sweeps < 5; sweeps++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(3));
            await world.SweepAsync();
            world.Restart();
        }

        await world.PostAllAsync();
        Assert.Empty(world.Access.Objects);
        Assert.Equal([TimelineKind.GrantAstray, TimelineKind.GrantNotEnded, TimelineKind.GrantFound], OfRecord(world).Select(entry => entry.Kind));
        Assert.Single(Told(world), told => told.What == "post");
    }

    [Fact]
    public async Task The_same_name_again_is_another_object_and_is_told_again()
    {
        var world = await World.WithIncidentAsync();
        foreach (var uid in (string[])["u-1", "u-2"])
        {
            world.Access.Objects.Add(Rogue with { Incident = 1, Uid = uid });
            await world.SweepAsync();
        }

        Assert.Equal(2, OfRecord(world).Count(entry => entry.Kind == TimelineKind.GrantFound));
    }

    [Fact]
    public async Task A_list_that_fails_hides_no_other_and_is_itself_reported()
    {
        var world = await GivenAsync();
        world.Time.Advance(TimeSpan.FromSeconds(1));
        world.Access.Lists = new(ClusterAnswerKind.Unavailable, "the second page was not told");
        world.Access.Objects[0] = Rogue with { Incident = 1 }; // and its own is on a page that nobody saw
        world.WholeCluster.Objects.Add(Rogue with { Kind = GrantKind.ClusterRoleBinding, Namespace = "", Uid = "u-3" });

        var swept = await world.SweepAsync();

        Assert.Empty(world.Access.Objects);
        Assert.Empty(world.WholeCluster.Objects);
        Assert.Equal((GrantKind.RoleBinding, "prod", "the second page was not told"), Assert.Single(swept.Unseen) is { } unseen ? (unseen.Kind, unseen.Cluster, unseen.Why) : default);
        Assert.False(swept.IsComplete);
        Assert.Equal(GrantState.Active, Assert.Single(world.Records.AllGrants).State);
    }

    [Fact]
    public async Task Our_label_is_looked_for_where_the_policy_gives_nothing_any_more()
    {
        var world = await World.WithIncidentAsync();
        world.Access.IsGiven = false;
        world.Access.Objects.Add(Rogue);

        Assert.True((await world.SweepAsync()).IsComplete);

        Assert.Empty(world.Access.Objects);
    }

    [Fact]
    public async Task Where_nothing_is_given_or_known_a_list_that_is_not_allowed_is_no_trouble_and_is_asked_for_again_in_an_hour()
    {
        var world = await World.WithIncidentAsync();
        world.Access.IsGiven = false;
        world.Access.Lists = new(ClusterAnswerKind.Forbidden, "the bot may not list rolebindings");

        Assert.True((await world.SweepAsync()).IsComplete);
        await world.SweepAsync();
        Assert.Equal(1, world.Access.Looks);

        world.Time.Advance(TimeSpan.FromHours(1));
        await world.SweepAsync();
        Assert.Equal(2, world.Access.Looks);
    }

    [Fact]
    public async Task Where_the_books_know_of_access_a_list_that_is_not_allowed_is_trouble_whatever_the_policy_says()
    {
        var world = await GivenAsync();
        world.Access.IsGiven = false;
        world.Access.Lists = new(ClusterAnswerKind.Forbidden, "the bot may not list rolebindings");

        Assert.Single((await world.SweepAsync()).Unseen);
        Assert.Single((await world.SweepAsync()).Unseen);
    }

    [Fact]
    public async Task Books_that_cannot_be_read_keep_the_server_from_starting_only_where_no_access_can_be()
    {
        var world = new World();
        foreach (var port in (ModelAccess[])[world.Access, world.Accounts])
        {
            port.IsGiven = false;
        }

        var end = new EndByLabel(new([world.Access, world.Accounts]), world.Time);
        Assert.False(await end.IsNeededAsync(default));

        world.Accounts.Objects.Add(Rogue with { ExpiresAt = world.Now.AddHours(1) });
        Assert.True(await end.IsNeededAsync(default));

        world.Accounts.Objects.Clear();
        world.Access.IsGiven = true;
        Assert.True(await end.IsNeededAsync(default));
    }

    [Fact]
    public async Task Past_its_end_is_what_nobody_saw_gone_after_its_moment_or_after_somebody_ended_it()
    {
        var world = await GivenAsync();
        var grant = Assert.Single(world.Records.AllGrants);
        Assert.Null(grant.PastEndSince(grant.EndsAt.AddMilliseconds(-1)));
        Assert.Equal(grant.EndsAt, grant.PastEndSince(grant.EndsAt.AddSeconds(5)));

        var revoked = grant.BeginEnd("bob", "revoked", grant.StartedAt.AddMinutes(3));
        Assert.Equal(grant.StartedAt.AddMinutes(3), revoked.PastEndSince(grant.EndsAt.AddHours(1)));
        Assert.Equal(grant.EndsAt, grant.BeginEnd("chatops", "late", grant.EndsAt.AddMinutes(1)).PastEndSince(grant.EndsAt.AddHours(1)));
        Assert.Null(revoked.Ended(grant.StartedAt.AddMinutes(4)).PastEndSince(grant.EndsAt.AddHours(1)));
    }

    private static List<(string What, string Where, string? Thread, Card Card)> Told(World world) =>
        [.. world.Chat.Said.Where(said => said.What is "post" or "edit" && Words(said).Contains("chatops-rogue", StringComparison.Ordinal))];

    private static string Words((string What, string Where, string? Thread, Card Card) said) =>
        string.Join('\n', said.Card.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()));

    private static List<TimelineEntry> OfRecord(World world) =>
        [.. world.Records.Entries.Where(entry => entry.Kind is TimelineKind.GrantAstray or TimelineKind.GrantFound or TimelineKind.GrantNotEnded)];

    private static async Task<World> ClosedAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("bob", "incident", "mitigated");
        await world.SayAsync("bob", "incident", "close");
        await world.PostAllAsync();
        Assert.Empty(await world.Records.IncidentsAsync(onlyOpen: true, default));
        return world;
    }

    private static async Task<World> GivenAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        return world;
    }
}
