using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <content>Pauses of only some fields, by rules among the application's own.</content>
public abstract partial class ArgoCdReconcilerContract
{
    private const string Automated = """{"automated":{"prune":true,"selfHeal":true}}""";
    private const string Theirs = """{"group":"apps","kind":"Deployment","jqPathExpressions":[".spec.template.spec.containers[] | select(.name == \"x\" and .age < 3)"]}""";

    [ContractFact]
    public Task Rules_where_there_were_none_go_with_their_lists() => ComeAndGoAsync("nothing", null, Automated);

    [ContractFact]
    public Task Rules_where_the_lists_were_empty_leave_them_empty() => ComeAndGoAsync("empty-lists", "[]", """{"automated":{"prune":true,"selfHeal":true},"syncOptions":[]}""");

    [ContractFact]
    public Task Rules_beside_others_leave_these() => ComeAndGoAsync("others", """[{"kind":"Secret","jsonPointers":["/data"]}]""", """{"automated":{"selfHeal":true},"syncOptions":["CreateNamespace=true"]}""");

    [ContractFact]
    public Task Rules_beside_texts_that_API_servers_escape_leave_these() => ComeAndGoAsync("escaped", $"[{Theirs}]", """{"automated":{"selfHeal":true},"syncOptions":["CreateNamespace=true"]}""");

    [ContractFact]
    public Task An_option_that_was_there_stays() => ComeAndGoAsync("option-there", null, """{"automated":{"selfHeal":true},"syncOptions":["RespectIgnoreDifferences=true","PruneLast=true"]}""");

    private async Task ComeAndGoAsync(string name, string? list, string syncPolicy)
    {
        var (reconciler, app, operation) = await InPartAsync(name, list, syncPolicy);
        var before = await Api.ReadAsync(app);

        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None));

        var stored = await Api.ReadAsync(app);
        Assert.Equal((before["spec"]!["ignoreDifferences"]?.AsArray().Count ?? 0) + 1, stored["spec"]!["ignoreDifferences"]!.AsArray().Count);
        Assert.Single(stored["spec"]!["syncPolicy"]!["syncOptions"]!.AsArray(), option => (string?)option == HeldFields.Respect);
        Assert.True(JsonNode.DeepEquals(before["spec"]!["syncPolicy"]!["automated"], stored["spec"]!["syncPolicy"]!["automated"]));
        var facts = await FactsAsync(reconciler, app);
        Assert.Equal((operation.Id, "ConfigMap/shop", "chatops"), (facts.Mark!.Operation, facts.Mark.Only!.Spoken, facts.Rules.Writer));
        Assert.Equal(operation.Plan.Of<PauseWork>().Before, facts.Mark.Before);
        Assert.Equal(operation.Plan.Of<PauseWork>().Only!.Options, facts.Mark.Only.Options);
        Assert.IsType<Holding.Waiting>(Holding.Judge(Held(operation), facts, Some.Now));
        await Api.AnswerRefreshAsync(app);
        Assert.IsType<Holding.Proved>(Holding.Judge(Held(operation), await FactsAsync(reconciler, app), Some.Now));
        var once = await Api.ReadAsync(app);
        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None));
        Assert.Equal(Version(once), Version(await Api.ReadAsync(app)));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));

        Assert.Equal("normal", (string?)(await Api.ReadAsync(app))["metadata"]!["annotations"]![Annotations.Refresh]);
        await Api.AnswerRefreshAsync(app);
        var after = await Api.ReadAsync(app);
        Assert.True(JsonNode.DeepEquals(before["spec"], after["spec"]), after.ToJsonString());
        Assert.Empty(after["metadata"]!["annotations"]?.AsObject() ?? []);
        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));
        Assert.Equal(Version(after), Version(await Api.ReadAsync(app)));
    }

    [ContractFact]
    public async Task What_others_add_to_both_lists_meanwhile_stays()
    {
        var (reconciler, app, operation) = await InPartAsync("beside", null, Automated);
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.EditAsync(app, $$"""[{"op":"add","path":"/spec/ignoreDifferences/0","value":{{Theirs}}},{"op":"add","path":"/spec/syncPolicy/syncOptions/0","value":"PruneLast=true"}]""");

        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));

        var after = await Api.ReadAsync(app);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Theirs), Assert.Single(after["spec"]!["ignoreDifferences"]!.AsArray())));
        Assert.Equal("PruneLast=true", (string?)Assert.Single(after["spec"]!["syncPolicy"]!["syncOptions"]!.AsArray()));
    }

    [ContractFact]
    public async Task Rules_that_somebody_took_out_are_told_and_the_rest_of_ours_goes()
    {
        var (reconciler, app, operation) = await InPartAsync("out", null, Automated);
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.EditAsync(app, $$"""[{"op":"replace","path":"/spec/ignoreDifferences","value":[{{Theirs}}]}]""");

        var taken = Assert.IsType<Holding.Taken>(Holding.Judge(Held(operation), await FactsAsync(reconciler, app), Some.Now));
        var answer = await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None);

        Assert.Equal((Hold.Reverted, "kubectl-edit", ClusterAnswerKind.Moved), (taken.Left, taken.By, answer.Kind));
        var after = await Api.ReadAsync(app);
        Assert.Single(after["spec"]!["ignoreDifferences"]!.AsArray());
        Assert.Null(after["spec"]!["syncPolicy"]!["syncOptions"]);
        Assert.Null(after["metadata"]!["annotations"]![Annotations.Operation]);
    }

    [ContractFact]
    public async Task Rules_whose_marks_somebody_took_away_are_ours_and_go()
    {
        var (reconciler, app, operation) = await InPartAsync("unmarked", null, Automated);
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.EditAsync(app, """[{"op":"remove","path":"/metadata/annotations"}]""");
        Assert.IsType<Holding.Proved>(Holding.Judge(Held(operation), await FactsAsync(reconciler, app), Some.Now));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));

        var after = await Api.ReadAsync(app);
        Assert.Equal((null, Automated), (after["spec"]!["ignoreDifferences"], after["spec"]!["syncPolicy"]!.ToJsonString()));
        Assert.Equal("normal", (string?)after["metadata"]!["annotations"]![Annotations.Refresh]);
    }

    [ContractFact]
    public async Task Lists_that_somebody_changed_after_the_approval_are_not_touched()
    {
        var (reconciler, app, operation) = await InPartAsync("moved", null, Automated);
        await Api.EditAsync(app, $$"""[{"op":"add","path":"/spec/ignoreDifferences","value":[{{Theirs}}]}]""");

        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Moved, answer.Kind);
        Assert.Single((await Api.ReadAsync(app))["spec"]!["ignoreDifferences"]!.AsArray());
    }

    /// <summary>Two incidents, each approved before the other was stored: the second would take the first one's mark, and its way back with it.</summary>
    [ContractFact]
    public async Task Of_a_pause_in_part_and_a_whole_one_at_once_the_first_that_is_stored_stands()
    {
        var (reconciler, app, inPart) = await InPartAsync("at-once", null, Automated);
        var whole = Some.Approved(await FactsAsync(reconciler, app), incident: 8);
        await reconciler.PauseAsync(inPart.Start(Some.Now), CancellationToken.None);
        await Api.AnswerRefreshAsync(app);
        var stored = await Api.ReadAsync(app);

        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.PauseAsync(whole.Start(Some.Now), CancellationToken.None)).Kind);
        Assert.Equal(Version(stored), Version(await Api.ReadAsync(app)));

        await reconciler.EndPauseAsync(Held(inPart).End("bob"), CancellationToken.None);
        await Api.AnswerRefreshAsync(app);
        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(whole.Start(Some.Now), CancellationToken.None));
        await Api.AnswerRefreshAsync(app);
        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.PauseAsync(inPart.Start(Some.Now), CancellationToken.None)).Kind);
        Assert.Equal(whole.Id, (await FactsAsync(reconciler, app)).Mark!.Operation);
    }

    [ContractFact]
    public async Task What_an_earlier_pause_left_of_its_mark_is_no_obstacle()
    {
        var (reconciler, app, operation) = await InPartAsync("left-over", null, Automated);
        await Api.EditAsync(app, $$"""[{"op":"add","path":"/metadata/annotations","value":{"{{Annotations.Operation}}":"{{Guid.NewGuid()}}" } }]""");

        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None));

        Assert.Equal(operation.Id, (await FactsAsync(reconciler, app)).Mark!.Operation);
    }

    [ContractFact]
    public async Task Rules_under_the_mark_of_another_override_go_and_leave_it_that_mark()
    {
        var (reconciler, app, operation) = await InPartAsync("under", null, Automated);
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.AnswerRefreshAsync(app);
        var other = Guid.NewGuid().ToString();
        await Api.EditAsync(app, $$"""[{"op":"replace","path":"/metadata/annotations","value":{"{{Annotations.Operation}}":"{{other}}","{{Annotations.Incident}}":"8" } }]""");
        Assert.True(FieldsHolding.IsThere(Held(operation), await FactsAsync(reconciler, app)));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));

        var after = await Api.ReadAsync(app);
        Assert.Equal((null, Automated), (after["spec"]!["ignoreDifferences"], after["spec"]!["syncPolicy"]!.ToJsonString()));
        Assert.Equal((other, "normal"), ((string?)after["metadata"]!["annotations"]![Annotations.Operation], (string?)after["metadata"]!["annotations"]![Annotations.Refresh]));
        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None)).Kind);
    }

    [ContractFact]
    public async Task The_end_on_the_object_moves_and_it_is_found_again()
    {
        var (reconciler, app, operation) = await InPartAsync("longer", null, Automated);
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        var until = Some.Now.AddHours(2);
        var extension = operation with { Id = Guid.NewGuid(), Kind = OperationKind.Extend, Until = until, Plan = operation.Plan with { Work = new ExtendWork(PauseMechanism.Fields, operation.Plan.Of<PauseWork>().Before) } };

        Assert.Equal(ClusterAnswer.Ok, await reconciler.MarkAsync(extension.Start(Some.Now), CancellationToken.None));

        var facts = await FactsAsync(reconciler, app);
        Assert.Equal((operation.Id, until), (facts.Mark!.Operation, facts.Mark.ExpiresAt));
        Assert.True(FieldsHolding.IsThere(Held(operation), facts));
        await Api.CaughtUpAsync();
        Assert.Contains(app, (await reconciler.FindOverridesAsync(CancellationToken.None)).Found.Select(one => one.Ref));
    }

    private async Task<(ArgoCdReconciler Reconciler, ApplicationRef App, Operation Operation)> InPartAsync(string name, string? list, string syncPolicy)
    {
        var application = Some.Application($"part-{name}", syncPolicy);
        application["status"]!["resources"] = JsonNode.Parse("""[{"kind":"ConfigMap","namespace":"shop","name":"shop","version":"v1","status":"Synced"}]""");
        if (list is not null)
        {
            application["spec"]!["ignoreDifferences"] = JsonNode.Parse(list);
        }

        var app = await Api.CreateAsync(application);
        var reconciler = Api.Reconciler();
        var facts = await FactsAsync(reconciler, app);
        var (resources, refusal) = OnlyPlan.Understand(["configmap/shop"], facts);
        Assert.Null(refusal ?? OnlyPlan.Obstacle(facts, resources!));
        return (reconciler, app, Some.Approved(facts) with { Plan = OnlyPlan.Of(facts, resources!, "1") });
    }
}
