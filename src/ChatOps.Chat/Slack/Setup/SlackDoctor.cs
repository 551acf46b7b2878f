using ChatOps.Chat.Slack.Posting;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Core;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Chat.Slack.Setup;

/// <summary>Tries everything that Slack's side of the set-up must give, and says how to fix what it does not.</summary>
public sealed class SlackDoctor
{
    private readonly SlackOptions options;
    private readonly SlackWebApi api;
    private readonly SlackDirectory directory;

    private readonly TimeProvider time;

    internal SlackDoctor(SlackOptions options, SlackWebApi api, SlackDirectory directory, TimeProvider time) =>
        (this.options, this.api, this.directory, this.time) = (options, api, directory, time);

    /// <param name="people">Every Slack account that the identity map names.</param>
    /// <param name="groups">Every user group that the policy names.</param>
    /// <param name="channels">Every channel that the settings name: the bot has to be a member of each.</param>
    /// <param name="readsEmails">People may be recognised by their addresses.</param>
    public async Task<IReadOnlyList<Finding>> CheckAsync(IEnumerable<ChatAccount> people, IEnumerable<string> groups, IEnumerable<string> channels, bool readsEmails, CancellationToken ct)
    {
        var findings = new List<Finding>();
        if (!await CheckTokenAsync(findings, readsEmails, ct))
        {
            return findings;
        }

        if (options.OverHttp)
        {
            findings.Add(Finding.Good($"{options.SigningSecrets.Count} signing secret{(options.SigningSecrets.Count == 1 ? "" : "s")} set; Slack lets nobody try one, so a wrong one shows at the first command (401 in the log)"));
        }

        if (options.OverSocket)
        {
            findings.Add(await TryAsync("Socket Mode can be opened", async () =>
                await api.CallAsync(SlackMethod.OpenConnection, [], options.AppToken!, null, ct),
                $"make an app-level token with {SlackScopes.App} on the app's page \"Basic Information\", put it into Slack:AppToken, and switch Socket Mode on"));
        }

        foreach (var account in people.Where(account => account.Platform == ChatPlatform.Slack).Distinct())
        {
            findings.Add(IsNamedRightly(account)
                ? await CheckPersonAsync(account, ct)
                : Finding.Problem($"{account.UserId} is mapped to {account.Tenant}, which may not command", "correct Slack:Team of that person in Identity:People: what they say comes from a workspace of Slack:AllowedTeams"));
        }

        foreach (var group in groups.Distinct(StringComparer.Ordinal))
        {
            findings.Add(await CheckGroupAsync(group, ct));
        }

        foreach (var channel in channels.Distinct(StringComparer.Ordinal))
        {
            findings.Add(await TryAsync($"the bot is in channel {channel}", async () =>
                await api.CallAsync(SlackMethod.History, new() { ["channel"] = channel, ["limit"] = "1" }, ct)));
        }

        return findings;
    }

    /// <summary>False: nothing else could be asked.</summary>
    private async Task<bool> CheckTokenAsync(List<Finding> findings, bool readsEmails, CancellationToken ct)
    {
        string? granted = null;
        string? team = null;
        DateTimeOffset? theirs = null;
        var token = await TryAsync("Slack:BotToken is valid", async () =>
            team = (await api.CallAsync(SlackMethod.AuthTest, [], options.BotToken, headers =>
            {
                granted = headers.TryGetValues("X-OAuth-Scopes", out var scopes) ? string.Join(',', scopes) : null;
                theirs = headers.Date;
            }, ct)).At("team_id").Text());
        findings.Add(token);
        if (!token.Ok)
        {
            return false;
        }

        findings.Add(ClockCheck.Of("Slack", theirs, time.GetUtcNow()));
        findings.Add(team is not null && options.AllowedTeams.Contains(team)
            ? Finding.Good($"the bot's workspace {team} may command")
            : Finding.Problem($"the bot's workspace {team} is not in Slack:AllowedTeams", $"add {team} to Slack:AllowedTeams"));
        if (granted is null)
        {
            findings.Add(Finding.Problem("Slack did not say what the token may do", "check that nothing between here and Slack strips the X-OAuth-Scopes header"));
            return true;
        }

        var has = granted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        findings.AddRange(SlackScopes.Bot.Concat(readsEmails ? [SlackScopes.Email] : []).Select(needed => has.Contains(needed.Scope)
            ? Finding.Good($"scope {needed.Scope}")
            : Finding.Problem(
                $"scope {needed.Scope} is missing: {needed.Why}",
                $"add {needed.Scope} under \"OAuth & Permissions\" of the app, reinstall it, and put the new token into Slack:BotToken")));
        return true;
    }

    /// <summary>An organisation's people come under whichever of its workspaces they are in.</summary>
    private bool IsNamedRightly(ChatAccount account) =>
        options.AllowedTeams.Contains(account.Tenant) || options.AllowedTeams.Any(team => team.StartsWith('E'));

    private async Task<Finding> CheckPersonAsync(ChatAccount account, CancellationToken ct)
    {
        ChatProfile? profile = null;
        var found = await TryAsync($"{account.UserId} can be looked up", async () => profile = await directory.FindAsync(account, fresh: true, ct));
        return !found.Ok ? found : profile switch
        {
            null => Finding.Problem($"Slack knows no {account.UserId}", "correct the id in Identity:People (a member's profile, ⋮, Copy member ID)"),
            { IsDeactivated: true } => Finding.Problem($"{account.UserId} ({profile.DisplayName}) is deactivated", "take the account out of Identity:People"),
            { IsBot: true } => Finding.Problem($"{account.UserId} ({profile.DisplayName}) is a bot", "only people request and approve: take it out of Identity:People"),
            { IsGuest: true } => Finding.Problem($"{account.UserId} ({profile.DisplayName}) is a guest", "guests cannot use ChatOps: make them a full member, or take them out of Identity:People"),
            { IsForeign: true } => Finding.Problem($"{account.UserId} ({profile.DisplayName}) is from another workspace", "add their workspace to Slack:AllowedTeams, or take them out of Identity:People"),
            _ => Finding.Good($"{account.UserId} is {profile.DisplayName}"),
        };
    }

    private async Task<Finding> CheckGroupAsync(string group, CancellationToken ct)
    {
        IReadOnlySet<string>? members = null;
        var found = await TryAsync($"user group {group} can be read", async () => members = await directory.MembersAsync(group, fresh: true, ct));
        return !found.Ok ? found : members switch
        {
            null => Finding.Problem($"Slack knows no user group {group}", "correct the group's id (S…) in the policy"),
            { Count: 0 } => Finding.Problem($"user group {group} has no members", "add people to it in Slack: nobody holds a role by it now"),
            _ => Finding.Good($"user group {group} has {members.Count} members"),
        };
    }

    /// <param name="fix">Where Slack's answer alone would send people to the wrong setting.</param>
    private static async Task<Finding> TryAsync(string what, Func<Task> check, string? fix = null)
    {
        try
        {
            await check();
            return Finding.Good(what);
        }
        catch (ChatRefusedException e)
        {
            return Finding.Problem($"{what}: no, {e.Code}", fix ?? e.Fix);
        }
        catch (ChatUnavailableException e)
        {
            return Finding.Problem(
                $"{what}: not known, {e.Message}",
                e.InnerException is ChatRefusedException refused ? refused.Fix : "check the way to Slack (proxy, DNS, certificates) and Slack:ApiBaseUrl, then try again");
        }
    }
}
