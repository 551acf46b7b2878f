using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <content>Two incidents need one application paused.</content>
public abstract partial class TheStory
{
    [StoryFact]
    public async Task An_application_that_two_incidents_hold_is_let_go_by_the_last_of_them()
    {
        await using var world = await StartAsync();
        var first = await PauseAsync(world);
        await world.Alice.CommandAsync("/incident", "declare \"Payments are slow\" sev2 commander @bob apps checkout", Incidents);
        var second = (await world.Slack.WaitForAsync(
            () => world.Channel.Pinned.FirstOrDefault(card => Reading.Shows(card, "Payments are slow")), "the card of the second incident", CancellationToken.None, ScenarioWorld.Patience)).Ts;

        await world.Alice.MentionAsync(Incidents, second, "pause checkout for 90m because payments need it too");
        var asked = await world.ThreadSaysAsync(second, "Pause checkout", "needs one approval");
        Shows(asked, "nothing is changed on it now", "It is paused already, by incident 1 until", "false -> false");
        await world.Bob.PressAsync(asked, "Approve");
        await world.ThreadSaysAsync(second, "checkout", "is paused for this incident too");
        await world.ThreadSaysAsync(second, "checkout", "is holding");

        await world.Alice.MentionAsync(Incidents, first, "resume checkout");
        await world.ThreadSaysAsync(first, "checkout", "stays paused", "incident 2 holds it until");
        var checkout = (await world.Shop.FindAsync(ShopCluster.Checkout))!;
        Assert.False(Automated(checkout)!["enabled"]!.GetValue<bool>());
        Assert.Equal("2", (string?)checkout["metadata"]!["annotations"]!["chatops.dev/incident"]);
        await world.Shop.HandFixAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Shop.Argo.SettleAsync(CancellationToken.None);
        Assert.True(ShopCluster.Works((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));
        await world.ThreadSaysAsync(second, "checkout", "was let go by incident 1");
        await world.Alice.MentionAsync(Incidents, first, "close");
        await world.ThreadSaysAsync(first, "closed the incident");

        await ResumingShowsFirstWhatItOverwrites(world, second);
        await ResumingRestoresExactly(world, second);
    }
}
