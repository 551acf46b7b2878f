using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Grants;

public sealed class SweepTests
{
    /// <summary>What somebody can do to an object of ours, and what is said of it.</summary>
    public static TheoryData<string, string> Changed => new()
    {
        { "another grant", "the books know of no grant" },
        { "another name", "another name" },
        { "another person", "for somebody else" },
        { "another role", "allows something else" },
        { "another namespace", "not where" },
        { "another project", "not where" },
        { "no end", "took away when it ends" },
        { "a later end", "moved its end to" },
        { "an end that has passed", "moved its end to" },
        { "tokens left", "left tokens" },
    };

    [Theory]
    [MemberData(nameof(Changed))]
    public async Task What_is_not_as_it_was_given_is_ended_and_reported(string how, string says)
    {
        foreach (var role in (string[])["editor", "observer"])
        {
            var world = await GivenAsync(role);
            var (port, grant) = (role == "editor" ? world.Access : world.ArgoCd, Only(world));
            world.Time.Advance(TimeSpan.FromSeconds(1));
            port.Objects[0] = Change(port.Objects[0], how, world.Now);

            await world.SweepAsync();
            await world.SweepAsync();
            await world.WorkAsync();

            Assert.Empty(port.Objects);
            Assert.Equal(GrantState.Ended, Only(world).State);
            Assert.NotNull(Only(world).EndReason);
            Assert.Contains(says, Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantFound).Text.ToString(), StringComparison.Ordinal);
            Assert.Equal(grant.EndsAt, Only(world).EndsAt);
        }
    }

    /// <summary>It is in the list and has come to its own end before anybody holds the list against the books.</summary>
    [Fact]
    public async Task What_ends_while_the_sweep_looks_is_no_alarm()
    {
        var world = await GivenAsync("editor");
        world.Time.Advance(TimeSpan.FromMinutes(30));
        world.Access.OnFound = () =>
        {
            world.Access.OnFound = null;
            world.WorkOnGrantsAsync().GetAwaiter().GetResult();
        };

        var swept = await world.SweepAsync();

        Assert.Empty(swept.Found);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantFound);
        Assert.Equal(GrantState.Ended, Only(world).State);
    }

    [Fact]
    public async Task What_is_as_it_was_given_stays()
    {
        foreach (var role in (string[])["editor", "observer"])
        {
            var world = await GivenAsync(role);

            Assert.True((await world.SweepAsync()).IsComplete);

            Assert.Single(world.Access.Objects.Concat(world.ArgoCd.Objects));
            Assert.Equal(GrantState.Active, Only(world).State);
            Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantFound);
        }
    }

    [Fact]
    public async Task A_grant_whose_object_somebody_took_away_is_ended_and_said_to_be()
    {
        var world = await GivenAsync("editor");
        world.Access.Objects.Clear();

        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.SweepAsync();
        await world.WorkAsync();

        Assert.Equal(GrantState.Ended, Only(world).State);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantEnded && entry.Text.ToString().Contains("its object in shop was gone when I looked", StringComparison.Ordinal));
    }

    /// <summary>Killed between the deletion and the telling: the next process must not take its own deed for somebody else's.</summary>
    [Fact]
    public async Task What_was_taken_away_in_the_moment_of_a_death_is_told_for_what_it_was()
    {
        var world = await GivenAsync("editor");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        world.Access.Objects[0] = Change(world.Access.Objects[0], "another person", world.Now);

        await world.Sweep.HandleAsync(default);
        Assert.Empty(world.Access.Objects);
        world.Restart();
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.SweepAsync();
        await world.WorkAsync();

        await world.PostAllAsync();
        Assert.Equal(GrantState.Ended, Only(world).State);
        Assert.StartsWith("it is for somebody else than was approved;", Only(world).EndReason, StringComparison.Ordinal);
        Assert.Contains("mallory", Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantAstray).Text, StringComparison.Ordinal);
        Assert.Contains(world.Chat.Said, said => said.Thread is not null && said.Card.Parts.OfType<Part.Paragraph>().Any(part => part.Text.ToString().Contains("access for mallory", StringComparison.Ordinal)));
    }

    /// <summary>What was astray need not have been its own object: that one is there, and its grant is not what it should be all the same.</summary>
    [Fact]
    public async Task A_grant_of_which_something_was_astray_in_the_moment_of_a_death_ends_with_all_that_it_has()
    {
        var world = await GivenAsync("editor");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        world.Access.Objects.Add(world.Access.Objects[0] with { Namespace = "kube-system" });

        await world.Sweep.HandleAsync(default);
        Assert.Single(world.Access.Objects);
        world.Restart();
        await world.SweepAsync();
        await world.WorkAsync();

        Assert.Empty(world.Access.Objects);
        Assert.StartsWith("it is not where access was approved;", Only(world).EndReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Books_that_take_nothing_keep_nothing_from_being_taken_away()
    {
        var world = await GivenAsync("editor");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        world.Access.Objects[0] = Change(world.Access.Objects[0], "another person", world.Now);
        world.Records.BeforeCommit = _ => throw new RecordsUnavailableException("the disk is full");

        var swept = await world.Sweep.HandleAsync(default);

        Assert.Empty(world.Access.Objects);
        Assert.True(Assert.Single(swept.Found).IsGone);
    }

    [Fact]
    public async Task Books_that_are_slow_are_waited_for_once_in_a_sweep()
    {
        var world = await GivenAsync("editor");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        var own = world.Access.Objects[0];
        world.Access.Objects[0] = own with { Subject = "mallory" };
        world.Access.Objects.Add(own with { Namespace = "kube-system" });
        var (slow, taken, takes) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        world.Records.BeforeCommit = _ => slow.Task;
        world.Access.OnTheWayBack = () =>
        {
            if (++takes == 2)
            {
                taken.SetResult();
            }

            return Task.CompletedTask;
        };

        var sweeping = world.Sweep.HandleAsync(default);
        Assert.Equal(0, takes);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await taken.Task;
        Assert.False(sweeping.IsCompleted);
        slow.SetResult();

        Assert.Equal(2, (await sweeping).Found.Count);
        Assert.Empty(world.Access.Objects);
    }

    private static FoundGrant Change(FoundGrant found, string how, DateTimeOffset now) => how switch
    {
        "another grant" => found with { Grant = Guid.NewGuid() },
        "another name" => found with { ObjectName = "chatops-copy" },
        "another person" => found with { Subject = "mallory" },
        "another role" => found with { Allows = "everything" },
        "another namespace" => found with { Namespace = "kube-system" },
        "another project" => found with { Project = "platform" },
        "no end" => found with { ExpiresAt = null },
        "a later end" => found with { ExpiresAt = found.ExpiresAt + TimeSpan.FromDays(1) },
        "an end that has passed" => found with { ExpiresAt = now.AddSeconds(-1) },
        "tokens left" => found with { IsRemains = true },
        _ => throw new ArgumentOutOfRangeException(nameof(how), how, null),
    };

    private static async Task<World> GivenAsync(string role)
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", $"request shop-a as {role} for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(GrantState.Active, Only(world).State);
        return world;
    }

    private static Grant Only(World world) => Assert.Single(world.Records.AllGrants);
}
