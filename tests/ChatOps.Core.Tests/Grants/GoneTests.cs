using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Operations;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Grants;

/// <summary>What the janitor or somebody else ended: the record says what was seen, and by when it was gone.</summary>
public sealed class GoneTests
{
    private static readonly string[] Roles = ["editor", "observer", "node-viewer", "of an account"];

    [Fact]
    public async Task What_was_gone_after_its_moment_is_told_as_gone_no_later_than_when_somebody_looked()
    {
        foreach (var role in Roles)
        {
            var world = await GivenAsync(role);
            Clear(world);
            world.Time.Advance(TimeSpan.FromMinutes(31));

            await world.WorkAsync();

            Assert.Equal((GrantState.Ended, true, world.Now, GrantProof.NoMoreThanBefore), (Only(world).State, Only(world).WasGone, Only(world).EndedAt, Only(world).Proof));
            var told = Told(world, TimelineKind.GrantEnded);
            Assert.Contains("was gone when I looked", told, StringComparison.Ordinal);
            Assert.Contains("60.0 s after its moment", told, StringComparison.Ordinal);
            Assert.Contains("I did not see", told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_taken_away_is_not_told_as_gone()
    {
        foreach (var role in Roles)
        {
            var world = await GivenAsync(role);
            world.Time.Advance(TimeSpan.FromMinutes(30));

            await world.WorkAsync();

            Assert.Equal((GrantState.Ended, false), (Only(world).State, Only(world).WasGone));
            Assert.DoesNotContain("gone when I looked", Told(world, TimelineKind.GrantEnded), StringComparison.Ordinal);
        }
    }

    /// <summary>The cluster said that this call took it away, and the store could not take that down at once: the next look finds nothing.</summary>
    [Fact]
    public async Task An_end_of_ours_that_could_not_be_written_down_at_once_is_told_as_ours_at_its_moment()
    {
        foreach (var role in Roles)
        {
            var world = await GivenAsync(role);
            world.Time.Advance(TimeSpan.FromMinutes(30));
            var ended = world.Now;
            world.Records.BeforeCommit = _ => throw new Records.RecordsUnavailableException("the disk is full");
            await Assert.ThrowsAsync<Records.RecordsUnavailableException>(world.WorkOnGrantsAsync);
            world.Records.BeforeCommit = null;
            world.Time.Advance(TimeSpan.FromMinutes(2));

            await world.WorkAsync();

            Assert.Equal((GrantState.Ended, false, ended), (Only(world).State, Only(world).WasGone, Only(world).EndedAt));
            Assert.DoesNotContain("gone when I looked", Told(world, TimelineKind.GrantEnded), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_what_a_person_ends_it_is_said_that_it_was_gone_before_its_moment()
    {
        var world = await GivenAsync("editor");
        Clear(world);

        await world.SayAsync("alice", "breakglass", "done");
        await world.WorkAsync();

        Assert.True(Only(world).WasGone);
        Assert.Contains("gave it back. It was gone already when I looked", Told(world, TimelineKind.GrantEnded), StringComparison.Ordinal);
        Assert.Contains("before its moment", Told(world, TimelineKind.GrantEnded), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_is_left_without_its_bindings_is_taken_away_and_not_called_gone()
    {
        var world = await GivenAsync("of an account");
        world.Accounts.Objects.RemoveAll(one => one.Allows is not null);
        world.Time.Advance(TimeSpan.FromMinutes(30));

        await world.WorkAsync();

        Assert.Equal((GrantState.Ended, false), (Only(world).State, Only(world).WasGone));
    }

    /// <summary>The process dies after the cluster gave it and before that is written down, and comes back when its time is over.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Of_what_nobody_knows_whether_it_was_given_it_is_never_said_that_nothing_was_changed(bool janitor, bool endsFirst)
    {
        foreach (var role in Roles)
        {
            var world = await DiedWhileGivingAsync(role);
            Assert.Equal(GrantState.Starting, Only(world).State);
            Assert.NotEmpty(world.All().SelectMany(access => access.Objects));
            if (janitor)
            {
                Clear(world);
            }

            world.Time.Advance(TimeSpan.FromMinutes(31));
            world.Restart();
            if (endsFirst)
            {
                await world.WorkOnGrantsAsync();
            }

            await world.WorkAsync();
            await world.WorkAsync();

            Assert.Empty(world.All().SelectMany(access => access.Objects));
            Assert.Equal((GrantState.Ended, janitor, GrantProof.NoMoreThanBefore), (Only(world).State, Only(world).WasGone, Only(world).Proof));
            Assert.Equal(OperationState.Failed, world.OnlyOperation().State);
            Assert.DoesNotContain(world.Records.Entries, entry => entry.Text.Contains("nothing was changed", StringComparison.Ordinal) || entry.Kind == TimelineKind.Granted);
            Assert.Contains("is ended", Told(world, TimelineKind.GrantEnded), StringComparison.Ordinal);

            // What was there is proved to be gone by the API server's no; of what nobody saw nothing is claimed.
            Assert.Equal(!janitor, Only(world).ProvedAt is not null);
        }
    }

    [Fact]
    public async Task What_was_never_asked_for_because_its_time_was_over_is_void()
    {
        var world = await World.WithIncidentAsync();
        await RequestAsync(world, "editor");
        world.Records.BeforeCommit = changes => changes.Grants.Count > 0 ? Task.Run(() => world.Time.Advance(TimeSpan.FromMinutes(31))) : Task.CompletedTask;
        await world.PressAsync("bob", ChoiceKind.Approve);

        await world.WorkAsync();

        Assert.Equal(GrantState.Void, Only(world).State);
        Assert.Contains("nothing was changed", Told(world, TimelineKind.Failed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_it_is_where_it_would_have_been_in_several_namespaces()
    {
        var world = await World.WithIncidentAsync();
        world.Restart(policy => policy.BreakGlass.Namespaces[0].Names.Add("shop-jobs"));
        world.Cluster.Seen = facts => facts with { ResourceNamespaces = ["shop", "shop-jobs"] };
        await RequestAsync(world, "editor");
        world.Records.BeforeCommit = changes => changes.Grants.Count > 0 ? Task.Run(() => world.Time.Advance(TimeSpan.FromMinutes(31))) : Task.CompletedTask;
        await world.PressAsync("bob", ChoiceKind.Approve);

        await world.WorkAsync();

        Assert.Equal(GrantState.Void, Only(world).State);
    }

    private static async Task<World> DiedWhileGivingAsync(string role)
    {
        var world = await World.WithIncidentAsync();
        await RequestAsync(world, role);
        await world.PressAsync("bob", ChoiceKind.Approve);
        foreach (var access in world.All())
        {
            access.OnGive = _ => world.Records.BeforeCommit = _ => throw new IOException("killed");
        }

        await Assert.ThrowsAsync<IOException>(world.WorkAsync);
        world.Records.BeforeCommit = null;
        return world;
    }

    private static async Task<World> GivenAsync(string role)
    {
        var world = await World.WithIncidentAsync();
        await RequestAsync(world, role);
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(GrantState.Active, Only(world).State);
        return world;
    }

    private static Task<Card?> RequestAsync(World world, string role) => role == "of an account"
        ? world.SayAsync("erin", "breakglass", "request shop-a as editor for 30m because pods crashloop")
        : world.SayAsync("alice", "breakglass", $"request shop-a as {role} for 30m because pods crashloop");

    private static void Clear(World world) => Array.ForEach(world.All(), access => access.Objects.Clear());

    private static Grant Only(World world) => Assert.Single(world.Records.AllGrants);

    private static string Told(World world, TimelineKind kind) => Assert.Single(world.Records.Entries, entry => entry.Kind == kind).Text;
}
