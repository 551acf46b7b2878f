using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.People;

public sealed class RecogniseByEmailTests
{
    private static readonly EmailRule Rule = new(["example.com"], "oidc:{email}");

    private readonly ModelChat chat = new();

    [Theory]
    [InlineData("alice@example.com", "oidc:alice@example.com")]
    [InlineData("alice@EXAMPLE.com", "oidc:alice@EXAMPLE.com")]
    [InlineData("alice@example.com.evil.org", null)]
    [InlineData("alice@evil.org", null)]
    [InlineData("alice@evil.org@example.com", null)]
    [InlineData("{name}@example.com", null)]
    [InlineData("@example.com", null)]
    [InlineData("alice", null)]
    public void Only_an_address_of_a_domain_that_counts_is_a_name(string email, string? user) => Assert.Equal(user, Rule.UserOf(email));

    [Fact]
    public async Task Off_unless_it_is_switched_on_and_what_is_written_down_wins()
    {
        Confirmed("alice", "alice@example.com");

        Assert.Null((await Of(EmailRule.Off, Alice).CompleteAsync(Alice, default)).Person.KubernetesUser);
        var written = Alice with { KubernetesUser = "alice" };
        Assert.Equal((written, null), await Of(Rule, written).CompleteAsync(written, default));
        var (known, refusal) = await Of(Rule, Alice).CompleteAsync(Alice, default);
        Assert.Equal(("oidc:alice@example.com", Recognition.VerifiedEmail, null), (known.KubernetesUser, known.KnownBy, refusal));
    }

    [Fact]
    public async Task Nobody_and_two_are_refused_with_what_to_do()
    {
        Confirmed("alice", "alice@example.com");
        var two = new Person("alice", [World.Account("alice"), Elsewhere("alice2")]);
        Confirmed("alice2", "a.smith@example.com");

        foreach (var (person, what) in new[] { (Bob, "no confirmed e-mail address of example.com"), (two, "oidc:alice@example.com and oidc:a.smith@example.com") })
        {
            var (same, refusal) = await Of(Rule, person).CompleteAsync(person, default);
            Assert.Null(same.KubernetesUser);
            Assert.Contains(what, refusal!.Why.ToString(), StringComparison.Ordinal);
            Assert.Contains($"KubernetesUser of {person.Name} in Identity:People", refusal.Instead.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Whom_somebody_else_is_already_nobody_becomes()
    {
        Confirmed("alice", "alice@example.com");
        var same = Bob with { KubernetesUser = "oidc:alice@example.com" };
        Assert.Contains("same user in the clusters as bob", (await Of(Rule, Alice, same).CompleteAsync(Alice, default)).Refusal!.Why.ToString(), StringComparison.Ordinal);

        Confirmed("elsewhere", "alice@example.com");
        var twin = new Person("bob", [Elsewhere("elsewhere")]);
        Assert.Contains("same user in the clusters as bob", (await Of(Rule, Alice, twin).CompleteAsync(Alice, default)).Refusal!.Why.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("guest")]
    [InlineData("claimed by two")]
    [InlineData("silent")]
    public async Task An_account_that_does_not_count_and_a_silent_chat_tell_nothing(string why)
    {
        Confirmed("alice", "alice@example.com");
        chat.Profiles["U-alice"] = chat.Profiles["U-alice"] with { IsGuest = why == "guest" };
        chat.DirectorySilent = why == "silent";

        var (person, refusal) = await Of(Rule, why == "claimed by two" ? [Alice, Alice with { Name = "other" }] : [Alice]).CompleteAsync(Alice, default);

        Assert.Null(person.KubernetesUser);
        Assert.Equal(why == "silent" ? RefusalKind.ChatSilent : RefusalKind.UnknownPerson, refusal!.Kind);
    }

    [Fact]
    public async Task How_each_person_was_recognised_is_on_the_record_and_on_the_card()
    {
        var world = await ByEmailAsync();

        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.Requested && entry.Text.EndsWith("pods crashloop. Known by verified e-mail.", StringComparison.Ordinal));
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.Approved && entry.Text.EndsWith("Known by mapping file.", StringComparison.Ordinal));
        Assert.Equal((Recognition.VerifiedEmail, Recognition.MappingFile), (world.OnlyOperation().RequesterKnownBy!.Value, Assert.Single(world.OnlyOperation().Approvals).KnownBy!.Value));
        Assert.Equal(("oidc:alice@example.com", "oidc:alice@example.com"), (Assert.Single(world.Access.Objects).Subject, world.OnlyOperation().RequestedByKubernetesName));
        await world.PostAllAsync();
        var card = world.Chat.Said.Last(said => said.Card.Title.StartsWith("Access as", StringComparison.Ordinal)).Card;
        var facts = string.Join('\n', card.Parts.OfType<Part.Facts>().SelectMany(part => part.Rows).Select(row => $"{row.Label}: {row.Value}"));
        Assert.Contains("U-alice, known by verified e-mail", facts, StringComparison.Ordinal);
        Assert.Contains("bob (known by mapping file)", facts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_address_is_another_when_it_would_be_given_is_decided_about_again()
    {
        var world = await ByEmailAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        world.Chat.Profiles["U-alice"] = world.Chat.Profiles["U-alice"] with { ConfirmedEmail = "bob@example.com" };

        await world.WorkAsync();

        Assert.Empty(world.Access.Objects);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    [Fact]
    public async Task Whoever_asks_what_the_policy_would_say_is_told_by_what_people_have_to_be_known()
    {
        var world = await ByEmailAsync();
        world.Policy.Rules.Single(rule => rule.Name == "access").KnownByAtLeast = Recognition.Configured;

        Assert.False((await ExplainAsync("alice")).Allowed);
        Assert.Contains((await ExplainAsync("alice")).Lines, line => line.Contains("alice is known by verified e-mail", StringComparison.Ordinal));
        Assert.True((await ExplainAsync("anna")).Allowed);
        world.Chat.Profiles.Remove("U-alice");
        Assert.True((await ExplainAsync("alice")).Allowed); // by an account
        world.Policy.BreakGlass.AccountsIn = "";
        Assert.Contains((await ExplainAsync("alice")).Lines, line => line.Contains("no confirmed e-mail address", StringComparison.Ordinal));

        Task<(bool Allowed, IReadOnlyList<string> Lines)> ExplainAsync(string name) => world.Explain.HandleAsync(name, "breakglass request shop-a as editor for 30m because pods crashloop", default);
    }

    [Theory]
    [InlineData(Recognition.Configured, "alice", false)]
    [InlineData(Recognition.MappingFile, "alice", false)]
    [InlineData(Recognition.VerifiedEmail, "alice", true)]
    [InlineData(Recognition.Configured, "anna", true)]
    public async Task A_rule_may_ask_for_people_who_are_known_by_something_stronger(Recognition atLeast, string asks, bool allowed)
    {
        var world = await ByEmailAsync();
        world.Policy.Rules.Single(rule => rule.Name == "access").KnownByAtLeast = atLeast;

        var told = await world.SayAsync(asks, "breakglass", "request shop-a as editor for 30m because pods crashloop");

        Assert.Equal(allowed, told is null);
        Assert.Equal(allowed, world.Records.AllOperations.Any());
        if (allowed && atLeast == Recognition.Configured)
        {
            Assert.NotNull(await world.PressAsync("bob", ChoiceKind.Approve)); // of the mapping file
            Assert.Null(await world.PressAsync("carol", ChoiceKind.Approve));
        }
    }

    private static Person Alice { get; } = new("alice", [World.Account("alice")]);

    private static Person Bob { get; } = new("bob", [World.Account("bob")]);

    private static ChatAccount Elsewhere(string name) => World.Account(name) with { Tenant = "T2" };

    /// <summary>alice is known by her e-mail address, bob by the mapping file.</summary>
    private static async Task<World> ByEmailAsync()
    {
        var world = await World.WithIncidentAsync();
        world.Register.Replace([.. world.Register.People.Select(person => person.Name switch
        {
            "alice" => person with { KubernetesUser = null },
            "bob" => person with { KnownBy = Recognition.MappingFile },
            _ => person,
        })]);
        world.Chat.Profiles["U-alice"] = new(World.Account("alice"), "Alice") { ConfirmedEmail = "alice@example.com" };
        world.Email = Rule;
        world.Restart();
        return world;
    }

    private void Confirmed(string name, string email) => chat.Profiles[$"U-{name}"] = new(World.Account(name), name) { ConfirmedEmail = email };

    private RecogniseByEmail Of(EmailRule rule, params Person[] people) => new(new Register(people), [chat], rule);
}
