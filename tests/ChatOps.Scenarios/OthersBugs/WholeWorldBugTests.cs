using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;
using ChatOps.Storage;

namespace ChatOps.Scenarios.OthersBugs;

/// <summary>Bugs of others that take a world of their own: restarts, a second replica, Git that moves on, a controller that died.</summary>
public sealed class WholeWorldBugTests
{
    private const string Incidents = SampleWorkspace.IncidentChannel;

    [Fact]
    public async Task Bug03_The_first_click_after_a_restart_counts()
    {
        await using var world = await StartAsync();
        var (thread, asked) = await AskedAsync(world);
        await world.StopProductAsync();
        await world.StartProductAsync();

        await world.Bob.PressAsync(asked, "Approve");

        await world.ThreadSaysAsync(thread, "checkout", "is paused until");
    }

    [Fact]
    public async Task Bug13_A_second_replica_on_the_same_books_does_not_start_and_posts_nothing()
    {
        await using var world = await StartAsync();
        var second = world.Settings with { Url = new Uri($"http://127.0.0.1:{Product.FreePort()}") };

        var refused = await Assert.ThrowsAsync<StorageRefusedException>(() => Product.StartAsync(second, CancellationToken.None, time: world.Clock));
        var (thread, _) = await AskedAsync(world);

        Assert.True(refused.IsInUse, refused.Message);
        Assert.Single(world.Channel.Messages, message => !message.IsReply && Reading.Shows(message, "Checkout 500s"));
        Assert.Single(world.Channel.Thread(thread), message => Reading.Shows(message, "Pause checkout", "needs one approval"));
    }

    [Fact]
    public async Task Bug15_A_commit_during_the_pause_does_not_undo_it()
    {
        await using var world = await StartAsync();
        var thread = await PausedAsync(world);
        await world.Shop.HandFixAsync();
        var commit = await world.Shop.Repository.CommitAsync("main", "checkout, again", new Dictionary<string, string?> { ["checkout/app.yaml"] = Config }, CancellationToken.None);

        await world.Alice.MentionAsync(Incidents, thread, "refresh checkout hard");
        await world.ThreadSaysAsync(thread, "Refresh of checkout", $"OutOfSync at {commit[..8]}");
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Shop.Argo.SettleAsync(CancellationToken.None);

        Assert.True(ShopCluster.Works((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));
    }

    /// <summary>The other half of that bug, an age that a restart resets, needs ages that are kept, which there are none of yet.</summary>
    [Fact]
    public async Task Bug17_Synced_from_a_controller_that_died_is_not_given_out_for_the_state_of_now()
    {
        await using var world = await StartAsync();
        await world.Shop.Argo.FreezeAsync(CancellationToken.None);
        world.Clock.Advance(TimeSpan.FromMinutes(12));

        await world.Alice.CommandAsync("/gitops", "status checkout", Incidents);

        await world.PersonIsToldAsync(world.Alice, "It was Synced when Argo CD looked last", "nobody knows what it is now");
    }

    private const string Config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: checkout\ndata:\n  PAYMENT_MODE: none\n";

    private static Task<ScenarioWorld> StartAsync() => ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false);

    private static async Task<(string Thread, SlackMessage Asked)> AskedAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 commander @bob apps checkout", Incidents);
        var pinned = await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var card, ..] ? card : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);
        await world.Alice.MentionAsync(Incidents, pinned.Ts, "pause checkout for 45m because rollback of payment config");
        return (pinned.Ts, await world.ThreadSaysAsync(pinned.Ts, "Pause checkout", "needs one approval"));
    }

    private static async Task<string> PausedAsync(ScenarioWorld world)
    {
        var (thread, asked) = await AskedAsync(world);
        await world.Bob.PressAsync(asked, "Approve");
        await world.ThreadSaysAsync(thread, "is holding");
        return thread;
    }
}
