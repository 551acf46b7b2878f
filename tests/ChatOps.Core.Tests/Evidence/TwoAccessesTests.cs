using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>One person with access to one place twice: what they do is told of the one that allows it.</summary>
public sealed class TwoAccessesTests
{
    private static readonly string[] Looking = ["get, list, watch pods, pods/log", "get, list, watch deployments (apps)"];
    private static readonly string[] Editing = ["patch deployments (apps), statefulsets (apps)", "create pods/exec"];

    [Fact]
    public async Task What_somebody_does_is_told_of_the_access_that_allows_it_although_the_other_lasts_longer()
    {
        var world = await World.WithIncidentAsync();
        var looking = await GivenAsync(world, "shop-a", "40m", Looking);
        var editing = await GivenAsync(world, "shop-b", "30m", Editing);

        await HearAsync(world, SomeEvent.Patch(world.Now), SomeEvent.Exec(world.Now));

        Assert.Equal((0, 2), (await CountAsync(world, looking), await CountAsync(world, editing)));
        Assert.All(Used(world), text => Assert.EndsWith($", with access {editing.ShortId}", text, StringComparison.Ordinal));
        world.Time.Advance(TimeSpan.FromMinutes(20));
        await world.WorkOnUsesAsync();
        await world.PostAllAsync();
        Assert.DoesNotContain(world.Chat.Said, said => said.Card.Title.StartsWith("No change was made", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_both_allow_it_which_of_them_was_used_is_said_to_be_a_guess_and_neither_is_called_idle()
    {
        var world = await World.WithIncidentAsync();
        var longer = await GivenAsync(world, "shop-a", "40m", Editing);
        var other = await GivenAsync(world, "shop-b", "30m", Editing);

        await HearAsync(world, SomeEvent.Patch(world.Now));

        Assert.Equal($"alice patched deployments.apps/checkout in shop: /spec/replicas = 3, with access {longer.ShortId}; {other.ShortId} allows that too, so which of them was used is a guess", Assert.Single(Used(world)));
        world.Time.Advance(TimeSpan.FromMinutes(20));
        await world.WorkOnUsesAsync();
        await world.PostAllAsync();
        Assert.DoesNotContain(world.Chat.Said, said => said.Card.Title.StartsWith("No change was made", StringComparison.Ordinal));
        Assert.Contains($"No change so far that is not told of {longer.ShortId}.", Words((await world.SayAsync("bob", "breakglass", "list"))!), StringComparison.Ordinal);

        world.Time.Advance(TimeSpan.FromMinutes(11));
        await world.WorkAsync();
        await HearAsync(world, SomeEvent.Ended(other, world.Now));
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.WorkOnUsesAsync();
        Assert.Contains($"What was done while {longer.ShortId} was open too is told of that.", Used(world)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_access_allows_is_told_as_done_by_other_rights()
    {
        var world = await World.WithIncidentAsync();
        var looking = await GivenAsync(world, "shop-a", "30m", Looking);

        await HearAsync(world, SomeEvent.Patch(world.Now), SomeEvent.Create(world.Now, "rbac.authorization.k8s.io", "rolebindings", "mine", "elsewhere"));

        Assert.Equal(2, Used(world).Count);
        Assert.All(Used(world), text => Assert.EndsWith($", while access {looking.ShortId} was open; this access does not allow that as it was approved, so it was by other rights, or its role was changed", text, StringComparison.Ordinal));
    }

    private static async Task<Grant> GivenAsync(World world, string application, string time, IReadOnlyList<string> rules)
    {
        (world.Access.Rules, world.Access.IsOther) = (rules, true);
        var before = world.Records.AllGrants.Select(grant => grant.Id).ToHashSet();
        await world.SayAsync("alice", "breakglass", $"request {application} as editor for {time} because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.PostAllAsync();
        var given = Assert.Single(world.Records.AllGrants, grant => !before.Contains(grant.Id));
        await HearAsync(world, SomeEvent.Given(given, world.Now));
        return given;
    }

    private static async Task HearAsync(World world, params AuditNotice[] notices)
    {
        await world.HearAudit.HandleAsync("prod", notices, default);
        await world.WorkOnUsesAsync();
        await world.PostAllAsync();
    }

    private static async Task<int> CountAsync(World world, Grant grant) => (await world.Records.FindUseAsync(grant.Id, default))!.Own.Count;

    private static List<string> Used(World world) => [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.GrantUsed).Select(entry => entry.Text)];

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()));
}
