using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.ArgoCd.Views;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>Whatever Argo CD repeats of commands, addresses and refused objects, nothing secret of it reaches a chat or a record.</summary>
public class EngineWordsTests
{
    public static TheoryData<string> Leaks => new()
    {
        "Failed to load target state: helm template . --set database.password=hunter2 failed exit status 1",
        "failed to list refs: https://bot:hunter2@git.example.com/shop.git: authentication required",
        "error when patching: Secret \"shop\" is invalid: data[key]: Invalid value: \"hunter2\"",
        "one or more objects failed to apply, reason: Secret in version \"v1\" cannot be handled as a Secret: error found near hunter2",
        "the server said no to Authorization: Bearer hunter2",
        "cannot parse eyJhbGciOiJIUzI1NiJ9.hunter2.hunter2 as it came",
        "git fetch with ghp_hunter2hunter2 failed",
        "git fetch with glpat-hunter2-hunter2 failed",
        "webhook xoxb-hunter2-hunter2 is unknown",
        "AKIAhunter2hunter2 may not read the bucket",
        "helm registry login --username bot --password hunter2 failed exit status 1",
        "tool -token hunter2 failed exit status 1",
        "cannot load -----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
        "cannot apply Secret: hunter2",
        "admission refused shop/Secret.v1: hunter2",
        "of the kinds (ConfigMap, Secret) one holds hunter2",
    };

    [Theory]
    [MemberData(nameof(Leaks))]
    public void No_reading_of_an_application_repeats_it(string message)
    {
        var application = Some.Application();
        application["status"]!["conditions"] = new JsonArray(Condition("ComparisonError", message), Condition("SyncError", message), Condition("OrphanedResourceWarning", message));
        application["status"]!["operationState"] = State("Failed", message);
        var read = Some.Read(application);

        var facts = ApplicationReading.Facts(read, Some.Surroundings(), Some.Now);
        var deployed = DeployedReading.Of(read, Some.Surroundings(), Some.Now);
        var vitals = VitalsReading.Of(read);

        Quiet(facts.Blockers.Select(blocker => blocker.Sentence));
        Quiet([facts.LastOperation?.Message ?? "", vitals.CannotRender ?? "", vitals.Last?.Message ?? ""]);
        Quiet([.. deployed.Conditions.Select(condition => condition.Message), .. deployed.Failed.Select(failed => failed.State)]);
    }

    [Theory]
    [MemberData(nameof(Leaks))]
    public void No_step_of_an_operation_repeats_it(string message)
    {
        var pause = Some.Approved(Some.Facts(Some.Application()));
        var operation = (pause with { Kind = OperationKind.Sync, Plan = pause.Plan with { Work = new SyncWork(["1111111111111111111111111111111111111111"], false, false, [], false, false, []) } }).Start(Some.Now).Operation;
        var application = Some.Application();
        foreach (var phase in new[] { "Running", "Failed" })
        {
            var state = State(phase, message);
            state["operation"] = new JsonObject { ["info"] = new JsonArray(new JsonObject { ["name"] = "chatops.dev/operation", ["value"] = operation.Id.ToString() }) };
            application["status"]!["operationState"] = state;
            application.Remove("operation");
            if (phase == "Running")
            {
                application["operation"] = new JsonObject();
            }

            Quiet([SyncStep.Next(Some.Read(application), operation, Some.Now).Answer.Sentence]);
        }
    }

    /// <summary>What is no Secret keeps its words: they are what a tired person acts on.</summary>
    [Theory]
    [InlineData("ExternalSecret \"shop\" is invalid: spec.target: Required value")]
    [InlineData("secrets \"shop\" is forbidden: User cannot list resource")]
    [InlineData("the sync-token is stale, and pass-token expired")]
    [InlineData("failed (the rest is about a Secret; it is not said here)")]
    [InlineData("Deployment.apps \"shop\" is invalid: spec.selector: field is immutable")]
    public void Other_words_stay(string message) => Assert.Equal(message, EngineWords.Of(message));

    private static void Quiet(IEnumerable<string> said) => Assert.All(said, words => Assert.DoesNotContain("hunter2", words, StringComparison.Ordinal));

    private static JsonObject Condition(string type, string message) => new() { ["type"] = type, ["message"] = message, ["lastTransitionTime"] = "2026-11-23T08:00:00Z" };

    private static JsonObject State(string phase, string message) => new()
    {
        ["phase"] = phase,
        ["message"] = message,
        ["startedAt"] = "2026-11-23T08:00:00Z",
        ["finishedAt"] = "2026-11-23T08:01:00Z",
        ["operation"] = new JsonObject(),
        ["syncResult"] = new JsonObject
        {
            ["revision"] = "949765c7",
            ["resources"] = new JsonArray(
                new JsonObject { ["kind"] = "Secret", ["name"] = "shop", ["status"] = "SyncFailed", ["message"] = "data[key]: Invalid value: \"hunter2\"" },
                new JsonObject { ["kind"] = "Deployment", ["name"] = "shop", ["status"] = "SyncFailed", ["message"] = message }),
        },
    };
}
