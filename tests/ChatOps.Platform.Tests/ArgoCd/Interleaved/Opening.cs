using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.Refreshing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Operations.Terminating;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>How a story begins: what is there when people approve, and what they approve.</summary>
internal static class Opening
{
    /// <summary>A set that cannot be read takes a pause and a revision back, as far as can be told: so a window has to hold them.</summary>
    private const string OfASet = """[{"apiVersion":"argoproj.io/v1alpha1","kind":"ApplicationSet","name":"shops","uid":"7d4f8a3e-0000-4000-8000-000000000001"}]""";

    public static void Put(FakeKubernetesApi fake, Tale tale, bool isAnnotated = true)
    {
        fake.Put(Somebody.Project, (JsonObject)JsonNode.Parse("""{"spec":{"sourceRepos":["*"],"syncWindows":[{"kind":"allow","schedule":"* * * * *","duration":"24h","applications":["*"]}]}}""")!);
        fake.Put("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/other", new JsonObject { ["spec"] = new JsonObject() });
        var application = Some.Application("shop", annotations: isAnnotated ? """{"team":"shop"}""" : null);
        application["spec"]!["project"] = "shop";
        ((JsonObject)application["metadata"]!).Remove("uid");
        if (tale is Tale.PauseByWindow or Tale.RollbackBehindWindow or Tale.BranchBehindWindow or Tale.PauseInSet)
        {
            application["metadata"]!["ownerReferences"] = JsonNode.Parse(OfASet);
        }

        if (tale == Tale.PauseInPart)
        {
            application["status"]!["resources"] = JsonNode.Parse("""[{"kind":"ConfigMap","namespace":"shop","name":"shop","version":"v1","status":"Synced"}]""");
        }

        if (tale == Tale.PauseInSet)
        {
            fake.Put(Somebody.Set, Somebody.NewSet());
        }
        else
        {
            fake.Delete(Somebody.Set);
        }

        if (tale is Tale.TerminateWhatRuns or Tale.TerminateWhatAWindowKeeps or Tale.TerminateWhatHasNotBegun)
        {
            var operation = JsonNode.Parse("""{"initiatedBy":{"username":"kim"},"sync":{"revision":"949765c7"}}""")!;
            application["operation"] = operation;
            application["status"]!["operationState"] = tale == Tale.TerminateWhatHasNotBegun ? null : new JsonObject
            {
                ["phase"] = "Running",
                ["message"] = tale == Tale.TerminateWhatRuns ? "waiting for completion of hook" : Somebody.Kept,
                ["startedAt"] = "2026-11-23T07:00:00Z",
                ["operation"] = operation.DeepClone(),
            };
        }

        fake.Put(Somebody.Application, application);
    }

    public static Operation Planned(Tale tale, ApplicationFacts facts) => tale switch
    {
        Tale.Branch or Tale.BranchBehindWindow => SomeBranch.Running(facts, Guid.NewGuid()),
        Tale.Rollback or Tale.RollbackBehindWindow => Running(facts, RollbackPlan.Of(facts, new(3, [SomeBranch.Commit], null, null, false), "1")),
        Tale.Sync => Running(facts, Drafted(new SyncKind(null!, null!), new SyncWork([SomeBranch.Commit], false, true, [], false, false, []), facts)),
        Tale.Refresh => Running(facts, Drafted(new RefreshKind(null!, null!), new RefreshWork(Hard: false), facts)),
        Tale.TerminateWhatRuns or Tale.TerminateWhatAWindowKeeps or Tale.TerminateWhatHasNotBegun =>
            Running(facts, Drafted(new TerminateKind(null!, null!), new TerminateWork(facts.Flight!.By, facts.Flight.StartedAt) { Written = facts.Flight.Written }, facts)),
        Tale.PauseByTakingOut => Running(facts, PausePlan.Of(facts with { Mechanism = PauseMechanism.TakeOut }, "1")),
        Tale.PauseByField or Tale.PauseByWindow => Running(facts, PausePlan.Of(facts, "1")),
        Tale.PauseInPart => Running(facts, OnlyPlan.Of(facts, OnlyPlan.Understand(["configmap/shop"], facts).Resources!, "1")),
        Tale.PauseInSet => Running(facts, PausePlan.Of(SetWay.Under(new() { Name = "pause", MayAddIgnoreApplicationDifferences = true }, facts, [], covered: true), "1")),
    };

    private static Plan Drafted(ActionKind kind, ActionWork work, ApplicationFacts facts) => kind.Draft(work, facts).Draft!.Plan(facts, "1");

    private static Operation Running(ApplicationFacts facts, Plan plan) => (Some.Approved(facts) with { Kind = plan.Work.Kind, Plan = plan }).Start(Some.Now).Operation;
}
