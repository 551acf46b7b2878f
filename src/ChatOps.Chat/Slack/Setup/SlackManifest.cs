using System.Globalization;
using System.Text;
using ChatOps.Core.Commands;

namespace ChatOps.Chat.Slack.Setup;

/// <summary>The app manifest to create the Slack app from: only what is built, and only what it needs.</summary>
public static class SlackManifest
{
    /// <param name="publicUrl">Where Slack reaches ChatOps; null for Socket Mode, which needs no address.</param>
    public static string Generate(Uri? publicUrl, SlackOptions options)
    {
        var yaml = new StringBuilder();
        void Line(FormattableString line) => yaml.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        string? Url(string path) => publicUrl is null ? null : new Uri(publicUrl, path).ToString();

        Line($"# Written by the code (SlackManifest); a test fails when the two differ.");
        Line($"_metadata:");
        Line($"  major_version: 1");
        Line($"  minor_version: 1");
        Line($"display_information:");
        Line($"  name: ChatOps");
        Line($"  description: Pause GitOps in an incident, in scope, in time and on the record");
        Line($"  background_color: \"#1f2937\"");
        Line($"features:");
        Line($"  app_home:");
        Line($"    home_tab_enabled: true");
        Line($"    messages_tab_enabled: true");
        Line($"    messages_tab_read_only_enabled: false");
        Line($"  bot_user:");
        Line($"    display_name: chatops");
        Line($"    always_online: true");
        Line($"  slash_commands:");
        foreach (var (command, description, hint) in Commands(options.Commands))
        {
            Line($"    - command: {command}");
            Line($"      description: {description}");
            Line($"      usage_hint: \"{hint}\"");
            Line($"      should_escape: true");
            if (Url("/slack/commands") is { } url)
            {
                Line($"      url: {url}");
            }
        }

        Line($"oauth_config:");
        Line($"  scopes:");
        Line($"    bot:");
        foreach (var (scope, why) in SlackScopes.Bot)
        {
            Line($"      - {scope} # {why}");
        }

        Line($"      # - {SlackScopes.Email.Scope} # only with Identity:Email: {SlackScopes.Email.Why}");
        Line($"settings:");
        Line($"  event_subscriptions:");
        if (Url("/slack/events") is { } events)
        {
            Line($"    request_url: {events}");
        }

        Line($"    bot_events:");
        Line($"      - app_home_opened");
        Line($"      - app_mention");
        Line($"      - message.im");
        Line($"  interactivity:");
        Line($"    is_enabled: true");
        if (Url("/slack/interactions") is { } interactions)
        {
            Line($"    request_url: {interactions}");
        }

        Line($"  org_deploy_enabled: false");
        Line($"  socket_mode_enabled: {(publicUrl is null ? "true" : "false")}");
        Line($"  token_rotation_enabled: false");
        return yaml.ToString();
    }

    private static IEnumerable<(string Command, string Description, string Hint)> Commands(SlackCommandNames names) =>
    [
        (names.Incident, "Declare and run an incident", Help.UsageHint("incident")),
        (names.Gitops, "Pause and resume what GitOps does to an application", Help.UsageHint("gitops")),
        (names.Breakglass, "Ask for access for a while, and give it back", Help.UsageHint("breakglass")),
    ];
}
