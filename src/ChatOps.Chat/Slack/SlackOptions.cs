namespace ChatOps.Chat.Slack;

/// <summary>The section <c>Slack</c>. Present: this chat system is used. Validated at start by <see cref="SlackOptionsProblems"/>.</summary>
public sealed class SlackOptions
{
    public const string Section = "Slack";

    /// <summary>The bot's token, <c>xoxb-…</c>.</summary>
    public string BotToken { get; init; } = "";

    /// <summary>One, or two while they are rotated. With one set, the HTTP endpoints answer.</summary>
    public IReadOnlyList<string> SigningSecrets { get; init; } = [];

    /// <summary>App-level token <c>xapp-…</c>: with it set, Socket Mode is used.</summary>
    public string? AppToken { get; init; }

    /// <summary>Slack's Web API; another one for GovSlack or a proxy.</summary>
    public string ApiBaseUrl { get; init; } = "https://slack.com/api/";

    /// <summary>Workspace ids that may command. Nobody else's people do, shared channel or not.</summary>
    public IReadOnlyList<string> AllowedTeams { get; init; } = [];

    /// <summary>The app's id, <c>A…</c>; payloads for another app are then refused.</summary>
    public string? AppId { get; init; }

    /// <summary>Other names of the slash commands, where the workspace has these already.</summary>
    public SlackCommandNames Commands { get; init; } = new();

    public Uri ApiBase => new(ApiBaseUrl.EndsWith('/') ? ApiBaseUrl : ApiBaseUrl + "/");

    /// <summary>
    /// The one name of the place that channels are in. Ids of channels are unique by themselves, and the workspace that a
    /// payload names beside one is its reader's: for one shared between workspaces it differs from press to press.
    /// </summary>
    public string Home => AllowedTeams is [var first, ..] ? first : "";

    public bool OverHttp => SigningSecrets.Count > 0;

    public bool OverSocket => !string.IsNullOrEmpty(AppToken);
}

/// <summary>The slash commands as this workspace names them.</summary>
public sealed class SlackCommandNames
{
    /// <summary>Declares and runs an incident.</summary>
    public string Incident { get; init; } = "/incident";

    /// <summary>Looks at applications and changes them.</summary>
    public string Gitops { get; init; } = "/gitops";

    /// <summary>Asks for access, and gives it back.</summary>
    public string Breakglass { get; init; } = "/breakglass";

    /// <summary>The program that a slash command starts; null when it is none of ours.</summary>
    public string? ProgramOf(string command) =>
        command.Equals(Incident, StringComparison.OrdinalIgnoreCase) ? "incident"
        : command.Equals(Gitops, StringComparison.OrdinalIgnoreCase) ? "gitops"
        : command.Equals(Breakglass, StringComparison.OrdinalIgnoreCase) ? "breakglass"
        : null;
}
