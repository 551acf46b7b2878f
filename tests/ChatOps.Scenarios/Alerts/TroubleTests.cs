using System.Text.Json.Nodes;
using ChatOps.Core.Records;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Scenarios.World;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Scenarios.Alerts;

/// <summary>An application comes into trouble by a commit, a tool or by itself; what people read of it, and where.</summary>
public sealed class TroubleTests
{
    private const string Payments = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/payments";
    private const string Config = "/api/v1/namespaces/shop/configmaps/payments";
    private const string Deployment = "/apis/apps/v1/namespaces/shop/deployments/payments";

    [Fact]
    public async Task A_commit_that_does_not_apply_is_said_once_in_the_channel_and_its_mending_in_the_same_message()
    {
        await using var world = await StartAsync();
        var general = world.Slack.Channel(SampleWorkspace.GeneralChannel);
        await world.Shop.AdminPatchesAsync(Payments, """{"spec":{"syncPolicy":{"retry":{"limit":0}}}}""");
        var good = await world.Shop.Repository.ReadAsync("main", "payments/app.yaml", CancellationToken.None);
        await CommitAsync(world, "payments: another selector", good.Replace("matchLabels:\n      app: payments", "matchLabels:\n      app: payments\n      tier: web", StringComparison.Ordinal));
        var card = await SaysAsync(general, "payments: its sync failed", "a field cannot be changed on what is there already", "Deployment/payments", "Argo CD tries this commit no more", "No incident is open for it");

        await world.StopProductAsync();
        await world.StartProductAsync();
        await world.Alice.PressAsync(card, "Status");
        await world.Slack.WaitForAsync(() => world.Alice.Ephemerals(SampleWorkspace.GeneralChannel).LastOrDefault(message => Reading.Shows(message, "payments", "field is immutable")), "the status for alice", CancellationToken.None, ScenarioWorld.Patience);
        await CommitAsync(world, "payments: as before", good.Replace("CACHE_SECONDS: \"60\"", "CACHE_SECONDS: \"30\"", StringComparison.Ordinal));

        await SaysAsync(general, "payments: synced again");
        Assert.Single(general.Messages, message => Reading.Shows(message, "payments"));
    }

    [Fact]
    public async Task While_an_incident_has_it_bad_health_is_a_line_in_its_thread_and_in_its_record_and_nothing_in_the_channel()
    {
        await using var world = await StartAsync();
        var general = world.Slack.Channel(SampleWorkspace.GeneralChannel);
        await world.Alice.CommandAsync("/incident", "declare \"Payments slow\" sev2 commander @bob apps payments", SampleWorkspace.IncidentChannel);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience)).Ts;
        await world.Shop.AdminPatchesAsync(Payments, """{"spec":{"syncPolicy":{"automated":{"selfHeal":false}}}}""");
        await ImageAsync(world, "registry.example.com/payments:broken");
        await world.Shop.WaitForAsync(Payments, payments => (string?)payments["status"]?["health"]?["status"] == "Degraded", "payments to be degraded");
        world.Clock.Advance(TimeSpan.FromSeconds(20));
        await world.ThreadSaysAsync(thread, "payments: Degraded", "something that it deploys does not work");

        await ImageAsync(world, "registry.example.com/payments:1.4.2");
        await world.ThreadSaysAsync(thread, "payments: Healthy again");
        Assert.DoesNotContain(general.Messages, message => Reading.Shows(message, "Degraded"));
        await world.Alice.CommandAsync("/incident", "timeline", SampleWorkspace.IncidentChannel);
        await world.PersonIsToldAsync(world.Alice, "it is Degraded", "Healthy again after");
    }

    [Fact]
    public async Task What_Argo_CD_does_with_the_application_of_an_incident_is_in_its_record_and_so_is_an_operation_that_somebody_wrote_to_it()
    {
        await using var world = await StartAsync();
        await world.Alice.CommandAsync("/incident", "declare \"Payments slow\" sev2 commander @bob apps payments", SampleWorkspace.IncidentChannel);
        await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);
        await world.Shop.AdminPatchesAsync(Payments, """{"operation":{"initiatedBy":{"username":"mallory"},"sync":{"revision":"main"}}}""");
        await world.Shop.WaitForAsync(Payments, payments => payments["operation"] is null && (string?)payments["status"]?["operationState"]?["operation"]?["initiatedBy"]?["username"] == "mallory", "the operation to be done");

        var records = world.Product.Services.GetRequiredService<IRecords>();
        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        for (var changed = records.ChangedAsync(BooksPart.Any); !(await records.TimelineAsync(1, patience.Token)).Any(entry => entry.By == "mallory"); changed = records.ChangedAsync(BooksPart.Any))
        {
            world.Clock.Advance(TimeSpan.FromSeconds(11));
            await Task.WhenAny(changed, Task.Delay(TimeSpan.FromSeconds(1), patience.Token)); // what it looked at may have been from before
        }

        var entry = Assert.Single(await records.TimelineAsync(1, patience.Token), entry => entry.By == "mallory");
        Assert.Equal("payments: A sync to main was written to the application, by mallory as it says itself", entry.Text);
        var main = await world.Shop.Repository.ResolveAsync("main", CancellationToken.None);
        await world.Alice.CommandAsync("/incident", "timeline", SampleWorkspace.IncidentChannel);
        await world.PersonIsToldAsync(world.Alice, "payments: A sync to main was written to the application, by mallory as it says itself", "payments: Sync operation to " + main + " succeeded");
    }

    [Fact]
    public async Task That_self_heal_does_not_get_through_is_said_once_in_the_channel_and_its_end_in_the_same_message()
    {
        await using var world = await StartAsync();
        var general = world.Slack.Channel(SampleWorkspace.GeneralChannel);
        foreach (var (heal, wait) in new[] { 0, 2, 6, 18, 54, 162 }.Index())
        {
            await world.Shop.AdminPatchesAsync(Config, $"{{\"data\":{{\"CACHE_SECONDS\":\"by hand {heal}\"}}}}");
            world.Clock.Advance(TimeSpan.FromSeconds(wait));
            await world.Shop.WaitForAsync(Payments, payments => HealsOf(payments) == heal + 1, "self-heal to put it back");
        }

        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await SaysAsync(general, "payments: Argo CD has given up on it", "self-heal does not get through", "No incident is open for it");
        world.Clock.Advance(TimeSpan.FromMinutes(11));

        await SaysAsync(general, "payments: Argo CD works on it again");
        Assert.Single(general.Messages, message => Reading.Shows(message, "payments"));
    }

    private static int? HealsOf(JsonObject application) =>
        application["operation"] is null && (string?)application["status"]?["operationState"]?["phase"] == "Succeeded" ? (int?)application["status"]!["operationState"]!["operation"]?["sync"]?["autoHealAttemptsCount"] : null;

    private static Task ImageAsync(ScenarioWorld world, string image) => world.Shop.AdminPatchesAsync(
        Deployment, $"{{\"spec\":{{\"template\":{{\"spec\":{{\"containers\":[{{\"name\":\"web\",\"image\":\"{image}\"}}]}}}}}}}}");

    private static async Task CommitAsync(ScenarioWorld world, string message, string file)
    {
        await world.Shop.Repository.CommitAsync("main", message, new Dictionary<string, string?> { ["payments/app.yaml"] = file }, CancellationToken.None);
        await world.Shop.AdminPatchesAsync(Payments, """{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}""");
    }

    private static Task<SlackMessage> SaysAsync(ChannelView channel, params string[] words) =>
        channel.WaitForMessageAsync(message => Reading.Shows(message, words), string.Join("', '", words), CancellationToken.None);

    /// <summary>…and the product has looked at the shop once while all was well.</summary>
    private static async Task<ScenarioWorld> StartAsync()
    {
        var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false, Webhook.Settings.ToDictionary(pair => pair.Key, pair => pair.Value));
        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        var records = world.Product.Services.GetRequiredService<IRecords>();
        for (var changed = records.ChangedAsync(BooksPart.Any); await records.WatchedSinceAsync("argocd", patience.Token) is null; changed = records.ChangedAsync(BooksPart.Any))
        {
            await changed.WaitAsync(patience.Token);
        }

        return world;
    }
}
