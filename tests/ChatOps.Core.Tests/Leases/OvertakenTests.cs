using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>A pause that somebody else changed fell off the card and stood in nobody's way, while its marks stayed on the object.</summary>
public class OvertakenTests
{
    [Fact]
    public async Task It_stays_on_the_card_with_who_did_it_and_its_owner_and_stands_in_the_way_of_closing()
    {
        var world = await WithTakenAsync(ModelApplication.Before);

        Assert.True(world.OnlyLease() is { IsUnsettled: true, Owner: "alice", EndedAt: null, EndedBy: "chatops" });
        Assert.Contains("switched auto-sync on again", await CardAsync(world), StringComparison.Ordinal);
        Assert.Contains("@U-alice", await CardAsync(world), StringComparison.Ordinal);
        var left = Words(await world.SayAsync("bob", "incident", "close"));
        Assert.Contains("switched auto-sync on again", left, StringComparison.Ordinal);
        Assert.Contains("resume shop-a settles it", left, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OwnerKind.Set, "ApplicationSet tools, as it seems (the cluster does not say who), switched auto-sync on again")]
    [InlineData(OwnerKind.Parent, "the parent application tools, as it seems (the cluster does not say who), switched auto-sync on again")]
    [InlineData(OwnerKind.None, "somebody (the cluster does not say who) switched auto-sync on again")]
    public async Task An_owner_that_took_the_field_out_leaves_no_writer_and_is_named_as_the_likely_one(OwnerKind owner, string words)
    {
        var world = await World.WithPauseAsync();
        Edit(world, one => one with { Automated = ModelApplication.Before, Mark = null });
        world.Cluster.Seen = facts => facts with { Owner = owner == OwnerKind.None ? Owner.Nobody : new(owner, "tools"), PauseFieldManager = null };
        await world.WorkAsync();

        Assert.Contains(words, await CardAsync(world), StringComparison.Ordinal);
        Assert.DoesNotContain("after it had held", await CardAsync(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_how_long_it_had_held_is_said_and_kept()
    {
        var world = await World.WithPauseAsync();
        world.ControllerAnswers();
        await world.WorkAsync();
        Assert.Equal(Hold.Holding, world.OnlyLease().Hold);
        world.Time.Advance(TimeSpan.FromMinutes(12));
        Edit(world, one => one with { Automated = ModelApplication.Before });
        await world.WorkAsync();

        Assert.Contains("after it had held for 12 minutes", await CardAsync(world), StringComparison.Ordinal);
        Edit(world, one => one with { Automated = ModelApplication.Off, Mark = null });
        await world.WorkAsync();
        Assert.Contains("after it had held for 12 minutes", await CardAsync(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_settles_it_says_what_was_seen_takes_our_marks_off_and_lets_the_incident_close()
    {
        var world = await WithTakenAsync(ModelApplication.Before);

        Assert.Null(await world.SayAsync("alice", "gitops", "resume shop-a"));
        await world.WorkAsync();

        Assert.True(world.OnlyLease() is { State: LeaseState.Ended, EndedBy: "alice" });
        Assert.Null(Shop(world).Mark);
        Assert.Equal(ModelApplication.Before, Shop(world).Automated);
        Assert.Contains("switched auto-sync on before me", Last(world, TimelineKind.Settled), StringComparison.Ordinal);
        Assert.DoesNotContain(world.Cluster.Effects, effect => effect.What == "end");
        await world.SayAsync("bob", "incident", "close");
        Assert.Equal(IncidentState.Closed, world.Records.AllIncidents.Single().State);
    }

    [Fact]
    public async Task A_stranger_settles_nothing()
    {
        var world = await WithTakenAsync(ModelApplication.Before);

        Assert.NotNull(await world.SayAsync("eve", "gitops", "resume shop-a"));
        await world.WorkAsync();

        Assert.Equal(LeaseState.Overtaken, world.OnlyLease().State);
    }

    [Fact]
    public async Task Pause_again_asks_for_a_pause_under_its_rule_and_settles_the_earlier_one()
    {
        var world = await WithTakenAsync(ModelApplication.Before);
        world.ControllerAnswers();

        await world.PressAsync("alice", ChoiceKind.SayCommand);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        world.ControllerAnswers();
        await world.WorkAsync();

        Assert.Equal([LeaseState.Ended, LeaseState.Active], world.Records.AllLeases.OrderBy(lease => lease.StartedAt).Select(lease => lease.State));
        Assert.True(Shop(world).IsOff);
        Assert.Contains("held by another override", Last(world, TimelineKind.Settled), StringComparison.Ordinal);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.Equal((ModelApplication.Before, null), (Shop(world).Automated, Shop(world).Mark));
    }

    /// <summary>"Not paused any more" was said of an application that Argo CD did not sync.</summary>
    [Fact]
    public async Task Off_by_somebody_elses_hand_is_said_to_be_off_and_stays_open_until_a_person_leaves_it_so()
    {
        var world = await WithTakenAsync(ModelApplication.Off, keepMark: false);
        Assert.Contains("still off, but no longer by us: kubectl-edit changed it", await CardAsync(world), StringComparison.Ordinal);
        Assert.DoesNotContain("not paused any more", await CardAsync(world), StringComparison.Ordinal);

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.True(world.OnlyLease().WaitsForPeople);
        Assert.Contains("I put back only what is mine", Last(world, TimelineKind.Reverted), StringComparison.Ordinal);
        Assert.NotNull(await world.PressAsync("eve", ChoiceKind.LeaveOff));

        Assert.Null(await world.PressAsync("alice", ChoiceKind.LeaveOff));
        await world.WorkAsync();
        Assert.True(world.OnlyLease() is { State: LeaseState.Ended, EndedBy: "alice" });
        Assert.True(Shop(world).IsOff);
        Assert.Contains("stays so", Last(world, TimelineKind.Settled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_becomes_of_it_is_said_once_each_time_it_changes()
    {
        var world = await WithTakenAsync(ModelApplication.Off, keepMark: false);
        await world.WorkAsync();
        Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.Reverted);

        Edit(world, one => one with { Automated = ModelApplication.Before });
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(2, world.Records.Entries.Count(entry => entry.Kind == TimelineKind.Reverted));
        Assert.Equal((LeaseState.Overtaken, Hold.Reverted), (world.OnlyLease().State, world.OnlyLease().Hold));
    }

    [Fact]
    public async Task Switched_on_again_it_settles_itself_when_its_time_is_over_and_off_it_goes_on_asking()
    {
        foreach (var left in new[] { ModelApplication.Before, ModelApplication.Off })
        {
            var world = await WithTakenAsync(left, keepMark: left == ModelApplication.Before);
            world.Time.Advance(TimeSpan.FromMinutes(29));
            await world.WorkAsync();
            Assert.True(world.OnlyLease().WaitsForPeople);
            world.Time.Advance(TimeSpan.FromMinutes(2));
            await world.WorkAsync();
            await world.WorkAsync();
            world.Time.Advance(TimeSpan.FromMinutes(11));
            await world.WorkAsync();
            await world.PostAllAsync();

            Assert.Equal(left == ModelApplication.Off, world.OnlyLease().WaitsForPeople);
            Assert.Equal(left == ModelApplication.Off ? 2 : 0, world.OnlyLease().Escalations);
            Assert.Null(Shop(world).Mark);
            Assert.Equal(left == ModelApplication.Off, world.Chat.Said.Any(said => said.Where == "DU-alice" && said.Card.Title == "The pause of shop-a is not settled"));
        }
    }

    [Fact]
    public async Task Put_back_as_we_left_it_it_is_our_pause_again_and_leave_it_off_undoes_nothing()
    {
        var world = await WithTakenAsync(ModelApplication.Off, keepMark: false);
        await world.PostAllAsync();
        Edit(world, one => one with { Mark = Marks.TryGetValue(world, out var mark) ? mark : null });

        Assert.NotNull(await world.PressAsync("alice", ChoiceKind.LeaveOff));
        await world.WorkAsync();

        Assert.Equal((LeaseState.Active, null), (world.OnlyLease().State, world.OnlyLease().EndedBy));
        Assert.True(Shop(world).IsOff);
    }

    /// <summary>Whoever may annotate an application must not settle a pause with it.</summary>
    [Fact]
    public async Task A_mark_that_no_lease_answers_for_settles_nothing()
    {
        var world = await World.WithPauseAsync();
        Edit(world, one => one with { Mark = one.Mark! with { Operation = Guid.CreateVersion7() } });

        await world.WorkAsync();

        Assert.True(world.OnlyLease().WaitsForPeople);
    }

    [Fact]
    public async Task A_resume_that_finds_it_switched_on_already_is_over_and_says_who_was_first()
    {
        var world = await World.WithPauseAsync();
        Edit(world, one => one with { Automated = """{"prune":false}""" });

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Null(Shop(world).Mark);
        Assert.Equal("""{"prune":false}""", Shop(world).Automated);
        Assert.Contains("switched auto-sync on before me", Last(world, TimelineKind.Settled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_not_extended_and_the_answer_says_what_it_is()
    {
        var world = await WithTakenAsync(ModelApplication.Off, keepMark: false);

        Assert.Contains("still off, but no longer by us", Words(await world.SayAsync("alice", "gitops", "extend shop-a by 10m")), StringComparison.Ordinal);
    }

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<World, OverrideMark> Marks = [];

    private static async Task<World> WithTakenAsync(string automated, bool keepMark = true)
    {
        var world = await World.WithPauseAsync();
        Marks.Add(world, Shop(world).Mark!);
        Edit(world, one => one with { Automated = automated, Mark = keepMark ? one.Mark : null });
        await world.WorkAsync();
        Assert.Equal(LeaseState.Overtaken, world.OnlyLease().State);
        return world;
    }

    private static ModelApplication Shop(World world) => world.Cluster.All.First();

    private static void Edit(World world, Func<ModelApplication, ModelApplication> edit) => world.Cluster[Shop(world).Ref] = edit(Shop(world));

    private static string Last(World world, TimelineKind kind) => world.Records.Entries.Last(entry => entry.Kind == kind).Text;

    private static async Task<string> CardAsync(World world) =>
        Words(IncidentCard.Of((await world.Files.OpenAsync(1, default))!, world.Reception, Core.People.ChatPlatform.Slack));

    private static string Words(Card? card) => string.Join('\n', card!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()));
}
