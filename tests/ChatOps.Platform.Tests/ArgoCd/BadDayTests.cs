using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>What an API server, and what stands before it, can say that is no answer; and what people do meanwhile.</summary>
public sealed class BadDayTests : IAsyncLifetime
{
    private const string Crd = "applications.argoproj.io";
    private FakeKubernetesApi fake = null!;
    private ApiUnderTest api = null!;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"kind":"Status","metadata":{}}""")]
    [InlineData("""{"kind":"Application","metadata":{"name":"another","uid":"1"}}""")]
    public async Task What_is_not_the_application_is_no_proof_that_it_is_gone(string body)
    {
        var (reconciler, app, operation) = await PlannedAsync();
        fake.Faults["GET"] = new("GET") { Status = 200, Body = (JsonObject)JsonNode.Parse(body)!, Once = false };

        Assert.Equal(ClusterAnswerKind.Unavailable, (await reconciler.InspectAsync(app, default)).Answer.Kind);
        Assert.Equal(ClusterAnswerKind.Unavailable, (await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), default)).Kind);
    }

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(7, 7)]
    [InlineData(3600, 60)]
    public async Task Nobody_is_made_to_wait_an_hour_and_nothing_loops_because_of_a_header(int asked, double waited)
    {
        var (reconciler, app, _) = await PlannedAsync();
        fake.Faults["GET"] = new("GET") { Status = 429, RetryAfterSeconds = asked };

        Assert.Equal(TimeSpan.FromSeconds(waited), (await reconciler.InspectAsync(app, default)).Answer.RetryAfter);
    }

    [Fact]
    public async Task A_project_that_may_not_be_read_is_named_and_not_taken_for_one_without_windows()
    {
        var (reconciler, app, _) = await PlannedAsync();
        fake.Faults["GET appprojects/default"] = new("GET") { Status = 403, Once = false };

        var (_, facts) = await reconciler.InspectAsync(app, default);

        Assert.Equal(["default"], facts!.UnreadProjects);
    }

    [Theory]
    [InlineData(Crd)]
    [InlineData("appprojects/default")]
    [InlineData("applications/apps")]
    [InlineData("argocd-cm")]
    public async Task Half_the_facts_are_none_so_that_no_approval_falls_for_a_hiccup(string unanswered)
    {
        fake.Put("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/default", new JsonObject { ["spec"] = new JsonObject() });
        var app = await api.CreateAsync(Some.Application(annotations: """{"argocd.argoproj.io/tracking-id":"apps:argoproj.io/Application:argocd/checkout"}"""));
        var reconciler = api.Reconciler();
        fake.Faults[$"GET {unanswered}"] = new("GET") { Status = 503 };

        var (answer, facts) = await reconciler.InspectAsync(app, default);

        Assert.Null(facts);
        Assert.True(answer.IsTransient, answer.Sentence);
        (_, facts) = await reconciler.InspectAsync(app, default);
        Assert.Equal((OwnerKind.None, PauseMechanism.SwitchOff), (facts!.Owner.Kind, facts.Mechanism));
    }

    [Fact]
    public async Task One_404_does_not_make_a_child_of_a_parent_an_orphan()
    {
        const string Parent = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/apps";
        fake.Put(Parent, (JsonObject)JsonNode.Parse("""
            { "metadata": { "name": "apps", "namespace": "argocd", "uid": "p" }, "status": { "resources": [{ "group": "argoproj.io", "kind": "Application", "name": "checkout", "namespace": "argocd" }] } }
            """)!);
        var app = await api.CreateAsync(Some.Application(annotations: """{"argocd.argoproj.io/tracking-id":"apps:argoproj.io/Application:argocd/checkout"}"""));
        var reconciler = api.Reconciler();

        fake.Faults["GET applications/apps"] = new("GET") { Status = 404, Body = Statuses.NotFound("apps") };
        Assert.Equal(OwnerKind.Parent, (await reconciler.InspectAsync(app, default)).Facts!.Owner.Kind);

        fake.Faults["GET applications/apps"] = new("GET") { Status = 404, Body = Statuses.NotFound("apps") };
        fake.Faults["GET applications"] = new("GET") { Status = 503 };
        Assert.Null((await reconciler.InspectAsync(app, default)).Facts);

        fake.Delete(Parent);
        Assert.Equal(OwnerKind.None, (await reconciler.InspectAsync(app, default)).Facts!.Owner.Kind);
    }

    [Fact]
    public async Task An_Argo_CD_that_is_put_back_to_an_older_one_is_noticed()
    {
        var clock = new Moving();
        var app = await api.CreateAsync(Some.Application());
        var reconciler = api.Reconciler(clock);
        Assert.Equal(PauseMechanism.SwitchOff, (await reconciler.InspectAsync(app, default)).Facts!.Mechanism);

        fake.Put($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{Crd}", ArgoCdReconcilerTests.Crd("""{"properties":{"prune":{"type":"boolean"}}}"""));
        clock.Now += TimeSpan.FromMinutes(11);

        Assert.Equal(PauseMechanism.TakeOut, (await reconciler.InspectAsync(app, default)).Facts!.Mechanism);
    }

    [Fact]
    public async Task One_override_that_cannot_be_read_does_not_hide_the_others()
    {
        var (reconciler, _, operation) = await PlannedAsync();
        await reconciler.PauseAsync(operation.Start(Some.Now), default);
        var other = await api.CreateAsync(Some.Application("a-first", annotations: (await api.ReadAsync(operation.Plan.Application.Ref))["metadata"]!["annotations"]!.ToJsonString()));
        fake.Faults["GET applications/a-first"] = new("GET") { Status = 500, Once = false };

        var (answer, found) = await reconciler.FindOverridesAsync(default);

        Assert.False(answer.IsOk);
        Assert.Equal(["checkout"], found.Select(facts => facts.Ref.Name));
        Assert.NotEqual("checkout", other.Name);
    }

    [Fact]
    public async Task A_pause_is_not_stored_after_its_own_end_but_one_that_is_there_is_known()
    {
        var clock = new Moving();
        var (reconciler, app, operation) = await PlannedAsync(clock);
        var running = operation.Start(Some.Now).Operation;
        clock.Now += operation.Duration;

        Assert.Equal(ClusterAnswerKind.Rejected, (await reconciler.PauseAsync(running.Continue(), default)).Kind);
        Assert.Null((await api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);

        clock.Now -= TimeSpan.FromSeconds(1);
        Assert.True((await reconciler.PauseAsync(running.Continue(), default)).IsOk);
        clock.Now += TimeSpan.FromHours(1);
        Assert.True((await reconciler.PauseAsync(running.Continue(), default)).IsOk);
    }

    [Fact]
    public async Task A_500_after_which_the_object_shows_the_pause_is_a_pause()
    {
        var (reconciler, _, operation) = await PlannedAsync();
        fake.Faults["PATCH"] = new("PATCH") { SaysAfterwards = 500 };

        Assert.True((await reconciler.PauseAsync(operation.Start(Some.Now), default)).IsOk);
    }

    [Fact]
    public async Task A_webhook_that_takes_everything_out_is_named_and_not_fought_for_ever()
    {
        var (reconciler, _, operation) = await PlannedAsync();
        fake.Prune = stored =>
        {
            (stored["spec"]!["syncPolicy"]!["automated"] as JsonObject)?.Remove("enabled");
            (stored["metadata"] as JsonObject)?.Remove("annotations");
        };

        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), default);

        Assert.Equal(ClusterAnswerKind.Rejected, answer.Kind);
        Assert.Contains("webhook", answer.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_that_is_asked_again_is_done_whatever_people_changed_beside_it()
    {
        var (reconciler, app, operation) = await PlannedAsync();
        await reconciler.PauseAsync(operation.Start(Some.Now), default);
        await api.EditAsync(app, """[{"op":"replace","path":"/spec/syncPolicy/automated/prune","value":false}]""");

        Assert.True((await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), default)).IsOk);
        var again = await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), default);

        Assert.True(again.IsOk, again.Sentence);
    }

    [Fact]
    public async Task Whoever_wrote_the_policy_long_ago_is_not_blamed_for_what_was_taken_out_of_it()
    {
        var application = Some.Application();
        application["metadata"]!["managedFields"] = JsonNode.Parse("""
            [{"manager":"argocd-server","operation":"Update","time":"2026-03-01T08:00:00Z","fieldsV1":{"f:spec":{"f:syncPolicy":{"f:automated":{"f:prune":{}}}}}}]
            """);
        var app = await api.CreateAsync(application);
        var reconciler = api.Reconciler();
        var operation = Some.Approved((await reconciler.InspectAsync(app, default)).Facts!);
        await reconciler.PauseAsync(operation.Start(Some.Now), default);
        await api.EditAsync(app, """[{"op":"remove","path":"/spec/syncPolicy/automated/enabled"}]""");

        var answer = await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), default);

        Assert.Equal(ClusterAnswerKind.Moved, answer.Kind);
        Assert.DoesNotContain("argocd-server", answer.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_survives_a_conflict()
    {
        var (reconciler, app, operation) = await PlannedAsync();
        await reconciler.PauseAsync(operation.Start(Some.Now), default);
        fake.Faults["PATCH"] = new("PATCH") { Status = 409 };

        var answer = await reconciler.MarkAsync((operation with { Kind = OperationKind.Extend, Until = Some.Now.AddHours(2) }).Start(Some.Now), default);

        Assert.True(answer.IsOk, answer.Sentence);
        Assert.Equal("2026-11-23T11:00:00Z", (string?)(await api.ReadAsync(app))["metadata"]!["annotations"]![Annotations.ExpiresAt]);
    }

    [Theory]
    [InlineData("100000000h")]
    [InlineData("2562048h")]
    public void A_window_longer_than_Argo_CD_can_count_is_malformed(string duration)
    {
        var project = JsonNode.Parse($$$"""{"metadata":{"name":"shop"},"spec":{"syncWindows":[{"kind":"deny","schedule":"* * * * *","duration":"{{{duration}}}","applications":["*"]} ]} }""")!;

        var facts = Some.Facts(Some.Application(), Some.Surroundings() with { Projects = [System.Text.Json.JsonSerializer.SerializeToElement(project)] });

        Assert.Equal([BlockerKind.MalformedWindow], facts.Blockers.Select(blocker => blocker.Kind));
    }

    public async Task InitializeAsync()
    {
        fake = await FakeKubernetesApi.StartAsync();
        fake.Put($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{Crd}", ArgoCdReconcilerTests.Crd());
        var bot = new ClusterOptions { Name = "production", Server = fake.Url.ToString(), Token = "bot" };
        api = new(bot, new HttpClient { BaseAddress = fake.Url });
    }

    public async Task DisposeAsync()
    {
        api.Dispose();
        await fake.DisposeAsync();
    }

    private async Task<(ArgoCdReconciler Reconciler, ApplicationRef App, Operation Operation)> PlannedAsync(TimeProvider? time = null)
    {
        var app = await api.CreateAsync(Some.Application());
        var reconciler = api.Reconciler(time);
        var (_, facts) = await reconciler.InspectAsync(app, default);
        return (reconciler, app, Some.Approved(facts!));
    }

    private sealed class Moving : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Some.Now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
