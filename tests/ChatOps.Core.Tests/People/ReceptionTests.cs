using ChatOps.Core.Commands;
using ChatOps.Core.People;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.People;

public class ReceptionTests
{
    private static readonly ChatAccount Alice = World.Account("alice");

    private readonly ModelChat chat = new();

    public static TheoryData<string, Func<ChatProfile, ChatProfile>> Strangers => new()
    {
        { "bot", profile => profile with { IsBot = true } },
        { "guest", profile => profile with { IsGuest = true } },
        { "foreign", profile => profile with { IsForeign = true } },
        { "deactivated", profile => profile with { IsDeactivated = true } },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Bots_guests_strangers_and_who_has_left_command_nothing(string what, Func<ChatProfile, ChatProfile> change)
    {
        chat.Profiles["U-alice"] = change(new ChatProfile(Alice, "Alice"));

        var (speaker, refusal) = await Of(new Person("alice", [Alice])).AdmitAsync(Alice, default);

        Assert.True(speaker is null && refusal?.Kind == RefusalKind.UnknownPerson, what);
    }

    [Fact]
    public async Task An_account_that_nobody_or_two_people_have_is_nobody()
    {
        Assert.Equal(RefusalKind.UnknownPerson, (await Of().AdmitAsync(Alice, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.UnknownPerson, (await Of(new Person("alice", [Alice]), new Person("bob", [Alice])).AdmitAsync(Alice, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.UnknownPerson, (await Of(new Person("a", [Alice]), new Person("b", [Alice]), new Person("c", [Alice])).AdmitAsync(Alice, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task The_same_id_in_another_workspace_is_somebody_else() =>
        Assert.Null((await Of(new Person("alice", [Alice])).AdmitAsync(Alice with { Tenant = "T2" }, default)).Speaker);

    [Fact]
    public async Task While_the_chat_system_does_not_say_who_it_is_nothing_is_done()
    {
        chat.DirectorySilent = true;

        Assert.Equal(RefusalKind.ChatSilent, (await Of(new Person("alice", [Alice])).AdmitAsync(Alice, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task The_configured_time_zone_wins_over_the_profile_s()
    {
        chat.Profiles["U-alice"] = new ChatProfile(Alice, "Alice") { TimeZone = "Europe/Berlin" };

        Assert.Equal("Europe/Berlin", (await Of(new Person("alice", [Alice])).AdmitAsync(Alice, default)).Speaker?.TimeZone);
        Assert.Equal("UTC", (await Of(new Person("alice", [Alice]) { TimeZone = "UTC" }).AdmitAsync(Alice, default)).Speaker?.TimeZone);
    }

    [Theory]
    [InlineData("U-alice", true)]
    [InlineData("alice", true)]
    [InlineData("ALICE", true)]
    [InlineData("mallory", false)]
    public void Somebody_is_named_by_account_or_by_configured_name(string named, bool known) =>
        Assert.Equal(known, Of(new Person("alice", [Alice])).Find(new PersonMention(named), World.Account("bob")).Person is not null);

    private Reception Of(params Person[] people) => new(new Register(people), [chat]);
}
