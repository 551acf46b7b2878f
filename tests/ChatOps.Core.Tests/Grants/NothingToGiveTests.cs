using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Grants;

public sealed class NothingToGiveTests
{
    [Fact]
    public async Task Who_can_do_it_all_already_is_told_so()
    {
        var world = await World.WithIncidentAsync();
        world.Access.Objects.Add(new(world.Access.Kind, "prod", "shop", "of-the-team", null, null, null, "alice@example.org"));

        Assert.Contains("can do all that already", await AskedAsync(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_said_to_have_what_nobody_could_be_asked_about()
    {
        var world = await World.WithIncidentAsync();
        world.Access.IsAskable = false;

        var told = await AskedAsync(world);

        Assert.Contains("allows nothing that the API server can be asked about", told, StringComparison.Ordinal);
        Assert.DoesNotContain("already", told, StringComparison.Ordinal);
    }

    private static async Task<string> AskedAsync(World world)
    {
        var answer = await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        Assert.Empty(world.Records.AllGrants);
        return string.Join('\n', answer!.Parts.OfType<Core.Conversation.Part.Paragraph>().Select(part => part.Text.ToString()));
    }
}
