using System.Text.Json.Nodes;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Scenarios.Alerts;

/// <summary>From Alertmanager's webhook to what people read.</summary>
public sealed class AlertTests
{
    private const string Incidents = SampleWorkspace.IncidentChannel;

    [Fact]
    public async Task An_alert_confirms_the_incident_of_whoever_is_alone_with_it_and_a_runbook_in_its_thread_leads_out_of_it()
    {
        await using var world = await StartAsync();
        using var webhook = Webhook.Of(world);
        var since = world.Clock.GetUtcNow();
        Assert.Equal(200, await webhook.PostAsync(Webhook.Alert("CheckoutErrors", since)));

        var thread = await DeclareAsync(world);
        await world.ThreadSaysAsync(thread, "CheckoutErrors", "fires", "12 % of requests fail");
        await world.Alice.MentionAsync(Incidents, thread, "runbook sync-suspension");
        var runbook = await world.ThreadSaysAsync(
            thread, "Suspend the sync of an application", "/gitops plan pause checkout for 45m because <why>", "/gitops pause checkout only <kind/name> for 45m", "/gitops extend checkout by 30m", "/gitops resume checkout");
        Assert.False(Reading.Shows(runbook, "<app>"));
        await world.Alice.MentionAsync(Incidents, thread, "pause checkout for 20m because rollback of payment config");
        await world.ThreadSaysAsync(thread, "Pause checkout", "needs one approval", "may approve this alone from", "at the earliest");
        await ApproversAreReachedAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(6));

        await world.Alice.PressAsync(await world.ThreadSaysAsync(thread, "Pause checkout", "has answered since", "Nobody answers …"), "Nobody answers …");
        await world.Alice.Dialogs.WaitAsync(CancellationToken.None);
        await world.Alice.Dialogs.SubmitAsync(new Dictionary<string, string> { ["Why can it not wait?"] = "customers cannot pay" });

        await world.ThreadSaysAsync(thread, "approved their own request", "customers cannot pay", "CheckoutErrors", "confirms the emergency");
        await world.ThreadSaysAsync(thread, "checkout", "is holding");
        Assert.Equal(200, await webhook.PostAsync(Webhook.Alert("CheckoutErrors", since, ended: since.AddMinutes(6))));
        await world.ThreadSaysAsync(thread, "CheckoutErrors", "is resolved after 6 minutes");
        await world.Bob.PressAsync(runbook, "/gitops resume checkout");
        await world.ThreadSaysAsync(thread, "checkout", "is resumed by Bob");
        await world.Alice.CommandAsync("/incident", "timeline", Incidents);
        await world.PersonIsToldAsync(world.Alice, "Alert CheckoutErrors fires about checkout", "is resolved after 6 minutes");
    }

    [Fact]
    public async Task Without_one_about_that_very_application_nobody_is_alone_with_their_own_incident()
    {
        await using var world = await StartAsync();
        using var webhook = Webhook.Of(world);
        Assert.Equal(200, await webhook.PostAsync(Webhook.Alert("CatalogueErrors", world.Clock.GetUtcNow(), "catalogue")));
        Assert.Equal(401, await webhook.PostAsync(Body(Webhook.Alert("CheckoutErrors", world.Clock.GetUtcNow())), "Bearer forged-forged-forged-forged"));
        var thread = await DeclareAsync(world);
        await world.Alice.MentionAsync(Incidents, thread, "pause checkout for 20m because rollback of payment config");
        await world.ThreadSaysAsync(thread, "Pause checkout", "needs one approval", "Nobody may approve this alone", "opened this incident too", "was firing at the request");
        await ApproversAreReachedAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(6));

        await world.Alice.MentionAsync(Incidents, thread, "pause checkout for 15m because rollback of payment config");
        var card = await world.ThreadSaysAsync(thread, "Pause checkout for 15 minutes", "Nobody may approve this alone");
        Assert.False(Reading.Shows(card, "Nobody answers …"));
        Assert.Null(await world.Shop.FindAsync(ShopCluster.Checkout) is { } checkout ? checkout["spec"]!["syncPolicy"]!["automated"]!["enabled"] : throw new InvalidOperationException());
        Assert.DoesNotContain(world.Channel.Thread(thread), message => Reading.Shows(message, "CheckoutErrors"));
    }

    [Fact]
    public async Task Alertmanagers_repeats_and_a_restart_say_nothing_twice_and_a_channel_hears_what_has_no_incident()
    {
        await using var world = await StartAsync();
        using var webhook = Webhook.Of(world);
        var since = world.Clock.GetUtcNow();
        var alert = Webhook.Alert("PaymentsSlow", since, "ignored");
        alert["labels"]!["service"] = "payments-api";
        var general = world.Slack.Channel(SampleWorkspace.GeneralChannel);

        Assert.Equal(200, await webhook.PostAsync(alert, Webhook.Alert("Unrelated", since, "billing")));
        await general.WaitForMessageAsync(message => Reading.Shows(message, "PaymentsSlow", "/incident declare", "apps payments"), "the alert in the channel", CancellationToken.None);
        Assert.Equal(200, await webhook.PostAsync(alert));
        await world.StopProductAsync();
        await world.StartProductAsync();
        Assert.Equal(200, await webhook.PostAsync(alert));
        alert["status"] = "resolved";
        alert["endsAt"] = since.AddMinutes(2).ToString("o");
        world.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(200, await webhook.PostAsync(alert));

        await general.WaitForMessageAsync(message => Reading.Shows(message, "PaymentsSlow is resolved", "after 2 minutes"), "its end in the channel", CancellationToken.None);
        Assert.Single(general.Messages, message => Reading.Shows(message, "PaymentsSlow"));
        Assert.DoesNotContain(general.Messages, message => Reading.Shows(message, "Unrelated"));
    }

    [Fact]
    public async Task What_is_not_Alertmanager_is_not_believed()
    {
        await using var world = await StartAsync();
        using var webhook = Webhook.Of(world);
        var alert = Webhook.Alert("CheckoutErrors", world.Clock.GetUtcNow());

        Assert.Equal(401, await webhook.PostAsync(Body(alert), null));
        Assert.Equal(401, await webhook.PostAsync(Body(alert), "Bearer " + Webhook.Token[..^1]));
        Assert.Equal(401, await webhook.PostAsync(Body(alert), "Basic " + Webhook.Token));
        Assert.Equal(413, await webhook.PostAsync(new string(' ', 1 << 21), "Bearer " + Webhook.Token));
        Assert.Equal(400, await webhook.PostAsync("""{ "version": "4" }""", "Bearer " + Webhook.Token));
        Assert.Equal(400, await webhook.PostAsync("not json", "Bearer " + Webhook.Token));
        alert["fingerprint"] = "../../etc";
        Assert.Equal(400, await webhook.PostAsync(alert));
        var statuses = new List<int>();
        for (var post = 0; post < 310; post++)
        {
            statuses.Add(await webhook.PostAsync("""{ "version": "4", "alerts": [] }""", "Bearer " + Webhook.Token));
        }

        Assert.Equal((200, 503), (statuses[0], statuses[^1]));
    }

    /// <summary>Silence counts from the moment that Slack's confirmation is in the books, not from when somebody could read it.</summary>
    private static async Task ApproversAreReachedAsync(ScenarioWorld world)
    {
        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        var records = world.Product.Services.GetRequiredService<IRecords>();
        var operation = Assert.Single(await records.LiveOperationsAsync(patience.Token));
        foreach (var message in new[] { MessageKey.Operation(operation.Id), MessageKey.AskApprover(operation.Id, Account(SampleWorkspace.Bob)), MessageKey.AskApprover(operation.Id, Account(SampleWorkspace.Carol)) })
        {
            for (var changed = records.ChangedAsync(BooksPart.Any); await records.FindMessageAsync(message, null, patience.Token) is null; changed = records.ChangedAsync(BooksPart.Any))
            {
                await changed.WaitAsync(patience.Token);
            }
        }
    }

    private static ChatAccount Account(string user) => new(ChatPlatform.Slack, SampleWorkspace.TeamId, user);

    private static string Body(JsonObject alert) => new JsonObject { ["version"] = "4", ["alerts"] = new JsonArray(alert.DeepClone()) }.ToJsonString();

    private static Task<ScenarioWorld> StartAsync() =>
        ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false, Webhook.Settings.ToDictionary(pair => pair.Key, pair => pair.Value));

    private static async Task<string> DeclareAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 commander @bob apps checkout", Incidents);
        return (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience)).Ts;
    }
}
