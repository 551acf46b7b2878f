using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Policy;

namespace ChatOps.Core.Tests.Policy;

public class RoleMembershipTests
{
    private static readonly Person Alice = new("alice", [Slack("U1")]);
    private readonly SlackDirectory directory = new();
    private readonly PolicyConfiguration policy = SomePolicy.Valid();

    [Theory]
    [InlineData("alice", true)]
    [InlineData("Alice", true)]
    [InlineData("U1", true)]
    [InlineData("u1", false)]
    [InlineData("alicia", false)]
    [InlineData("", false)]
    public async Task A_role_is_held_by_configured_name_or_by_chat_user_id(string user, bool held)
    {
        policy.Roles[0].Users[0] = user;

        Assert.Equal(held, (await RolesOf(Alice)).Contains("on-call"));
    }

    [Fact]
    public async Task Members_of_a_named_chat_group_hold_the_role()
    {
        policy.Roles[1].Groups.Add("S9");
        directory.Groups["S9"] = ["U1", "U2"];

        Assert.Equal(["commander", "on-call"], (await RolesOf(Alice)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_group_that_does_not_exist_gives_nobody_anything()
    {
        policy.Roles[1].Groups.Add("S-gone");

        Assert.Equal(["on-call"], await RolesOf(Alice));
    }

    [Fact]
    public async Task A_role_with_an_empty_list_is_held_by_nobody__hermes_agent_21272()
    {
        policy.Roles[0].Users.Clear();

        Assert.Empty(await RolesOf(Alice));
        Assert.Empty(await Membership().HoldersAsync("on-call", CancellationToken.None));
    }

    /// <summary>Each answer may take some seconds to fail to come.</summary>
    [Fact]
    public async Task A_group_that_cannot_be_read_is_waited_for_once_whoever_is_looked_for()
    {
        policy.Roles[1].Groups.Add("S9");
        directory.Unreadable.Add("S9");
        Person[] people = [.. Enumerable.Range(1, 20).Select(number => Alice with { Name = $"p{number}", Accounts = [new(ChatPlatform.Slack, "T1", $"U{number}0")] })];

        var holders = await Membership(people).KnownHoldersAsync(policy.Roles[1].Name, CancellationToken.None);

        Assert.NotNull(holders.Unread);
        Assert.Equal(1, directory.Asked);
    }

    [Fact]
    public async Task A_group_that_cannot_be_read_is_an_outage_and_not_an_empty_group()
    {
        policy.Roles[1].Groups.Add("S9");
        directory.Down = true;

        await Assert.ThrowsAsync<ChatUnavailableException>(() => RolesOf(Alice));
        await Assert.ThrowsAsync<ChatUnavailableException>(() => Membership().HoldersAsync("commander", CancellationToken.None));
    }

    [Fact]
    public async Task A_group_that_cannot_be_read_leaves_the_roles_that_do_not_depend_on_it()
    {
        policy.Roles[1].Groups.AddRange(["S-down", "S9"]);
        directory.Unreadable.Add("S-down");

        var standing = await Membership().StandingAsync(Alice, fresh: true, CancellationToken.None);
        Assert.Equal(["on-call"], standing.Held);
        Assert.Equal(["commander", "on-call"], standing.Perhaps.Order(StringComparer.Ordinal));
        Assert.NotNull(standing.Unread);

        directory.Groups["S9"] = ["U1"];
        Assert.Equal(["commander", "on-call"], (await RolesOf(Alice)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("bot")]
    [InlineData("guest")]
    [InlineData("foreign")]
    [InlineData("deactivated")]
    [InlineData("unknown to the platform")]
    public async Task An_account_in_bad_standing_holds_nothing(string standing)
    {
        directory.Standing["U1"] = standing;

        Assert.Empty(await RolesOf(Alice));
        Assert.Empty(await Membership().HoldersAsync("on-call", CancellationToken.None));
    }

    [Fact]
    public async Task An_alias_is_the_same_person_and_a_guest_alias_takes_nothing_away()
    {
        var alice = Alice with { Accounts = [Slack("U1"), Slack("U1b")] };
        directory.Standing["U1b"] = "guest";

        Assert.Equal(["on-call"], await RolesOf(alice));
        Assert.Equal(["alice"], (await Membership(alice).HoldersAsync("on-call", CancellationToken.None)).Select(person => person.Name));
    }

    [Fact]
    public async Task Somebody_deactivated_in_one_account_holds_nothing_by_another()
    {
        var alice = Alice with { Accounts = [Slack("U1"), Slack("U1b")] };
        directory.Standing["U1b"] = "deactivated";

        Assert.Empty(await RolesOf(alice));
    }

    [Fact]
    public async Task An_account_that_two_people_claim_gives_neither_a_role()
    {
        var twin = new Person("mallory", [Slack("U1")]);

        Assert.Empty(await Membership(Alice, twin).RolesOfAsync(Alice, fresh: true, CancellationToken.None));
        Assert.Empty(await Membership(Alice, twin).RolesOfAsync(twin, fresh: true, CancellationToken.None));
    }

    [Fact]
    public async Task A_role_removed_from_the_policy_is_held_by_nobody()
    {
        policy.Roles.RemoveAt(0);

        Assert.Empty(await RolesOf(Alice));
        Assert.Empty(await Membership().HoldersAsync("on-call", CancellationToken.None));
    }

    [Fact]
    public async Task Authority_is_asked_fresh_when_the_caller_says_so()
    {
        policy.Roles[1].Groups.Add("S9");
        await RolesOf(Alice);

        Assert.True(directory.Asked > 0);
        Assert.True(directory.AskedOnlyFresh);
    }

    [Fact]
    public async Task Every_role_is_listed_with_whoever_can_be_reached()
    {
        var byRole = await Membership().HoldersByRoleAsync(CancellationToken.None);

        Assert.Equal(["alice"], byRole["on-call"]);
        Assert.Empty(byRole["commander"]);
        Assert.Equal(["commander", "on-call", "platform"], byRole.Keys.Order(StringComparer.Ordinal));
    }

    private static ChatAccount Slack(string id) => new(ChatPlatform.Slack, "T1", id);

    private Task<IReadOnlySet<string>> RolesOf(Person person) => Membership(person).RolesOfAsync(person, fresh: true, CancellationToken.None);

    private RoleMembership Membership(params Person[] people) =>
        new(new Register(people.Length == 0 ? [Alice] : people), policy, [directory]);

    private sealed class SlackDirectory : IChatDirectory
    {
        public Dictionary<string, HashSet<string>> Groups { get; } = [];

        public Dictionary<string, string> Standing { get; } = [];

        public bool Down { get; set; }

        public HashSet<string> Unreadable { get; } = [];

        public int Asked { get; private set; }

        public bool AskedOnlyFresh { get; private set; } = true;

        public ChatPlatform Platform => ChatPlatform.Slack;

        public Task<ChatProfile?> FindAsync(ChatAccount account, bool fresh, CancellationToken ct)
        {
            Asked++;
            AskedOnlyFresh &= fresh;
            var standing = Standing.GetValueOrDefault(account.UserId, "good");
            return Task.FromResult(standing == "unknown to the platform" ? null : new ChatProfile(account, account.UserId)
            {
                IsBot = standing == "bot",
                IsGuest = standing == "guest",
                IsForeign = standing == "foreign",
                IsDeactivated = standing == "deactivated",
            });
        }

        public Task<IReadOnlySet<string>?> MembersAsync(string groupId, bool fresh, CancellationToken ct)
        {
            Asked++;
            AskedOnlyFresh &= fresh;
            return Down || Unreadable.Contains(groupId)
                ? throw new ChatUnavailableException("down", null, mayHaveHappened: false)
                : Task.FromResult<IReadOnlySet<string>?>(Groups.GetValueOrDefault(groupId));
        }
    }
}
