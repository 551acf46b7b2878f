using System.Text.Json.Nodes;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <content>What the whole story goes through, in order.</content>
public abstract partial class TheStory
{
    private static async Task ItIsPausedAsTheManifestsAllow(ScenarioWorld world)
    {
        var checkout = (await world.Shop.FindAsync(ShopCluster.Checkout))!;
        Assert.False(Automated(checkout)!["enabled"]!.GetValue<bool>());
        Assert.True(Automated(checkout)!["selfHeal"]!.GetValue<bool>());
        Assert.Equal("1", (string?)checkout["metadata"]!["annotations"]!["chatops.dev/incident"]);
        Assert.NotNull(checkout["metadata"]!["annotations"]!["chatops.dev/expires-at"]);
        Assert.Contains(checkout["metadata"]!["managedFields"]!.AsArray(), entry =>
            (string?)entry!["manager"] == "chatops" && entry["fieldsV1"]!.ToJsonString().Contains("\"f:enabled\"", StringComparison.Ordinal));
        Assert.Equal(new ActedAs(BotRights.BotUser, "chatops:on-call", "alice@example.com"), Assert.Single(world.Shop.PatchesOfCheckout().Distinct()));
    }

    /// <summary>Argo CD has compared what alice did, says that it differs, and leaves it.</summary>
    private static async Task AHandFixStands(ScenarioWorld world, string thread)
    {
        await world.Shop.HandFixAsync();
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => (string?)checkout["status"]?["sync"]?["status"] == "OutOfSync", "Argo CD to see the hand fix");
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Shop.Argo.SettleAsync(CancellationToken.None);

        Assert.True(ShopCluster.Works((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));
        await world.ThreadSaysAsync(thread, "checkout: 1 field changed by hand", "ConfigMap/checkout");
    }

    private static async Task ClosingIsRefused(ScenarioWorld world, string thread)
    {
        await world.Alice.MentionAsync(Incidents, thread, "close");
        Shows(await world.PersonIsToldAsync(world.Alice, "cannot close yet"), "checkout", "is paused until", "resume checkout");
    }

    private static async Task StatusAndTimelineAnswer(ScenarioWorld world, string thread)
    {
        await CardSaysAsync(world, thread, "paused until", "holding", "rollback of payment config");
        await world.Alice.CommandAsync("/incident", "status", Incidents);
        await world.PersonIsToldAsync(world.Alice, "Incident 1: Checkout 500s", "holding");
        await world.Alice.CommandAsync("/incident", "timeline", Incidents);
        await world.PersonIsToldAsync(world.Alice, "Timeline of incident 1", "Alice Adler declared", "Alice Adler asked to pause checkout", "Bob Brown approved", "is holding");
    }

    private static async Task ResumingShowsFirstWhatItOverwrites(ScenarioWorld world, string thread)
    {
        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        var asked = await world.ThreadSaysAsync(thread, "Argo CD would then make 1 field as Git says", "Resume and overwrite");
        Shows(asked, "ConfigMap/checkout", "PAYMENT_MODE", "[kubectl-edit");
        await world.Alice.PressAsync(asked, "Resume and overwrite");
        Shows(await world.ThreadSaysAsync(thread, "checkout: 1 field had been changed by hand"), "kubectl patch configmap checkout", "PAYMENT_MODE");
    }

    private static async Task ResumingRestoresExactly(ScenarioWorld world, string thread)
    {
        await world.ThreadSaysAsync(thread, "checkout", "is resumed by Alice Adler");

        var checkout = (await world.Shop.FindAsync(ShopCluster.Checkout))!;
        Assert.Equal("""{"prune":true,"selfHeal":true}""", new JsonObject(Automated(checkout)!.OrderBy(field => field.Key).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))).ToJsonString());
        Assert.DoesNotContain("chatops.dev", checkout["metadata"]!["annotations"]?.ToJsonString() ?? "", StringComparison.Ordinal);
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, config => (string?)config["data"]?["PAYMENT_MODE"] == SampleShop.BrokenMode, "Argo CD to apply what Git says");
        await CardSaysAsync(world, thread, "Reconciling");
    }

    private static JsonObject? Automated(JsonObject application) => application["spec"]?["syncPolicy"]?["automated"] as JsonObject;
}
