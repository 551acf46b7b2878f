using System.Text.Json.Nodes;
using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Outside;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Core.Troubles;
using ChatOps.Server.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatOps.Server.Tests.Workers;

/// <summary>An API server that takes connections and says nothing holds up nobody who has to do with another.</summary>
public sealed class SilentClusterTests : IAsyncLifetime
{
    private TwoClusters two = null!;

    [Fact]
    public async Task Windows_of_the_other_are_found_and_the_silent_one_is_given_up_and_asked_again()
    {
        two.Create("AppProject", "shop", "\"spec\":{}");
        using var worker = new WindowWorker(two.Records, new LookAtWindows(two.Records, two.Time), two.Engines, two.Time, NullLogger<WindowWorker>.Instance);
        await two.UntilAsync(() => RunAsync(worker), () => two.Records.FindKnownWindowsAsync(TwoClusters.Good, default));

        await two.EditProjectAsync("shop", """{"spec":{"syncWindows":[{"kind":"deny","schedule":"* * * * *","duration":"1h","applications":["*"]}]}}""");
        var alert = await two.UntilAsync(() => RunAsync(worker), async () => await two.Records.AlertsAsync(onlyLive: true, default) is [var first, ..] ? first : null);

        Assert.Equal((TwoClusters.Good, "shop"), (alert.About.Instance, alert.About.Name));
        Assert.Equal(1, two.Knocks);
        two.Time.Advance(OneByOne.Longest);
        while (two.Knocks == 1)
        {
            await RunAsync(worker);
            await Task.Yield();
        }
    }

    [Fact]
    public async Task What_the_other_did_joins_the_record_of_an_incident_that_has_both_in_scope()
    {
        two.Create("Application", "checkout", "\"spec\":{}");
        two.Server.Create((JsonObject)JsonNode.Parse("""
            {"apiVersion":"v1","kind":"Event","metadata":{"name":"checkout.1","namespace":"argocd"},"involvedObject":{"kind":"Application","name":"checkout","namespace":"argocd"},
             "reason":"OperationCompleted","message":"Sync operation to 4711 succeeded","source":{"component":"argocd-application-controller"},"firstTimestamp":"2026-11-23T13:59:00Z","lastTimestamp":"2026-11-23T13:59:00Z","count":1,"type":"Normal"}
            """)!);
        await two.Records.CommitAsync(new Changes().Save(Some.Incident(1) with { Scope = [new(TwoClusters.Silent, "argocd", "payments"), new(TwoClusters.Good, "argocd", "checkout")] }), default);
        var follow = new FollowScope(two.Records, new IncidentFiles(two.Records, new(Some.Register(), []), two.Time));
        using var worker = new ScopeWorker(two.Records, follow, two.Views, two.Time, NullLogger<ScopeWorker>.Instance);

        var entry = await two.UntilAsync(() => RunAsync(worker), async () => (await two.Records.TimelineAsync(1, default)).FirstOrDefault(entry => entry.Kind == TimelineKind.EngineActed));

        Assert.Equal("checkout: Sync operation to 4711 succeeded", entry.Text);
    }

    [Fact]
    public async Task An_application_of_the_other_that_is_gone_is_told_and_new_trouble_is_too()
    {
        await two.Records.CommitAsync(new Changes().Save(Degraded(TwoClusters.Silent)).Save(Degraded(TwoClusters.Good)), default);
        var look = new LookForTrouble(two.Records, new(two.Engines), two.Time);
        using var worker = new TroubleWorker(two.Records, look, two.Time, NullLogger<TroubleWorker>.Instance);
        await RunAsync(worker);
        two.Time.Advance(TimeSpan.FromMinutes(1));

        await two.UntilAsync(() => RunAsync(worker), async () => (await two.Records.AlertsAsync(onlyLive: false, default)).FirstOrDefault(alert => alert.About.Instance == TwoClusters.Good && alert.State == AlertState.Resolved));

        Assert.Equal(AlertState.Firing, (await two.Records.AlertsAsync(onlyLive: true, default)).Single(alert => alert.About.Instance == TwoClusters.Silent).State);
    }

    public async Task InitializeAsync() => two = await TwoClusters.StartAsync();

    public async Task DisposeAsync() => await two.DisposeAsync();

    /// <summary>A round waits for no cluster.</summary>
    private static Task<TimeSpan> RunAsync(Worker worker) => worker.RunOnceAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));

    private static Alert Degraded(string instance) => new()
    {
        Fingerprint = TroubleCourse.Fingerprint(new(instance, "argocd", "payments"), TroubleKind.Unhealthy),
        Source = AlertSource.Application,
        State = AlertState.Firing,
        Name = nameof(TroubleKind.Unhealthy),
        Severity = "",
        Summary = "Degraded",
        About = new(instance, "argocd", "payments"),
        StartedAt = Some.Now,
        LearnedAt = Some.Now,
        HeardAt = Some.Now,
    };
}
