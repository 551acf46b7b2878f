using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>How a story begins: what is there when people approve, and what they approve.</summary>
internal static class Opening
{
    /// <summary>A set that cannot be read takes a pause and a revision back, as far as can be told: so a window has to hold them.</summary>
    private const string OfASet = """[{"apiVersion":"argoproj.io/v1alpha1","kind":"ApplicationSet","name":"shops","uid":"7d4f8a3e-0000-4000-8000-000000000001"}]""";

    public static void Put(FakeKubernetesApi fake, Tale tale)
    {
        fake.Put(Somebody.Project, (JsonObject)JsonNode.Parse("""{"spec":{"sourceRepos":["*"],"syncWindows":[{"kind":"allow","schedule":"* * * * *","duration":"24h","applications":["*"]}]}}""")!);
        fake.Put("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/other", new JsonObject { ["spec"] = new JsonObject() });
        var application = Some.Application("shop", annotations: """{"team":"shop"}""");
        application["spec"]!["project"] = "shop";
        ((JsonObject)application["metadata"]!).Remove("uid");
        if (tale is Tale.PauseByWindow or Tale.RollbackBehindWindow or Tale.BranchBehindWindow)
        {
            application["metadata"]!["ownerReferences"] = JsonNode.Parse(OfASet);
        }

        fake.Put(Somebody.Application, application);
    }

    public static Operation Planned(Tale tale, ApplicationFacts facts) => tale switch
    {
        Tale.Branch or Tale.BranchBehindWindow => SomeBranch.Running(facts, Guid.NewGuid()),
        Tale.Rollback or Tale.RollbackBehindWindow => Running(facts, RollbackPlan.Of(facts, new(3, [SomeBranch.Commit], null, null, false), "1")),
        Tale.PauseByField or Tale.PauseByWindow => Running(facts, PausePlan.Of(facts, "1")),
    };

    private static Operation Running(ApplicationFacts facts, Plan plan) => (Some.Approved(facts) with { Kind = plan.Work.Kind, Plan = plan }).Start(Some.Now).Operation;
}
