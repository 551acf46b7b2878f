using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <summary>The product's story, told once and played in every world: two clusters, two ways into Slack.</summary>
public abstract partial class TheStory(Func<MovableClock, Task<ShopCluster>> cluster, bool socketMode)
{
    private const string Incidents = SampleWorkspace.IncidentChannel;

    [StoryFact]
    public async Task From_a_hand_fix_that_is_reverted_to_an_incident_that_is_closed()
    {
        await using var world = await StartAsync();
        await world.Shop.HandFixAsync();
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, config => !ShopCluster.Works(config), "the revert of the hand fix");

        var thread = await DeclareAsync(world);
        var asked = await AskForPauseAsync(world, thread);
        await world.Bob.PressAsync(asked, "Approve");
        await world.ThreadSaysAsync(thread, "checkout", "is paused until");
        await world.ThreadSaysAsync(thread, "checkout", "is holding");

        await ItIsPausedAsTheManifestsAllow(world);
        await AHandFixStands(world, thread);
        await ClosingIsRefused(world, thread);
        await StatusAndTimelineAnswer(world, thread);
        await ResumingShowsFirstWhatItOverwrites(world, thread);
        await ResumingRestoresExactly(world, thread);

        await world.Alice.MentionAsync(Incidents, thread, "close");
        await world.ThreadSaysAsync(thread, "closed the incident");
        await CardSaysAsync(world, thread, "Closed");
    }

    protected Task<ScenarioWorld> StartAsync(params (string Key, string? Value)[] overrides) =>
        ScenarioWorld.StartAsync(cluster, socketMode, overrides.ToDictionary(pair => pair.Key, pair => pair.Value));

    /// <summary>Declares with scope and commander; returns the thread when its card is pinned.</summary>
    protected static async Task<string> DeclareAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 commander @bob apps checkout", Incidents);
        var card = await PinnedAsync(world);

        Shows(card, "Checkout 500s", "sev1", "Open", "<@U0ALICE> acts", "<@U0BOB> decides", "checkout");
        return card.Ts;
    }

    /// <summary>Asks in the thread; returns the card with the plan.</summary>
    protected static async Task<SlackMessage> AskForPauseAsync(ScenarioWorld world, string thread, string duration = "45m")
    {
        await world.Alice.MentionAsync(Incidents, thread, $"pause checkout for {duration} because rollback of payment config");
        var card = await world.ThreadSaysAsync(thread, "Pause checkout", "needs one approval");

        Shows(card, "rollback of payment config", "automated/enabled", "(not set) -> false", "Nobody else takes the pause back", "chatops:on-call", "pause-shop");
        return card;
    }

    protected static async Task<string> PauseAsync(ScenarioWorld world, string duration = "45m")
    {
        var thread = await DeclareAsync(world);
        await world.Bob.PressAsync(await AskForPauseAsync(world, thread, duration), "Approve");
        await world.ThreadSaysAsync(thread, "is holding");
        return thread;
    }

    protected static Task<SlackMessage> PinnedAsync(ScenarioWorld world) =>
        world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);

    protected static Task<SlackMessage> CardSaysAsync(ScenarioWorld world, string thread, params string[] words) => world.Slack.WaitForAsync(
        () => world.Channel.Find(thread) is { } card && Reading.Shows(card, words) ? card : null,
        $"'{string.Join("', '", words)}' on the pinned card", CancellationToken.None, ScenarioWorld.Patience);

    protected static void Shows(SlackMessage message, params string[] words) =>
        Assert.All(words, word => Assert.Contains(word, Reading.Of(message), StringComparison.OrdinalIgnoreCase));
}
