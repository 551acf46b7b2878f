using System.Collections.Concurrent;
using System.Text.Json;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>People and user groups as Slack knows them now, or knew them a few minutes ago where that is good enough.</summary>
internal sealed class SlackDirectory(SlackWebApi api, SlackOptions options, TimeProvider time) : IChatDirectory
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);
    private const int MostRemembered = 5000;

    private readonly ConcurrentDictionary<ChatAccount, (DateTimeOffset At, ChatProfile? Profile)> profiles = [];
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlySet<string>? Members)> groups = [];

    public ChatPlatform Platform => ChatPlatform.Slack;

    public async Task<ChatProfile?> FindAsync(ChatAccount account, bool fresh, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!fresh && profiles.TryGetValue(account, out var known) && now - known.At < GoodFor)
        {
            return known.Profile;
        }

        var profile = await AskAsync(account, ct);
        if (profiles.Count >= MostRemembered)
        {
            profiles.Clear();
        }

        profiles[account] = (now, profile);
        return profile;
    }

    public async Task<IReadOnlySet<string>?> MembersAsync(string groupId, bool fresh, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!fresh && groups.TryGetValue(groupId, out var known) && now - known.At < GoodFor)
        {
            return known.Members;
        }

        IReadOnlySet<string>? members;
        try
        {
            var answer = await api.CallAsync(SlackMethod.GroupMembers, new() { ["usergroup"] = groupId }, ct);
            members = answer.At("users").Items().Select(user => user.Text()).OfType<string>().ToHashSet(StringComparer.Ordinal);
        }
        catch (ChatRefusedException e) when (e.Refusal is ChatRefusal.Person)
        {
            members = null;
        }
        catch (ChatRefusedException e)
        {
            // A role that cannot be read is not held, whatever the reason.
            throw new ChatUnavailableException($"user group {groupId} cannot be read: {e.Message}", null, mayHaveHappened: false, e);
        }

        groups[groupId] = (now, members);
        return members;
    }

    private async Task<ChatProfile?> AskAsync(ChatAccount account, CancellationToken ct)
    {
        try
        {
            var answer = await api.CallAsync(SlackMethod.UserInfo, new() { ["user"] = account.UserId }, ct);
            return Profile(account, answer.At("user"));
        }
        catch (ChatRefusedException e) when (e.Code is "user_not_found" or "user_not_visible")
        {
            return null;
        }
        catch (ChatRefusedException e)
        {
            throw new ChatUnavailableException($"{account} cannot be looked up: {e.Message}", null, mayHaveHappened: false, e);
        }
    }

    private ChatProfile Profile(ChatAccount account, JsonElement user)
    {
        var team = user.At("team_id").Text();
        var isOfOurOrganisation = user.At("enterprise_user", "enterprise_id").Text() is { } enterprise && options.AllowedTeams.Contains(enterprise);
        var isForeignTeam = team is not null && !options.AllowedTeams.Contains(team) && !isOfOurOrganisation;
        var name = user.At("profile", "display_name").Text() ?? user.At("profile", "real_name").Text()
            ?? user.At("real_name").Text() ?? user.At("name").Text() ?? account.UserId;
        return new(account, name)
        {
            TimeZone = user.At("tz").Text(),
            // Not said is not confirmed.
            ConfirmedEmail = user.At("is_email_confirmed").IsTrue() ? user.At("profile", "email").Text() : null,
            IsBot = user.At("is_bot").IsTrue() || user.At("is_workflow_bot").IsTrue() || account.UserId == "USLACKBOT",
            IsGuest = user.At("is_restricted").IsTrue() || user.At("is_ultra_restricted").IsTrue(),
            IsDeactivated = user.At("deleted").IsTrue(),
            IsForeign = user.At("is_stranger").IsTrue() || isForeignTeam,
        };
    }
}
