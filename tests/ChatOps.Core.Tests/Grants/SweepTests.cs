using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
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
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantEnded && entry.Text.ToString().Contains("somebody took its object in shop away", StringComparison.Ordinal));
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
