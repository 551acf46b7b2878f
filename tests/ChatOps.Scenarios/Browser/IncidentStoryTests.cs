using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;
using ChatOps.Server.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatOps.Scenarios.Browser;

/// <summary>The whole story as people click it, in a real browser: simulated Slack, cluster and Argo CD, the real product.</summary>
public sealed class IncidentStoryTests : IAsyncLifetime
{
    private SandboxWorld world = null!;
    private WebApplication page = null!;
    private Chromium chromium = null!;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium.Path))
        {
            return;
        }

        world = await SandboxWorld.StartAsync(new SimulatedSlackOptions { Commands = ["/incident", "/gitops"], Patience = ScenarioWorld.Patience }, CancellationToken.None, access: RecordAccess.Everybody);
        page = await WorldPage.ServeAsync(world, 0, CancellationToken.None);
        chromium = await Chromium.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (chromium is null)
        {
            return;
        }

        await chromium.DisposeAsync();
        await page.DisposeAsync();
        await world.DisposeAsync();
    }

    [ChromiumFact]
    public Task An_incident_from_declaration_to_close_on_a_desktop() => TellAsync(Window.Desktop, "desktop");

    [ChromiumFact]
    public Task An_incident_from_declaration_to_close_on_a_phone_at_night() => TellAsync(Window.Phone, "phone");

    private async Task TellAsync(Window window, string device)
    {
        var browser = await chromium.OpenAsync(window);
        var workspace = new Workspace(browser);
        var camera = new Screenshots(device);
        await browser.GotoAsync(page.Urls.First());
        await camera.TakeAsync(browser, "start");

        await SeeTheHandFixRevertedAsync(workspace, camera);
        await DeclareAndAskAsync(workspace, camera);
        await ApproveAsync(workspace, camera);
        await SeeTheHandFixStandAsync(workspace, camera);
        var record = await OpenTheRecordAsync(workspace, camera);
        await ResumeAndCloseAsync(workspace, camera);

        await record.ReloadAsync();
        await Expect(record.Locator("body")).ToContainTextAsync("Closed");
        await FitsAsync(record);
        await camera.TakeAsync(record, "record-closed", whole: true);
        await ReadsWithoutScriptsAsync(record, window);
    }

    /// <summary>Nothing sticks out at the side, so that a thumb scrolls down and not about.</summary>
    private static async Task FitsAsync(IPage record) =>
        Assert.True(await record.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "the record is wider than the window");

    /// <summary>The same sign-in in a browser that runs no script, in the window's colours.</summary>
    private async Task ReadsWithoutScriptsAsync(IPage record, Window window)
    {
        var plain = await chromium.OpenAsync(window, scripts: false);
        await plain.Context.AddCookiesAsync((await record.Context.CookiesAsync()).Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = record.Url }));
        await plain.GotoAsync(record.Url);
        await Expect(plain.Locator("h1")).ToContainTextAsync("Checkout 500s");
        await Expect(plain.Locator("body")).ToContainTextAsync("Closed");
        await Expect(plain.Locator("body")).ToHaveCSSAsync("background-color", window.Dark ? "rgb(18, 21, 28)" : "rgb(246, 247, 249)");
        await plain.Context.CloseAsync();
    }

    /// <summary>It stands for a moment only, which a busy browser would miss: so Argo CD waits until it was seen.</summary>
    private async Task SeeTheHandFixRevertedAsync(Workspace workspace, Screenshots camera)
    {
        var selfHeal = world.Shop.Argo.HoldNextSync();
        await workspace.HandFixAsync();
        await Expect(workspace.Checkout).ToHaveAttributeAsync("data-works", "true");
        await camera.TakeAsync(workspace.Page, "hand-fix");
        selfHeal.Release();
        await Expect(workspace.Checkout).ToHaveAttributeAsync("data-works", "false");
        await camera.TakeAsync(workspace.Page, "hand-fix-reverted");
    }

    private static async Task DeclareAndAskAsync(Workspace workspace, Screenshots camera)
    {
        await workspace.ActAsAsync("alice");
        await workspace.SayInChannelAsync("/incident declare \"Checkout 500s\" sev1 apps checkout");
        await workspace.OpenThreadAsync();
        await camera.TakeAsync(workspace.Page, "declared");

        await workspace.SayInThreadAsync("@chatops pause checkout for 45m because rollback of payment config");
        await Expect(workspace.Thread.GetByRole(AriaRole.Button, new() { Name = "Approve" })).ToBeVisibleAsync();
        await camera.TakeAsync(workspace.Page, "pause-asked");
    }

    private static async Task ApproveAsync(Workspace workspace, Screenshots camera)
    {
        await workspace.ActAsAsync("bob");
        await camera.TakeAsync(workspace.Page, "bob-reads-the-plan");
        await workspace.PressAsync(workspace.Thread, "Approve");
        await Expect(workspace.Thread).ToContainTextAsync("checkout is paused until");
        await Expect(workspace.Thread).ToContainTextAsync("checkout is holding");
        await Expect(workspace.Thread.GetByRole(AriaRole.Button, new() { Name = "Approve" })).ToBeHiddenAsync();
        await camera.TakeAsync(workspace.Page, "holding");
    }

    private static async Task SeeTheHandFixStandAsync(Workspace workspace, Screenshots camera)
    {
        await workspace.HandFixAsync();
        await Expect(workspace.Checkout).ToHaveAttributeAsync("data-works", "true");
        // Argo CD has seen the change and leaves it: that is proof, where time without a revert is none.
        await Expect(workspace.Checkout).ToContainTextAsync("OutOfSync");
        await Expect(workspace.Checkout).ToHaveAttributeAsync("data-works", "true");
        await camera.TakeAsync(workspace.Page, "hand-fix-stands");
        await workspace.HideSidebarAsync();
    }

    private static async Task<IPage> OpenTheRecordAsync(Workspace workspace, Screenshots camera)
    {
        await workspace.CloseThreadAsync();
        await workspace.SayInChannelAsync("/incident status");
        var link = workspace.Channel.GetByRole(AriaRole.Link, new() { Name = "Open the record" }).Last;
        await Expect(link).ToBeVisibleAsync();
        await camera.TakeAsync(workspace.Page, "status");
        var record = await workspace.Page.Context.RunAndWaitForPageAsync(() => link.ClickAsync());
        var open = record.GetByRole(AriaRole.Button, new() { Name = "Open the record" });
        await Expect(open).ToBeVisibleAsync();
        await camera.TakeAsync(record, "private-link");
        await open.ClickAsync();
        await Expect(record.Locator("h1")).ToContainTextAsync("Checkout 500s");
        await FitsAsync(record);
        await camera.TakeAsync(record, "record", whole: true);

        var again = await workspace.Page.Context.RunAndWaitForPageAsync(() => link.ClickAsync());
        await Expect(again.Locator("h1")).ToContainTextAsync("used already");
        await again.CloseAsync();
        return record;
    }

    private static async Task ResumeAndCloseAsync(Workspace workspace, Screenshots camera)
    {
        await workspace.OpenThreadAsync();
        await workspace.ActAsAsync("alice");
        await workspace.SayInThreadAsync("@chatops resume checkout");
        await Expect(workspace.Thread).ToContainTextAsync("Argo CD would then make 1 field as Git says");
        await camera.TakeAsync(workspace.Page, "resume-shows-first");
        await workspace.PressAsync(workspace.Thread, "Resume and overwrite");
        await Expect(workspace.Thread).ToContainTextAsync("checkout is resumed");
        await Expect(workspace.Checkout).ToHaveAttributeAsync("data-works", "false");
        await camera.TakeAsync(workspace.Page, "resumed");

        await workspace.SayInThreadAsync("@chatops close");
        await Expect(workspace.Thread).ToContainTextAsync("closed");
        await camera.TakeAsync(workspace.Page, "closed");
    }
}
