using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ChatOps.Chat.Slack;

/// <summary>Everything wrong with the section at once, each with its fix. Never repeats a secret.</summary>
internal sealed partial class SlackOptionsProblems(IConfiguration section) : IValidateOptions<SlackOptions>
{
    public ValidateOptionsResult Validate(string? name, SlackOptions options)
    {
        var problems = Unknown<SlackOptions>(section).Concat(Unknown<SlackCommandNames>(section.GetSection(nameof(SlackOptions.Commands)))).Concat(In(options)).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>A misspelt setting would otherwise be a default that nobody chose.</summary>
    private static IEnumerable<string> Unknown<T>(IConfiguration section)
    {
        var settings = typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).ToList();
        return section.GetChildren()
            .Where(child => !settings.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path} is not a setting: there are {string.Join(", ", settings)}");
    }

    private static IEnumerable<string> In(SlackOptions options)
    {
        if (!options.BotToken.StartsWith("xoxb-", StringComparison.Ordinal))
        {
            yield return "Slack:BotToken must be the bot token (xoxb-…): copy it from the app's page \"OAuth & Permissions\"";
        }

        if (!options.OverHttp && !options.OverSocket)
        {
            yield return "Slack needs Slack:SigningSecrets (for HTTP: page \"Basic Information\") or Slack:AppToken (for Socket Mode: an app-level token with connections:write)";
        }

        if (options.SigningSecrets.Any(secret => secret.Length < 16))
        {
            yield return "Slack:SigningSecrets has an entry shorter than 16 characters: copy the Signing Secret from the app's page \"Basic Information\"";
        }

        if (options.OverSocket && !options.AppToken!.StartsWith("xapp-", StringComparison.Ordinal))
        {
            yield return "Slack:AppToken must be an app-level token (xapp-…) with connections:write: make one on the app's page \"Basic Information\"";
        }

        if (!Uri.TryCreate(options.ApiBaseUrl, UriKind.Absolute, out var api) || !IsSafe(api))
        {
            yield return "Slack:ApiBaseUrl must be an https address (or http on this machine): leave it out to use https://slack.com/api/";
        }

        if (options.AllowedTeams.Count == 0)
        {
            yield return "Slack:AllowedTeams is empty, so nobody could command: name your workspace's id (T…, it is in the address of Slack in a browser)";
        }

        foreach (var team in options.AllowedTeams.Where(team => !TeamId().IsMatch(team)))
        {
            yield return $"Slack:AllowedTeams has \"{team}\", which is no workspace id: ids begin with T (or E for an organisation)";
        }

        foreach (var command in new[] { options.Commands.Incident, options.Commands.Gitops, options.Commands.Breakglass }.Where(command => !CommandName().IsMatch(command)))
        {
            yield return $"Slack:Commands has \"{command}\": a command is a slash and at most 31 lower-case letters, digits, - or _";
        }

        if (new[] { options.Commands.Incident, options.Commands.Gitops, options.Commands.Breakglass }.Distinct(StringComparer.OrdinalIgnoreCase).Count() < 3)
        {
            yield return "Slack:Commands names one command for two of /incident, /gitops and /breakglass: give each its own name";
        }
    }

    private static bool IsSafe(Uri api) => api.Scheme == Uri.UriSchemeHttps || api.Scheme == Uri.UriSchemeHttp && api.IsLoopback;

    [GeneratedRegex("^[TE][A-Z0-9]+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TeamId();

    [GeneratedRegex("^/[a-z0-9_-]{1,31}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommandName();
}
