using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>
/// One override from its plan to its end, as <c>RunOperation</c> and <c>EndLease</c> carry it, while somebody does the next
/// thing of a script before each request of ours arrives. When the script is used up Argo CD works on, and everything ends.
/// </summary>
internal sealed class Story
{
    private const int Most = 60;
    private readonly FakeKubernetesApi fake;
    private readonly ArgoCdReconciler reconciler;
    private readonly Somebody somebody;
    private readonly Queue<int> script;

    private Story(FakeKubernetesApi fake, ArgoCdReconciler reconciler, IEnumerable<int> script)
    {
        this.fake = fake;
        this.reconciler = reconciler;
        somebody = new(fake);
        this.script = new(script);
    }

    public static async Task PlayAsync(FakeKubernetesApi fake, ArgoCdReconciler reconciler, OperationKind kind, bool byWindow, IEnumerable<int> script)
    {
        fake.BeforeRequest = null;
        fake.AfterPatch = null;
        fake.Faults.Clear();
        fake.Put(Somebody.Project, (JsonObject)JsonNode.Parse("""{"spec":{"sourceRepos":["*"],"syncWindows":[{"kind":"allow","schedule":"* * * * *","duration":"24h","applications":["*"]}]}}""")!);
        fake.Put("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/other", new JsonObject { ["spec"] = new JsonObject() });
        var application = Some.Application("shop", annotations: """{"team":"shop"}""");
        application["spec"]!["project"] = "shop";
        ((JsonObject)application["metadata"]!).Remove("uid");
        if (byWindow)
        {
            application["metadata"]!["ownerReferences"] = JsonNode.Parse("""[{"apiVersion":"argoproj.io/v1alpha1","kind":"ApplicationSet","name":"shops","uid":"7d4f8a3e-0000-4000-8000-000000000001"}]""");
        }

        fake.Put(Somebody.Application, application);
        await new Story(fake, reconciler, script).PlayAsync(kind);
    }

    private async Task PlayAsync(OperationKind kind)
    {
        var (_, facts) = await reconciler.InspectAsync(new("argocd", "argocd", "shop"), default);
        var operation = Planned(kind, facts!);
        var runs = Runs(kind);
        var judge = new Judge(operation);
        ExceptionDispatchInfo? judged = null;
        fake.AfterPatch = (path, before, after) =>
        {
            try
            {
                judge.Look(path, before, after);
            }
            catch (Exception e)
            {
                judged ??= ExceptionDispatchInfo.Capture(e); // this is the server's thread
            }
        };
        fake.BeforeRequest = _ =>
        {
            if (script.TryDequeue(out var next) && next < Somebody.Acts.Count)
            {
                somebody.Do(next);
            }
        };

        var (final, ran, attempts) = await RunAsync(runs, operation);
        var isLive = final is null || final.IsOk || ran.Progress is not null
            || ((attempts > 1 || !ran.Plan.Work.IsOneWrite || final.Kind is ClusterAnswerKind.Unknown or ClusterAnswerKind.Unavailable) && await runs.IsThereAsync(ran, default));
        if (isLive)
        {
            await EndAsync(ran);
        }

        judged?.Throw();
        AssertNothingIsLeft(operation, final?.Sentence);
    }

    /// <summary>Null: it is under way for ever, and people end it.</summary>
    private async Task<(ClusterAnswer? Final, Operation Ran, int Attempts)> RunAsync(IKindOfOperation runs, Operation operation)
    {
        for (var attempt = 1; attempt <= Most; attempt++)
        {
            var answer = await runs.ApplyAsync(operation.Continue(), default);
            if (answer.Kind == ClusterAnswerKind.UnderWay)
            {
                operation = operation.Goes(answer.Sentence);
                if (script.Count == 0 && attempt > 10)
                {
                    return (null, operation, attempt);
                }
            }
            else if (!answer.IsTransient)
            {
                return (answer, operation, attempt);
            }

            WorkOn();
        }

        throw new InvalidOperationException("it never came to an end");
    }

    private async Task EndAsync(Operation operation)
    {
        var lease = (operation.Plan.Work is BranchWork ? Lease.Switched(operation, Some.Now) : Lease.Written(operation, Some.Now)).Stored(Some.Now);
        for (var attempt = 1; attempt <= Most; attempt++)
        {
            var answer = lease.Kind == LeaseKind.Branch ? await reconciler.SwitchBackAsync(lease.End("bob"), default) : await reconciler.EndPauseAsync(lease.End("bob"), default);
            if (!answer.IsTransient)
            {
                return;
            }

            WorkOn();
        }

        throw new InvalidOperationException("its end never came to an end");
    }

    private void WorkOn()
    {
        if (script.Count == 0)
        {
            fake.Faults.Clear();
            somebody.Work();
        }
    }

    private void AssertNothingIsLeft(Operation operation, string? final)
    {
        var project = fake.At(Somebody.Project)!.ToJsonString();
        var annotations = fake.At(Somebody.Application)!["metadata"]!["annotations"]?.ToJsonString() ?? "";
        Assert.False(project.Contains(operation.Id.ToString(), StringComparison.Ordinal), $"a window is orphaned ({final}): {project}");
        Assert.False(annotations.Contains(operation.Id.ToString(), StringComparison.Ordinal), $"a mark is orphaned ({final}): {annotations}");
        Assert.False(fake.At(Somebody.Application)!["metadata"]!["managedFields"] is JsonArray writers && IsStillOff() && writers.Any(entry => (string?)entry!["manager"] == "chatops" && entry["fieldsV1"]!.ToJsonString().Contains("f:enabled", StringComparison.Ordinal)), $"the override is orphaned ({final})");
    }

    private bool IsStillOff() => fake.At(Somebody.Application)!["spec"]!["syncPolicy"]?["automated"]?["enabled"]?.ToJsonString() == "false";

    private static Operation Planned(OperationKind kind, ApplicationFacts facts) => kind switch
    {
        OperationKind.Branch => SomeBranch.Running(facts, Guid.NewGuid()),
        OperationKind.Rollback => RolledBack(facts),
        _ => (Some.Approved(facts) with { Plan = PausePlan.Of(facts, "1") }).Start(Some.Now).Operation,
    };

    private static Operation RolledBack(ApplicationFacts facts)
    {
        var pause = Some.Approved(facts);
        var work = new RollbackWork(facts.Mechanism, facts.Automated, new(3, [SomeBranch.Commit], null, null, false), []);
        return (pause with { Kind = work.Kind, Plan = pause.Plan with { Work = work } }).Start(Some.Now).Operation;
    }

    private IKindOfOperation Runs(OperationKind kind)
    {
        var applications = new Applications([reconciler]);
        var pause = new PauseKind(null!, applications, null!);
        return kind switch
        {
            OperationKind.Branch => new BranchKind(applications, null!),
            OperationKind.Rollback => new RollbackKind(pause, null!, applications, null!),
            _ => pause,
        };
    }
}
