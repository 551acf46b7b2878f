using System.Text.RegularExpressions;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Scripting;

/// <summary>
/// Turns what a person types (<c>@bob</c>, <c>#general</c>, <c>&lt;</c>) into what Slack sends. Mentions that are
/// already control sequences stay, so that a test may write either.
/// </summary>
internal static partial class TypedText
{
    public static string InMessage(SlackWorkspace workspace, string typed) => Convert(workspace, typed, withNames: false);

    /// <summary>As with <c>should_escape: true</c> in the manifest: ids with names.</summary>
    public static string InCommand(SlackWorkspace workspace, string typed) => Convert(workspace, typed, withNames: true);

    private static string Convert(SlackWorkspace workspace, string typed, bool withNames) => Special().Replace(typed, found => found.Value switch
    {
        "&" => "&amp;",
        "<" => "&lt;",
        ">" => "&gt;",
        ['<', ..] => found.Value,
        ['@', .. var name] => Mention(workspace, name, withNames),
        ['#', .. var name] => workspace.FindChannel(name) is { } channel ? $"<#{channel.Id}|{channel.Name}>" : found.Value,
        _ => found.Value,
    });

    private static string Mention(SlackWorkspace workspace, string typed, bool withNames)
    {
        var name = typed.TrimEnd('.');
        var rest = typed[name.Length..];
        if (name is "here" or "channel" or "everyone")
        {
            return $"<!{name}>{rest}";
        }

        if (workspace.Users.Values.FirstOrDefault(user => user.Name == name) is { } user)
        {
            return withNames ? $"<@{user.Id}|{user.Name}>{rest}" : $"<@{user.Id}>{rest}";
        }

        return workspace.Groups.Values.FirstOrDefault(group => group.Handle == name) is { } group
            ? $"<!subteam^{group.Id}{(withNames ? $"|@{group.Handle}" : "")}>{rest}"
            : $"@{typed}";
    }

    [GeneratedRegex("<(?:[@#][A-Z0-9]+|!subteam\\^[A-Z0-9]+|!(?:here|channel|everyone))(?:\\|[^<>\n]*)?>|(?<![A-Za-z0-9_.])[@#][A-Za-z0-9._-]+|[&<>]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Special();
}
