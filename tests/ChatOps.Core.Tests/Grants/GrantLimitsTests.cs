using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Operations;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Grants;

public sealed class GrantLimitsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Who_has_the_most_is_told_which_grants_those_are_and_how_to_give_one_back()
    {
        var world = await WorldAsync(perPerson: 1);
        await GivenAsync(world, "alice", "shop-a");

        var told = Words(await world.SayAsync("alice", "breakglass", "request shop-b as editor for 30m because pods crashloop"));

        var open = Assert.Single(world.Records.AllGrants);
        Assert.Contains($"alice has 1 grant open, which is the most: {open.ShortId} (shop-a as editor", told, StringComparison.Ordinal);
        Assert.Contains($"/breakglass done {open.ShortId}", told, StringComparison.Ordinal);
        Assert.Single(world.Records.AllOperations);
    }

    [Fact]
    public async Task Grants_to_other_applications_that_reach_the_same_namespace_take_a_place_too()
    {
        var world = await WorldAsync(perApplication: 1);
        await GivenAsync(world, "alice", "shop-a");

        var told = Words(await world.SayAsync("anna", "breakglass", "request shop-b as editor for 30m because pods crashloop"));

        Assert.Contains($"1 grant reaches shop-b or its namespaces already, which is the most: alice {Assert.Single(world.Records.AllGrants).ShortId} (shop-a as editor", told, StringComparison.Ordinal);
        Assert.Contains("/breakglass revoke", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_free_at_the_request_and_is_taken_when_it_would_be_given_is_refused_then()
    {
        var world = await WorldAsync(perPerson: 1);
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.SayAsync("alice", "breakglass", "request shop-b as observer for 30m because pods crashloop");
        await ApproveAllAsync(world);

        await world.WorkAsync();

        Assert.Single(world.Records.AllGrants);
        var refused = Assert.Single(world.Records.AllOperations, operation => operation.State == OperationState.Refused);
        Assert.Contains($"/breakglass done {Assert.Single(world.Records.AllGrants).ShortId}", refused.Outcome, StringComparison.Ordinal);
    }

    /// <summary>Of different incidents, so that nothing else keeps them apart.</summary>
    [Theory]
    [InlineData(1, 9, "alice", 1)]
    [InlineData(9, 1, "anna", 1)]
    [InlineData(9, 9, "anna", 2)]
    public async Task Two_replicas_that_counted_the_same_free_place_give_it_away_once(int perPerson, int perApplication, string other, int given)
    {
        var world = await WorldAsync(perPerson, perApplication);
        await world.SayAsync("bob", "incident", "declare \"cart is down\" sev1 operator @anna apps shop-b");
        await world.PostAllAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop", await ThreadAsync(world, 1));
        await world.SayAsync(other, "breakglass", "request shop-b as editor for 30m because pods crashloop", await ThreadAsync(world, 2));
        Assert.Equal([1, 2], world.Records.AllOperations.Select(operation => operation.Incident).Order());
        await ApproveAllAsync(world);

        var (first, second) = (world.Records.AllOperations.First(), world.Records.AllOperations.Last());
        world.Records.BeforeCommit = async changes =>
        {
            if (changes.Grants.Any(grant => grant.Operation == first.Id))
            {
                world.Records.BeforeCommit = null;
                await world.Run.HandleAsync(second.Id, default); // the other replica, which has counted too
            }
        };
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(given, world.Records.AllGrants.Count());
        Assert.Equal(given, world.Access.Objects.Count);
    }

    [Fact]
    public async Task Somebody_who_had_the_hours_of_a_day_asks_for_what_is_left_or_later()
    {
        var world = await WorldAsync(perDay: TimeSpan.FromMinutes(50));
        await GivenAsync(world, "alice", "shop-a");
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.SayAsync("alice", "breakglass", "done");
        await world.WorkAsync();

        var told = Words(await world.SayAsync("alice", "breakglass", "request shop-b as editor for 45m because pods crashloop"));
        Assert.Contains("10 minutes of access in 24 hours; 50 minutes is the most", told, StringComparison.Ordinal);
        Assert.Contains("Ask for 40 minutes or less.", told, StringComparison.Ordinal);

        Assert.Null(await world.SayAsync("alice", "breakglass", "request shop-b as editor for 40m because pods crashloop"));
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(2, world.Records.AllGrants.Count());
        world.Time.Advance(TimeSpan.FromMinutes(41));
        await world.WorkAsync();
        Assert.Contains("stops counting at", Words(await world.SayAsync("alice", "breakglass", "request shop-a as editor for 5m because pods crashloop")), StringComparison.Ordinal);
        world.Time.Advance(TimeSpan.FromHours(24));
        Assert.Null(await world.SayAsync("alice", "breakglass", "request shop-a as editor for 45m because pods crashloop"));
    }

    [Fact]
    public async Task An_extension_counts_for_one_with_what_it_goes_on_from()
    {
        var world = await WorldAsync(perPerson: 1, perApplication: 1);
        await GivenAsync(world, "alice", "shop-a");

        Assert.Null(await world.SayAsync("alice", "breakglass", $"extend {world.Records.AllGrants.Single().ShortId} by 20m"));
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Equal(2, world.Records.AllGrants.Count(grant => grant.IsLive));
        Assert.NotNull(await world.SayAsync("anna", "breakglass", "request shop-a as editor for 30m because pods crashloop"));
    }

    [Fact]
    public async Task Whoever_asks_what_the_policy_would_say_reads_the_limits_too()
    {
        var world = await WorldAsync(perPerson: 2, perDay: TimeSpan.FromHours(4));

        var (allowed, lines) = await world.Explain.HandleAsync("alice", "breakglass request shop-a as editor for 30m because pods crashloop", default);

        Assert.True(allowed);
        Assert.Contains("one person has 2 grants at most", lines[^1], StringComparison.Ordinal);
        Assert.Contains("4 hours of access at most", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_moment_counts_once_however_many_grants_it_is_by_and_not_when_it_is_a_day_ago()
    {
        (DateTimeOffset, DateTimeOffset)[] times = [(Noon.AddHours(-3), Noon.AddHours(-1)), (Noon.AddHours(-2), Noon.AddHours(1)), (Noon.AddHours(-30), Noon.AddHours(-23))];

        Assert.Equal(TimeSpan.FromHours(5), GrantLimit.Had(times, Noon));
        Assert.Equal(TimeSpan.Zero, GrantLimit.Had([], Noon));
    }

    private static async Task<World> WorldAsync(int perPerson = 9, int perApplication = 9, TimeSpan? perDay = null)
    {
        var world = await World.WithIncidentAsync();
        var glass = world.Policy.BreakGlass;
        (glass.MostPerPerson, glass.MostPerApplication, glass.LongestPerDay) = (perPerson, perApplication, perDay);
        return world;
    }

    private static async Task GivenAsync(World world, string person, string application)
    {
        Assert.Null(await world.SayAsync(person, "breakglass", $"request {application} as editor for 30m because pods crashloop"));
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(GrantState.Active, world.Records.AllGrants.Last().State);
    }

    private static async Task ApproveAllAsync(World world)
    {
        await world.PostAllAsync();
        foreach (var operation in world.Records.AllOperations.ToList())
        {
            Assert.Null(await world.PressAsync("bob", world.Records.Choices.First(choice => choice.Kind == ChoiceKind.Approve && choice.Subject == operation.Id)));
        }
    }

    private static async Task<string?> ThreadAsync(World world, int incident) => (await world.Records.FindMessageAsync(MessageKey.Incident(incident), World.Room, default))?.Ref.Id;

    private static string Words(Card? card) => string.Join('\n', card!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()));
}
