using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Core.Evidence;
using ChatOps.Platform.Kubernetes.Audit;

namespace ChatOps.Platform.Tests.Kubernetes.Audit;

public sealed class AuditEventsTests
{
    private const string Patch = """
        { "level": "Request", "auditID": "5e6f", "stage": "ResponseComplete", "requestURI": "/apis/apps/v1/namespaces/shop/deployments/checkout?fieldManager=kubectl-patch", "verb": "patch",
          "user": { "username": "bot" }, "impersonatedUser": { "username": "alice@example.com", "extra": { "chatops-user": ["alice"] } },
          "objectRef": { "resource": "deployments", "namespace": "shop", "name": "checkout", "apiGroup": "apps", "apiVersion": "v1" }, "responseStatus": { "code": 200 },
          "requestObject": { "spec": { "replicas": 3 } }, "requestReceivedTimestamp": "2026-11-27T10:00:00.123456Z", "stageTimestamp": "2026-11-27T10:00:00.223456Z" }
        """;

    [Fact]
    public void An_event_is_read_with_who_and_as_whom()
    {
        var notice = Assert.Single(Read(Patch)!);

        Assert.Equal(("bot", "alice@example.com", "alice@example.com", "patch"), (notice.User, notice.As, notice.Actor, notice.Verb));
        Assert.Equal(new DeedObject("apps", "deployments", null, "shop", "checkout"), notice.Target);
        Assert.Equal(["/spec/replicas = 3"], notice.Fields);
        Assert.Equal(new(2026, 11, 27, 10, 0, 0, 123, TimeSpan.Zero), notice.At);
        Assert.Equal(new(2026, 11, 27, 10, 0, 0, 223, TimeSpan.Zero), notice.StageAt);
        Assert.False(notice.IsDryRun);
    }

    [Theory]
    [InlineData("deployments", "scale", """{ "metadata": { "name": "checkout", "uid": "1" }, "spec": { "replicas": 5 }, "status": { "replicas": 2 } }""", "/spec/replicas = 5")]
    [InlineData("deployments", null, """{ "spec": { "replicas": 5 } }""", "")] // which of all its fields changed, no event tells
    [InlineData("secrets", null, """{ "data": { "password": "aHVudGVyMg==" } }""", "")]
    public void Of_an_update_only_a_scale_tells_what_changed(string resource, string? part, string sent, string fields)
    {
        var update = JsonNode.Parse(Patch)!.AsObject();
        update["verb"] = "update";
        (update["objectRef"]!["resource"], update["objectRef"]!["subresource"], update["requestObject"]) = (resource, part, JsonNode.Parse(sent));

        Assert.Equal(fields, string.Join(' ', Assert.Single(Read(update.ToJsonString())!).Fields));
    }

    [Fact]
    public void Nobody_hides_a_change_by_giving_it_the_audit_id_of_another()
    {
        var first = Assert.Single(Read(Patch)!);

        Assert.Equal(first.Key, Assert.Single(Read(Patch)!).Key);
        Assert.NotEqual(first.Key, Assert.Single(Read(Patch.Replace("00.123456Z", "00.123457Z", StringComparison.Ordinal))!).Key);
        Assert.NotEqual(first.Key, Assert.Single(Read(Patch.Replace("deployments/checkout?", "deployments/cart?", StringComparison.Ordinal))!).Key);
    }

    [Fact]
    public void Both_ends_of_a_stream_are_of_one_request()
    {
        var began = Assert.Single(Read(Patch.Replace("ResponseComplete", "ResponseStarted", StringComparison.Ordinal))!);
        var complete = Assert.Single(Read(Patch)!);

        Assert.Equal((AuditStage.Began, AuditStage.Complete), (began.Stage, complete.Stage));
        Assert.Equal(began.Request, complete.Request);
        Assert.NotEqual(began.Key, complete.Key);
    }

    // What an API server makes of each, AuditOfARealServerTests shows.
    [Theory]
    [InlineData("?container=app", 0)]
    [InlineData("?container=app&follow=true", 1)]
    [InlineData("?follow", 1)]
    [InlineData("?follow=", 1)]
    [InlineData("?follow=1", 1)]
    [InlineData("?follow=T", 1)]
    [InlineData("?follow=no", 1)]
    [InlineData("?fo%6clow=tru%65", 1)]
    [InlineData("?follow=0", 0)]
    [InlineData("?follow=False", 0)]
    [InlineData("?container=follow=true", 0)]
    [InlineData("?x=1;follow=true", 1)] // to some
    [InlineData("?follow=0;&follow=1", 1)]
    public void A_log_is_a_stream_only_while_it_is_followed(string query, int events)
    {
        var log = JsonNode.Parse(Patch)!.AsObject();
        log["requestURI"] = $"/api/v1/namespaces/shop/pods/p/log{query}";
        log["objectRef"] = JsonNode.Parse("""{ "resource": "pods", "namespace": "shop", "name": "p", "apiVersion": "v1", "subresource": "log" }""");

        Assert.Equal(events, Read(log.ToJsonString())!.Count);
    }

    [Theory]
    [InlineData("?dryRun=All&fieldManager=kubectl", true)]
    [InlineData("?dry%52un=A%6cl", true)]
    [InlineData("?dryRun=All&dryRun=All", true)]
    [InlineData("?x=dryRun=", false)]
    [InlineData("?fieldManager=dryRun=All", false)]
    [InlineData("?DryRun=All", false)]
    [InlineData("?dryRun=All;x=1", false)]
    [InlineData("?x=1;dryRun=All", false)]
    [InlineData("?dryRun=All%zz", false)]
    [InlineData("?dryRun=All&dryRun=", false)]
    [InlineData("", false)]
    public void A_rehearsal_is_what_the_API_server_takes_for_one_and_nothing_that_looks_like_it(string query, bool isOne)
    {
        var patch = JsonNode.Parse(Patch)!.AsObject();
        patch["requestURI"] = $"/apis/apps/v1/namespaces/shop/deployments/checkout{query}";

        Assert.Equal(isOne, Assert.Single(Read(patch.ToJsonString())!).IsDryRun);
    }

    [Theory]
    [InlineData("Request", "", """{ "kind": "DeleteOptions", "dryRun": ["All"] }""", true)]
    [InlineData("Request", "?dryRun=All", null, true)]
    [InlineData("Request", "?dryRun=All", """{ "kind": "DeleteOptions" }""", false)] // a body is all that is read
    [InlineData("Metadata", "?dryRun=All", null, false)] // and here nobody knows of one
    [InlineData("Request", "", null, false)]
    public void A_deletion_is_a_rehearsal_only_by_what_the_API_server_read(string level, string query, string? body, bool isOne)
    {
        var deletion = JsonNode.Parse(Patch)!.AsObject();
        (deletion["verb"], deletion["level"], deletion["requestURI"]) = ("delete", level, $"/apis/apps/v1/namespaces/shop/deployments/checkout{query}");
        deletion.Remove("requestObject");
        var truncated = deletion.DeepClone();
        truncated["annotations"] = new JsonObject { ["audit.k8s.io/truncated"] = "true" };
        if (body is not null)
        {
            deletion["requestObject"] = JsonNode.Parse(body);
        }

        Assert.Equal(isOne, Assert.Single(Read(deletion.ToJsonString())!).IsDryRun);
        Assert.False(Assert.Single(Read(truncated.ToJsonString())!).IsDryRun);
    }

    [Fact]
    public void Of_a_token_there_is_no_rehearsal()
    {
        var token = JsonNode.Parse(Patch)!.AsObject();
        (token["verb"], token["requestURI"]) = ("create", "/api/v1/namespaces/shop/serviceaccounts/s/token?dryRun=All");
        token["objectRef"] = JsonNode.Parse("""{ "resource": "serviceaccounts", "namespace": "shop", "name": "s", "apiVersion": "v1", "subresource": "token" }""");

        Assert.False(Assert.Single(Read(token.ToJsonString())!).IsDryRun);
    }

    /// <summary>Whoever opens a shell chooses its address; the API server looks for no rehearsal there.</summary>
    [Theory]
    [InlineData("exec", "create")]
    [InlineData("exec", "get")]
    [InlineData("attach", "create")]
    [InlineData("portforward", "create")]
    [InlineData("proxy", "create")]
    [InlineData("log", "get")]
    public void What_is_opened_is_never_a_rehearsal(string subresource, string verb)
    {
        var opened = JsonNode.Parse(Patch)!.AsObject();
        opened["objectRef"] = new JsonObject { ["resource"] = "pods", ["namespace"] = "shop", ["name"] = "checkout-1", ["subresource"] = subresource };
        (opened["verb"], opened["requestURI"]) = (verb, $"/api/v1/namespaces/shop/pods/checkout-1/{subresource}?follow=true&dryRun=All");

        Assert.False(Assert.Single(Read(opened.ToJsonString())!).IsDryRun);
    }

    [Theory]
    [InlineData("""{ "stage": "RequestReceived" }""")]
    [InlineData("""{ "stage": "Panic" }""")]
    [InlineData("""{ "user": {} }""")]
    [InlineData("""{ "user": 7 }""")]
    [InlineData("""{ "objectRef": null }""")]
    [InlineData("""{ "requestReceivedTimestamp": "yesterday" }""")]
    public void What_tells_of_no_moment_person_or_object_is_nobodys(string instead)
    {
        var one = JsonNode.Parse(Patch)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(instead)!.AsObject())
        {
            one[name] = value?.DeepClone();
        }

        Assert.Empty(Read(one.ToJsonString())!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{ "kind": "EventList" }""")]
    [InlineData("""{ "kind": "Event", "apiVersion": "audit.k8s.io/v1" }""")]
    [InlineData("""{ "kind": "EventList", "apiVersion": "audit.k8s.io/v1beta1", "items": [] }""")]
    public void What_is_no_list_of_events_is_not_believed(string body) => Assert.Null(AuditEvents.Read(Encoding.UTF8.GetBytes(body)));

    public static TheoryData<string> Crafted =>
    [
        """{ "spec": { "env": [{ "name": "a", "value": "1", "value": "2" }, { "name": "b", "value": "3" }] } }""",
        """{ "spec": { "note": "\ud800" } }""",
        "{ \"spec\": " + string.Concat(Enumerable.Repeat("{ \"a\": ", 500)) + "1" + new string('}', 500) + " }",
    ];

    [Theory]
    [MemberData(nameof(Crafted))]
    public void No_patch_hides_what_stands_beside_it(string patch)
    {
        var crafted = Patch.Replace("""{ "spec": { "replicas": 3 } }""", patch, StringComparison.Ordinal).Replace("5e6f", "6e7f", StringComparison.Ordinal);

        var notices = Read($"{crafted}, {Patch}")!;

        Assert.Contains(notices, notice => notice.Fields.Contains("/spec/replicas = 3"));
        Assert.Equal(2, notices.Count);
    }

    private static IReadOnlyList<AuditNotice>? Read(string one) =>
        AuditEvents.Read(Encoding.UTF8.GetBytes($$"""{ "kind": "EventList", "apiVersion": "audit.k8s.io/v1", "metadata": {}, "items": [{{one}}] }"""));
}
