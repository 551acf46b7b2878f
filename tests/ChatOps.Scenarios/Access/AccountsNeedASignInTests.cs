using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>Whom the cluster does not know gets an account only where they can sign in as somebody: not by the name that they do not have.</summary>
public sealed class AccountsNeedASignInTests
{
    private const string Incidents = SampleWorkspace.IncidentChannel;

    [Theory]
    [InlineData("KubernetesUser", false)]
    [InlineData(null, false)]
    [InlineData("Name", true)]
    public async Task An_account_is_given_only_to_whom_a_sign_in_can_recognise_without_it(string? matches, bool isAsked)
    {
        var overrides = new Dictionary<string, string?> { ["Identity:People:0:KubernetesUser"] = "", ["Policy:BreakGlass:AccountsIn"] = MortalServer.AccountsIn };
        if (matches is not null)
        {
            overrides["Web:Oidc:Authority"] = "https://login.example.com";
            overrides["Web:Oidc:ClientId"] = "chatops";
            overrides["Web:Oidc:ClientSecret"] = "not asked for in this story";
            overrides["Web:Oidc:Claim"] = "preferred_username";
            overrides["Web:Oidc:Matches"] = matches;
        }

        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false, overrides);
        await world.Bob.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;

        await world.Alice.MentionAsync(Incidents, thread, "breakglass request checkout as viewer for 30m because pods crashloop on config");

        await (isAsked ? world.ThreadSaysAsync(thread, "Access as viewer to checkout", "whom the cluster does not know", "needs one approval")
            : world.PersonIsToldAsync(world.Alice, "Web:Oidc", "Matches", "KubernetesUser"));
    }
}
