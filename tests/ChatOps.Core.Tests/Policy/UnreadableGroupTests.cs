using ChatOps.Core.Operations;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Policy;

/// <summary>One user group that Slack does not tell (deleted, renamed, an outage) stops what depends on it, and nothing else.</summary>
public class UnreadableGroupTests
{
    private const string Pause = "pause shop-a for 30m because the rollback needs hands";

    [Fact]
    public async Task A_group_that_nobody_needs_here_stops_neither_the_request_nor_the_vote()
    {
        var world = await World.WithIncidentAsync();
        world.Chat.Unreadable.Add("G-platform");

        await world.SayAsync("alice", "gitops", Pause);
        await world.PressAsync("carol", Core.Conversation.ChoiceKind.Approve);

        Assert.Equal("carol", Assert.Single(world.OnlyOperation().Approvals).Person);
    }

    /// <summary>Nobody was asked, nobody tried again, and the requester could not act alone either, because nobody had been asked.</summary>
    [Fact]
    public async Task An_approver_who_could_not_be_read_is_asked_as_soon_as_they_can_be()
    {
        var world = await World.WithIncidentAsync();
        world.Chat.Unreadable.Add("G-commander");
        await world.SayAsync("alice", "gitops", Pause);
        await world.PostAllAsync();
        Assert.Empty(Asked(world));
        Assert.Contains(world.Chat.Said, said => said.Card.Parts.OfType<Core.Conversation.Part.Footnote>().Any(note => note.Text.ToString().Contains("not asked yet", StringComparison.Ordinal)));

        world.Time.Advance(TimeSpan.FromSeconds(40));
        await world.WorkAsync();
        await world.PostAllAsync();
        Assert.Empty(Asked(world));

        world.Chat.Unreadable.Clear();
        world.Time.Advance(TimeSpan.FromSeconds(40));
        await world.WorkAsync();
        await world.PostAllAsync();
        Assert.Equal(["DU-bob", "DU-carol"], Asked(world).Order());
        Assert.Null(world.OnlyOperation().AskAgainAt);
    }

    [Fact]
    public async Task Who_holds_the_role_by_name_is_asked_although_its_group_is_silent()
    {
        var world = await World.WithIncidentAsync();
        world.Restart(policy => policy.Role("commander")!.Users.Add("bob"));
        world.Chat.Unreadable.Add("G-commander");

        await world.SayAsync("alice", "gitops", Pause);
        await world.PostAllAsync();

        Assert.Equal(["DU-bob"], Asked(world));
        Assert.NotNull(world.OnlyOperation().AskAgainAt);
    }

    [Fact]
    public async Task Who_is_asked_next_is_asked_when_their_group_can_be_read_again()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", Pause);
        world.Chat.Unreadable.Add("G-platform");
        world.Time.Advance(TimeSpan.FromMinutes(11));
        await world.WorkAsync();
        world.Chat.Unreadable.Clear();
        world.Time.Advance(TimeSpan.FromSeconds(40));

        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Contains("DU-dave", Asked(world));
    }

    private static IEnumerable<string> Asked(World world) =>
        world.Chat.Said.Where(said => said.What == "post" && said.Where.StartsWith('D') && said.Card.Parts.OfType<Core.Conversation.Part.Buttons>().Any()).Select(said => said.Where);

    [Fact]
    public async Task Who_may_ask_only_by_that_group_is_told_to_try_again()
    {
        var world = await World.WithIncidentAsync();
        world.Chat.Unreadable.Add("G-on-call");

        var answer = await world.SayAsync("alice", "gitops", Pause);

        Assert.Equal(RefusalKind.ChatSilent.Title(), answer?.Title);
        Assert.Empty(world.Records.AllOperations);
    }

    /// <summary>The first rule that fits decides, and the one of the unreadable role asks for more.</summary>
    [Fact]
    public async Task A_role_that_cannot_be_read_is_not_a_way_around_its_stricter_rule()
    {
        var world = await World.WithIncidentAsync();
        world.Restart(policy =>
        {
            policy.Role("platform")!.KubernetesUser = "chatops:platform";
            var strict = policy.Rules[0];
            policy.Rules.Add(new()
            {
                Name = "lenient",
                Roles = [.. strict.Roles],
                Verbs = [.. strict.Verbs],
                Applications = ["*"],
                Projects = ["*"],
                Namespaces = ["*"],
                Clusters = ["*"],
                LongestDuration = TimeSpan.FromHours(1),
                WithoutApproval = true,
            });
            strict.Roles.Clear();
            strict.Roles.Add("platform");
        });
        world.Chat.Unreadable.Add("G-platform");

        Assert.Equal(RefusalKind.ChatSilent.Title(), (await world.SayAsync("alice", "gitops", Pause))?.Title);

        world.Chat.Unreadable.Clear();
        await world.SayAsync("alice", "gitops", Pause);
        Assert.NotEqual(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }
}
