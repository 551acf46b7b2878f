using ChatOps.Core.Records;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Scenarios.World;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Scenarios.Alerts;

/// <summary>Somebody overrides Git with a tool of their own; what people read of it, and what becomes of it.</summary>
public sealed class OutsideTests
{
    private const string Payments = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/payments";
    private const string Project = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop";
    private const string SwitchOff = """{"spec":{"syncPolicy":{"automated":{"enabled":false}}}}""";

    [Fact]
    public async Task An_edit_with_kubectl_is_said_once_in_the_channel_and_whoever_takes_it_owns_it_until_it_is_put_back()
    {
        await using var world = await StartAsync();
        var general = world.Slack.Channel(SampleWorkspace.GeneralChannel);
        await world.Shop.AdminPatchesAsync(Payments, SwitchOff);
        await SaysAsync(general, "payments", "auto-sync was switched off by kubectl-edit", "not through me");

        await world.StopProductAsync();
        await world.StartProductAsync();
        await world.Shop.AdminPatchesAsync(Payments, """{"spec":{"syncPolicy":{"syncOptions":["CreateNamespace=true"]}}}""");
        var card = await SaysAsync(general, "payments", "auto-sync was switched off by kubectl-edit");
        await world.Alice.CommandAsync("/gitops", "status payments", SampleWorkspace.GeneralChannel);
        await SaysAsync(general, "Nobody has taken it: /gitops own payments takes it, /gitops resume payments puts back what was there");
        await world.Alice.PressAsync(card, "Take ownership");
        await SaysAsync(general, "payments", "auto-sync was switched off", "took it, in incident 1");
        var thread = (await world.Slack.WaitForAsync(() => general.Pinned is [var pinned, ..] ? pinned : null, "the pinned card", CancellationToken.None, ScenarioWorld.Patience)).Ts;
        await SaysAsync(general, "owns the override of", "made from outside");

        await world.Alice.MentionAsync(SampleWorkspace.GeneralChannel, thread, "resume payments");
        await SaysAsync(general, "payments", "is resumed by", "auto-sync is on again");
        var payments = await world.Shop.WaitForAsync(Payments, payments => payments["spec"]!["syncPolicy"]!["automated"]!["enabled"] is null, "auto-sync to be on");
        Assert.Equal("CreateNamespace=true", (string?)payments["spec"]!["syncPolicy"]!["syncOptions"]![0]);
        await SaysAsync(general, "Over: payments, auto-sync is on again");
        Assert.Single(general.Messages, message => Reading.Shows(message, "overrides from outside") || Reading.Shows(message, "Over: payments"));
    }

    [Fact]
    public async Task While_an_incident_has_the_application_its_thread_is_told_and_resume_puts_back_the_revision_and_takes_off_what_makes_Argo_CD_skip_it()
    {
        await using var world = await StartAsync();
        var general = world.Slack.Channel(SampleWorkspace.GeneralChannel);
        await world.Alice.CommandAsync("/incident", "declare \"Payments slow\" sev2 commander @bob apps payments", SampleWorkspace.IncidentChannel);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience)).Ts;
        await world.Shop.AdminPatchesAsync(Payments, """{"spec":{"source":{"targetRevision":"hotfix"}}}""");

        var card = await world.ThreadSaysAsync(thread, "payments", "the target revision was moved by kubectl-edit", "from main to hotfix");
        await world.Bob.PressAsync(card, "Resume");

        await world.ThreadSaysAsync(thread, "payments", "is resumed by", "it follows what it did before");
        await world.Shop.WaitForAsync(Payments, payments => (string?)payments["spec"]!["source"]!["targetRevision"] == "main", "the revision to be back");
        await world.ThreadSaysAsync(thread, "Over: payments, it follows what it did before");

        await world.Shop.AdminPatchesAsync(Payments, """{"metadata":{"annotations":{"argocd.argoproj.io/skip-reconcile":"true"}}}""");
        var skipped = await world.ThreadSaysAsync(thread, "payments", "the annotation skip-reconcile was set by kubectl-edit", "what it shows of it is stale");
        await world.Bob.PressAsync(skipped, "Resume");
        await world.ThreadSaysAsync(thread, "Over: payments, Argo CD works on it again");
        Assert.Null((await world.Shop.FindAsync(Payments))!["metadata"]!["annotations"]?["argocd.argoproj.io/skip-reconcile"]);
        Assert.DoesNotContain(general.Messages, message => Reading.Shows(message, "payments"));
        await world.Alice.CommandAsync("/incident", "timeline", SampleWorkspace.IncidentChannel);
        await world.PersonIsToldAsync(world.Alice, "the target revision was moved by kubectl-edit", "the annotation skip-reconcile was set by kubectl-edit");
    }

    [Fact]
    public async Task A_deny_window_that_somebody_adds_with_kubectl_is_said_with_whom_it_holds_and_so_is_its_end()
    {
        await using var world = await StartAsync();
        var general = world.Slack.Channel(SampleWorkspace.GeneralChannel);
        await WindowsKnownAsync(world);
        await world.Shop.AdminPatchesAsync(Project, """{"spec":{"syncWindows":[{"kind":"deny","schedule":"* * * * *","duration":"1h","applications":["pay*"]}]}}""");
        world.Clock.Advance(TimeSpan.FromSeconds(20));
        var card = await SaysAsync(general, "Sync window from outside in project shop", "was added or changed by kubectl-edit", "neither deploys to payments by itself", "no end is in sight", "kubectl patch appprojects.argoproj.io shop --namespace argocd --type json", "\"op\":\"remove\",\"path\":\"/spec/syncWindows/0\"");

        await world.Alice.CommandAsync("/gitops", "status payments", SampleWorkspace.GeneralChannel);
        await SaysAsync(general, "was added to project shop or changed by kubectl-edit", "Nobody has taken it: /gitops own payments takes it.");
        await world.Alice.PressAsync(card, "Take ownership");
        await SaysAsync(general, "Sync window from outside in project shop", "took it, in incident 1");
        await SaysAsync(general, "owns the override of payments", "added to project shop", "kubectl patch appprojects.argoproj.io shop");

        await world.Shop.AdminPatchesAsync(Project, """{"spec":{"syncWindows":null}}""");
        world.Clock.Advance(TimeSpan.FromSeconds(20));
        await SaysAsync(general, "Over: the sync window in project shop is gone");
        await SaysAsync(general, "payments: that sync window of project shop holds it back no more", "and not by me");
        Assert.Single(general.Messages, message => Reading.Shows(message, "in project shop"));
    }

    private static async Task WindowsKnownAsync(ScenarioWorld world)
    {
        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        var records = world.Product.Services.GetRequiredService<IRecords>();
        for (var changed = records.ChangedAsync(BooksPart.Any); await records.FindKnownWindowsAsync("argocd", patience.Token) is null; changed = records.ChangedAsync(BooksPart.Any))
        {
            await changed.WaitAsync(patience.Token);
        }
    }

    private static Task<SlackMessage> SaysAsync(ChannelView channel, params string[] words) =>
        channel.WaitForMessageAsync(message => Reading.Shows(message, words), string.Join("', '", words), CancellationToken.None);

    /// <summary>…and payments was looked at while all was well.</summary>
    private static async Task<ScenarioWorld> StartAsync()
    {
        var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false, Webhook.Settings.ToDictionary(pair => pair.Key, pair => pair.Value));
        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        var records = world.Product.Services.GetRequiredService<IRecords>();
        for (var changed = records.ChangedAsync(BooksPart.Any); await records.FindBaselineAsync(new("argocd", "argocd", "payments"), patience.Token) is null; changed = records.ChangedAsync(BooksPart.Any))
        {
            await changed.WaitAsync(patience.Token);
        }

        return world;
    }
}
