using System.Text.Json;
using ChatOps.Platform.ArgoCd.Views;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>What Argo CD did with an application, from Events as it was recorded to write them and from the object.</summary>
public class HappeningsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-23T09:30:00Z", null);

    [Fact]
    public void Events_come_in_order_with_who_tells_and_how_often()
    {
        var happened = Of("", Event("Updated sync status: Synced -> OutOfSync", "09:24:54"), Event("alice@example.com initiated sync to main (e8f464a1)", "09:24:50", "argocd-server"), Event("Updated health status", "09:25:00", count: 3), Event("of another object before it", "09:20:00", uid: "other"));

        Assert.Equal(
            ["argocd-server: alice@example.com initiated sync to main (e8f464a1)", "argocd-application-controller: Updated sync status: Synced -> OutOfSync", "argocd-application-controller: Updated health status (3 times by then)"],
            happened);
    }

    [Fact]
    public void An_operation_that_was_written_to_the_object_has_no_Event_for_its_beginning_and_is_told_all_the_same()
    {
        var state = State("09:25:00", """{"initiatedBy":{"username":"mallory"},"sync":{"revision":"6ab142423ef3f92dbc9f9aaa5395c3ff062bbf9e"}}""");

        Assert.Equal(["mallory: A sync to 6ab14242 was written to the application, by mallory as it says itself"], Of(state));
        Assert.Equal(["argocd-server: bob initiated sync"], Of(state, Event("bob initiated sync", "09:25:01", "argocd-server", "OperationStarted")));
    }

    [Fact]
    public void What_a_queue_kept_waiting_is_the_one_that_its_Event_tells_of() =>
        Assert.Equal(["argocd-server: bob initiated sync"], Of(State("09:25:00", """{"sync":{}}"""), Event("bob initiated sync", "09:20:30", "argocd-server", "OperationStarted")));

    [Fact]
    public void Where_Events_may_not_be_read_nothing_is_said_of_how_it_came()
    {
        using var application = JsonDocument.Parse($$$"""{"metadata":{"name":"shop","namespace":"argocd","uid":"1"}{{{State("09:25:00", """{"initiatedBy":{"username":"bob"},"sync":{}}""")}}}}""");

        Assert.Equal("A sync began, by bob as it says itself", Assert.Single(Happenings.Of(new(application.RootElement.Clone()), null, Now)).Words);
    }

    [Fact]
    public void What_Helm_was_given_on_its_command_line_is_not_repeated() =>
        Assert.DoesNotContain("hunter2", Assert.Single(Of("", Event("Failed: helm template . --set db.user=hunter2 --set-string a=hunter2 from https://bot:hunter2@git.example.com/x", "09:25:00"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("08:45:00", """{"sync":{}}""")] // the API server forgets Events after an hour
    [InlineData("09:29:55", """{"sync":{}}""")]
    [InlineData("09:25:00", """{"info":[{"name":"chatops.dev/operation","value":"1"}],"sync":{}}""")]
    public void One_whose_Event_may_still_come_waits_and_one_of_ours_is_told_by_its_own_entry(string started, string operation) => Assert.Empty(Of(State(started, operation)));

    [Fact]
    public void What_failed_at_a_Secret_is_not_repeated_and_what_is_long_is_cut()
    {
        var said = Assert.Single(Of("", Event("Sync operation to 6ab1 failed: Secret \\\"db\\\" is invalid: hunter2", "09:25:00")));
        Assert.Contains("failed", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);

        Assert.DoesNotContain("hunter2", Assert.Single(Of("", Event("helm registry login --password hunter2 was refused", "09:25:00"))), StringComparison.Ordinal);

        Assert.InRange(Assert.Single(Of("", Event(new string('x', 5000), "09:25:00"))).Length, 300, 340);
    }

    [Fact]
    public void Events_of_the_newer_kind_are_read_too()
    {
        var newer = """{"involvedObject":{"name":"shop"},"message":"Updated","reportingComponent":"argocd","eventTime":"2026-11-23T09:20:00.5Z","series":{"count":4,"lastObservedTime":"2026-11-23T09:25:00Z"}}""";

        Assert.Equal(["argocd: Updated (4 times by then)"], Of("", newer));
    }

    private static string State(string started, string operation) => $$$""","status":{"operationState":{"phase":"Running","startedAt":"2026-11-23T{{{started}}}Z","operation":{{{operation}}}}}""";

    private static string Event(string message, string at, string component = "argocd-application-controller", string reason = "ResourceUpdated", int count = 1, string uid = "1") => $$$"""
        {"involvedObject":{"kind":"Application","name":"shop","uid":"{{{uid}}}"},"reason":"{{{reason}}}","message":"{{{message}}}","source":{"component":"{{{component}}}"},
         "firstTimestamp":"2026-11-23T09:00:00Z","lastTimestamp":"2026-11-23T{{{at}}}Z","count":{{{count}}},"eventTime":null,"reportingComponent":""}
        """;

    private static List<string> Of(string state, params string[] events)
    {
        using var application = JsonDocument.Parse($$$"""{"metadata":{"name":"shop","namespace":"argocd","uid":"1"}{{{state}}}}""");
        return [.. Happenings.Of(new(application.RootElement.Clone()), [.. events.Select(one => JsonDocument.Parse(one).RootElement)], Now).Select(one => $"{one.By}: {one.Words}")];
    }
}
