using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <content>Switches to a branch and back.</content>
public abstract partial class ArgoCdReconcilerContract
{
    private const string Several = """[{"repoURL":"https://charts.example.com","chart":"shop","targetRevision":"1.2.3","helm":{"valueFiles":["$values/shop.yaml"]}},{"repoURL":"https://git.example.com/values.git","targetRevision":"main","ref":"values"}]""";

    /// <summary>As JSON.</summary>
    private const string Escaped = """
        ">=1.2.0 <2.0.0+b & 'more' \"é\u00a0😀\u2028\"\n\tx\\"
        """;

    [ContractFact]
    public Task A_switch_is_put_back_where_a_name_was() => SwitchesAsync("name", application => { });

    [ContractFact]
    public Task A_switch_is_put_back_where_nothing_was() => SwitchesAsync("absent", application => application["spec"]!["source"]!.AsObject().Remove("targetRevision"));

    [ContractFact]
    public Task A_switch_is_put_back_among_several_sources_beside_other_annotations() => SwitchesAsync("several", application =>
    {
        application["spec"]!.AsObject().Remove("source");
        application["spec"]!["sources"] = JsonNode.Parse(Several);
        application["metadata"]!["annotations"] = new JsonObject { ["team"] = "shop" };
    });

    [ContractFact]
    public Task A_switch_is_put_back_where_a_text_was_that_API_servers_escape() => SwitchesAsync("escaped", application => application["spec"]!["source"]!["targetRevision"] = JsonNode.Parse(Escaped));

    /// <summary>Values written in place are full of them.</summary>
    [ContractFact]
    public async Task A_sync_from_a_source_of_texts_that_API_servers_escape_is_handed_over()
    {
        var application = Some.Application("sync-escaped");
        application["spec"]!["source"]!["helm"] = new JsonObject { ["values"] = JsonNode.Parse(Escaped) };
        var app = await Api.CreateAsync(application);
        var reconciler = Api.Reconciler();
        var operation = Interleaved.Opening.Planned(Interleaved.Tale.Sync, await FactsAsync(reconciler, app));

        var answer = await reconciler.SyncAsync(operation.Continue(), CancellationToken.None);

        Assert.True(answer.Kind == ClusterAnswerKind.UnderWay, answer.Sentence);
        Assert.Contains(operation.Id.ToString(), (await Api.ReadAsync(app))["operation"]!.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>Whoever switched auto-sync off, and however: nothing is there, or its parent is not.</summary>
    [ContractFact]
    public async Task An_entry_of_the_history_is_deployed_where_auto_sync_is_off_and_not_once_it_is_on()
    {
        foreach (var (name, policy) in new[] { ("off", """{"automated":{"enabled":false,"prune":true}}"""), ("out", """{"syncOptions":["CreateNamespace=true"]}"""), ("never", null) })
        {
            var app = await Api.CreateAsync(Some.Application($"entry-{name}", policy));
            var reconciler = Api.Reconciler();
            var planned = Interleaved.Opening.Planned(Interleaved.Tale.Sync, await FactsAsync(reconciler, app));
            var entry = new Core.Reconciliation.PastDeployment(7, [SomeBranch.Commit], null, """{"repoURL":"https://git.example.com/shop.git","path":"then","helm":{"values":"a: \"<b>\""}}""", false);
            var operation = planned with { Plan = planned.Plan with { Work = planned.Plan.Of<Core.Operations.Syncing.SyncWork>() with { Entry = entry, Source = "" } } };
            await Api.EditAsync(app, """[{"op":"add","path":"/metadata/labels","value":{"a":"b"}}]""");

            var answer = await reconciler.SyncAsync(operation.Continue(), CancellationToken.None);

            Assert.True(answer.Kind == ClusterAnswerKind.UnderWay, answer.Sentence);
            Assert.Equal("then", (string?)(await Api.ReadAsync(app))["operation"]!["sync"]!["source"]!["path"]);

            var on = await Api.CreateAsync(Some.Application($"entry-{name}-on"));
            var late = Interleaved.Opening.Planned(Interleaved.Tale.Sync, await FactsAsync(reconciler, on));
            late = late with { Plan = late.Plan with { Work = late.Plan.Of<Core.Operations.Syncing.SyncWork>() with { Entry = entry, Source = "" } } };
            Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.SyncAsync(late.Continue(), CancellationToken.None)).Kind);
            Assert.Null((await Api.ReadAsync(on))["operation"]);
        }
    }

    [ContractFact]
    public async Task Switching_again_writes_nothing_and_a_further_commit_keeps_the_way_back()
    {
        var (reconciler, app, operation) = await BranchAsync("branch-again", _ => { });
        await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None);
        var once = await Api.ReadAsync(app);
        Assert.Equal(ClusterAnswerKind.UnderWay, (await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None)).Kind);
        Assert.Equal(Version(once), Version(await Api.ReadAsync(app)));
        var lease = SomeBranch.Lease(operation);
        var further = SomeBranch.Running(await FactsAsync(reconciler, app), Guid.CreateVersion7(Some.Now), new string('2', 40), lease);

        Assert.Equal(ClusterAnswerKind.UnderWay, (await reconciler.SwitchAsync(further.Continue(), CancellationToken.None)).Kind);

        Assert.Equal(new string('2', 40), (string?)(await Api.ReadAsync(app))["spec"]!["source"]!["targetRevision"]);
        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.SwitchBackAsync(lease.End("bob"), CancellationToken.None)).Kind);
        Assert.True((await reconciler.SwitchBackAsync(lease.Move(further).End("bob"), CancellationToken.None)).IsOk);
        Assert.Equal("main", (string?)(await Api.ReadAsync(app))["spec"]!["source"]!["targetRevision"]);
        Assert.True((await reconciler.SwitchBackAsync(lease.Move(further).End("bob"), CancellationToken.None)).IsOk);
    }

    /// <summary>Nobody has learned whether the further commit was stored, so the lease says that it was; it was not.</summary>
    [ContractFact]
    public async Task A_switch_that_was_not_moved_on_after_all_is_put_back_all_the_same()
    {
        var (reconciler, app, operation) = await BranchAsync("branch-not-moved", _ => { });
        await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None);
        var lease = SomeBranch.Lease(operation);
        var further = SomeBranch.Running(await FactsAsync(reconciler, app), Guid.CreateVersion7(Some.Now), SomeBranch.Later, lease);

        Assert.Equal(ClusterAnswer.Ok, await reconciler.SwitchBackAsync(lease.Move(further).Moved(further, Some.Now).End("bob"), CancellationToken.None));

        var after = await Api.ReadAsync(app);
        Assert.Equal("main", (string?)after["spec"]!["source"]!["targetRevision"]);
        Assert.Null(after["metadata"]!["annotations"]?[Annotations.Operation]);
    }

    [ContractFact]
    public async Task A_revision_that_somebody_wrote_is_neither_overwritten_nor_put_back()
    {
        var (reconciler, app, operation) = await BranchAsync("branch-raced", _ => { });
        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/source/targetRevision","value":"v2"}]""");
        var moved = await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None);
        Assert.Equal(ClusterAnswerKind.Moved, moved.Kind);
        Assert.Contains("kubectl-edit", moved.Sentence, StringComparison.Ordinal);
        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/source/targetRevision","value":"main"}]""");
        await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None);
        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/source/targetRevision","value":"v3"}]""");

        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.SwitchBackAsync(SomeBranch.Lease(operation).End("bob"), CancellationToken.None)).Kind);

        var stored = await Api.ReadAsync(app);
        Assert.Equal(("v3", null), ((string?)stored["spec"]!["source"]!["targetRevision"], (string?)stored["metadata"]!["annotations"]?[Annotations.Operation]));
    }

    [ContractFact]
    public async Task A_switch_is_found_by_its_mark_with_the_way_back()
    {
        var (reconciler, app, operation) = await BranchAsync("branch-found", _ => { });
        await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None);

        await Api.CaughtUpAsync();
        var (_, found) = await reconciler.FindOverridesAsync(CancellationToken.None);

        var mark = Assert.Single(found, facts => facts.Ref == app).Mark!;
        Assert.Equal((operation.Id, "fix", SomeBranch.Commit, "\"main\""), (mark.Operation, mark.Branch!.Branch, mark.Branch.Commit, mark.Branch.Sources[0].Before.Json));
        Assert.Equal(Some.OnCall, mark.KubernetesUser);
    }

    [ContractFact]
    public async Task Without_auto_sync_the_switch_hands_over_one_sync()
    {
        var (reconciler, app, operation) = await BranchAsync("branch-manual", application => application["spec"]!.AsObject().Remove("syncPolicy"));

        await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None);
        await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None);

        var stored = await Api.ReadAsync(app);
        Assert.Equal(SomeBranch.Commit, (string?)stored["operation"]!["sync"]!["revision"]);
        Assert.Equal(SomeBranch.Commit, (string?)stored["spec"]!["source"]!["targetRevision"]);
    }

    /// <summary>As of any sync: its message goes on saying what it waited for before.</summary>
    [ContractFact]
    public async Task A_strict_window_that_comes_in_the_middle_of_that_sync_is_said_and_what_it_freezes_is_taken_back_when_the_approval_lapses()
    {
        await Api.CreateProjectAsync("branch-midway", """{"sourceRepos":["*"]}""");
        var (reconciler, app, operation) = await BranchAsync("branch-midway", application =>
        {
            application["spec"]!.AsObject().Remove("syncPolicy");
            application["spec"]!["project"] = "branch-midway";
        });
        operation = operation with { RequestExpiresAt = Some.Now.AddMinutes(5) };
        await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None);
        var written = (await Api.ReadAsync(app))["operation"]!.ToJsonString();
        await Api.EditAsync(app, $$$"""[{"op":"add","path":"/status/operationState","value":{"phase":"Running","startedAt":"2026-11-23T09:00:00Z","message":"waiting for healthy state of apps/Deployment/shop","operation":{{{written}}}}}]""");
        Assert.Contains("waiting for healthy state", (await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None)).Sentence, StringComparison.Ordinal);

        await Api.EditProjectAsync("branch-midway", """[{"op":"add","path":"/spec/syncWindows","value":[{"kind":"deny","schedule":"* * * * *","duration":"1h","applications":["*"]}]}]""");

        var kept = await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None);
        Assert.Equal(ClusterAnswerKind.UnderWay, kept.Kind);
        Assert.StartsWith("A deny window of project branch-midway is open", kept.Sentence, StringComparison.Ordinal);
        Assert.Equal(ClusterAnswerKind.Rejected, (await reconciler.SwitchAsync((operation with { RequestExpiresAt = Some.Now }).Continue(), CancellationToken.None)).Kind);
        var after = await Api.ReadAsync(app);
        Assert.Equal((null, null, SomeBranch.Commit), (after["operation"], after["status"]!["operationState"], (string?)after["spec"]!["source"]!["targetRevision"]));
    }

    protected async Task SwitchesAsync(string name, Action<JsonObject> change)
    {
        var (reconciler, app, operation) = await BranchAsync($"branch-exact-{name}", change);
        var before = await Api.ReadAsync(app);

        var answer = await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None);

        Assert.True(answer.Kind == ClusterAnswerKind.UnderWay, answer.Sentence);
        Assert.Contains(SomeBranch.Commit, (await Api.ReadAsync(app))["spec"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.True(BranchHolding.IsOverridden(await FactsAsync(reconciler, app)));
        var restored = await reconciler.SwitchBackAsync(SomeBranch.Lease(operation).End("bob"), CancellationToken.None);
        Assert.True(restored.IsOk, restored.Sentence);
        var after = await Api.ReadAsync(app);
        Assert.True(JsonNode.DeepEquals(before["spec"], after["spec"]), after.ToJsonString());
        Assert.Equal(before["metadata"]!["annotations"]?.ToJsonString(), after["metadata"]!["annotations"]?.ToJsonString());
    }

    private async Task<(ArgoCdReconciler Reconciler, ApplicationRef App, Operation Operation)> BranchAsync(string name, Action<JsonObject> change)
    {
        var application = Some.Application(name);
        change(application);
        var app = await Api.CreateAsync(application);
        var reconciler = Api.Reconciler();
        return (reconciler, app, SomeBranch.Running(await FactsAsync(reconciler, app), Guid.CreateVersion7(Some.Now)));
    }
}
