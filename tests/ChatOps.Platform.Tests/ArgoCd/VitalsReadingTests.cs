using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>What an Application tells of how it does, in the shapes that Argo CD 3.5.1 was recorded to write.</summary>
public class VitalsReadingTests
{
    private const string Failed = """
        "operationState":{"phase":"Failed","startedAt":"2026-11-23T09:24:54Z","finishedAt":"2026-11-23T09:25:13Z",
          "message":"one or more synchronization tasks completed unsuccessfully, reason: field is immutable (retried 2 times).",
          "operation":{"initiatedBy":{"automated":true},"retry":{"limit":2},"sync":{"revision":"af85"}},
          "syncResult":{"revision":"af85","resources":[
            {"kind":"ConfigMap","name":"shop","status":"Synced","message":"configmap/shop unchanged"},
            {"kind":"Deployment","name":"shop","status":"SyncFailed","hookPhase":"Failed","message":"field is immutable"},
            {"kind":"Job","name":"migrate","status":"Synced","hookPhase":"Failed","message":"Job has reached the specified backoff limit"}]}}
        """;

    [Fact]
    public void A_sync_that_failed_for_good_with_what_it_failed_at()
    {
        var vitals = Read($$"""
            "sync":{"status":"OutOfSync"},"health":{"status":"Healthy","lastTransitionTime":"2026-11-23T09:24:55Z"},"history":[{"id":0}],
            "conditions":[{"type":"SyncError","message":"Failed last sync attempt to [af85]","lastTransitionTime":"2026-11-23T09:25:13Z"}],{{Failed}}
            """);

        Assert.Equal((SyncState.OutOfSync, "Healthy", true, true, true), (vitals.Sync, vitals.Health, vitals.WasDeployed, vitals.TriesNoMore, vitals.SelfHealOn));
        var last = vitals.Last!;
        Assert.Equal((false, false, "auto-sync", false, "af85", 0), (last.Succeeded, last.Terminated, last.By, last.Ours, last.Revision, last.MoreFailed));
        Assert.Equal(DateTimeOffset.Parse("2026-11-23T09:25:13Z", null), last.FinishedAt);
        Assert.Equal(["Deployment/shop", "Job/migrate"], last.Failed);
    }

    [Theory]
    [InlineData("between two tries it has a finish time", """ "operationState":{"phase":"Running","finishedAt":"2026-11-23T09:24:55Z","message":"Retrying attempt #1 at 9:24AM."} """)]
    [InlineData("the operation is still there", $$""" {{Failed}} """)]
    [InlineData("a window keeps it from being ended", """ "operationState":{"phase":"Terminating"} """)]
    public void Nothing_is_over_while_the_operation_is_there(string why, string status) =>
        Assert.True(Read(status, """, "operation":{"sync":{}}""").Last is null, why);

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "field is immutable.")]
    public void What_fails_again_and_again_is_known_before_it_is_given_up(int times, string? message)
    {
        var vitals = Read($$"""
            "operationState":{"phase":"Running","startedAt":"2026-11-23T09:24:54Z","finishedAt":"2026-11-23T09:25:01Z","retryCount":{{times}},"message":"field is immutable. Retrying attempt #{{times}} at 9:25AM."}
            """, """, "operation":{"initiatedBy":{"automated":true},"sync":{}}""");

        Assert.Equal((null, message), (vitals.Last, vitals.Retried?.Message));
    }

    [Fact]
    public void Terminated_is_told_from_failed_and_ours_from_others()
    {
        var ours = Read("""
            "operationState":{"phase":"Failed","finishedAt":"2026-11-23T09:25:13Z","message":"Operation terminated",
              "operation":{"initiatedBy":{"username":"alice (chatops)"},"info":[{"name":"chatops.dev/operation","value":"0192"}],"sync":{"autoHealAttemptsCount":7}}}
            """).Last!;

        Assert.Equal((true, true, "alice (chatops)", 7), (ours.Terminated, ours.Ours, ours.By, ours.Heals));
    }

    [Fact]
    public void What_cannot_be_rendered_says_why_and_since_when()
    {
        var vitals = Read("""
            "sync":{"status":"Unknown","revision":"hotfix"},"conditions":[{"type":"ComparisonError","message":"unable to resolve 'hotfix'","lastTransitionTime":"2026-11-23T09:25:13Z"}]
            """);

        Assert.Equal(("unable to resolve 'hotfix'", DateTimeOffset.Parse("2026-11-23T09:25:13Z", null)), (vitals.CannotRender, vitals.CannotRenderSince));
    }

    [Fact]
    public void What_is_skipped_or_on_its_way_out_tells_nothing()
    {
        Assert.True(Read("", metadata: ""","annotations":{"argocd.argoproj.io/skip-reconcile":"true"}""").IsBlind);
        Assert.True(Read("", metadata: ""","deletionTimestamp":"2026-11-23T09:25:13Z" """).IsBlind);
        Assert.False(Read("").IsBlind);
    }

    [Fact]
    public void One_that_is_deleted_says_since_when_what_goes_with_it_and_whose_child_it_is()
    {
        var child = Read("", metadata: ""","deletionTimestamp":"2026-11-23T09:25:13Z","finalizers":["resources-finalizer.argocd.argoproj.io/background"],"ownerReferences":[{"apiVersion":"argoproj.io/v1alpha1","kind":"ApplicationSet","name":"shops","uid":"1"}] """);

        Assert.Equal((DateTimeOffset.Parse("2026-11-23T09:25:13Z", null), true, "shops"), (child.DeletedAt, child.TakesItsResources, child.Set));
        Assert.False(Read("", metadata: ""","deletionTimestamp":"2026-11-23T09:25:13Z" """).TakesItsResources);
        Assert.Null(Read("").DeletedAt);
    }

    [Fact]
    public void An_operation_that_failed_at_hundreds_and_says_so_at_length_is_kept_small()
    {
        var resources = string.Join(',', Enumerable.Range(0, 300).Select(number => $$"""{"kind":"Pod","name":"p{{number}}","status":"SyncFailed"}"""));
        var last = Read($$"""
            "operationState":{"phase":"Error","message":"{{new string('x', 100_000)}}","syncResult":{"resources":[{{resources}}]} }
            """).Last!;

        Assert.Equal((5, 295, 1000), (last.Failed.Count, last.MoreFailed, last.Message.Length));
    }

    private static Vitals Read(string status, string rest = "", string metadata = "")
    {
        using var document = JsonDocument.Parse($$"""
            {"metadata":{"name":"shop","namespace":"argocd","uid":"1"{{metadata}}},"spec":{"syncPolicy":{"automated":{"selfHeal":true} } },"status":{ {{status}} }{{rest}} }
            """);
        return VitalsReading.Of(new(document.RootElement.Clone()));
    }
}
