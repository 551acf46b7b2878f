using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;
using ChatOps.Server.Configuration;

namespace ChatOps.Scenarios.OthersBugs;

/// <summary>Bug 10: a reference in the policy that leads nowhere was read as "nobody needs to approve".</summary>
public sealed class PolicyReferenceTests
{
    private const string Incidents = SampleWorkspace.IncidentChannel;

    [Fact]
    public async Task Bug10_A_role_that_is_gone_when_the_vote_comes_approves_nothing()
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false);
        var card = await AskedAsync(world);
        await world.StopProductAsync();

        var renamed = world.Settings.All().Where(setting => setting.Key.StartsWith("Policy:", StringComparison.Ordinal) && setting.Value == "commander").ToDictionary(setting => setting.Key, _ => (string?)"leader");
        await using var product = await Product.StartAsync(world.Settings with { Overrides = renamed }, CancellationToken.None, time: world.Clock);
        await world.Bob.PressAsync(card, "Approve");

        await world.PersonIsToldAsync(world.Bob, "commander", "you do not hold it now");
        Assert.Empty(world.Shop.PatchesOfCheckout());
    }

    [Theory]
    [InlineData("comander", "Did you mean 'commander'?")]
    [InlineData("", "or name one of: on-call, commander")]
    public async Task Bug10_A_policy_that_names_a_role_which_does_not_exist_is_refused_at_the_start(string role, string fix)
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false);
        await AskedAsync(world);
        await world.StopProductAsync();
        var misspelt = new Dictionary<string, string?> { [Approver(world.Settings, "pause-shop")] = role };

        var refused = await Assert.ThrowsAsync<SettingsException>(() => Product.StartAsync(world.Settings with { Overrides = misspelt }, CancellationToken.None, time: world.Clock));

        Assert.Contains("pause-shop", refused.Message, StringComparison.Ordinal);
        Assert.Contains(fix, refused.Message, StringComparison.Ordinal);
        Assert.Empty(world.Shop.PatchesOfCheckout());
    }

    private static string Approver(ProductSettings settings, string rule) =>
        settings.All().Single(setting => setting.Key.EndsWith(":Name", StringComparison.Ordinal) && setting.Value == rule).Key[..^":Name".Length] + ":Approvals:FromRole";

    private static async Task<SlackMessage> AskedAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        var pinned = await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var card, ..] ? card : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);
        await world.Alice.MentionAsync(Incidents, pinned.Ts, "pause checkout for 30m because rollback of payment config");
        return await world.ThreadSaysAsync(pinned.Ts, "Pause checkout", "needs one approval");
    }
}
