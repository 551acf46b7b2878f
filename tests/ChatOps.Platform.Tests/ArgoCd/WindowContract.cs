using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <content>Pauses that a deny window in the project holds.</content>
public abstract partial class ArgoCdReconcilerContract
{
    private const string Freeze = """{"kind":"deny","schedule":"0 22 * * *","duration":"8h","applications":["*"],"description":"no deploys at night"}""";

    [ContractFact]
    public async Task A_window_is_stored_and_seen_and_its_end_leaves_the_project_and_the_application_as_they_were()
    {
        var (reconciler, app, operation) = await ByWindowAsync("first", """{"sourceRepos":["*"]}""");
        var (project, application) = (await Api.ReadProjectAsync("first"), await Api.ReadAsync(app));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None));

        var window = Assert.Single((await Api.ReadProjectAsync("first"))["spec"]!["syncWindows"]!.AsArray())!;
        Assert.Equal(
            """{"applications":["held-first"],"duration":"48m","kind":"deny","manualSync":true,"schedule":"58 8 23 11 *","timeZone":"UTC"}""",
            Ordered(window));
        var facts = await FactsAsync(reconciler, app);
        Assert.Equal(operation.Id, facts.Mark!.Operation);
        Assert.Equal(new HeldWindow("first", IsOpen: true), facts.Mark.Window);
        Assert.Equal("chatops", facts.WindowsManager);
        Assert.Contains("\"duration\":\"48m\"", Assert.Single(facts.ProjectWindows), StringComparison.Ordinal);
        Assert.True(facts.RefreshPending);
        await Api.AnswerRefreshAsync(app);
        Assert.IsType<Holding.Proved>(Holding.Judge(Held(operation), await FactsAsync(reconciler, app), Some.Now));

        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));

        Assert.Equal("normal", (string?)(await Api.ReadAsync(app))["metadata"]!["annotations"]![Annotations.Refresh]);
        await Api.AnswerRefreshAsync(app);
        Assert.True(JsonNode.DeepEquals(project["spec"], (await Api.ReadProjectAsync("first"))["spec"]));
        Assert.True(JsonNode.DeepEquals(application["spec"], (await Api.ReadAsync(app))["spec"]));
        Assert.Null((await FactsAsync(reconciler, app)).Mark);
        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));
    }

    [ContractFact]
    public async Task What_an_earlier_override_left_on_the_application_hides_no_window()
    {
        var (reconciler, app, operation) = await ByWindowAsync("left-over", """{"sourceRepos":["*"]}""");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.EditAsync(app, $$"""[{"op":"add","path":"/metadata/annotations/{{Annotations.Operation.Replace("/", "~1", StringComparison.Ordinal)}}","value":"{{Guid.NewGuid()}}"}]""");

        var facts = await FactsAsync(reconciler, app);

        Assert.Equal(operation.Id, facts.Mark!.Operation);
        Assert.True(WindowHolding.IsThere(Held(operation), facts));
    }

    [ContractFact]
    public async Task Of_two_pauses_of_one_incident_at_once_the_first_that_is_stored_stands()
    {
        var (reconciler, _, first) = await ByWindowAsync("at-once", """{"sourceRepos":["*"]}""");
        var second = first with { Id = Guid.NewGuid() };
        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(first.Start(Some.Now), CancellationToken.None));

        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.PauseAsync(second.Start(Some.Now), CancellationToken.None)).Kind);

        Assert.Single((await Api.ReadProjectAsync("at-once"))["spec"]!["syncWindows"]!.AsArray());
    }

    /// <summary>Each ends its own, in whatever order, and the list that the first began goes with the last.</summary>
    [ContractFact]
    public async Task Each_incident_has_a_window_of_its_own_and_the_last_that_goes_lets_Argo_CD_act()
    {
        foreach (var (project, isFirstFirst) in new[] { ("both-first", true), ("both-second", false) })
        {
            var (reconciler, app, first) = await ByWindowAsync(project, """{"sourceRepos":["*"]}""");
            var before = await Api.ReadProjectAsync(project);
            var second = first with { Id = Guid.NewGuid(), Incident = first.Incident + 1, Duration = TimeSpan.FromHours(1), Plan = first.Plan with { Work = first.Plan.Of<PauseWork>() with { Since = Some.Now } } };
            Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(first.Start(Some.Now), CancellationToken.None));
            Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.PauseAsync((second with { Plan = first.Plan }).Start(Some.Now), CancellationToken.None)).Kind); // nobody saw that it goes beside another
            await Api.AnswerRefreshAsync(app);
            foreach (var operation in new[] { first, second })
            {
                Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None));
                await Api.AnswerRefreshAsync(app);
            }

            var facts = await FactsAsync(reconciler, app);
            Assert.Equal([first.Id, second.Id], facts.Marks.Select(mark => mark.Operation));
            Assert.All([first, second], operation => Assert.IsType<Holding.Proved>(Holding.Judge(Held(operation), facts, Some.Now)));
            var (ends, stays) = isFirstFirst ? (first, second) : (second, first);

            Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(ends).End("bob"), CancellationToken.None));

            await Api.AnswerRefreshAsync(app);
            facts = await FactsAsync(reconciler, app);
            Assert.Equal(stays.Id, Assert.Single(facts.OpenWindows).Operation);
            Assert.IsType<Holding.Proved>(Holding.Judge(Held(stays), facts, Some.Now));
            Assert.Null(Assert.IsType<Holding.Taken>(Holding.Judge(Held(ends), facts, Some.Now)).Another); // of another incident, and none that took its place
            Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(stays).End("bob"), CancellationToken.None));
            Assert.True(JsonNode.DeepEquals(before["spec"], (await Api.ReadProjectAsync(project))["spec"]));
        }
    }

    /// <summary>All of a namespace are paused by one operation, and several of them can be in one project.</summary>
    [ContractFact]
    public async Task Two_applications_of_one_operation_have_a_window_each_and_each_ends_its_own()
    {
        var (reconciler, app, operation) = await ByWindowAsync("of-one", """{"sourceRepos":["*"]}""");
        var application = Some.Application("held-of-one-too");
        application["spec"]!["project"] = "of-one";
        var other = await Api.CreateAsync(application);
        var second = operation with { Plan = operation.Plan with { Target = ApplicationTarget.Of(await FactsAsync(reconciler, other)) } };
        foreach (var (one, at) in new[] { (operation, app), (second, other) })
        {
            Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(one.Start(Some.Now), CancellationToken.None));
            await Api.AnswerRefreshAsync(at);
        }

        Assert.True(WindowHolding.IsThere(Held(operation), await FactsAsync(reconciler, app)));
        Assert.True(WindowHolding.IsThere(Held(second), await FactsAsync(reconciler, other)));
        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(second).End("bob"), CancellationToken.None));
        Assert.True(WindowHolding.IsThere(Held(operation), await FactsAsync(reconciler, app)));
        Assert.Equal(app.Name, (string?)Assert.Single((await Api.ReadProjectAsync("of-one"))["spec"]!["syncWindows"]!.AsArray())!["applications"]![0]);
    }

    [ContractFact]
    public async Task Nothing_is_deployed_behind_the_window_of_another_incident()
    {
        var (reconciler, app, first) = await ByWindowAsync("behind-another", """{"sourceRepos":["*"]}""");
        await reconciler.PauseAsync(first.Start(Some.Now), CancellationToken.None);
        await Api.AnswerRefreshAsync(app);
        var branch = SomeBranch.Running(await FactsAsync(reconciler, app), Guid.CreateVersion7(Some.Now));

        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.SwitchAsync((branch with { Incident = first.Incident + 1 }).Continue(), CancellationToken.None)).Kind);

        Assert.Single((await Api.ReadProjectAsync("behind-another"))["spec"]!["syncWindows"]!.AsArray());
    }

    [ContractFact]
    public async Task A_window_that_somebody_adds_is_seen_with_the_hand_that_added_it_and_whom_it_reaches()
    {
        var (reconciler, app, operation) = await ByWindowAsync("seen", """{"sourceRepos":["*"]}""");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.EditProjectAsync("seen", $$"""[{"op":"add","path":"/spec/syncWindows/-","value":{{Freeze}}}]""");

        await Api.CaughtUpAsync();
        var (answer, projects) = await reconciler.WindowsAsync(CancellationToken.None);

        Assert.True(answer.IsOk, answer.Sentence);
        var seen = Assert.Single(projects, project => project.Project == "seen");
        Assert.Equal(("kubectl-edit", false), (seen.Hand!.Manager, seen.Hand.IsOwner));
        Assert.Equal([true, false], seen.Windows.Select(window => window.IsOurs));
        var freeze = seen.Windows[1];
        Assert.Equal((true, true, (DateTimeOffset?)null, "deny `0 22 * * *` for 8h UTC, “no deploys at night”"), (freeze.Denies, freeze.ByHandToo, freeze.OpenUntil, freeze.Words));
        Assert.Contains("patch appprojects.argoproj.io seen --namespace argocd", freeze.TakeOut, StringComparison.Ordinal);
        Assert.Contains("\"path\":\"/spec/syncWindows/1\"", freeze.TakeOut, StringComparison.Ordinal);
        var (reached, reaches) = await reconciler.ReachAsync([("seen", freeze), ("seen", freeze with { Json = freeze.Json.Replace("\"*\"", "\"other-*\"", StringComparison.Ordinal) })], CancellationToken.None);
        Assert.True(reached.IsOk, reached.Sentence);
        Assert.Equal([[app], []], reaches);
    }

    /// <summary>The list counts as ours after each write of ours, whoever wrote what is in it.</summary>
    [ContractFact]
    public async Task What_Git_or_somebody_wrote_just_before_us_stays_theirs()
    {
        var (reconciler, app, operation) = await ByWindowAsync("before", """{"sourceRepos":["*"]}""");
        await Api.EditProjectAsync("before", $$"""[{"op":"add","path":"/spec/syncWindows","value":[{{Freeze}}]}]""", "argocd-controller");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        Assert.Equal(("argocd-controller", true), await HandAsync("before"));

        await Api.EditProjectAsync("before", $$"""[{"op":"add","path":"/spec/syncWindows/0","value":{{Freeze.Replace("8h", "9h", StringComparison.Ordinal)}}}]""");
        await Api.AnswerRefreshAsync(app);
        await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None);
        Assert.Equal(("kubectl-edit", false), await HandAsync("before"));

        async Task<(string?, bool?)> HandAsync(string project)
        {
            await Api.CaughtUpAsync();
            var (answer, projects) = await reconciler.WindowsAsync(CancellationToken.None);
            Assert.True(answer.IsOk, answer.Sentence);
            var hand = Assert.Single(projects, one => one.Project == project).Hand;
            return (hand?.Manager, hand?.IsOwner);
        }
    }

    [ContractFact]
    public async Task What_stands_in_what_Argo_CD_applied_is_known_as_such_and_what_a_person_applied_is_not()
    {
        foreach (var (project, manager, applied) in new[] { ("by-git", "argocd-controller", true), ("by-hand", "kubectl-client-side-apply", false) })
        {
            await Api.CreateProjectAsync(project, """{"sourceRepos":["*"]}""");
            var annotations = new JsonObject { [FieldRules.LastApplied] = $$$"""{"spec":{"syncWindows":[{{{Freeze}}}]} }""" };
            await Api.EditProjectAsync(project, $$"""[{"op":"add","path":"/metadata/annotations","value":{{annotations.ToJsonString()}} },{"op":"add","path":"/spec/syncWindows","value":[{{Freeze}}]}]""", manager);
            await Api.EditProjectAsync(project, $$"""[{"op":"add","path":"/spec/syncWindows/-","value":{{Freeze.Replace("8h", "9h", StringComparison.Ordinal)}}}]""");

            await Api.CaughtUpAsync();
            var (_, projects) = await Api.Reconciler().WindowsAsync(CancellationToken.None);

            Assert.Equal([applied, false], Assert.Single(projects, one => one.Project == project).Windows.Select(window => window.IsApplied));
        }
    }

    [ContractFact]
    public async Task Windows_of_others_stay_where_they_are_and_storing_ours_again_changes_nothing()
    {
        var (reconciler, app, operation) = await ByWindowAsync("beside", $$"""{"sourceRepos":["*"],"syncWindows":[{{Freeze}}]}""");
        var running = operation.Start(Some.Now).Operation;
        await reconciler.PauseAsync(running.Continue(), CancellationToken.None);
        await Api.AnswerRefreshAsync(app);
        var once = await Api.ReadProjectAsync("beside");

        Assert.Equal(ClusterAnswer.Ok, await reconciler.PauseAsync(running.Continue(), CancellationToken.None));

        Assert.Equal(Version(once), Version(await Api.ReadProjectAsync("beside")));
        await Api.EditProjectAsync("beside", $$"""[{"op":"add","path":"/spec/syncWindows/0","value":{{Freeze.Replace("8h", "9h", StringComparison.Ordinal)}}}]""");
        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));
        Assert.Equal(["9h", "8h"], (await Api.ReadProjectAsync("beside"))["spec"]!["syncWindows"]!.AsArray().Select(window => (string)window!["duration"]!));
    }

    [ContractFact]
    public async Task A_window_that_somebody_took_away_is_told_with_the_hand_that_did()
    {
        var (reconciler, app, operation) = await ByWindowAsync("taken", """{"sourceRepos":["*"]}""");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.EditProjectAsync("taken", $$"""[{"op":"replace","path":"/spec/syncWindows","value":[{{Freeze}}]}]""");

        var taken = Assert.IsType<Holding.Taken>(Holding.Judge(Held(operation), await FactsAsync(reconciler, app), Some.Now));

        Assert.Equal((Hold.Reverted, "kubectl-edit"), (taken.Left, taken.By));
        Assert.Equal(ClusterAnswer.Ok, await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Freeze), Assert.Single((await Api.ReadProjectAsync("taken"))["spec"]!["syncWindows"]!.AsArray())));
    }

    [ContractFact]
    public async Task An_extension_moves_the_end_of_our_window_and_of_no_other()
    {
        var (reconciler, app, operation) = await ByWindowAsync("longer", $$"""{"sourceRepos":["*"],"syncWindows":[{{Freeze}}]}""");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        var until = Some.Now.AddHours(2);
        var extension = operation with
        {
            Id = Guid.NewGuid(),
            Kind = OperationKind.Extend,
            Until = until,
            Plan = operation.Plan with { Work = new ExtendWork(PauseMechanism.Window, operation.Plan.Of<PauseWork>().Before) },
        };

        Assert.Equal(ClusterAnswer.Ok, await reconciler.MarkAsync(extension.Start(Some.Now), CancellationToken.None));

        var facts = await FactsAsync(reconciler, app);
        Assert.Equal((operation.Id, until), (facts.Mark!.Operation, facts.Mark.ExpiresAt));
        Assert.Equal(["8h", "123m"], (await Api.ReadProjectAsync("longer"))["spec"]!["syncWindows"]!.AsArray().Select(window => (string)window!["duration"]!));
        await Api.CaughtUpAsync();
        var (answer, found) = await reconciler.FindOverridesAsync(CancellationToken.None);
        Assert.True(answer.IsOk, answer.Sentence);
        Assert.Contains(app, found.Select(one => one.Ref));
        await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None);
        Assert.Equal(ClusterAnswerKind.Moved, (await reconciler.MarkAsync(extension.Start(Some.Now), CancellationToken.None)).Kind);
    }

    [ContractFact]
    public async Task The_window_of_a_deleted_application_goes_as_well()
    {
        var (reconciler, app, operation) = await ByWindowAsync("gone", """{"sourceRepos":["*"],"syncWindows":[]}""");
        await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);
        await Api.DeleteAsync(app);

        Assert.Equal(ClusterAnswerKind.Gone, (await reconciler.EndPauseAsync(Held(operation).End("bob"), CancellationToken.None)).Kind);

        Assert.Empty((await Api.ReadProjectAsync("gone"))["spec"]!["syncWindows"]!.AsArray());
    }

    [ContractFact]
    public async Task A_switch_behind_a_window_writes_one_operation_and_a_further_commit_takes_the_window_over()
    {
        var (reconciler, app, _) = await ByWindowAsync("switched", $$"""{"sourceRepos":["*"],"syncWindows":[{{Freeze.Replace("0 22", "0 3", StringComparison.Ordinal)}}]}""");
        var (project, spec) = (await Api.ReadProjectAsync("switched"), (await Api.ReadAsync(app))["spec"]!.ToJsonString());
        var first = SomeBranch.Running(await FactsAsync(reconciler, app), Guid.CreateVersion7(Some.Now));
        var held = await reconciler.SwitchAsync(first.Continue(), CancellationToken.None);
        Assert.Equal(ClusterAnswerKind.UnderWay, held.Kind);
        first = first.Goes(held.Sentence);
        Assert.Contains("has not seen", (await reconciler.SwitchAsync(first.Continue(), CancellationToken.None)).Sentence, StringComparison.Ordinal);
        await Api.AnswerRefreshAsync(app);

        Assert.Equal("handed to Argo CD", (await reconciler.SwitchAsync(first.Continue(), CancellationToken.None)).Sentence);

        var sent = await Api.ReadAsync(app);
        Assert.Equal(SomeBranch.Commit, (string?)sent["operation"]!["sync"]!["revision"]);
        Assert.Equal(spec, sent["spec"]!.ToJsonString());
        await Api.EditAsync(app, """[{"op":"remove","path":"/operation"}]""");
        var lease = Lease.Switched(first, Some.Now).Stored(Some.Now);
        var further = SomeBranch.Running(await FactsAsync(reconciler, app), Guid.CreateVersion7(Some.Now), new string('2', 40), lease);
        Assert.Equal(ClusterAnswerKind.UnderWay, (await reconciler.SwitchAsync(further.Continue(), CancellationToken.None)).Kind);
        Assert.Equal(further.Id, (await FactsAsync(reconciler, app)).Mark!.Operation);
        Assert.Equal(2, (await Api.ReadProjectAsync("switched"))["spec"]!["syncWindows"]!.AsArray().Count);

        Assert.Equal(ClusterAnswer.Ok, await reconciler.SwitchBackAsync(lease.Move(further).End("bob"), CancellationToken.None));

        Assert.True(JsonNode.DeepEquals(project["spec"], (await Api.ReadProjectAsync("switched"))["spec"]));
        Assert.Equal(spec, (await Api.ReadAsync(app))["spec"]!.ToJsonString());
    }

    [ContractFact]
    public async Task What_runs_is_waited_for_before_a_window_would_freeze_it_in_the_way()
    {
        var (reconciler, app, _) = await ByWindowAsync("busy", """{"sourceRepos":["*"]}""");
        var operation = SomeBranch.Running(await FactsAsync(reconciler, app), Guid.CreateVersion7(Some.Now));
        await Api.EditAsync(app, """[{"op":"add","path":"/operation","value":{"initiatedBy":{"automated":true},"sync":{}}}]""");

        Assert.Equal(ClusterAnswerKind.FenceBusy, (await reconciler.SwitchAsync(operation.Continue(), CancellationToken.None)).Kind);

        Assert.Null((await Api.ReadProjectAsync("busy"))["spec"]!["syncWindows"]);
    }

    [ContractFact]
    public async Task A_project_that_our_user_may_not_patch_is_known_before_and_refused_in_words()
    {
        var (reconciler, _, operation) = await ByWindowAsync("elsewhere", """{"sourceRepos":["*"]}""");

        Assert.False(await reconciler.CoversWindowsAsync("elsewhere", CancellationToken.None));
        var answer = await reconciler.PauseAsync(operation.Start(Some.Now), CancellationToken.None);

        Assert.Equal(ClusterAnswerKind.Forbidden, answer.Kind);
        Assert.Contains("chatops:projects may not patch", answer.Sentence, StringComparison.Ordinal);
        Assert.Null((await Api.ReadProjectAsync("elsewhere"))["spec"]!["syncWindows"]);
    }

    /// <summary>Its message goes on saying what it waited for before, so that the windows themselves have to be asked.</summary>
    [ContractFact]
    public async Task A_strict_window_that_comes_in_the_middle_of_a_sync_is_said_and_what_it_freezes_is_taken_back_when_the_approval_lapses()
    {
        await Api.CreateProjectAsync("midway", """{"sourceRepos":["*"]}""");
        var application = Some.Application("sync-midway");
        application["spec"]!["project"] = "midway";
        var app = await Api.CreateAsync(application);
        var reconciler = Api.Reconciler();
        var approved = Some.Approved(await FactsAsync(reconciler, app));
        var sync = (approved with { Kind = OperationKind.Sync, RequestExpiresAt = Some.Now.AddMinutes(5), Plan = approved.Plan with { Work = new SyncWork(["1111111111111111111111111111111111111111"], false, false, [], false, false, []) } }).Start(Some.Now);
        Assert.Equal(ClusterAnswerKind.UnderWay, (await reconciler.SyncAsync(sync, CancellationToken.None)).Kind);
        var written = (await Api.ReadAsync(app))["operation"]!.ToJsonString();
        await Api.EditAsync(app, $$$"""[{"op":"add","path":"/status/operationState","value":{"phase":"Running","startedAt":"2026-11-23T09:00:00Z","message":"waiting for healthy state of apps/Deployment/shop","operation":{{{written}}}}}]""");
        Assert.StartsWith("waiting for healthy state", (await reconciler.SyncAsync(sync, CancellationToken.None)).Sentence, StringComparison.Ordinal);

        await Api.EditProjectAsync("midway", """[{"op":"add","path":"/spec/syncWindows","value":[{"kind":"deny","schedule":"* * * * *","duration":"1h","applications":["*"]}]}]""");

        var kept = await reconciler.SyncAsync(sync, CancellationToken.None);
        Assert.Equal(ClusterAnswerKind.UnderWay, kept.Kind);
        Assert.StartsWith("A deny window of project midway is open", kept.Sentence, StringComparison.Ordinal);
        Assert.NotNull((await Api.ReadAsync(app))["operation"]);
        var lapsed = (sync.Operation with { RequestExpiresAt = Some.Now }).Continue();
        Assert.Equal(ClusterAnswerKind.Rejected, (await reconciler.SyncAsync(lapsed, CancellationToken.None)).Kind);
        var after = await Api.ReadAsync(app);
        Assert.Equal((null, null), (after["operation"], after["status"]!["operationState"]));
    }

    /// <summary>An application of a set that cannot be read, in a project of its own.</summary>
    protected async Task<(ArgoCdReconciler Reconciler, ApplicationRef App, Operation Operation)> ByWindowAsync(string project, string spec)
    {
        await Api.CreateProjectAsync(project, spec);
        var application = Some.Application($"held-{project}");
        application["spec"]!["project"] = project;
        application["metadata"]!["ownerReferences"] = JsonNode.Parse("""[{"apiVersion":"argoproj.io/v1alpha1","kind":"ApplicationSet","name":"shops","uid":"7d4f8a3e-0000-4000-8000-000000000001"}]""");
        var app = await Api.CreateAsync(application);
        var reconciler = Api.Reconciler();
        var facts = await FactsAsync(reconciler, app);
        Assert.Null(PausePlan.Obstacle(facts));
        Assert.Equal(PauseMechanism.Window, WindowWay.Of(facts).Mechanism);
        return (reconciler, app, Some.Approved(facts) with { Plan = PausePlan.Of(facts, "1") });
    }

    private static Lease Held(Operation operation) => Lease.Written(operation, Some.Now).Stored(Some.Now);

    /// <summary>But for the description, which has an id of its own each time.</summary>
    private static string Ordered(JsonNode window) =>
        new JsonObject(window.AsObject().Where(entry => entry.Key != "description").OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone()))).ToJsonString();
}
