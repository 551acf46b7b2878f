using System.Text.Json.Nodes;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <content>A pause that only a deny window can hold.</content>
public abstract partial class TheStory
{
    private const string Project = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop";
    private const string Search = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/search";
    private const string SearchConfig = "/api/v1/namespaces/shop/configmaps/search";

    [StoryFact]
    public async Task A_sets_application_is_held_by_a_window_and_given_back_as_it_was()
    {
        await using var world = await StartAsync();
        var (project, search) = (Spec(await world.Shop.FindAsync(Project)), Spec(await world.Shop.FindAsync(Search)));
        var (thread, _) = await HeldAsync(world);

        var window = (JsonObject)Assert.Single((await world.Shop.FindAsync(Project))!["spec"]!["syncWindows"]!.AsArray())!;
        Assert.Equal("deny", (string?)window["kind"]);
        Assert.Equal("search", (string?)Assert.Single(window["applications"]!.AsArray()));
        Assert.Contains("for incident 1", (string?)window["description"], StringComparison.Ordinal);
        await FixSearchAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Shop.Argo.SettleAsync(CancellationToken.None);
        Assert.True(IsFixed((await world.Shop.FindAsync(SearchConfig))!));
        await world.Alice.MentionAsync(Incidents, thread, "pause search for 30m because again");
        await world.PersonIsToldAsync(world.Alice, "search is paused already");

        await world.Alice.MentionAsync(Incidents, thread, "resume search");
        await world.Alice.PressAsync(await world.ThreadSaysAsync(thread, "Argo CD would then make 1 field as Git says"), "Resume and overwrite");

        await world.ThreadSaysAsync(thread, "search", "is resumed by Alice Adler");
        Assert.Equal(project, Spec(await world.Shop.FindAsync(Project)));
        await world.Shop.WaitForAsync(SearchConfig, config => !IsFixed(config), "Argo CD to apply what Git says");
        Assert.Equal(search, Spec(await world.Shop.FindAsync(Search)));
    }

    [StoryFact]
    public async Task A_window_ends_at_its_time_and_Argo_CD_is_told_at_once()
    {
        await using var world = await StartAsync();
        var (thread, until) = await HeldAsync(world);
        await FixSearchAsync(world);

        world.Clock.Advance(until - world.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));

        await world.ThreadSaysAsync(thread, "The time of", "search", "is over");
        await world.ThreadSaysAsync(thread, "search", "is resumed by chatops");
        Assert.Null((await world.Shop.FindAsync(Project))!["spec"]!["syncWindows"]);
        await world.Shop.WaitForAsync(SearchConfig, config => !IsFixed(config), "Argo CD to apply what Git says");
    }

    [StoryFact]
    public async Task A_window_that_somebody_takes_out_is_an_alarm_with_who_did_it()
    {
        await using var world = await StartAsync();
        var (thread, _) = await HeldAsync(world);

        await world.Shop.AdminPatchesAsync(Project, """{"spec":{"syncWindows":null}}""");
        world.Clock.Advance(TimeSpan.FromMinutes(1));

        await world.ThreadSaysAsync(thread, "search", "not held any more", "our deny window out of project shop");
        await CardSaysAsync(world, thread, "not held any more");
    }

    /// <summary>From the request to the moment at which it is known to hold; returns the thread, and the moment that the window's own text names.</summary>
    private static async Task<(string Thread, DateTimeOffset Until)> HeldAsync(ScenarioWorld world)
    {
        await world.Shop.WaitForAsync(Search, search => (string?)search["status"]?["sync"]?["status"] == "Synced", "search to be deployed");
        await world.Alice.CommandAsync("/incident", "declare \"Search is slow\" sev2 commander @bob apps search", Incidents);
        var thread = (await PinnedAsync(world)).Ts;
        await world.Alice.MentionAsync(Incidents, thread, "pause search for 30m because the index is being rebuilt");
        var asked = await world.ThreadSaysAsync(thread, "Pause search", "needs one approval");
        Shows(asked, "ApplicationSet tools takes a pause back", "So a deny window in project shop holds it", "reaches search and nothing else", "ends by itself", "AppProject shop /spec/syncWindows/-");

        await world.Bob.PressAsync(asked, "Approve");
        await world.ThreadSaysAsync(thread, "search", "is paused until");
        await world.ThreadSaysAsync(thread, "search", "is holding", "starts nothing by itself");
        var text = (string)(await world.Shop.FindAsync(Project))!["spec"]!["syncWindows"]![0]!["description"]!;
        return (thread, DateTimeOffset.Parse(text.Split(" until ")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Task FixSearchAsync(ScenarioWorld world) => world.Shop.AdminPatchesAsync(SearchConfig, """{"data":{"BY_HAND":"yes","CACHE_SECONDS":"1"}}""");

    private static bool IsFixed(JsonObject config) => (string?)config["data"]?["CACHE_SECONDS"] == "1";

    private static string Spec(JsonObject? stored) => stored!["spec"]!.ToJsonString();
}
