using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Sandbox.World;
using Microsoft.AspNetCore.Builder;

namespace ChatOps.Sandbox.Tests.World;

/// <summary>What each button under "Let something go wrong with payments" does to the shop, and that people read of it.</summary>
public sealed partial class ShopTroubleTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient http = new();
    private SandboxWorld world = null!;
    private WebApplication page = null!;

    public async Task InitializeAsync()
    {
        world = await SandboxWorld.StartAsync(new SimulatedSlackOptions { Patience = Patience }, CancellationToken.None);
        page = await WorldPage.ServeAsync(world, 0, CancellationToken.None);
        http.BaseAddress = new Uri(page.Urls.First());
        await PaymentsAreAsync("Synced", "Healthy", "Succeeded");
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await page.DisposeAsync();
        await world.DisposeAsync();
    }

    [Fact]
    public async Task Every_button_of_the_page_makes_its_trouble_and_the_last_puts_all_of_it_right()
    {
        var buttons = Button().Matches(await http.GetStringAsync("/")).Select(match => match.Groups["what"].Value);
        Assert.Equal(["failing-sync", "bad-image", "deny-window", "mend"], buttons);
        var before = await InGitAsync();

        Assert.Equal(HttpStatusCode.OK, await PressAsync("bad-image"));
        await PaymentsAreAsync("Synced", "Degraded", "Succeeded");
        await SaysAsync("payments: Degraded");

        Assert.Equal(HttpStatusCode.OK, await PressAsync("failing-sync"));
        await PaymentsAreAsync("OutOfSync", "Degraded", "Failed");
        await SaysAsync("field is immutable");

        Assert.Equal(HttpStatusCode.OK, await PressAsync("deny-window"));
        Assert.Equal("""["pay*"]""", Windows()![0]!["applications"]!.ToJsonString());
        await SignalsSayAsync("97 %");

        Assert.Equal(HttpStatusCode.OK, await PressAsync("mend"));
        await PaymentsAreAsync("Synced", "Healthy", "Succeeded");
        Assert.Null(Windows());
        Assert.Equal(before, await InGitAsync());
        await SaysAsync("Healthy again");
        await SaysAsync("synced again");
    }

    [Fact]
    public async Task Another_word_or_another_page_changes_nothing()
    {
        var before = await InGitAsync();

        Assert.Equal(HttpStatusCode.NotFound, await PressAsync("earthquake"));
        Assert.Equal(HttpStatusCode.Forbidden, await PressAsync("bad-image", "http://evil.example"));
        Assert.Equal(before, await InGitAsync());
    }

    private async Task<HttpStatusCode> PressAsync(string what, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/sandbox/cluster/trouble/{what}");
        request.Headers.Add("Origin", origin ?? http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private Task<string> InGitAsync() => world.Shop.Repository.ReadAsync("main", "payments/app.yaml", CancellationToken.None);

    private JsonNode? Windows() => world.Shop.Server.Find("appprojects", "argocd", "shop")!["spec"]!["syncWindows"];

    private async Task PaymentsAreAsync(string sync, string health, string phase)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (world.Shop.Server.Find("applications", "argocd", "payments")?["status"] is not { } status
            || ((string?)status["sync"]?["status"], (string?)status["health"]?["status"], (string?)status["operationState"]?["phase"]) != (sync, health, phase))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private Task<SlackMessage> SaysAsync(string words) => world.Slack.Channel(SampleWorkspace.GeneralChannel).WaitForTextAsync(words, CancellationToken.None);

    /// <summary>Asked again until it was measured, which is every five seconds.</summary>
    private async Task SignalsSayAsync(string words)
    {
        var alice = world.Slack.As("alice");
        for (var asked = 1; ; asked++)
        {
            await alice.CommandAsync("/gitops", "signals payments", SampleWorkspace.IncidentChannel);
            var told = await world.Slack.WaitForAsync(() => alice.Ephemerals(SampleWorkspace.IncidentChannel).Where(message => ChannelView.Shows(message, "Signals of payments")).ElementAtOrDefault(asked - 1), "the signals", CancellationToken.None);
            if (ChannelView.Shows(told, words))
            {
                return;
            }

            Assert.True(asked < 60, "The monitoring never measured it.");
            await Task.Delay(500);
        }
    }

    [GeneratedRegex("data-trouble=\"(?<what>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Button();
}
