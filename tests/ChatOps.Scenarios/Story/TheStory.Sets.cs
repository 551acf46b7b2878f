using ChatOps.Scenarios.Owners;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <content>A pause for which a rule lets the set be edited that would take it back.</content>
public abstract partial class TheStory
{
    private const string Tools = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets/tools";

    [StoryFact]
    public async Task A_set_is_told_to_leave_a_pause_alone_and_is_given_back_as_it_was()
    {
        await using var world = await StartAsync(("Policy:Rules:3:MayAddIgnoreApplicationDifferences", "true"));
        await SetRights.LetAsync(world.Shop);
        await world.Shop.WaitForAsync(Search, search => (string?)search["status"]?["sync"]?["status"] == "Synced", "search to be deployed");
        var (set, search, project) = (Spec(await world.Shop.FindAsync(Tools)), Spec(await world.Shop.FindAsync(Search)), Spec(await world.Shop.FindAsync(Project)));
        await world.Alice.CommandAsync("/incident", "declare \"Search is slow\" sev2 commander @bob apps search", Incidents);
        var thread = (await PinnedAsync(world)).Ts;
        await world.Alice.MentionAsync(Incidents, thread, "pause search for 30m because the index is being rebuilt");
        var asked = await world.ThreadSaysAsync(thread, "Pause search", "needs one approval");
        Shows(asked, "the set itself is edited: an entry for search alone", "ApplicationSet tools /spec/ignoreApplicationDifferences/-", "If somebody takes the entry out");

        await world.Bob.PressAsync(asked, "Approve");
        await world.ThreadSaysAsync(thread, "search", "is holding", "ApplicationSet tools has worked on it since");

        Assert.Equal("search", (string?)Assert.Single((await world.Shop.FindAsync(Tools))!["spec"]!["ignoreApplicationDifferences"]!.AsArray())!["name"]);
        Assert.Equal(project, Spec(await world.Shop.FindAsync(Project)));
        await FixSearchAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Shop.Argo.SettleAsync(CancellationToken.None);
        Assert.True(IsFixed((await world.Shop.FindAsync(SearchConfig))!));

        await world.Alice.MentionAsync(Incidents, thread, "resume search");
        await world.Alice.PressAsync(await world.ThreadSaysAsync(thread, "Argo CD would then make 1 field as Git says"), "Resume and overwrite");

        await world.ThreadSaysAsync(thread, "search", "is resumed by Alice Adler", "Our entry is out of ApplicationSet", "tools");
        await world.Shop.WaitForAsync(SearchConfig, config => !IsFixed(config), "Argo CD to apply what Git says");
        Assert.Equal((set, search), (Spec(await world.Shop.FindAsync(Tools)), Spec(await world.Shop.FindAsync(Search))));
    }
}
