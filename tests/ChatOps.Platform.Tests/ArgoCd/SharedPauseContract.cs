using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <content>A pause that one incident leaves to another.</content>
public abstract partial class ArgoCdReconcilerContract
{
    [ContractFact]
    public async Task A_pause_that_is_left_to_another_incident_names_that_one_and_its_end_restores_exactly()
    {
        var (reconciler, app, operation) = await PlannedAsync("left", annotations: """{"team":"shop"}""");
        var before = await Api.ReadAsync(app);
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.AnswerRefreshAsync(app);
        var (first, second) = Both(Some.Lease(operation));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.LeaveAsync(first.End("bob"), second, CancellationToken.None));

        var left = await Api.ReadAsync(app);
        Assert.False((bool)left["spec"]!["syncPolicy"]!["automated"]!["enabled"]!);
        var facts = await FactsAsync(reconciler, app);
        Assert.Equal((second.Incident, operation.Id, second.Deadline, first.Before), (facts.Mark!.Incident, facts.Mark.Operation, facts.Mark.ExpiresAt, facts.Mark.Before));
        Assert.True(Holding.IsPaused(second, facts));
        Assert.True((await reconciler.LeaveAsync(first.End("bob"), second, CancellationToken.None)).IsOk);
        Assert.Equal(Version(left), Version(await Api.ReadAsync(app)));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(second.End("bob"), CancellationToken.None));

        var after = await Api.ReadAsync(app);
        Assert.True(JsonNode.DeepEquals(before["spec"], after["spec"]), after.ToJsonString());
        Assert.Equal("""{"team":"shop"}""", after["metadata"]!["annotations"]!.ToJsonString());
        Assert.Equal(ClusterAnswer.Ok, await reconciler.LeaveAsync(first.End("bob"), second, CancellationToken.None));
        Assert.Equal(Version(after), Version(await Api.ReadAsync(app)));
    }

    [ContractFact]
    public async Task A_pause_in_part_is_left_to_another_incident_with_all_its_rules()
    {
        var (reconciler, app, operation) = await InPartAsync("left", null, Automated);
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.AnswerRefreshAsync(app);
        var (first, second) = Both(Held(operation));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.LeaveAsync(first.End("bob"), second, CancellationToken.None));

        var facts = await FactsAsync(reconciler, app);
        Assert.Equal((second.Incident, operation.Id, second.Deadline), (facts.Mark!.Incident, facts.Mark.Operation, facts.Mark.ExpiresAt));
        Assert.True(Holding.IsPaused(second, facts));
        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(second.End("bob"), CancellationToken.None));
        var after = await Api.ReadAsync(app);
        Assert.Equal((null, Automated), (after["spec"]!["ignoreDifferences"], after["spec"]!["syncPolicy"]!.ToJsonString()));
        Assert.Equal(ClusterAnswer.Ok, await reconciler.LeaveAsync(first.End("bob"), second, CancellationToken.None));
        Assert.Equal(Version(after), Version(await Api.ReadAsync(app)));
    }

    [ContractFact]
    public async Task Whoever_lets_go_without_being_named_on_the_object_writes_nothing()
    {
        var (reconciler, app, operation) = await PlannedAsync("left-unnamed");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        var paused = await Api.ReadAsync(app);
        var (first, second) = Both(Some.Lease(operation));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.LeaveAsync(second.End("bob"), first, CancellationToken.None));

        Assert.Equal(Version(paused), Version(await Api.ReadAsync(app)));
    }

    [ContractFact]
    public async Task What_somebody_switched_on_is_left_to_nobody()
    {
        var (reconciler, app, operation) = await PlannedAsync("left-too-late");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/syncPolicy/automated/enabled","value":true}]""");
        var (first, second) = Both(Some.Lease(operation));

        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.LeaveAsync(first.End("bob"), second, CancellationToken.None)).Kind);

        var stored = await Api.ReadAsync(app);
        Assert.True((bool)stored["spec"]!["syncPolicy"]!["automated"]!["enabled"]!);
        Assert.Null(stored["metadata"]!["annotations"]?[Annotations.Operation]);
    }

    private static (Lease First, Lease Second) Both(Lease first) =>
        (first, first with { Id = Guid.NewGuid(), Incident = first.Incident + 1, Operation = Guid.NewGuid(), Joins = first.Operation, Deadline = Some.Now.AddHours(1) });
}
