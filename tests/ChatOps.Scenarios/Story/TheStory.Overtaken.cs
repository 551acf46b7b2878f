using ChatOps.Sandbox.ArgoCd;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <content>Somebody takes a pause away behind the bot's back: it is theirs to have done, and people's to settle.</content>
public abstract partial class TheStory
{
    private const string On = """{ "spec": { "syncPolicy": { "automated": { "enabled": true } } } }""";

    [StoryFact]
    public async Task Somebody_who_switches_it_on_again_behind_our_back_is_named_and_left_alone_and_people_settle_it()
    {
        await using var world = await StartAsync();
        var thread = await PauseAsync(world);

        await world.Shop.AdminPatchesCheckoutAsync(On, "argocd-server");

        Shows(await world.ThreadSaysAsync(thread, "not paused any more", "argocd-server", "<@U0ALICE>"), "resume checkout", "Pause again", "Settle");
        Shows(await CardSaysAsync(world, thread, "argocd-server switched auto-sync on again"), "<@U0ALICE>");
        await world.Alice.CommandAsync("/incident", "status", Incidents);
        await world.PersonIsToldAsync(world.Alice, "Incident 1: Checkout 500s", "argocd-server switched auto-sync on again");
        Assert.True(Automated((await world.Shop.FindAsync(ShopCluster.Checkout))!)!["enabled"]!.GetValue<bool>());
        await world.Shop.HandFixAsync();
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, config => (string?)config["data"]?["PAYMENT_MODE"] == SampleShop.BrokenMode, "the revert that people were told of");
        await world.Alice.MentionAsync(Incidents, thread, "close");
        await world.PersonIsToldAsync(world.Alice, "cannot close yet", "argocd-server switched auto-sync on again", "resume checkout");

        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");

        await world.ThreadSaysAsync(thread, "is settled by Alice Adler", "argocd-server switched auto-sync on before me", "left it as it is");
        var checkout = (await world.Shop.FindAsync(ShopCluster.Checkout))!;
        Assert.True(Automated(checkout)!["enabled"]!.GetValue<bool>());
        Assert.DoesNotContain("chatops.dev", checkout["metadata"]!["annotations"]?.ToJsonString() ?? "", StringComparison.Ordinal);
        await world.Alice.MentionAsync(Incidents, thread, "close");
        await world.ThreadSaysAsync(thread, "closed the incident");
    }

    [StoryFact]
    public async Task What_was_taken_away_is_paused_again_with_one_press_and_an_approval_and_restored_as_it_was()
    {
        await using var world = await StartAsync();
        var thread = await PauseAsync(world);
        await world.Shop.AdminPatchesCheckoutAsync(On, "argocd-server");
        var alarm = await world.ThreadSaysAsync(thread, "not paused any more", "argocd-server");

        await world.Alice.PressAsync(alarm, "Pause again");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, "Pause checkout", "needs one approval"), "Approve");

        await world.ThreadSaysAsync(thread, "held by another override", "this one is settled");
        await CardSaysAsync(world, thread, "paused until", "holding");
        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        await world.ThreadSaysAsync(thread, "checkout", "is resumed by Alice Adler");
        var checkout = (await world.Shop.FindAsync(ShopCluster.Checkout))!;
        Assert.True(Automated(checkout)!["enabled"]!.GetValue<bool>());
        Assert.DoesNotContain("chatops.dev", checkout["metadata"]!["annotations"]?.ToJsonString() ?? "", StringComparison.Ordinal);
    }

    [StoryFact]
    public async Task Off_by_somebody_elses_hand_is_said_so_and_stays_so_only_when_a_person_says_it()
    {
        await using var world = await StartAsync();
        var thread = await PauseAsync(world);

        await world.Shop.AdminPatchesCheckoutAsync("""{ "metadata": { "annotations": { "chatops.dev/incident": null, "chatops.dev/operation": null, "chatops.dev/expires-at": null, "chatops.dev/before": null } }, "spec": { "syncPolicy": { "automated": null } } }""", "kubectl-edit");

        await world.ThreadSaysAsync(thread, "still off, but no longer by us", "<@U0ALICE>");
        await CardSaysAsync(world, thread, "still off, but no longer by us");
        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        var asked = await world.ThreadSaysAsync(thread, "I put back only what is mine", "Leave it off");
        Assert.Null(Automated((await world.Shop.FindAsync(ShopCluster.Checkout))!));
        await world.Alice.PressAsync(asked, "Leave it off");

        await world.ThreadSaysAsync(thread, "is settled by Alice Adler", "stays so");
        Assert.Null(Automated((await world.Shop.FindAsync(ShopCluster.Checkout))!));
        await world.Alice.MentionAsync(Incidents, thread, "close");
        await world.ThreadSaysAsync(thread, "closed the incident");
    }
}
