using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Looking;

/// <summary>Alice mends it by hand, and a second later Argo CD has put the broken state back: what she did is not lost.</summary>
public abstract class TakenBackTests(Func<MovableClock, Task<ShopCluster>> cluster)
{
    private const string Incidents = SampleWorkspace.IncidentChannel;

    [StoryFact]
    public async Task A_hand_fix_that_Argo_CD_takes_back_at_once_stands_in_the_thread_with_its_value_and_the_command()
    {
        await using var world = await ScenarioWorld.StartAsync(cluster, socketMode: false);
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        var card = await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);
        bool IsTold(SlackMessage message) => Reading.Shows(message, "checkout: 1 field changed by hand, and Argo CD took it back");

        // Before the watch is open nobody sees it, so she tries until it is.
        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        while (!world.Channel.Thread(card.Ts).Any(IsTold) && !patience.IsCancellationRequested)
        {
            await world.Shop.HandFixAsync();
            await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, config => !ShopCluster.Works(config), "Argo CD to put the broken state back");
        }

        await world.ThreadSaysAsync(
            card.Ts, "checkout: 1 field changed by hand, and Argo CD took it back",
            $"/data/PAYMENT_MODE: Git {SampleShop.BrokenMode} | live {SampleShop.GoodMode} [kubectl-edit",
            "kubectl patch configmap checkout --namespace shop", $"\"PAYMENT_MODE\":\"{SampleShop.GoodMode}\"",
            "No override of this incident holds `checkout`", "/gitops pause checkout for 45m because");
    }
}

public sealed class TakenBackInTheSimulationTests() : TakenBackTests(SimulatedShopCluster.StartAsync);

[OnARealCluster]
[Collection(RealShopOfOwners.Name)]
public sealed class TakenBackOnARealClusterTests(RealShopServer real) : TakenBackTests(real.StartShopAsync);
