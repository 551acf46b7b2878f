using ChatOps.Sandbox.ArgoCd;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <content>A rule that wants more than a second press before changes by hand are overwritten.</content>
public abstract partial class TheStory
{
    [StoryFact]
    public async Task Somebody_else_agrees_before_a_hand_fix_is_overwritten()
    {
        await using var world = await StartAsync((RuleOfPauses + ":OverwritingNeeds", "Approval"));
        var thread = await PauseAsync(world);
        await AHandFixStands(world, thread);
        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        var asked = await world.ThreadSaysAsync(thread, "somebody else, as commander, agrees", "ConfigMap/checkout", "Agree: resume and overwrite");

        await world.Alice.PressAsync(asked, "Agree: resume and overwrite");
        await world.PersonIsToldAsync(world.Alice, "nobody agrees to their own");
        Assert.False(Automated((await world.Shop.FindAsync(ShopCluster.Checkout))!)!["enabled"]!.GetValue<bool>());

        await world.Bob.PressAsync(asked, "Agree: resume and overwrite");
        await world.ThreadSaysAsync(thread, "checkout", "is resumed by Alice Adler");
        Assert.DoesNotContain("Agree: resume", Reading.Of(await world.ThreadSaysAsync(thread, "Settled at", "by Alice Adler; Bob Brown agreed")), StringComparison.Ordinal);
    }

    [StoryFact]
    public async Task What_a_rule_wants_in_Git_is_resumed_once_it_is_merged_and_stays()
    {
        await using var world = await StartAsync((RuleOfPauses + ":OverwritingNeeds", "InGit"));
        var thread = await PauseAsync(world);
        await AHandFixStands(world, thread);
        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        await world.ThreadSaysAsync(thread, "wants it in Git first", "ConfigMap/checkout");

        var broken = await world.Shop.Repository.ReadAsync("main", "checkout/app.yaml", CancellationToken.None);
        var merged = await world.Shop.Repository.CommitAsync("main", "bring the hand fix to Git", new Dictionary<string, string?> { ["checkout/app.yaml"] = broken.Replace(SampleShop.BrokenMode, SampleShop.GoodMode, StringComparison.Ordinal) + "\n" }, CancellationToken.None);
        world.Clock.Advance(TimeSpan.FromSeconds(5));
        await world.Alice.MentionAsync(Incidents, thread, "refresh checkout");
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => (string?)checkout["status"]?["sync"]?["revision"] == merged, "Argo CD to see the merge");
        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");

        await world.ThreadSaysAsync(thread, "checkout", "is resumed by Alice Adler");
        await world.ThreadSaysAsync(thread, "checkout", "is as Git says");
        Assert.True(ShopCluster.Works((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));
    }
}
