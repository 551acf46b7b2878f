using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <content>What is said about a pause, and only what was seen.</content>
public abstract partial class TheStory
{
    [StoryFact]
    public async Task A_revert_that_was_already_on_its_way_is_said_with_the_resources_it_touched()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        var asked = await AskForPauseAsync(world, thread);
        var held = world.Shop.Argo.HoldNextSync();
        await world.Shop.HandFixAsync();
        await held.Decided;

        await world.Bob.PressAsync(asked, "Approve");
        await world.ThreadSaysAsync(thread, "checkout", "is paused until");
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        held.Release();

        await world.ThreadSaysAsync(thread, "A revert that was already on its way", "ConfigMap", "checkout");
        await world.ThreadSaysAsync(thread, "is holding");
        Assert.False(ShopCluster.Works((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));
    }

    [StoryFact]
    [Trait("Bug", "17")]
    public async Task A_controller_that_does_not_answer_is_said_and_so_is_that_it_answers_again()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        var asked = await AskForPauseAsync(world, thread);
        await world.Shop.Argo.FreezeAsync(CancellationToken.None);

        await world.Bob.PressAsync(asked, "Approve");
        await world.ThreadSaysAsync(thread, "checkout", "is paused until");
        world.Clock.Advance(TimeSpan.FromSeconds(11));
        await world.ThreadSaysAsync(thread, "not known to hold", "the controller has not answered");
        await CardSaysAsync(world, thread, "not known to hold");
        Assert.DoesNotContain(world.Channel.Thread(thread), message => Reading.Shows(message, "is holding"));

        world.Shop.Argo.Thaw();
        await world.ThreadSaysAsync(thread, "is holding");
    }

    [StoryFact]
    public async Task A_pause_in_the_channel_finds_its_incident_and_a_denial_says_why()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        await world.Alice.CommandAsync("/gitops", "pause checkout for 45m because rollback of payment config", Incidents);
        var asked = await world.ThreadSaysAsync(thread, "Pause checkout", "needs one approval");

        await world.Bob.PressAsync(asked, "Deny …");
        await world.Bob.Dialogs.WaitAsync(CancellationToken.None);
        var outcome = await world.Bob.Dialogs.SubmitAsync(new Dictionary<string, string> { ["Why?"] = "the gateway is back" });

        Assert.True(outcome.IsClosed);
        await world.ThreadSaysAsync(thread, "Bob Brown denied", "the gateway is back");
        await world.ThreadSaysAsync(thread, "Pause checkout", "denied", "the gateway is back");
        Assert.Empty(world.Shop.PatchesOfCheckout());
        Assert.Null(Automated((await world.Shop.FindAsync(ShopCluster.Checkout))!)!["enabled"]);
    }

    [StoryFact]
    [Trait("Bug", "14")]
    public async Task What_would_be_taken_back_is_refused_with_the_reason_and_what_a_parent_leaves_alone_is_shown_with_it()
    {
        await using var world = await StartAsync();
        await world.Shop.AdminPatchesAsync(Project, """{"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"projects"}}}""");
        await world.Alice.CommandAsync("/incident", "declare \"Search is slow\" apps search,reports", Incidents);
        var thread = (await PinnedAsync(world)).Ts;

        await world.Alice.MentionAsync(Incidents, thread, "pause search for 30m because too slow");
        Shows(await world.PersonIsToldAsync(world.Alice, "ApplicationSet tools takes a pause back"), "ignoreApplicationDifferences", "A deny window in project shop would not hold either", "Flux Kustomization projects");
        await world.Alice.MentionAsync(Incidents, thread, "pause reports for 30m because too slow");
        Shows(await world.ThreadSaysAsync(thread, "Pause reports", "needs one approval"), "The parent application platform does not set this field in its Git", "A commit that sets");
    }
}
