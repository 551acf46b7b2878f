using ChatOps.Core.Conversation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

public class OwnLeaseTests
{
    [Fact]
    public async Task Handing_it_over_takes_two_who_may_own_it()
    {
        var world = await World.WithPauseAsync();

        var byStranger = await world.SayAsync("dave", "gitops", "own shop-a @bob");
        Assert.NotNull(byStranger);
        Assert.Equal("alice", world.OnlyLease().Owner);

        var toStranger = await world.SayAsync("alice", "gitops", "own shop-a @dave");
        Assert.Contains("dave may not own an override of shop-a", string.Join(" ", toStranger!.Parts.OfType<Part.Paragraph>().Select(part => part.Text)), StringComparison.Ordinal);
        Assert.Equal("alice", world.OnlyLease().Owner);

        Assert.Null(await world.SayAsync("alice", "gitops", "own shop-a @bob"));
        Assert.Equal("bob", world.OnlyLease().Owner);
    }
}
