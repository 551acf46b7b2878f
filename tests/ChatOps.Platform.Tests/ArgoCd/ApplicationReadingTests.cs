using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

public sealed class ApplicationReadingTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 6)]
    [InlineData(3, 18)]
    [InlineData(4, 54)]
    [InlineData(5, 162)]
    [InlineData(6, 300)]
    [InlineData(60, 300)]
    public void The_next_revert_backs_off_as_the_real_one_did(int attempts, int seconds) =>
        Assert.Equal(Some.Now.AddSeconds(seconds), Some.Facts(Healed(attempts, Some.Now)).NextRevert);

    [Fact]
    public void What_is_rendered_first_has_two_fields_that_somebody_can_move_each_with_its_hand()
    {
        const string Json = """
            {"metadata":{"name":"shop","managedFields":[
              {"manager":"argocd-server","operation":"Update","time":"2026-11-23T08:00:00Z","fieldsV1":{"f:spec":{"f:sourceHydrator":{"f:drySource":{"f:repoURL":{},"f:targetRevision":{}},"f:syncSource":{"f:targetBranch":{}}}}}},
              {"manager":"kubectl-edit","operation":"Update","time":"2026-11-23T09:00:00Z","fieldsV1":{"f:spec":{"f:sourceHydrator":{"f:drySource":{"f:targetRevision":{}}}}}}]},
             "spec":{"sourceHydrator":{"drySource":{"repoURL":"https://git.example.com/dry.git","path":".","targetRevision":"fix"},"syncSource":{"targetBranch":"env/prod","path":"."}}}}
            """;

        var sources = Some.Facts(JsonNode.Parse(Json)!.AsObject()).Sources;

        Assert.Equal(["/spec/sourceHydrator/drySource/targetRevision", "/spec/sourceHydrator/syncSource/targetBranch"], sources.Select(source => source.Follows.Path));
        Assert.Equal(["\"fix\"", "\"env/prod\""], sources.Select(source => source.Follows.Json));
        Assert.Equal(["kubectl-edit", "argocd-server"], sources.Select(source => source.Writer));
        Assert.All(sources, source => Assert.Equal(SourceKind.Hydrated, source.Kind));
    }

    [Fact]
    public void A_revert_is_due_at_once_when_none_was_made_of_this_revision()
    {
        Assert.Equal(Some.Now, Some.Facts(Some.Application()).NextRevert);

        var healed = Healed(4, Some.Now);
        healed["status"]!["sync"]!["revision"] = "another";
        Assert.Equal(Some.Now, Some.Facts(healed).NextRevert);
    }

    [Theory]
    [InlineData("""{"automated":{}}""", true, false)]
    [InlineData("""{"automated":{"enabled":null,"selfHeal":true}}""", true, true)]
    [InlineData("""{"automated":{"enabled":false,"selfHeal":true}}""", false, false)]
    [InlineData("""{"automated":null}""", false, false)]
    [InlineData("""{}""", false, false)]
    public void Auto_sync_is_on_when_the_block_is_there_and_not_switched_off(string syncPolicy, bool on, bool heals)
    {
        var facts = Some.Facts(Some.Application(syncPolicy: syncPolicy));

        Assert.Equal((on, heals), (facts.AutoSyncOn, facts.SelfHealOn));
        Assert.Equal(on, facts.Blockers.All(blocker => blocker.Kind != BlockerKind.AutoSyncOff));
        Assert.Equal(heals, facts.NextRevert is not null);
    }

    [Fact]
    public void That_somebody_wrote_into_a_spec_is_told_by_the_metadata_and_a_status_is_not()
    {
        var written = Written("kubectl-edit", "2026-11-23T08:00:00Z", "f:targetRevision");
        Assert.NotNull(written);
        Assert.Null(SpecWriting.Of(Some.Read(Some.Application())));
        Assert.Equal(written, Written("kubectl-edit", "2026-11-23T08:00:00Z", "f:targetRevision", status: "2026-11-23T08:30:00Z"));
        Assert.NotEqual(written, Written("kubectl-edit", "2026-11-23T08:00:01Z", "f:targetRevision"));
        Assert.NotEqual(written, Written("kubectl-patch", "2026-11-23T08:00:00Z", "f:targetRevision"));
        Assert.NotEqual(written, Written("kubectl-edit", "2026-11-23T08:00:00Z", "f:path"));
        Assert.NotEqual(written, Written("kubectl-edit", "2026-11-23T08:00:00Z", "f:targetRevision", skip: "true"));

        static string? Written(string manager, string time, string field, string status = "2026-11-23T08:00:00Z", string? skip = null)
        {
            var application = Some.Application(annotations: skip is null ? null : $$"""{"argocd.argoproj.io/skip-reconcile":"{{skip}}"}""");
            application["metadata"]!["managedFields"] = JsonNode.Parse("""
                [{"manager":"MANAGER","operation":"Update","time":"TIME","fieldsV1":{"f:spec":{"f:source":{"FIELD":{}}}}},
                 {"manager":"argocd-application-controller","operation":"Update","time":"STATUS","fieldsV1":{"f:spec":{"f:syncPolicy":{}},"f:status":{}}}]
                """.Replace("MANAGER", manager, StringComparison.Ordinal).Replace("TIME", time, StringComparison.Ordinal).Replace("FIELD", field, StringComparison.Ordinal).Replace("STATUS", status, StringComparison.Ordinal));
            return SpecWriting.Of(Some.Read(application));
        }
    }

    [Theory]
    [InlineData("kubectl-edit", "Update", false)]
    [InlineData("kubectl", "Apply", false)]
    [InlineData("argocd-server", "Update", false)]
    [InlineData("argocd-controller", "Apply", true)]
    [InlineData("argocd-applicationset-controller", "Update", true)]
    [InlineData("kustomize-controller", "Apply", true)]
    [InlineData("some-gitops", "Apply", true)]
    public void A_persons_hand_is_told_from_what_brings_Gits_word(string manager, string operation, bool isOwner)
    {
        var application = Some.Application(syncPolicy: """{"automated":{"enabled":false}}""", annotations: """{"argocd.argoproj.io/skip-reconcile":"true"}""");
        application["metadata"]!["managedFields"] = JsonNode.Parse("""
            [{"manager":"MANAGER","operation":"OPERATION","time":"2026-11-23T08:00:00Z","fieldsV1":{
              "f:metadata":{"f:annotations":{"f:argocd.argoproj.io/skip-reconcile":{}}},
              "f:spec":{"f:source":{"f:targetRevision":{}},"f:syncPolicy":{"f:automated":{"f:enabled":{}}}}}}]
            """.Replace("MANAGER", manager, StringComparison.Ordinal).Replace("OPERATION", operation, StringComparison.Ordinal));
        var hand = new FieldHand(manager, Some.Now.AddHours(-1), isOwner);

        var facts = Some.Facts(application);

        Assert.Equal((hand, hand, hand), (facts.AutoSyncHand, facts.Sources[0].Hand, facts.Skip!.Hand));
        Assert.Equal(("/metadata/annotations/argocd.argoproj.io~1skip-reconcile", "\"true\""), (facts.Skip.Annotation.Path, facts.Skip.Annotation.Json));
    }

    [Fact]
    public void Absent_null_and_empty_are_three_things()
    {
        Assert.Null(Some.Facts(Some.Application(syncPolicy: "{}")).Automated.Json);
        Assert.Equal("null", Some.Facts(Some.Application(syncPolicy: """{"automated":null}""")).Automated.Json);
        Assert.Equal("{}", Some.Facts(Some.Application(syncPolicy: """{"automated":{}}""")).Automated.Json);
        Assert.Null(Some.Facts(Some.Application(syncPolicy: null)).Automated.ParentJson);
    }

    [Fact]
    public void The_order_of_keys_makes_no_other_plan() => Assert.Equal(
        Some.Facts(Some.Application(syncPolicy: """{"automated":{"prune":true,"selfHeal":true}}""")).Automated,
        Some.Facts(Some.Application(syncPolicy: """{"automated":{"selfHeal":true,"prune":true}}""")).Automated);

    // Message and shape of sync-fails.jsonl.
    [Fact]
    public void A_failed_sync_blocks_self_heal_until_a_new_commit()
    {
        var application = WithCondition("SyncError", "Failed last sync attempt to [af8534df]: one or more synchronization tasks completed unsuccessfully (retried 2 times).");

        var facts = Some.Facts(application);

        Assert.Equal(BlockerKind.LastSyncFailed, Assert.Single(facts.Blockers).Kind);
        Assert.Null(facts.NextRevert);
    }

    // branch-switch.jsonl: sync.revision then holds the name of the branch.
    [Fact]
    public void What_cannot_be_rendered_has_no_revision()
    {
        var application = WithCondition("ComparisonError", "Failed to load target state: unable to resolve 'fix/none' to a commit SHA");
        application["status"]!["sync"]!["status"] = "Unknown";
        application["status"]!["sync"]!["revision"] = "fix/none";

        var facts = Some.Facts(application);

        Assert.Equal(BlockerKind.CannotRender, Assert.Single(facts.Blockers).Kind);
        Assert.Null(facts.Revision);
    }

    [Fact]
    public void Between_two_attempts_a_finish_time_does_not_mean_done()
    {
        var application = Some.Application();
        application["operation"] = JsonNode.Parse("""{"initiatedBy":{"automated":true},"sync":{"revision":"af8534df"}}""");
        application["status"]!["operationState"] = JsonNode.Parse("""
            {"phase":"Running","startedAt":"2026-11-23T08:59:50Z","finishedAt":"2026-11-23T08:59:52Z","retryCount":1,
             "message":"one or more tasks failed. Retrying attempt #1 at 9:24AM.","operation":{"initiatedBy":{"automated":true},"sync":{}}}
            """);

        var facts = Some.Facts(application);

        Assert.True(facts.Flight!.WaitsToRetry);
        Assert.True(facts.Flight.Automated);
        Assert.Null(facts.LastOperation);
    }

    // window-deny-strict.jsonl: what a person wrote says it as what began by itself does.
    [Theory]
    [InlineData("""{"username":"kim"}""", "Sync operation blocked by sync window", true, false)]
    [InlineData("""{"automated":true}""", "Sync operation blocked by sync window", true, true)]
    [InlineData("""{"username":"kim"}""", "waiting for healthy state of apps/Deployment/checkout", false, false)]
    public void An_operation_that_says_a_window_blocks_it_is_known_by_that(string by, string message, bool says, bool kept)
    {
        var application = Some.Application();
        application["operation"] = JsonNode.Parse($$$"""{"initiatedBy":{{{by}}},"sync":{}}""");
        application["status"]!["operationState"] = JsonNode.Parse($$$"""
            {"phase":"Running","startedAt":"2026-11-23T08:59:50Z","message":"{{{message}}}","operation":{"initiatedBy":{{{by}}},"sync":{} } }
            """);

        var flight = Some.Facts(application).Flight!;

        Assert.Equal((says, kept), (flight.SaysBlocked, flight.KeptByWindow));
    }

    [Fact]
    public void A_revert_names_the_resources_that_it_touched()
    {
        var facts = Some.Facts(Healed(1, Some.Now));

        Assert.Null(facts.Flight);
        Assert.Equal(["Deployment/checkout"], facts.LastOperation!.Resources);
        Assert.Equal(Some.Now, facts.LastOperationFinishedAt);
    }

    [Theory]
    [InlineData("deny", "50 8 23 11 *", "30m", "UTC", BlockerKind.DenyWindow)]
    [InlineData("deny", "20 8 23 11 *", "30m", "UTC", null)]
    [InlineData("deny", "50 9 23 11 *", "30m", "Europe/Berlin", BlockerKind.DenyWindow)]
    [InlineData("deny", "0 0 1 * 1", "24h", "UTC", BlockerKind.DenyWindow)]
    [InlineData("allow", "0 2 * * *", "1h", "UTC", BlockerKind.InactiveAllowWindow)]
    [InlineData("allow", "0 8 * * *", "2h", "UTC", null)]
    [InlineData("deny", "61 * * * *", "1h", "UTC", BlockerKind.MalformedWindow)]
    [InlineData("deny", "0 0 L * *", "1h", "UTC", BlockerKind.MalformedWindow)]
    [InlineData("deny", "0 0 * * 7", "1h", "UTC", BlockerKind.MalformedWindow)]
    [InlineData("deny", "0 0 * * *", "1d", "UTC", BlockerKind.MalformedWindow)]
    public void Windows_are_judged_as_the_controller_judges_them(string kind, string schedule, string duration, string zone, BlockerKind? expected)
    {
        var facts = Some.Facts(Some.Application(), WithWindow(kind, schedule, duration, zone, "check*"));

        Assert.Equal(expected is null ? [] : [expected.Value], facts.Blockers.Select(blocker => blocker.Kind));
        Assert.Empty(Some.Facts(Some.Application(), WithWindow(kind, schedule, duration, zone, "payments")).Blockers);
    }

    [Fact]
    public void A_set_that_rolls_out_by_itself_is_not_a_pause()
    {
        var application = Some.Application(syncPolicy: """{"automated":{"enabled":false}}""");

        var facts = Some.Facts(application, Some.Surroundings() with { Owner = new(OwnerKind.Set, "shops"), OwnerObject = JsonDocument.Parse("""{"spec":{"strategy":{"type":"RollingSync"}}}""").RootElement });

        Assert.Equal(BlockerKind.RollingSync, Assert.Single(facts.Blockers).Kind);
    }

    [Fact]
    public void A_tracking_id_that_was_copied_with_a_manifest_claims_nothing()
    {
        var own = Some.Read(Some.Application(annotations: """{"argocd.argoproj.io/tracking-id":"parent:argoproj.io/Application:argocd/checkout"}"""));
        var copied = Some.Read(Some.Application(annotations: """{"argocd.argoproj.io/tracking-id":"parent:argoproj.io/Application:argocd/another"}"""));

        Assert.Equal(new ParentClaim("argocd", "parent", true), Owners.ClaimedParent(own, "argocd"));
        Assert.Null(Owners.ClaimedParent(copied, "argocd"));
    }

    [Fact]
    public void An_old_crd_is_paused_by_taking_the_block_out() => Assert.Equal(
        PauseMechanism.TakeOut,
        Some.Facts(Some.Application(), Some.Surroundings() with { KnowsEnabled = false }).Mechanism);

    private static Surroundings WithWindow(string kind, string schedule, string duration, string zone, string application)
    {
        var project = JsonSerializer.SerializeToElement(new
        {
            metadata = new { name = "default" },
            spec = new { syncWindows = new[] { new { kind, schedule, duration, timeZone = zone, applications = new[] { application } } } },
        });
        return Some.Surroundings() with { Projects = [project] };
    }

    private static JsonObject WithCondition(string type, string message)
    {
        var application = Some.Application();
        application["status"]!["conditions"] = new JsonArray(new JsonObject { ["type"] = type, ["message"] = message });
        return application;
    }

    private static JsonObject Healed(int attempts, DateTimeOffset finished)
    {
        var application = Some.Application();
        application["status"]!["operationState"] = new JsonObject
        {
            ["phase"] = "Succeeded",
            ["startedAt"] = finished.ToString("O"),
            ["finishedAt"] = finished.ToString("O"),
            ["operation"] = JsonNode.Parse($$"""{"initiatedBy":{"automated":true},"sync":{"autoHealAttemptsCount":{{attempts}},"resources":[{"group":"apps","kind":"Deployment","name":"checkout"}] } }"""),
            ["syncResult"] = new JsonObject { ["revision"] = "949765c7" },
        };
        return application;
    }
}
