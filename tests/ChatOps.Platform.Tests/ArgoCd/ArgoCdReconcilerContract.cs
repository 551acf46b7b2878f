using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>What the reconciler promises against any Kubernetes API: the same tests run on our fake and on a real API server.</summary>
public abstract partial class ArgoCdReconcilerContract
{
    protected abstract ApiUnderTest Api { get; }

    [ContractFact]
    public async Task A_pause_switches_off_asks_for_a_refresh_and_leaves_its_mark()
    {
        var (reconciler, app, operation) = await PlannedAsync("marked", annotations: """{"team":"shop"}""");

        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);

        Assert.Equal(ClusterAnswer.Ok, answer);
        var stored = await Api.ReadAsync(app);
        Assert.False((bool)stored["spec"]!["syncPolicy"]!["automated"]!["enabled"]!);
        Assert.True((bool)stored["spec"]!["syncPolicy"]!["automated"]!["selfHeal"]!);
        Assert.Equal("normal", (string?)stored["metadata"]!["annotations"]![Annotations.Refresh]);
        Assert.Equal("shop", (string?)stored["metadata"]!["annotations"]!["team"]);
        var facts = await FactsAsync(reconciler, app);
        Assert.Equal(operation.Id, facts.Mark!.Operation);
        Assert.Equal(operation.Plan.Of<PauseWork>().Before, facts.Mark.Before);
        Assert.Equal("chatops", facts.PauseFieldManager);
    }

    [ContractFact]
    public Task The_end_restores_what_had_no_annotations() => RestoresAsync("plain", """{"automated":{"prune":true,"selfHeal":true}}""");

    [ContractFact]
    public Task The_end_restores_an_explicit_true() => RestoresAsync("explicit-on", """{"automated":{"enabled":true,"selfHeal":true}}""");

    [ContractFact]
    public Task The_end_restores_an_empty_block_and_leaves_other_annotations() => RestoresAsync("empty", """{"automated":{}}""", """{"team":"shop"}""");

    [ContractFact]
    public async Task A_taken_out_block_comes_back_even_when_its_parent_was_dropped()
    {
        var (reconciler, app, operation) = await PlannedAsync("taken-out");
        operation = operation with { Plan = operation.Plan with { Work = operation.Plan.Of<PauseWork>() with { Mechanism = PauseMechanism.TakeOut } } };
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.EditAsync(app, """[{"op":"remove","path":"/spec/syncPolicy"}]"""); // as the controller does

        var answer = await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None);

        Assert.Equal(ClusterAnswer.Ok, answer);
        Assert.Equal("""{"automated":{"prune":true,"selfHeal":true}}""", (await Api.ReadAsync(app))["spec"]!["syncPolicy"]!.ToJsonString());
    }

    [ContractFact]
    public async Task Pausing_and_ending_again_change_nothing_and_answer_ok()
    {
        var (reconciler, app, operation) = await PlannedAsync("again");
        var running = operation.Start(Some.Now).Operation;
        await reconciler.PauseAsync(running.Continue(), CancellationToken.None);
        var once = await Api.ReadAsync(app);

        Assert.True((await reconciler.PauseAsync(running.Continue(), CancellationToken.None)).IsOk);

        Assert.Equal(Version(once), Version(await Api.ReadAsync(app)));
        Assert.True((await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None)).IsOk);
        once = await Api.ReadAsync(app);
        Assert.True((await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None)).IsOk);
        Assert.Equal(Version(once), Version(await Api.ReadAsync(app)));
    }

    [ContractFact]
    public async Task A_policy_that_somebody_changed_after_the_approval_is_not_touched()
    {
        var (reconciler, app, operation) = await PlannedAsync("changed");
        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/syncPolicy/automated/prune","value":false}]""");

        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Moved, answer.Kind);
        Assert.Null((await Api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
    }

    [ContractFact]
    public async Task An_older_refresh_must_be_answered_first()
    {
        var (reconciler, app, operation) = await PlannedAsync("pending");
        await Api.EditAsync(app, """[{"op":"add","path":"/metadata/annotations","value":{"argocd.argoproj.io/refresh":"normal"}}]""");

        Assert.Equal(ClusterAnswerKind.FenceBusy, (await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None)).Kind);

        await Api.AnswerRefreshAsync(app);
        Assert.True((await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None)).IsOk);
    }

    [ContractFact]
    public async Task A_pause_that_somebody_ended_is_told_and_its_marks_are_cleared()
    {
        var (reconciler, app, operation) = await PlannedAsync("taken-back");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/syncPolicy/automated/enabled","value":true}]""");

        var answer = await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Moved, answer.Kind);
        Assert.Contains("kubectl-edit", answer.Sentence, StringComparison.Ordinal);
        var stored = await Api.ReadAsync(app);
        Assert.True((bool)stored["spec"]!["syncPolicy"]!["automated"]!["enabled"]!);
        Assert.Null(stored["metadata"]!["annotations"]?[Annotations.Operation]);
    }

    [ContractFact]
    public async Task Somebody_elses_change_beside_the_pause_survives_its_end()
    {
        var (reconciler, app, operation) = await PlannedAsync("beside");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/syncPolicy/automated/prune","value":false}]""");

        Assert.True((await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None)).IsOk);

        Assert.Equal("""{"prune":false,"selfHeal":true}""", (await Api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!.ToJsonString());
    }

    [ContractFact]
    public async Task An_application_made_again_is_another_one()
    {
        var (reconciler, app, operation) = await PlannedAsync("made-again");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.DeleteAsync(app);
        var lease = Some.Lease(operation);

        var gone = await reconciler.EndPauseAsync(lease.End("bob"), CancellationToken.None);
        Assert.True(gone.Kind == ClusterAnswerKind.Gone, gone.Sentence);
        await Api.CreateAsync(Some.Application("made-again"));
        Assert.Equal(ClusterAnswerKind.Gone, (await reconciler.EndPauseAsync(lease.End("bob"), CancellationToken.None)).Kind);
        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None)).Kind);
    }

    [ContractFact]
    public async Task An_extension_moves_the_moment_on_the_object()
    {
        var (reconciler, app, operation) = await PlannedAsync("extended");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        var until = new DateTimeOffset(2026, 11, 23, 12, 30, 0, TimeSpan.Zero);
        var extension = operation with { Id = Guid.NewGuid(), Kind = OperationKind.Extend, Until = until };

        Assert.True((await reconciler.MarkAsync(extension.Start(Some.Now), CancellationToken.None)).IsOk);

        var facts = await FactsAsync(reconciler, app);
        Assert.Equal(until, facts.Mark!.ExpiresAt);
        Assert.Equal(operation.Id, facts.Mark.Operation);
    }

    [ContractFact]
    public async Task Overrides_are_found_by_their_mark_and_by_their_field_manager()
    {
        var (reconciler, marked, first) = await PlannedAsync("found-mark");
        var (_, unmarked, second) = await PlannedAsync("found-manager");
        var (_, innocent, _) = await PlannedAsync("found-not");
        await reconciler.PauseAsync(first.Start(Some.Now), CancellationToken.None);
        await reconciler.PauseAsync(second.Start(Some.Now), CancellationToken.None);
        await Api.EditAsync(unmarked, """[{"op":"remove","path":"/metadata/annotations"}]""");

        await Api.CaughtUpAsync();
        var (answer, found) = await reconciler.FindOverridesAsync(CancellationToken.None);

        Assert.True(answer.IsOk, answer.Sentence);
        var names = found.Select(facts => facts.Ref).ToList();
        Assert.Contains(marked, names);
        Assert.Contains(unmarked, names);
        Assert.DoesNotContain(innocent, names);
        var (listed, all) = await reconciler.ListAsync(CancellationToken.None);
        Assert.True(listed.IsOk, listed.Sentence);
        Assert.Contains(innocent, all);
    }

    [ContractFact]
    public async Task One_that_was_made_just_now_is_found_by_its_name_whatever_the_list_says()
    {
        var (reconciler, app, _) = await PlannedAsync("found-by-name");

        var (answer, found) = await reconciler.NamedAsync(app.Name, CancellationToken.None);

        Assert.True(answer.IsOk, answer.Sentence);
        Assert.Equal([app], found);
        Assert.Empty((await reconciler.NamedAsync("nobody-made-this", CancellationToken.None)).Applications);
    }

    private async Task RestoresAsync(string name, string syncPolicy, string? annotations = null)
    {
        var (reconciler, app, operation) = await PlannedAsync($"exact-{name}", syncPolicy, annotations);
        var before = await Api.ReadAsync(app);
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.AnswerRefreshAsync(app);

        var answer = await reconciler.EndPauseAsync(Some.Lease(operation).End("bob"), CancellationToken.None);

        Assert.Equal(ClusterAnswer.Ok, answer);
        var after = await Api.ReadAsync(app);
        Assert.True(JsonNode.DeepEquals(before["spec"], after["spec"]), after.ToJsonString());
        Assert.Equal(before["metadata"]!["annotations"]?.ToJsonString(), after["metadata"]!["annotations"]?.ToJsonString());
    }

    protected async Task<(ArgoCdReconciler Reconciler, ApplicationRef App, Operation Operation)> PlannedAsync(
        string name, string syncPolicy = """{"automated":{"prune":true,"selfHeal":true}}""", string? annotations = null)
    {
        var app = await Api.CreateAsync(Some.Application(name, syncPolicy, annotations));
        var reconciler = Api.Reconciler();
        return (reconciler, app, Some.Approved(await FactsAsync(reconciler, app)));
    }

    protected static async Task<ApplicationFacts> FactsAsync(ArgoCdReconciler reconciler, ApplicationRef app)
    {
        var (answer, facts) = await reconciler.InspectAsync(app, CancellationToken.None);
        Assert.True(answer.IsOk, answer.Sentence);
        return facts!;
    }

    private static string Version(JsonObject stored) => (string)stored["metadata"]!["resourceVersion"]!;
}
