namespace ChatOps.Scenarios.Browser;

/// <summary>A fact that needs the real browser; skipped, with the reason shown, where there is none. tests/run.sh counts a skip as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        Skip = File.Exists(Chromium.Path) ? null : $"{Chromium.Path} is missing: tests/run.sh installs it (Debian package chromium).";
    }
}
