using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>Every refusal at every call: a stated outcome, and never a half-done one.</summary>
public sealed class ClusterRefusalTests : IAsyncLifetime
{
    private FakeKubernetesApi fake = null!;
    private ApiUnderTest api = null!;

    public static TheoryData<string, Fault, ClusterAnswerKind> Refusals
    {
        get
        {
            var data = new TheoryData<string, Fault, ClusterAnswerKind>();
            foreach (var method in new[] { "GET", "PATCH" })
            {
                data.Add(method, new(method) { Status = 401 }, ClusterAnswerKind.Forbidden);
                data.Add(method, new(method) { Status = 403 }, ClusterAnswerKind.Forbidden);
                data.Add(method, new(method) { Status = 404, Body = Statuses.NotFound("checkout") }, ClusterAnswerKind.Unavailable);
                data.Add(method, new(method) { Status = 404 }, ClusterAnswerKind.Unavailable);
                data.Add(method, new(method) { Status = 404, Body = Statuses.Of(404, "NotFound", "the server could not find the requested resource") }, ClusterAnswerKind.Unavailable);
                data.Add(method, new(method) { Status = 422, Body = Statuses.Schema() }, ClusterAnswerKind.Rejected);
                data.Add(method, new(method) { Status = 429, RetryAfterSeconds = 7 }, ClusterAnswerKind.Busy);
                data.Add(method, new(method) { Status = 500 }, ClusterAnswerKind.Unavailable);
                data.Add(method, new(method) { Status = 503 }, ClusterAnswerKind.Unavailable);
            }

            data.Add("PATCH", new("PATCH") { Status = 504 }, ClusterAnswerKind.Unknown);
            data.Add("PATCH", new("PATCH") { CutsBefore = true }, ClusterAnswerKind.Unknown);
            data.Add("GET", new("GET") { CutsBefore = true }, ClusterAnswerKind.Unavailable);
            data.Add("PATCH", new("PATCH") { Hangs = true }, ClusterAnswerKind.Unknown);
            data.Add("GET", new("GET") { Hangs = true }, ClusterAnswerKind.Unavailable);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refused_pause_touches_nothing_and_says_so(string method, Fault fault, ClusterAnswerKind expected)
    {
        UseApiFor(fault);
        var (reconciler, app, operation) = await PlannedAsync();
        var before = (await api.ReadAsync(app)).ToJsonString();
        fake.Faults[method] = fault;

        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);

        Assert.Equal(expected, answer.Kind);
        Assert.True(answer.Sentence.Length > 20, answer.Sentence);
        Assert.Equal(fault.RetryAfterSeconds, (int?)answer.RetryAfter?.TotalSeconds);
        fake.Faults.Clear();
        Assert.Equal(before, (await api.ReadAsync(app)).ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refused_end_leaves_the_pause_and_the_next_try_ends_it(string method, Fault fault, ClusterAnswerKind expected)
    {
        UseApiFor(fault);
        var (reconciler, app, operation) = await PlannedAsync();
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        fake.Faults[method] = fault;

        var answer = await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None);

        Assert.Equal(expected, answer.Kind);
        fake.Faults.Clear();
        Assert.True((await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None)).IsOk);
        Assert.Null((await api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
    }

    [Fact]
    public async Task One_404_does_not_make_an_application_deleted()
    {
        var (reconciler, app, _) = await PlannedAsync();
        fake.Faults["GET checkout"] = new("GET") { Status = 404, Body = Statuses.NotFound("checkout") };
        Assert.Equal(ClusterAnswerKind.Unavailable, (await reconciler.InspectAsync(app, CancellationToken.None)).Answer.Kind);

        fake.Faults["GET checkout"] = new("GET") { Status = 404, Body = Statuses.NotFound("checkout") };
        fake.Faults["GET applications"] = new("GET") { Status = 503 };
        Assert.Equal(ClusterAnswerKind.Unavailable, (await reconciler.InspectAsync(app, CancellationToken.None)).Answer.Kind);
    }

    [Fact]
    public async Task An_application_that_the_list_misses_too_is_gone()
    {
        var (reconciler, app, operation) = await PlannedAsync();
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        fake.Delete($"/apis/argoproj.io/v1alpha1/namespaces/{app.Namespace}/applications/{app.Name}");

        Assert.Equal(ClusterAnswerKind.Gone, (await reconciler.InspectAsync(app, CancellationToken.None)).Answer.Kind);
        Assert.Equal(ClusterAnswerKind.Gone, (await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task A_pause_whose_answer_was_lost_is_found_to_be_stored()
    {
        var (reconciler, app, operation) = await PlannedAsync();
        fake.Faults["PATCH"] = new("PATCH") { DropsAnswer = true };

        Assert.True((await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None)).IsOk);
        fake.Faults["PATCH"] = new("PATCH") { DropsAnswer = true };
        Assert.True((await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None)).IsOk);

        Assert.Null((await api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
    }

    [Fact]
    public async Task A_conflict_is_looked_into_and_tried_again()
    {
        var (reconciler, _, operation) = await PlannedAsync();
        fake.Faults["PATCH"] = new("PATCH") { Status = 409 };

        Assert.True((await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None)).IsOk);
    }

    [Fact]
    public async Task Somebody_who_is_faster_by_an_instant_wins_and_is_told_of()
    {
        var (reconciler, app, operation) = await PlannedAsync();
        fake.BeforePatch = stored => stored["spec"]!["syncPolicy"]!["automated"] = new JsonObject { ["prune"] = false };

        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Moved, answer.Kind);
        Assert.Equal("""{"prune":false}""", (await api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!.ToJsonString());
    }

    [Fact]
    public async Task A_pause_that_the_server_drops_without_a_word_is_not_called_a_pause()
    {
        var (reconciler, app, operation) = await PlannedAsync();
        fake.Prune = stored => (stored["spec"]!["syncPolicy"]!["automated"] as JsonObject)?.Remove("enabled");

        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Moved, answer.Kind);
        Assert.Null((await api.ReadAsync(app))["metadata"]!["annotations"]?[Annotations.Operation]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"team":"shop"}""")]
    public async Task A_refresh_that_comes_between_look_and_write_is_waited_for(string? annotations)
    {
        var (reconciler, app, operation) = await PlannedAsync(annotations);
        fake.BeforePatch = stored => stored["metadata"]!["annotations"] = new JsonObject { [Annotations.Refresh] = "hard" };

        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.FenceBusy, answer.Kind);
        Assert.Null((await api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
    }

    [Fact]
    public async Task A_missing_right_is_named_with_who_what_where_and_the_way_out()
    {
        var (reconciler, _, operation) = await PlannedAsync();
        fake.MayPatch = (_, _) => false;

        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Forbidden, answer.Kind);
        Assert.Equal("chatops:on-call may not patch applications/checkout in argocd on cluster production. The right is missing in the cluster: run `ChatOps.Server rbac` and apply what it writes", answer.Sentence);
        Assert.False(await reconciler.CoversAsync(Some.OnCall, operation.Plan.Application.Ref, CancellationToken.None));
    }

    [Fact]
    public async Task A_mark_left_by_a_pause_that_was_taken_back_is_removed()
    {
        var (reconciler, app, operation) = await PlannedAsync();
        var running = operation.Start(Some.Now).Operation;
        await reconciler.PauseAsync(running.Continue(), CancellationToken.None);
        await api.EditAsync(app, """[{"op":"remove","path":"/spec/syncPolicy/automated/enabled"}]""");

        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.PauseAsync(running.Continue(), CancellationToken.None)).Kind);

        Assert.Null((await api.ReadAsync(app))["metadata"]!["annotations"]?[Annotations.Operation]);
    }

    [Fact]
    public async Task Each_call_carries_its_own_user_however_many_run_at_once()
    {
        var reconciler = api.Reconciler();
        var operations = new List<Operation>();
        for (var i = 0; i < 20; i++)
        {
            var app = await api.CreateAsync(Some.Application($"app-{i}"));
            var (_, facts) = await reconciler.InspectAsync(app, CancellationToken.None);
            operations.Add(Some.Approved(facts!, user: $"chatops:user-{i}", person: $"person-{i}@example.com"));
        }

        await Task.WhenAll(operations.Select(operation => Task.Run(() => reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None))));

        var patches = fake.Seen.Where(request => request.Method == "PATCH").ToList();
        Assert.Equal(20, patches.Count);
        Assert.All(patches, patch =>
        {
            var number = patch.Path.Split('-')[^1];
            Assert.Equal(($"chatops:user-{number}", $"person-{number}@example.com"), (patch.As, patch.Person));
            Assert.Contains("fieldManager=chatops", patch.Query, StringComparison.Ordinal);
        });
        Assert.All(fake.Seen.Where(request => request.Method == "GET"), read => Assert.Null(read.As));
    }

    public async Task InitializeAsync()
    {
        fake = await FakeKubernetesApi.StartAsync();
        fake.Put("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/applications.argoproj.io", ArgoCdReconcilerTests.Crd());
        api = Api(new ClusterOptions().RequestTimeout);
    }

    public async Task DisposeAsync()
    {
        api.Dispose();
        await fake.DisposeAsync();
    }

    private ApiUnderTest Api(TimeSpan patience) =>
        new(new ClusterOptions { Name = "production", Server = fake.Url.ToString(), Token = "bot", RequestTimeout = patience }, new HttpClient { BaseAddress = fake.Url });

    /// <summary>What hangs is not waited for any longer than a test takes; for an answer, as long as a busy machine does.</summary>
    private void UseApiFor(Fault fault)
    {
        if (fault.Hangs)
        {
            api.Dispose();
            api = Api(TimeSpan.FromSeconds(2));
        }
    }

    private async Task<(ArgoCdReconciler Reconciler, ApplicationRef App, Operation Operation)> PlannedAsync(string? annotations = null)
    {
        var app = await api.CreateAsync(Some.Application(annotations: annotations));
        var reconciler = api.Reconciler();
        var (_, facts) = await reconciler.InspectAsync(app, CancellationToken.None);
        return (reconciler, app, Some.Approved(facts!));
    }
}
