using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Grants;

public sealed class ArgoCdGrantTests
{
    private static readonly Guid Id = Guid.Parse("0193d5c0-aaaa-7000-8000-00000000000a");
    private static readonly DateTimeOffset End = new(2026, 11, 23, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task It_is_a_role_of_its_own_by_its_end_and_says_after_it_only_what_was_seen()
    {
        var world = await GivenAsync();
        var grant = Only(world);
        Assert.Equal($"chatops-{grant.Id:N}-{grant.EndsAt.ToUnixTimeSeconds()}", Assert.Single(world.ArgoCd.Objects).ObjectName);
        Assert.Equal(("alice@login", "shop"), (grant.Subject, grant.Scope.Project));
        Assert.Equal(ReservedUser.Projects, world.OnlyOperation().Authority.KubernetesUser);
        Assert.Empty(world.Access.Objects);

        world.Time.Advance(TimeSpan.FromMinutes(30));
        await world.WorkAsync();

        Assert.Empty(world.ArgoCd.Objects);
        Assert.Equal((GrantState.Ended, GrantProof.NoMoreThanBefore), (Only(world).State, Only(world).Proof));
        var told = world.Records.Entries.Single(entry => entry.Kind == TimelineKind.GrantEnded).Text.ToString();
        Assert.Contains("holds neither the role nor a token of it", told, StringComparison.Ordinal);
        Assert.DoesNotContain("asked as", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_is_there_again_is_not_called_gone()
    {
        var world = await GivenAsync();
        world.ArgoCd.Elsewhere.Add(Only(world).Subject);

        world.Time.Advance(TimeSpan.FromMinutes(30));
        for (var round = 0; round < 20; round++)
        {
            await world.WorkAsync();
            world.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(GrantProof.StillAllowed, Only(world).Proof);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantProved && entry.Text.ToString().Contains("something puts it back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Longer_access_is_another_role_and_the_end_of_the_first_says_that_it_goes_on()
    {
        var world = await GivenAsync();
        var first = Only(world);
        await world.SayAsync("alice", "breakglass", $"extend {first.ShortId} by 30m");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(2, world.ArgoCd.Objects.Select(role => role.ObjectName).Distinct().Count());

        world.Time.Advance(TimeSpan.FromMinutes(30));
        await world.WorkAsync();

        Assert.Single(world.ArgoCd.Objects);
        var told = world.Records.Entries.Single(entry => entry.Kind == TimelineKind.GrantEnded).Text.ToString();
        Assert.Contains("Access goes on until", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_nobody_in_Argo_CD_is_told_what_to_set_and_asked_for_nothing()
    {
        var world = await World.WithIncidentAsync();

        var told = await world.SayAsync("anna", "breakglass", "request shop-a as observer for 30m because pods crashloop");

        Assert.Contains("ArgoCdUser", Words(told), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task What_would_be_taken_back_at_once_is_refused_before_anybody_is_asked()
    {
        var world = await World.WithIncidentAsync();
        world.ArgoCd.Obstacle = new(RefusalKind.NotPossible, "The roles of this project are in Git.");

        var told = await world.SayAsync("alice", "breakglass", "request shop-a as observer for 30m because pods crashloop");

        Assert.Contains("in Git", Words(told), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task An_application_that_lives_in_no_namespace_is_decided_about_too()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => facts with { ResourceNamespaces = [], DestinationNamespace = "" };

        var told = await world.SayAsync("alice", "breakglass", "request shop-a as observer for 30m because pods crashloop");

        Assert.True(told is not null || world.Records.AllOperations.Any(), "neither refused nor asked for");
    }

    [Fact]
    public async Task The_sweep_ends_tokens_that_a_role_left_behind()
    {
        var world = await GivenAsync();
        world.ArgoCd.Objects[0] = world.ArgoCd.Objects[0] with { IsRemains = true, Subject = "whoever holds a token of it" };

        await world.SweepAsync();
        await world.WorkAsync();

        Assert.Empty(world.ArgoCd.Objects);
        Assert.Equal(GrantState.Ended, Only(world).State);
    }

    [Theory]
    [InlineData("chatops-0193d5c0aaaa7000800000000000000a-1795426200", true)]
    [InlineData("chatops-0193d5c0aaaa7000800000000000000a-1795426200\n", false)]
    [InlineData("chatops-0193D5C0AAAA7000800000000000000A-1795426200", false)]
    [InlineData("chatops-0193d5c0aaaa7000800000000000000a", false)]
    [InlineData("chatops-0193d5c0aaaa7000800000000000000a-99999999999999999999", false)]
    [InlineData("chatops-reader", false)]
    [InlineData("dev", false)]
    public void Only_the_whole_form_of_a_name_is_ours(string name, bool isOurs) =>
        Assert.Equal(isOurs, ArgoCdRoleName.TryRead(name, out _, out _));

    [Fact]
    public void A_name_tells_the_grant_and_its_end()
    {
        Assert.True(ArgoCdRoleName.TryRead(ArgoCdRoleName.Of(Id, End), out var grant, out var end));
        Assert.Equal((Id, End), (grant, end));
    }

    [Theory]
    [InlineData("get", true)]
    [InlineData("sync", true)]
    [InlineData("logs", true)]
    [InlineData("exec", true)]
    [InlineData("action/apps/Deployment/restart", true)]
    [InlineData("action//Pod/x", true)]
    [InlineData("action/argoproj.io/Rollout/*", true)]
    [InlineData("action/*", true)]
    [InlineData("*", false)]
    [InlineData("update", false)]
    [InlineData("override", false)]
    [InlineData("delete", false)]
    [InlineData("delete/*/Pod/*/*", false)]
    [InlineData("get, shop/*, allow\np, x", false)]
    [InlineData("action/apps/Deployment/restart, shop", false)]
    [InlineData("", false)]
    public void Nothing_that_outlives_the_access_can_be_allowed(string action, bool can) => Assert.Equal(can, ArgoCdAction.WhatIsWrong(action) is null);

    [Theory]
    [InlineData("alice@example.com", true)]
    [InlineData("CiQwOGE4Njg0Yi1kYjg4LTRiNzMtOTBhOS0zY2QxNjYxZjU0NjYSBWxvY2Fs", true)]
    [InlineData("role:admin", false)]
    [InlineData("proj:shop:dev", false)]
    [InlineData("alice, role:admin", false)]
    [InlineData("alice\ng, alice", false)]
    [InlineData("\"alice", false)]
    [InlineData("*", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_one_person_is_who_is_let_in(string? user, bool can)
    {
        var alice = new Person("alice", []) { ArgoCdUser = user };

        Assert.Equal(can ? user : null, GrantSubject.Of(alice, GrantKind.ArgoCdRole, [alice]));
        Assert.Null(GrantSubject.Of(alice, GrantKind.ArgoCdRole, [alice, new Person("bob", []) { ArgoCdUser = user }]));
    }

    private static async Task<World> GivenAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as observer for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(GrantState.Active, Only(world).State);
        return world;
    }

    private static string Words(Card? card) => string.Join('\n', card!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()));

    private static Grant Only(World world) => Assert.Single(world.Records.AllGrants);
}
