using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Grants;

/// <summary>Access that was extended is two grants beside each other and one access: who ends it ends both.</summary>
public sealed class ExtendedAccessTests
{
    [Fact]
    public async Task Whoever_is_done_is_done_with_the_extension_too_and_needs_no_id()
    {
        var world = await ExtendedAsync();

        Assert.Null(await world.SayAsync("alice", "breakglass", "done"));
        await world.WorkAsync();

        Assert.Empty(world.Access.Objects);
        Assert.All(world.Records.AllGrants, grant => Assert.Equal((GrantState.Ended, "alice gave it back", GrantProof.NoMoreThanBefore), (grant.State, grant.EndReason, grant.Proof)));
        Assert.Equal(2, world.Records.Entries.Where(entry => entry.Kind == TimelineKind.GrantEnding).Select(entry => entry.Subject).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Whichever_of_them_is_revoked_the_person_is_out(int which)
    {
        var world = await ExtendedAsync();

        await world.SayAsync("bob", "breakglass", $"revoke {Row(world)[which].ShortId}");
        await world.WorkAsync();

        Assert.Empty(world.Access.Objects);
        Assert.All(Row(world), grant => Assert.Equal(GrantState.Ended, grant.State));
    }

    [Fact]
    public async Task An_id_of_one_that_has_ended_stands_for_what_goes_on_from_it()
    {
        foreach (var isProved in (bool[])[true, false])
        {
            var world = await ExtendedAsync();
            world.Time.Advance(TimeSpan.FromMinutes(29));
            if (!isProved)
            {
                world.Access.OnReview = _ =>
                {
                    world.Access.Silent = true;
                    return Task.CompletedTask;
                };
            }

            await world.WorkAsync();
            Assert.Equal(GrantState.Ended, Row(world)[0].State);
            Assert.Single(world.Access.Objects);

            (world.Access.OnReview, world.Access.Silent) = (null, false);
            await world.SayAsync("bob", "breakglass", $"revoke {Row(world)[0].ShortId}");
            await world.WorkAsync();

            Assert.Empty(world.Access.Objects);
        }
    }

    [Fact]
    public async Task What_somebody_else_of_it_may_not_revoke_nobody_ends_a_part_of()
    {
        var world = await ExtendedAsync();

        Assert.NotNull(await world.SayAsync("anna", "breakglass", $"revoke {Row(world)[0].ShortId}"));
        await world.WorkAsync();

        Assert.Equal(2, world.Access.Objects.Count);
    }

    [Fact]
    public async Task Each_of_them_is_tried_until_it_is_gone_and_nothing_is_said_to_go_on_meanwhile()
    {
        var world = await ExtendedAsync();
        world.Access.Refuses.Add(Row(world)[1].Id);

        await world.SayAsync("alice", "breakglass", "done");
        for (var tries = 0; tries < 10; tries++)
        {
            await world.WorkAsync();
            world.Time.Advance(TimeSpan.FromSeconds(31));
        }

        Assert.Equal([GrantState.Ended, GrantState.Ending], Row(world).Select(grant => grant.State));
        Assert.Equal(GrantProof.None, Row(world)[0].Proof);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Text.Contains("goes on", StringComparison.Ordinal));

        world.Access.Refuses.Clear();
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromSeconds(31));
        await world.WorkAsync();

        Assert.All(Row(world), grant => Assert.Equal(GrantProof.NoMoreThanBefore, grant.Proof));
    }

    /// <summary>Another role of hers is another access.</summary>
    [Fact]
    public async Task What_she_has_beside_it_goes_on_and_has_to_be_named()
    {
        var world = await ExtendedAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as observer for 30m because I have to look");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();

        var ambiguous = await world.SayAsync("alice", "breakglass", "done");
        Assert.NotNull(ambiguous);
        Assert.Equal(2, world.Access.Objects.Count);
        await world.SayAsync("alice", "breakglass", $"done {Row(world)[0].ShortId}");
        await world.WorkAsync();

        Assert.Empty(world.Access.Objects);
        Assert.Single(world.ArgoCd.Objects);
    }

    /// <summary>Nothing is wrong: people approved what goes on.</summary>
    [Fact]
    public async Task The_end_of_what_was_extended_is_no_alarm()
    {
        var world = await ExtendedAsync();
        world.Time.Advance(TimeSpan.FromMinutes(29));
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(GrantProof.StillAllowed, Row(world)[0].Proof);
        Assert.Equal(Tone.Good, world.Chat.Said.Select(said => said.Card).Last(card => card.Title.Contains("Access goes on until", StringComparison.Ordinal) || card.Parts.OfType<Part.Paragraph>().Any(part => part.Text.ToString().Contains("Access goes on until", StringComparison.Ordinal))).Tone);
    }

    private static async Task<World> ExtendedAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.SayAsync("alice", "breakglass", $"extend {world.Records.AllGrants.Single().ShortId} by 20m");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(2, world.Access.Objects.Count);
        return world;
    }

    private static List<Grant> Row(World world) => [.. world.Records.AllGrants.Where(grant => grant.Role == "editor").OrderBy(grant => grant.EndsAt)];
}
