using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>What Argo CD took back before anybody could look is on record once, with the command that does it again.</summary>
public class KeepTakenTests
{
    private const string Command = "kubectl patch configmap shop-a-config --namespace shop --type strategic --patch '{}'";
    private static readonly Drift Mode = new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now.AddSeconds(-5));

    [Fact]
    public async Task It_is_in_the_record_and_in_the_thread_with_its_value_and_the_command_and_once()
    {
        var world = await World.WithIncidentAsync();
        await TakenAsync(world, Mode);
        await TakenAsync(world, Mode); // the watch began again, or another replica watches too
        world.Restart();
        await TakenAsync(world, Mode);
        await world.PostAllAsync();

        var entry = Assert.Single(Entries(world));
        Assert.StartsWith("Changed by hand in shop-a and taken back by Argo CD at ", entry.Text, StringComparison.Ordinal);
        Assert.Contains("ConfigMap/shop-a-config in shop /data/MODE: Git slow | live fast [kubectl-edit", entry.Text, StringComparison.Ordinal);
        Assert.EndsWith($"To do it again:\n{Command}", entry.Text, StringComparison.Ordinal);
        Assert.Equal(("kubectl-edit", Some.Now.AddSeconds(-5)), (entry.By, entry.At));
        var card = Card(world);
        Assert.Equal("shop-a: 1 field changed by hand, and Argo CD took it back", card.Title);
        Assert.Contains("live fast", Words(card), StringComparison.Ordinal);
        Assert.Contains(Command, Words(card), StringComparison.Ordinal);
        Assert.Contains("No override of this incident holds shop-a", Words(card), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_change_made_again_is_another()
    {
        var world = await World.WithIncidentAsync();
        await TakenAsync(world, Mode);
        await TakenAsync(world, Mode with { At = Some.Now.AddSeconds(-1) });

        Assert.Equal(2, Entries(world).Count);
    }

    [Fact]
    public async Task What_a_look_was_quick_enough_to_see_is_told_to_be_gone_and_recorded_no_second_time()
    {
        var world = await World.WithIncidentAsync();
        world.View.Drifts = [Hands(Mode)];
        await world.Evidence.InScopeAsync(1, ShopA(world), first: false, default);
        await TakenAsync(world, Mode);
        world.View.Drifts = [Hands(Mode)];
        await world.Evidence.InScopeAsync(1, ShopA(world), first: false, default); // or the other way round
        await world.PostAllAsync();

        Assert.Equal(2, Entries(world).Count);
        Assert.Contains(Command, Entries(world)[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Command, Entries(world)[1].Text, StringComparison.Ordinal);
        Assert.Contains("The commands that do it again are in this record already", Entries(world)[1].Text, StringComparison.Ordinal);
        Assert.Contains(Command, Words(Card(world)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_seen_first_here_is_not_recorded_again_by_a_look()
    {
        var world = await World.WithIncidentAsync();
        await TakenAsync(world, Mode);
        world.View.Drifts = [Hands(Mode)];
        await world.Evidence.InScopeAsync(1, ShopA(world), first: false, default);

        Assert.Single(Entries(world));
    }

    [Fact]
    public async Task What_an_override_kept_goes_with_it_and_what_slipped_through_is_told()
    {
        var world = await World.WithPauseAsync();
        world.View.Drifts = [Hands(Mode)];
        await world.WorkAsync();
        await TakenAsync(world, Mode); // its end overwrites it, which people were asked about
        Assert.Single(Entries(world));

        await TakenAsync(world, Mode with { Live = "slipped" });
        await world.PostAllAsync();

        Assert.Equal(world.OnlyLease().Id, Entries(world)[^1].Subject);
        Assert.Contains("There is a pause of shop-a", Words(Card(world)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_for_an_incident_that_is_closed_or_has_nothing_to_do_with_it()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("bob", "incident", "apps remove shop-b");
        await world.Taken.HandleAsync(1, new(ShopA(world) with { Name = "shop-b" }, Hands(Mode), Some.Now), default);
        await world.Taken.HandleAsync(2, new(ShopA(world), Hands(Mode), Some.Now), default);
        Assert.Empty(Entries(world));

        await world.SayAsync("alice", "incident", "close");
        Assert.False((await world.Records.FindIncidentAsync(1, default))!.IsOpen);
        await TakenAsync(world, Mode);

        Assert.Empty(Entries(world));
    }

    [Fact]
    public async Task What_never_rests_is_told_a_hundred_times()
    {
        var world = await World.WithIncidentAsync();
        for (var number = 0; number < 105; number++)
        {
            await TakenAsync(world, Mode with { Live = $"value {number}" });
        }

        Assert.Equal(101, Entries(world).Count);
        Assert.Single(Entries(world), entry => entry.Text.StartsWith("I write no more of what Argo CD takes back in shop-a", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_controller_takes_out_again_and_again_has_no_moment_and_is_told_once()
    {
        var world = await World.WithIncidentAsync();
        await TakenAsync(world, new("/metadata/annotations/note", "look", null, DriftClass.Removed, null, null));
        await TakenAsync(world, new("/metadata/annotations/note", "look", null, DriftClass.Removed, null, null));

        Assert.Single(Entries(world));
    }

    private static ApplicationRef ShopA(World world) => world.Cluster.All.Single(one => one.Ref.Name == "shop-a").Ref;

    private static ResourceDrift Hands(Drift drift) => new("ConfigMap", "shop", "shop-a-config", [drift]) { PutBack = Command };

    private static Task TakenAsync(World world, Drift drift) => world.Taken.HandleAsync(1, new(ShopA(world), Hands(drift), Some.Now.AddSeconds(-4)), default);

    private static List<TimelineEntry> Entries(World world) => [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.HandChanged)];

    private static Card Card(World world) => world.Chat.Said.Last(said => said.Card.Title.Contains("took", StringComparison.Ordinal)).Card;

    private static string Words(Card card) => string.Join('\n', card.Parts.Select(part => part switch
    {
        Part.Verbatim verbatim => verbatim.Value,
        Part.Paragraph paragraph => paragraph.Text.ToString(),
        Part.Footnote footnote => footnote.Text.ToString(),
        _ => "",
    }));
}
