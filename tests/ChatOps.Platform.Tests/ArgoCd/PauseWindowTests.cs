using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>The window of a pause, the list it is in, and who would be held by it or take it away.</summary>
public sealed class PauseWindowTests
{
    private static readonly Guid Id = Guid.Parse("0193571e-0000-7000-8000-000000000001");
    private static readonly PauseWindow Window = new("argocd", "checkout", 7, Id, Some.Now.AddMinutes(45), "chatops:on-call", HadList: false);

    public static TheoryData<double, double> Moments => new() { { 0, 45 }, { 0.01, 45 }, { 29.9, 45 }, { 59.999, 45 }, { 12, 5.5 }, { 30, 44.99 }, { 0, 43_200 }, { 59, 0.02 } };

    /// <summary>Never earlier than was promised, a minute later at most, and open from the moment at which it is stored.</summary>
    [Theory]
    [MemberData(nameof(Moments))]
    public void It_is_open_until_the_pause_ends_and_a_minute_longer_at_most(double second, double minutes)
    {
        var now = Some.Now.AddSeconds(second);
        var until = now.AddMinutes(minutes);
        var window = Parse((Window with { Until = until }).ToJson(now));
        var application = Some.Read(Some.Application());

        Assert.True(SyncWindows.Denies(window, application, now));
        Assert.True(SyncWindows.Denies(window, application, now.AddMinutes(-1)), "a controller whose clock is behind");
        Assert.True(SyncWindows.Denies(window, application, until));
        Assert.True(SyncWindows.Denies(window, application, until.AddSeconds(4)), "a controller whose clock is ahead");
        Assert.False(SyncWindows.Denies(window, application, until.AddSeconds(66)));
    }

    [Fact]
    public void Its_description_says_all_that_is_needed_to_take_it_over()
    {
        Assert.Equal(Window, PauseWindow.Read(Parse(Window.ToJson(Some.Now))));
        Assert.Equal("Pause of argocd/checkout by ChatOps for incident 7 until 2026-11-23T09:45:00Z; resume it there. chatops.dev/operation=0193571e-0000-7000-8000-000000000001 list=made as=chatops:on-call", (string?)Window.ToJson(Some.Now)["description"]);
        Assert.Null(PauseWindow.Read(Parse(new JsonObject { ["description"] = "Pause of argocd/checkout by somebody" })));
    }

    [Fact]
    public void One_that_somebody_edited_holds_no_more_and_is_still_ours_to_take_away()
    {
        foreach (var (key, value) in new (string, JsonNode)[] { ("kind", "allow"), ("schedule", "0 0 1 1 *"), ("duration", "1s"), ("applications", new JsonArray("other")), ("schedule", "nonsense") })
        {
            var window = Window.ToJson(Some.Now);
            window[key] = value;
            var project = new ProjectWindows(Parse(Project(window)));

            var mark = Assert.Single(project.MarksOf(Some.Read(Some.Application()), Some.Now));

            Assert.Equal(new HeldWindow("default", IsOpen: false), mark.Window);
            Assert.Single(project.Ours);
        }
    }

    /// <summary>Some.Now is a Monday, 09:00.</summary>
    [Theory]
    [InlineData("0 8 * * *", "2h", "2026-11-23T10:00:00Z", "2026-11-24T08:00:00Z")]
    [InlineData("0 7 * * *", "1h", null, "2026-11-24T07:00:00Z")]
    [InlineData("30 8 * * *", "1h", "2026-11-23T09:30:00Z", "2026-11-24T08:30:00Z")]
    [InlineData("0 * * * *", "61m", "9999", "2026-11-23T10:00:00Z")]
    [InlineData("0 8-10 * * *", "70m", "2026-11-23T11:10:00Z", "2026-11-23T10:00:00Z")]
    [InlineData("nonsense", "1h", "9999", null)]
    public void Until_when_a_window_is_open_counts_openings_that_follow_each_other(string schedule, string duration, string? until, string? opens)
    {
        var seen = SyncWindows.Seen(Parse(new JsonObject { ["kind"] = "deny", ["schedule"] = schedule, ["duration"] = duration, ["applications"] = new JsonArray("*") }), isOurs: false, Some.Now);

        Assert.Equal(until is null ? (DateTimeOffset?)null : until == "9999" ? SeenWindow.NoEnd : DateTimeOffset.Parse(until, null), seen.OpenUntil);
        Assert.Equal(opens is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(opens, null), seen.OpensAt);
    }

    [Fact]
    public void It_is_no_blocker_to_its_own_application_and_one_to_its_namesake()
    {
        var project = Parse(Project(Window.ToJson(Some.Now)));
        var namesake = Some.Application();
        namesake["metadata"]!["namespace"] = "team-b";

        Assert.Empty(SyncWindows.BlockersOf(Some.Read(Some.Application()), [project], Some.Now));
        Assert.Equal(BlockerKind.DenyWindow, Assert.Single(SyncWindows.BlockersOf(Some.Read(namesake), [project], Some.Now)).Kind);
        Assert.Empty(new ProjectWindows(project).MarksOf(Some.Read(namesake), Some.Now));
    }

    [Fact]
    public void The_list_that_our_first_window_made_goes_with_the_last()
    {
        var second = Window with { Name = "search", Operation = Guid.NewGuid(), HadList = new ProjectWindows(Parse(Project(Window.ToJson(Some.Now)))).HadList };

        Assert.False(second.HadList);
        Assert.Contains("\"path\":\"/spec/syncWindows\"", new ProjectWindows(Parse(Project(second.ToJson(Some.Now)))).Remove(0, second.HadList), StringComparison.Ordinal);
        Assert.Contains("\"path\":\"/spec/syncWindows/0\"", new ProjectWindows(Parse(Project(second.ToJson(Some.Now)))).Remove(0, hadList: true), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string?, bool, string> Owned => new()
    {
        { "nobody", "{}", null, false, "" },
        { "a person with kubectl apply", """{"managedFields":[{"manager":"kubectl-client-side-apply","operation":"Update","fieldsV1":{"f:spec":{"f:syncWindows":{}}}}]}""", null, false, "" },
        { "Flux", """{"labels":{"kustomize.toolkit.fluxcd.io/name":"projects"}}""", null, true, "Flux Kustomization projects" },
        { "a controller", """{"ownerReferences":[{"kind":"Tenant","name":"shop"}]}""", null, true, "Tenant shop" },
        { "Git, without windows", Tracked("{}"), "{}", false, "A commit that gives" },
        { "Git, with windows", Tracked("""{"syncWindows":[]}"""), "{}", true, "sets the project's sync windows" },
        { "Git that replaces", Tracked("{}"), """{"syncPolicy":{"syncOptions":["Replace=true"]}}""", true, "Replace=true" },
        { "Git, whose parent cannot be read", Tracked("{}"), null, true, "could not be read" },
        { "Git that respects the difference", Tracked("""{"syncWindows":[]}"""), """{"syncPolicy":{"syncOptions":["RespectIgnoreDifferences=true"]},"ignoreDifferences":[{"group":"argoproj.io","kind":"AppProject","jsonPointers":["/spec/syncWindows"]}]}""", false, "no longer ignores" },
        { "Git that ignores it on applications", Tracked("""{"syncWindows":[]}"""), """{"syncPolicy":{"syncOptions":["RespectIgnoreDifferences=true"]},"ignoreDifferences":[{"group":"argoproj.io","kind":"Application","jsonPointers":["/spec/syncWindows"]}]}""", true, "sets the project's sync windows" },
    };

    [Theory]
    [MemberData(nameof(Owned))]
    public void Who_takes_a_window_back_is_known_before_it_is_written(string why, string metadata, string? parentSpec, bool takes, string says)
    {
        var project = Project();
        foreach (var (key, value) in JsonNode.Parse(metadata)!.AsObject())
        {
            project["metadata"]![key] = value?.DeepClone();
        }

        var read = new ApplicationJson(Parse(project));
        var parent = parentSpec is null ? (JsonElement?)null : JsonDocument.Parse($$$"""{"spec":{{{parentSpec}}},"status":{"resources":[{"group":"argoproj.io","kind":"AppProject","namespace":"argocd","name":"default"}]}}""").RootElement;

        var (takenBack, risk) = ProjectOwner.Judge(ProjectList.Windows, read, Owners.ClaimedParent(read, "argocd", ProjectOwner.Kind), parent);

        Assert.True(takes == takenBack is not null, $"{why}: {takenBack}");
        Assert.Contains(says, takenBack ?? risk ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void It_reaches_every_application_of_that_name_in_the_project()
    {
        var own = Some.Read(Some.Application());
        var admits = Project();
        admits["spec"]!["sourceNamespaces"] = new JsonArray("team-*");
        var list = Parse(new JsonObject { ["items"] = new JsonArray(Some.Application(), In("team-b", "default"), In("team-c", "other")) });

        Assert.Empty(WindowReach.Facts(own, Parse(Project()), "argocd", isGlobal: false, null).AlsoReaches);
        Assert.Equal([new ApplicationRef("argocd", "team-b", "checkout")], WindowReach.Facts(own, Parse(admits), "argocd", isGlobal: false, list).AlsoReaches);
        Assert.Equal(["team-b", "team-c"], WindowReach.Facts(own, Parse(Project()), "argocd", isGlobal: true, list).AlsoReaches.Select(other => other.Namespace));
        Assert.NotNull(WindowReach.Facts(own, Parse(admits), "argocd", isGlobal: false, null).ReachUnknown);
    }

    private static JsonObject In(string ns, string project)
    {
        var application = Some.Application();
        application["metadata"]!["namespace"] = ns;
        application["metadata"]!["uid"] = ns;
        application["spec"]!["project"] = project;
        return application;
    }

    private static JsonObject Project(JsonObject? window = null)
    {
        var project = JsonNode.Parse("""{"metadata":{"name":"default","namespace":"argocd","resourceVersion":"12"},"spec":{"sourceRepos":["*"]}}""")!.AsObject();
        if (window is not null)
        {
            project["spec"]!["syncWindows"] = new JsonArray(window);
        }

        return project;
    }

    private static string Tracked(string applied) =>
        new JsonObject { ["annotations"] = new JsonObject { ["argocd.argoproj.io/tracking-id"] = "platform:argoproj.io/AppProject:argocd/default", ["kubectl.kubernetes.io/last-applied-configuration"] = $$$"""{"spec":{{{applied}}}}""" } }.ToJsonString();

    private static JsonElement Parse(JsonObject json) => JsonDocument.Parse(json.ToJsonString()).RootElement;
}
