using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatOps.Scenarios.Browser;

/// <summary>The sandbox's page as a person uses it.</summary>
internal sealed class Workspace(IPage page)
{
    public IPage Page => page;

    public ILocator Channel => page.Locator("#messages");

    public ILocator Thread => page.GetByTestId("thread");

    public ILocator Checkout => page.GetByTestId("application-checkout");

    public async Task ActAsAsync(string name)
    {
        await ShowSidebarAsync();
        await page.GetByTestId($"as-{name}").ClickAsync();
        await Expect(page.GetByTestId($"as-{name}")).ToHaveAttributeAsync("aria-checked", "true");
    }

    public async Task SayInChannelAsync(string text)
    {
        await page.GetByTestId("composer-text").FillAsync(text);
        await page.GetByTestId("composer-send").ClickAsync();
    }

    public async Task SayInThreadAsync(string text)
    {
        await page.GetByTestId("thread-composer-text").FillAsync(text);
        await page.GetByTestId("thread-composer-send").ClickAsync();
    }

    public async Task OpenThreadAsync()
    {
        await page.GetByTestId("pin").ClickAsync();
        await Expect(Thread).ToBeVisibleAsync();
    }

    public async Task HandFixAsync()
    {
        await ShowSidebarAsync();
        await page.GetByTestId("hand-fix").ClickAsync();
        await Expect(page.Locator("#hand-fix-answer")).ToContainTextAsync("Applied");
    }

    public async Task PressAsync(ILocator where, string label)
    {
        await where.GetByRole(AriaRole.Button, new() { Name = label, Exact = true }).Last.ClickAsync();
        if (await page.GetByTestId("confirm-yes").IsVisibleAsync())
        {
            await page.GetByTestId("confirm-yes").ClickAsync();
        }
    }

    public async Task CloseThreadAsync()
    {
        await page.GetByTestId("thread-close").ClickAsync();
        await Expect(Thread).ToBeHiddenAsync();
    }

    /// <summary>Away from the cluster again, where it covers the channel.</summary>
    public async Task HideSidebarAsync()
    {
        if (await page.GetByTestId("close-sidebar").IsVisibleAsync())
        {
            await page.Mouse.ClickAsync(page.ViewportSize!.Width - 10, 200);
            await Expect(page.GetByTestId("close-sidebar")).ToBeHiddenAsync();
        }
    }

    private async Task ShowSidebarAsync()
    {
        var open = page.GetByTestId(await Thread.IsVisibleAsync() ? "open-sidebar-thread" : "open-sidebar");
        if (await open.IsVisibleAsync() && !await page.GetByTestId("close-sidebar").IsVisibleAsync())
        {
            await open.ClickAsync();
        }
    }
}
