using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests;

/// <summary>A valid switch to a branch; a test names only what it is about.</summary>
internal static class SomeBranch
{
    public const string Commit = "1111111111111111111111111111111111111111";
    public const string Later = "2222222222222222222222222222222222222222";
    private static readonly Guid Id = new("0192f000-0000-7000-8000-000000000001");

    /// <summary>Planned on these facts, and started.</summary>
    public static Operation Running(ApplicationFacts facts, Guid? id = null, string commit = Commit, Lease? ours = null)
    {
        var repository = BranchPlan.Repositories(facts)[^1];
        var plan = BranchPlan.Of(facts, repository, "fix", new(commit, new("Dana Dev", "a fix", null)), ours, "1");
        return (Some.Approved(facts) with { Id = id ?? Id, Kind = OperationKind.Branch, Plan = plan }).Start(Some.Now).Operation;
    }

    public static Operation Running(JsonObject? application = null) => Running(Some.Facts(application ?? Some.Application()));

    /// <summary>The application while that switch is there.</summary>
    public static JsonObject Pinned(Operation operation)
    {
        var application = Some.Application();
        application["spec"]!["source"]!["targetRevision"] = Commit;
        application["metadata"]!["annotations"] = new JsonObject(BranchMarks.Write(operation, Some.Now.AddHours(1)).Select(mark => KeyValuePair.Create(mark.Key, (JsonNode?)mark.Value)));
        return application;
    }

    public static Lease Lease(Operation operation) => Core.Leases.Lease.Switched(operation, Some.Now).Stored(Some.Now);
}
