using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <content>Somebody deletes an object of Git's while Argo CD is paused.</content>
public abstract partial class TheStory
{
    [StoryFact]
    public async Task What_is_deleted_under_a_pause_is_named_and_comes_back_with_the_resume_and_the_command_deletes_it_again()
    {
        const string again = "kubectl delete configmap checkout --namespace shop";
        await using var world = await StartAsync();
        var thread = await PauseAsync(world);
        using var deleted = await world.Shop.Admin.DeleteAsync(ShopCluster.CheckoutConfig);
        Assert.True(deleted.IsSuccessStatusCode);
        var named = await world.ThreadSaysAsync(thread, "checkout: 1 object deleted", "ConfigMap/checkout", "deleted since it was deployed", "Who or what deleted is not known");
        Assert.DoesNotContain("by hand", Reading.Of(named), StringComparison.Ordinal);
        await world.Alice.CommandAsync("/incident", "timeline", Incidents);
        await world.PersonIsToldAsync(world.Alice, "Deleted in checkout, by whom or what is not known", again);

        await DeployWorkerAsync(world, "one"); // what Git has only now nobody has deleted
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => checkout["status"]!["resources"]!.AsArray().Any(resource => (string?)resource!["name"] == "checkout-worker"), "Argo CD to miss the worker");
        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        var asked = await world.ThreadSaysAsync(thread, "Argo CD would then make 1 object again that was deleted", "ConfigMap/checkout", "Resume and overwrite");
        Assert.DoesNotContain("checkout-worker", Reading.Of(asked), StringComparison.Ordinal);
        Assert.Null(await world.Shop.FindAsync(ShopCluster.CheckoutConfig));
        await world.Alice.PressAsync(asked, "Resume and overwrite");

        Shows(await world.ThreadSaysAsync(thread, "checkout: 1 object had been deleted"), "To delete it again", again);
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, _ => true, "Argo CD to make it again");
    }
}
