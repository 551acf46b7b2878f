namespace ChatOps.Server.Configuration;

/// <summary>
/// Some paths are secrets (private links, response URLs). The framework's own loggers write paths down and put them into
/// every line's scope, so these loggers are off, whatever the configuration asks for.
/// </summary>
internal static class QuietPaths
{
    private static readonly Dictionary<string, LogLevel> Most = new(StringComparer.Ordinal)
    {
        ["Microsoft.AspNetCore.Hosting.Diagnostics"] = LogLevel.None,
        ["Microsoft.AspNetCore.HttpLogging"] = LogLevel.None,
        ["Microsoft.AspNetCore.Routing"] = LogLevel.Warning,
        ["Microsoft.AspNetCore.Server.Kestrel.BadRequests"] = LogLevel.Warning,
        ["System.Net.Http.HttpClient"] = LogLevel.Warning,
    };

    public static IServiceCollection AddQuietPaths(this IServiceCollection services) => services.PostConfigure<LoggerFilterOptions>(filters =>
    {
        var asked = filters.Rules.Where(rule => Most.Keys.Any(category => rule.CategoryName?.StartsWith(category, StringComparison.OrdinalIgnoreCase) == true)).ToList();
        foreach (var rule in asked)
        {
            filters.Rules.Remove(rule);
        }

        foreach (var (category, level) in Most)
        {
            filters.Rules.Add(new LoggerFilterRule(null, category, level, null));
            foreach (var provider in filters.Rules.Select(rule => rule.ProviderName).OfType<string>().Distinct().ToList())
            {
                filters.Rules.Add(new LoggerFilterRule(provider, category, level, null));
            }
        }
    });
}
