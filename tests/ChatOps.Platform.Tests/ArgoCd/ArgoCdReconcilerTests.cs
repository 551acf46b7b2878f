using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Refreshing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd;

public sealed class ArgoCdReconcilerTests : ArgoCdReconcilerContract, IAsyncLifetime
{
    private FakeKubernetesApi fake = null!;
    private ApiUnderTest api = null!;

    protected override ApiUnderTest Api => api;

    public async Task InitializeAsync()
    {
        fake = await FakeKubernetesApi.StartAsync();
        fake.Put("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/applications.argoproj.io", Crd());
        fake.Put("/api/v1", new JsonObject { ["resources"] = new JsonArray(new JsonObject { ["name"] = "configmaps", ["kind"] = "ConfigMap" }) });
        fake.Put("/apis/apps/v1", new JsonObject { ["resources"] = new JsonArray(new JsonObject { ["name"] = "deployments", ["kind"] = "Deployment" }) });
        fake.MayPatch = (_, name) => name != "elsewhere";
        api = new(new ClusterOptions { Name = "production", Server = fake.Url.ToString(), Token = "bot" }, new HttpClient { BaseAddress = fake.Url });
    }

    public async Task DisposeAsync()
    {
        api.Dispose();
        await fake.DisposeAsync();
    }

    /// <summary>Not on the real one: 1.20 takes an empty text for null, and refuses it.</summary>
    [Fact]
    public Task A_switch_is_put_back_where_an_empty_text_was() => SwitchesAsync("blank", application => application["spec"]!["source"]!["targetRevision"] = "");

    /// <summary>Not on the real one, whose CRD has descriptions.</summary>
    [Fact]
    public async Task A_window_that_loses_its_mark_is_taken_out_at_once()
    {
        var (reconciler, _, operation) = await ByWindowAsync("nameless", """{"sourceRepos":["*"],"syncWindows":[]}""");
        fake.Prune = stored => _ = (stored["spec"]!["syncWindows"] as JsonArray)?.OfType<JsonObject>().All(window => window.Remove("description"));

        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Rejected, answer.Kind);
        Assert.Empty((await Api.ReadProjectAsync("nameless"))["spec"]!["syncWindows"]!.AsArray());
    }

    /// <summary>The first one came although its answer did not: not two of them.</summary>
    [Fact]
    public async Task A_lost_answer_is_looked_into()
    {
        var (reconciler, _, operation) = await ByWindowAsync("first", """{"sourceRepos":["*"]}""");
        fake.Faults["PATCH first"] = new("PATCH") { DropsAnswer = true };

        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None));

        Assert.Single((await Api.ReadProjectAsync("first"))["spec"]!["syncWindows"]!.AsArray());
    }

    /// <summary>Somebody appends a window between our look and our patch: both are there, and only ours goes.</summary>
    [Fact]
    public async Task Somebody_faster_keeps_what_they_wrote()
    {
        var (reconciler, _, operation) = await ByWindowAsync("first", """{"sourceRepos":["*"]}""");
        fake.BeforePatch = stored =>
        {
            fake.BeforePatch = null;
            stored["spec"]!["syncWindows"] = new JsonArray(JsonNode.Parse("""{"kind":"allow","schedule":"* * * * *","duration":"1h"}"""));
            stored["metadata"]!["resourceVersion"] = "faster";
        };

        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None));
        Assert.Equal(["allow", "deny"], Kinds(await Api.ReadProjectAsync("first")));
        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Lease.Written(operation, Some.Now).Stored(Some.Now).End("bob"), CancellationToken.None));
        Assert.Equal(["allow"], Kinds(await Api.ReadProjectAsync("first")));
    }

    /// <summary>The pause is left to another incident between our look and our patch: that one's end is not moved.</summary>
    [Fact]
    public async Task Somebody_faster_keeps_the_end_of_the_pause_that_was_left_to_them()
    {
        var (reconciler, app, operation) = await PlannedAsync("left-first");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        fake.BeforePatch = stored =>
        {
            fake.BeforePatch = null;
            stored["metadata"]!["annotations"]![Annotations.Incident] = "8";
        };

        var extension = operation with { Id = Guid.NewGuid(), Kind = OperationKind.Extend, Until = Some.Now.AddHours(3) };
        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.MarkAsync(extension.Start(Some.Now), CancellationToken.None)).Kind);
        Assert.Equal((8, Some.Now.AddMinutes(45)), ((await FactsAsync(reconciler, app)).Mark!.Incident, (await FactsAsync(reconciler, app)).Mark!.ExpiresAt));
    }

    /// <summary>Another incident holds it between our look and our patch: that one decides when it ends.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("""{"team":"shop"}""")]
    public async Task Somebody_faster_keeps_what_they_hold_from_being_put_back(string? annotations)
    {
        var (reconciler, app, lease) = await TakenAsync("out-held", """[{"op":"replace","path":"/spec/source/targetRevision","value":"fix"}]""", annotations);
        fake.BeforePatch = stored =>
        {
            fake.BeforePatch = null;
            var marks = (JsonObject)(stored["metadata"]!["annotations"] ??= new JsonObject());
            (marks[Annotations.Operation], marks[Annotations.Incident]) = (Guid.NewGuid().ToString(), "8");
        };

        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.PutBackAsync(lease.End("bob"), CancellationToken.None)).Kind);
        Assert.Equal("fix", (string?)(await Api.ReadAsync(app))["spec"]!["source"]!["targetRevision"]);
    }

    /// <summary>A hard refresh is asked for between our look and our patch: it answers ours as well, and is not made a normal one.</summary>
    [Fact]
    public async Task Somebody_faster_keeps_the_refresh_that_they_asked_for()
    {
        var (reconciler, app, pause) = await PlannedAsync("refresh-raced", annotations: """{"team":"shop"}""");
        var operation = pause with { Kind = OperationKind.Refresh, Plan = pause.Plan with { Work = new RefreshWork(Hard: false) } };
        fake.BeforePatch = stored =>
        {
            fake.BeforePatch = null;
            stored["metadata"]!["annotations"]![Annotations.Refresh] = "hard";
        };

        Assert.Equal(ClusterAnswerKind.UnderWay, (await reconciler.RefreshAsync(operation.Start(Some.Now), CancellationToken.None)).Kind);
        Assert.Equal("hard", (string?)(await Api.ReadAsync(app))["metadata"]!["annotations"]![Annotations.Refresh]);
    }

    /// <summary>Somebody took our marks away (a set does), and another incident's came between our look and our patch.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Somebody_faster_keeps_what_they_hold_from_an_end_of_ours_that_has_lost_its_marks(bool hasOthers)
    {
        var (reconciler, app, operation) = await PlannedAsync("end-held");
        Assert.True((await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None)).IsOk);
        await Api.EditAsync(app, hasOthers ? """[{"op":"replace","path":"/metadata/annotations","value":{"team":"shop"}}]""" : """[{"op":"remove","path":"/metadata/annotations"}]""");
        fake.BeforePatch = stored =>
        {
            fake.BeforePatch = null;
            var marks = (JsonObject)(stored["metadata"]!["annotations"] ??= new JsonObject());
            (marks[Annotations.Operation], marks[Annotations.Incident]) = (Guid.NewGuid().ToString(), "8");
        };

        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None)).Kind);
        Assert.False((bool)(await Api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]!);
    }

    /// <summary>The entry came although its answer did not: not two of them.</summary>
    [Fact]
    public async Task A_lost_answer_of_a_set_is_looked_into()
    {
        var (reconciler, _, operation) = await BySetAsync("set-lost", null);
        fake.Faults["PATCH set-lost"] = new("PATCH") { DropsAnswer = true };

        Assert.Equal(ClusterAnswerKind.FenceBusy, (await reconciler.PauseAsync(operation.Operation.Continue(), CancellationToken.None)).Kind);
        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(operation.Operation.Continue(), CancellationToken.None));

        Assert.Single((await Api.ReadSetAsync("set-lost"))["spec"]!["ignoreApplicationDifferences"]!.AsArray());
    }

    /// <summary>Somebody adds an entry between our look and our patch, at the beginning and at the end.</summary>
    [Fact]
    public async Task Somebody_faster_keeps_what_they_wrote_into_a_set()
    {
        var (reconciler, app, operation) = await BySetAsync("set-raced", null);
        AddsFirst("payments");
        await PauseBySetAsync(reconciler, app, operation);
        Assert.Equal(["payments", app.Name], Names());

        AddsFirst("reports");
        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));
        Assert.Equal(["reports", "payments"], Names());

        void AddsFirst(string name) => fake.BeforePatch = stored =>
        {
            if ((string?)stored["kind"] == "ApplicationSet")
            {
                fake.BeforePatch = null;
                var list = stored["spec"]!["ignoreApplicationDifferences"] as JsonArray ?? (JsonArray)(stored["spec"]!["ignoreApplicationDifferences"] = new JsonArray());
                list.Insert(0, JsonNode.Parse($$"""{"name":"{{name}}","jsonPointers":["/spec/source"]}"""));
                stored["metadata"]!["resourceVersion"] = $"faster-{name}";
            }
        };

        IEnumerable<string> Names() => Api.ReadSetAsync("set-raced").Result["spec"]!["ignoreApplicationDifferences"]!.AsArray().Select(entry => (string)entry!["name"]!);
    }

    /// <summary>An Argo CD whose sets know no such list drops it without a word.</summary>
    [Fact]
    public async Task A_set_that_keeps_no_entry_is_not_relied_on()
    {
        var (reconciler, app, operation) = await BySetAsync("set-old", null);
        fake.Prune = stored => _ = (stored["spec"] as JsonObject)?.Remove("ignoreApplicationDifferences");

        var answer = await reconciler.PauseAsync(operation.Operation.Continue(), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Rejected, answer.Kind);
        Assert.Null((await Api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
    }

    private static IEnumerable<string> Kinds(JsonObject project) => project["spec"]!["syncWindows"]!.AsArray().Select(window => (string)window!["kind"]!);

    internal static JsonObject Crd(string automated = """{"properties":{"enabled":{"type":"boolean"}}}""")
    {
        var syncPolicy = new JsonObject { ["properties"] = new JsonObject { ["automated"] = JsonNode.Parse(automated) } };
        var spec = new JsonObject { ["properties"] = new JsonObject { ["syncPolicy"] = syncPolicy } };
        var schema = new JsonObject { ["properties"] = new JsonObject { ["spec"] = spec } };
        var version = new JsonObject { ["name"] = "v1alpha1", ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema } };
        return new() { ["metadata"] = new JsonObject(), ["spec"] = new JsonObject { ["versions"] = new JsonArray(version) } };
    }
}
