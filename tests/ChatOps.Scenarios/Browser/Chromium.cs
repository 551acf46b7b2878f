using Microsoft.Playwright;

namespace ChatOps.Scenarios.Browser;

/// <summary>The browser that Debian ships, driven by Playwright; it talks to loopback alone.</summary>
public sealed class Chromium : IAsyncDisposable
{
    public const string Path = "/usr/bin/chromium";

    /// <summary>In milliseconds; the slowest wait is for Argo CD's answered refresh, on a machine that may be busy.</summary>
    private const float Patience = 180_000;

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    public static async Task<Chromium> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        var started = await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Path,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new(driver, started);
    }

    /// <summary>A browser window of its own: no cookie of another.</summary>
    public async Task<IPage> OpenAsync(Window window, bool scripts = true)
    {
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = window.Width, Height = window.Height },
            JavaScriptEnabled = scripts,
            ColorScheme = window.Dark ? ColorScheme.Dark : ColorScheme.Light,
            TimezoneId = "Europe/Berlin",
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}

public sealed record Window(int Width, int Height, bool Dark)
{
    public static Window Desktop { get; } = new(1440, 900, Dark: false);

    public static Window Phone { get; } = new(390, 844, Dark: true);
}
