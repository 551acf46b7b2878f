using System.Globalization;
using Microsoft.Playwright;

namespace ChatOps.Scenarios.Browser;

/// <summary>What people would have seen, in artifacts/screenshots: for looking at, not compared.</summary>
internal sealed class Screenshots(string device)
{
    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(Root(), "artifacts", "screenshots")).FullName;
    private int taken;

    /// <param name="whole">All of a long page, not only what fits the window.</param>
    public Task TakeAsync(IPage page, string name, bool whole = false)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"{device}-{++taken:00}-{name}.png");
        return page.ScreenshotAsync(new() { Path = Path.Combine(Folder, file), FullPage = whole, Animations = ScreenshotAnimations.Disabled });
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ChatOps.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
