using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <content>Pauses that an entry in the application's set keeps.</content>
public abstract partial class ArgoCdReconcilerContract
{
    private const string OfAnother = """{"name":"payments","jsonPointers":["/spec/source/targetRevision"]}""";
    private static readonly RuleConfiguration MayEdit = new() { Name = "pause-shop", MayAddIgnoreApplicationDifferences = true };

    [ContractFact]
    public Task A_set_without_a_list_gets_one_with_our_entry_and_loses_it_again() => IsKeptAsync("set-none", null);

    [ContractFact]
    public Task A_set_with_entries_of_others_keeps_them() => IsKeptAsync("set-some", $"[{OfAnother}]");

    [ContractFact]
    public Task A_set_with_an_empty_list_keeps_it() => IsKeptAsync("set-kept", "[]");

    [ContractFact]
    public async Task The_list_that_the_first_of_two_began_goes_with_the_last()
    {
        var (reconciler, one, first) = await BySetAsync("set-two", null);
        await PauseBySetAsync(reconciler, one, first);
        var (_, other, second) = await BySetAsync("set-two", null, "second", Held(first.Operation));
        await PauseBySetAsync(reconciler, other, second);
        Assert.Equal([one.Name, other.Name], await NamesAsync("set-two"));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(first).End("bob"), CancellationToken.None));
        Assert.Equal([other.Name], await NamesAsync("set-two"));
        Assert.True(Holding.IsPaused(Held(second), await FactsAsync(reconciler, other)));
        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(second).End("bob"), CancellationToken.None));

        Assert.Null((await Api.ReadSetAsync("set-two"))["spec"]!["ignoreApplicationDifferences"]);
    }

    /// <summary>The bot dies between its two writes, and its time is over when it is back.</summary>
    [ContractFact]
    public async Task An_entry_whose_pause_never_came_is_taken_out_by_the_end()
    {
        var (reconciler, app, operation) = await BySetAsync("set-crash", null);
        var before = await Api.ReadAsync(app);
        Assert.Equal(ClusterAnswerKind.FenceBusy, (await reconciler.PauseAsync(operation.Operation.Continue(), CancellationToken.None)).Kind);
        Assert.Equal([app.Name], await NamesAsync("set-crash"));

        var answer = await reconciler.EndPauseAsync(Lease.Written(operation.Operation, Some.Now).End("bob"), CancellationToken.None);

        Assert.Equal(ClusterAnswer.Ok, answer);
        Assert.Null((await Api.ReadSetAsync("set-crash"))["spec"]!["ignoreApplicationDifferences"]);
        Assert.Equal(Version(before), Version(await Api.ReadAsync(app)));
    }

    [ContractFact]
    public async Task The_same_entry_by_somebody_else_is_neither_taken_for_ours_nor_taken_out()
    {
        var (reconciler, app, operation) = await BySetAsync("set-same", null);
        await Api.EditSetAsync("set-same", $$"""[{"op":"add","path":"/spec/ignoreApplicationDifferences","value":[{{operation.Operation.Plan.Of<PauseWork>().InSet!.Json}}]}]""");

        var answer = await reconciler.PauseAsync(operation.Operation.Continue(), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Moved, answer.Kind);
        Assert.Contains("by an entry that somebody else wrote", answer.Sentence, StringComparison.Ordinal);
        Assert.Null((await Api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
        answer = await reconciler.EndPauseAsync(Lease.Written(operation.Operation, Some.Now).End("bob"), CancellationToken.None);
        Assert.True(answer.IsOk);
        Assert.Contains("stays, since somebody else wrote it", answer.Sentence, StringComparison.Ordinal);
        Assert.Equal([app.Name], await NamesAsync("set-same"));
    }

    /// <summary>After a write of theirs the list counts as theirs, and our entry in it is ours all the same.</summary>
    [ContractFact]
    public async Task Edits_of_others_around_our_entry_stay()
    {
        var (reconciler, app, operation) = await BySetAsync("set-edited", null);
        await PauseBySetAsync(reconciler, app, operation);
        await Api.EditSetAsync("set-edited", $$"""[{"op":"add","path":"/spec/ignoreApplicationDifferences/0","value":{{OfAnother}}}]""");

        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));

        Assert.Equal(["payments"], await NamesAsync("set-edited"));
    }

    [ContractFact]
    public async Task An_entry_that_Git_has_by_now_stays_and_one_that_somebody_took_is_said()
    {
        var (reconciler, app, operation) = await BySetAsync("set-taken", null);
        await PauseBySetAsync(reconciler, app, operation);
        var applied = new JsonObject { [FieldRules.LastApplied] = $$$"""{"spec":{"ignoreApplicationDifferences":[{{{operation.Operation.Plan.Of<PauseWork>().InSet!.Json}}}]} }""" };
        await Api.EditSetAsync("set-taken", $$"""[{"op":"add","path":"/metadata/annotations","value":{{applied.ToJsonString()}} }]""", "argocd-controller");

        var answer = await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None);

        Assert.True(answer.IsOk);
        Assert.Contains("stands by now in what is applied", answer.Sentence, StringComparison.Ordinal);
        Assert.Equal([app.Name], await NamesAsync("set-taken"));
        await Api.EditSetAsync("set-taken", """[{"op":"remove","path":"/spec/ignoreApplicationDifferences"}]""");
        Assert.Contains("was not in ApplicationSet set-taken any more", (await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None)).Sentence, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task What_is_gone_with_its_set_or_from_it_is_said_and_ends_all_the_same()
    {
        var (reconciler, app, operation) = await BySetAsync("set-gone", null);
        await PauseBySetAsync(reconciler, app, operation);
        await Api.DeleteAsync(app);

        var answer = await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None);

        Assert.Equal((ClusterAnswerKind.Gone, "Our entry is out of ApplicationSet set-gone"), (answer.Kind, answer.Sentence));
        Assert.Null((await Api.ReadSetAsync("set-gone"))["spec"]!["ignoreApplicationDifferences"]);
        await Api.DeleteSetAsync("set-gone");
        answer = await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None);
        Assert.Equal((ClusterAnswerKind.Gone, "ApplicationSet set-gone does not exist any more, and our entry with it"), (answer.Kind, answer.Sentence));
    }

    /// <summary>Without the entry the set would switch on what somebody switched off.</summary>
    [ContractFact]
    public async Task The_entry_stays_while_somebody_else_keeps_the_application_off()
    {
        var (reconciler, app, operation) = await BySetAsync("set-off", null);
        await PauseBySetAsync(reconciler, app, operation);
        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/syncPolicy/automated/enabled","value":true}]""");
        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/syncPolicy/automated/enabled","value":false}]""");

        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None)).Kind);
        Assert.Equal([app.Name], await NamesAsync("set-off"));

        await Api.EditAsync(app, """[{"op":"replace","path":"/spec/syncPolicy/automated/enabled","value":true}]""");
        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None)).Kind);
        Assert.Null((await Api.ReadSetAsync("set-off"))["spec"]!["ignoreApplicationDifferences"]);
    }

    /// <summary>Another pause of the application counts on it: then the proof of this end says nothing of it.</summary>
    [ContractFact]
    public async Task An_end_that_is_not_told_of_the_entry_leaves_it()
    {
        var (reconciler, app, operation) = await BySetAsync("set-without", null);
        await PauseBySetAsync(reconciler, app, operation);

        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync((Held(operation) with { InSet = null }).End("bob"), CancellationToken.None));

        Assert.Equal([app.Name], await NamesAsync("set-without"));
    }

    [ContractFact]
    public async Task A_set_that_our_user_may_not_patch_is_known_before_and_refused_in_words()
    {
        var (reconciler, app, operation) = await BySetAsync("elsewhere", null, "forbidden");

        Assert.False(await reconciler.CoversSetAsync("argocd", "elsewhere", CancellationToken.None));
        var answer = await reconciler.PauseAsync(operation.Operation.Continue(), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Forbidden, answer.Kind);
        Assert.Contains("chatops:sets may not patch", answer.Sentence, StringComparison.Ordinal);
        Assert.Null((await Api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
    }

    [ContractFact]
    public async Task A_set_that_somebody_else_applies_with_a_list_of_its_own_is_not_edited()
    {
        await Api.CreateSetAsync("set-flux", new JsonObject { ["ignoreApplicationDifferences"] = JsonNode.Parse($"[{OfAnother}]") });
        await Api.EditSetAsync("set-flux", """[{"op":"add","path":"/metadata/labels","value":{"kustomize.toolkit.fluxcd.io/name":"sets"}}]""");
        var app = await Api.CreateAsync(OfSet("set-flux", "set-flux"));

        var facts = await FactsAsync(Api.Reconciler(), app);

        Assert.Contains("the set is applied by Flux Kustomization sets", facts.Set!.TakenBack, StringComparison.Ordinal);
        Assert.Null(SetWay.Under(MayEdit, facts, [], covered: true).Way.InSet);
    }

    private async Task IsKeptAsync(string set, string? list)
    {
        var (reconciler, app, operation) = await BySetAsync(set, list);
        var (before, theSet) = (await Api.ReadAsync(app), await Api.ReadSetAsync(set));

        await PauseBySetAsync(reconciler, app, operation);

        var entries = (await Api.ReadSetAsync(set))["spec"]!["ignoreApplicationDifferences"]!.AsArray();
        Assert.Equal($$"""{"name":"{{app.Name}}","jsonPointers":["/spec/syncPolicy/automated/enabled"]}""", JsonNode.Parse(operation.Operation.Plan.Of<PauseWork>().InSet!.Json)!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(operation.Operation.Plan.Of<PauseWork>().InSet!.Json), entries[^1]));
        Assert.False((bool)(await Api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]!);
        var version = Version(await Api.ReadSetAsync(set));
        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(operation.Operation.Continue(), CancellationToken.None));
        Assert.Equal(version, Version(await Api.ReadSetAsync(set)));
        Assert.Null((await FactsAsync(reconciler, app)).Set); // it is left alone now
        Assert.IsType<Holding.Proved>(Holding.Judge(Held(operation), await FactsAsync(reconciler, app), Some.Now));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));

        Assert.True(JsonNode.DeepEquals(theSet["spec"], (await Api.ReadSetAsync(set))["spec"]));
        Assert.True(JsonNode.DeepEquals(before["spec"], (await Api.ReadAsync(app))["spec"]));
        Assert.True((await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None)).IsOk);
        Assert.True(JsonNode.DeepEquals(theSet["spec"], (await Api.ReadSetAsync(set))["spec"]));
    }

    /// <summary>As the product goes on with it; then the set takes our annotations off, and the controller answers.</summary>
    protected async Task PauseBySetAsync(ArgoCdReconciler reconciler, ApplicationRef app, AuthorizedOperation operation)
    {
        Assert.Equal(ClusterAnswerKind.FenceBusy, (await reconciler.PauseAsync(operation.Operation.Continue(), CancellationToken.None)).Kind);
        Assert.Null((await Api.ReadAsync(app))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(operation.Operation.Continue(), CancellationToken.None));
        Assert.IsType<Holding.Waiting>(Holding.Judge(Held(operation), await FactsAsync(reconciler, app) with { RefreshPending = false }, Some.Now));
        await Api.EditAsync(app, """[{"op":"remove","path":"/metadata/annotations"}]""");
    }

    protected async Task<(ArgoCdReconciler Reconciler, ApplicationRef App, AuthorizedOperation Operation)> BySetAsync(string set, string? list, string? name = null, params Lease[] unsettled)
    {
        if (name is null or "forbidden")
        {
            await Api.CreateSetAsync(set, list is null ? [] : new JsonObject { ["ignoreApplicationDifferences"] = JsonNode.Parse(list) });
        }

        var app = await Api.CreateAsync(OfSet(set, $"of-{name ?? set}"));
        var reconciler = Api.Reconciler();
        var facts = SetWay.Under(MayEdit, await FactsAsync(reconciler, app), unsettled, covered: true);
        Assert.Null(PausePlan.Obstacle(facts));
        return (reconciler, app, (Some.Approved(facts) with { Plan = PausePlan.Of(facts, "1") }).Start(Some.Now));
    }

    protected static JsonObject OfSet(string set, string name)
    {
        var application = Some.Application(name);
        application["metadata"]!["ownerReferences"] = JsonNode.Parse($$"""[{"apiVersion":"argoproj.io/v1alpha1","kind":"ApplicationSet","name":"{{set}}","uid":"7d4f8a3e-0000-4000-8000-000000000001"}]""");
        return application;
    }

    private async Task<IEnumerable<string>> NamesAsync(string set) =>
        (await Api.ReadSetAsync(set))["spec"]!["ignoreApplicationDifferences"]!.AsArray().Select(entry => (string)entry!["name"]!);

    protected static Lease Held(AuthorizedOperation running) => Held(running.Operation);
}
