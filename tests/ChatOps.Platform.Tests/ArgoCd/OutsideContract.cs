using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <content>Overrides that somebody makes past us: found with the hand that made them, and put back exactly.</content>
public abstract partial class ArgoCdReconcilerContract
{
    [ContractFact]
    public Task Auto_sync_that_was_switched_off_is_put_back() =>
        PutsBackAsync("out-off", """[{"op":"add","path":"/spec/syncPolicy/automated/enabled","value":false}]""", OutsideKind.AutoSyncOff, "kubectl-edit");

    [ContractFact]
    public Task Auto_sync_that_was_taken_out_is_put_back_with_the_parent_that_went_with_it() =>
        PutsBackAsync("out-removed", """[{"op":"remove","path":"/spec/syncPolicy"}]""", OutsideKind.AutoSyncOff, null);

    [ContractFact]
    public Task A_target_revision_that_was_moved_is_put_back() =>
        PutsBackAsync("out-moved", """[{"op":"replace","path":"/spec/source/targetRevision","value":"fix"}]""", OutsideKind.RevisionMoved, "kubectl-edit");

    [ContractFact]
    public Task An_annotation_that_has_it_skipped_is_taken_off() =>
        PutsBackAsync("out-skipped", """[{"op":"add","path":"/metadata/annotations","value":{"argocd.argoproj.io/skip-reconcile":"true"}}]""", OutsideKind.SkipReconcile, "kubectl-edit");

    /// <summary>The engine does nothing by itself because of us, and ignores everything because of somebody else: neither waits for the other.</summary>
    [ContractFact]
    public async Task An_annotation_that_has_it_skipped_is_taken_off_under_a_pause_of_ours_which_stays()
    {
        const string Skips = """[{"op":"add","path":"/metadata/annotations/argocd.argoproj.io~1skip-reconcile","value":"true"}]""";
        var (reconciler, app, operation) = await PlannedAsync("out-skipped-paused", annotations: """{"team":"shop"}""");
        Assert.True((await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None)).IsOk);
        var before = await Api.ReadAsync(app);
        await Api.EditAsync(app, Skips);
        var facts = await FactsAsync(reconciler, app);
        var found = Assert.Single(OutsideLook.At(null, facts, [Some.Lease(operation)]).Found);
        var lease = Lease.Taken(found, facts, 7, "alice", Some.OnCall, Core.Policy.Overwriting.BySecondPress, Some.Now.AddHours(1), Some.Now) with { State = LeaseState.Ending };

        var answer = await reconciler.PutBackAsync(lease.End("bob"), CancellationToken.None);

        Assert.True(answer.IsOk, answer.Sentence);
        var after = await Api.ReadAsync(app);
        Assert.True(JsonNode.DeepEquals(before["metadata"]!["annotations"], after["metadata"]!["annotations"]), after["metadata"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(before["spec"], after["spec"]), after["spec"]!.ToJsonString());
    }

    [ContractFact]
    public Task A_target_revision_of_texts_that_API_servers_escape_is_put_back() =>
        PutsBackAsync("out-escaped", $$"""[{"op":"replace","path":"/spec/source/targetRevision","value":{{Escaped}}}]""", OutsideKind.RevisionMoved, "kubectl-edit");

    [ContractFact]
    public async Task What_was_changed_once_more_since_it_was_taken_is_left_alone()
    {
        var (reconciler, app, lease) = await TakenAsync("out-raced", """[{"op":"replace","path":"/spec/source/targetRevision","value":"fix"}]""");
        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/source/targetRevision","value":"other"}]""");

        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.PutBackAsync(lease.End("bob"), CancellationToken.None)).Kind);
        Assert.Equal("other", (string?)(await Api.ReadAsync(app))["spec"]!["source"]!["targetRevision"]);

        await Api.DeleteAsync(app);
        Assert.Equal(ClusterAnswerKind.Gone, (await reconciler.PutBackAsync(lease.End("bob"), CancellationToken.None)).Kind);
    }

    [ContractFact]
    public Task Auto_sync_that_was_taken_out_after_it_was_switched_off_is_not_said_to_be_put_back() =>
        IsNotSaidToBeBackAsync("out-gone-off", """[{"op":"add","path":"/spec/syncPolicy/automated/enabled","value":false}]""", """[{"op":"remove","path":"/spec/syncPolicy/automated"}]""");

    [ContractFact]
    public Task A_source_that_became_several_after_its_revision_was_moved_is_not_said_to_be_put_back() =>
        IsNotSaidToBeBackAsync("out-gone-source", """[{"op":"add","path":"/spec/source/targetRevision","value":"fix"}]""", $$"""[{"op":"remove","path":"/spec/source"},{"op":"add","path":"/spec/sources","value":{{Several}}}]""");

    /// <summary>Nothing is at that place any more, as nothing was before; and it is something else.</summary>
    private async Task IsNotSaidToBeBackAsync(string name, string edit, string further)
    {
        var (reconciler, app, lease) = await TakenAsync(name, edit, change: application => application["spec"]!["source"]!.AsObject().Remove("targetRevision"));
        await Api.EditAsync(app, further);

        var answer = await reconciler.PutBackAsync(lease.End("bob"), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Moved, answer.Kind);
        Assert.Contains("is (not set) now", answer.Sentence, StringComparison.Ordinal);
    }

    private async Task PutsBackAsync(string name, string edit, OutsideKind kind, string? by)
    {
        var (reconciler, app, lease) = await TakenAsync(name, edit);
        Assert.Equal((kind, by), (lease.Outside!.Kind, lease.Outside.By));
        Assert.Equal(by is null, lease.Outside.At is null);

        var answer = await reconciler.PutBackAsync(lease.End("bob"), CancellationToken.None);
        Assert.True(answer.IsOk, answer.Sentence);
        var after = await Api.ReadAsync(app);
        Assert.True(JsonNode.DeepEquals(Some.Application(name)["spec"], after["spec"]), after["spec"]!.ToJsonString());
        Assert.Null(after["metadata"]!["annotations"]?["argocd.argoproj.io/skip-reconcile"]);
        Assert.True((await reconciler.PutBackAsync(lease.End("bob"), CancellationToken.None)).IsOk);
        Assert.Equal(Version(after), Version(await Api.ReadAsync(app)));
    }

    /// <summary>Seen while all was well, edited by hand, found, and taken by somebody.</summary>
    protected async Task<(ArgoCdReconciler Reconciler, ApplicationRef App, Lease Lease)> TakenAsync(string name, string edit, string? annotations = null, Action<JsonObject>? change = null)
    {
        var application = Some.Application(name, annotations: annotations);
        change?.Invoke(application);
        var app = await Api.CreateAsync(application);
        var reconciler = Api.Reconciler();
        var known = OutsideLook.At(null, await FactsAsync(reconciler, app), []).Baseline;
        await Api.EditAsync(app, edit);
        var facts = await FactsAsync(reconciler, app);
        var found = Assert.Single(OutsideLook.At(known, facts, []).Found);
        return (reconciler, app, Lease.Taken(found, facts, 7, "alice", Some.OnCall, Core.Policy.Overwriting.BySecondPress, Some.Now.AddHours(1), Some.Now) with { State = LeaseState.Ending });
    }
}
