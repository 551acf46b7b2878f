using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>What each of Slack's error codes means for us, and what a person can do about it.</summary>
internal static class SlackErrors
{
    private const string Reinstall = "reinstall the app from its page \"Install App\" and put the new bot token into Slack:BotToken";

    private static readonly Dictionary<string, (ChatRefusal Refusal, string Fix)> Known = new(StringComparer.Ordinal)
    {
        ["invalid_auth"] = (ChatRefusal.Configuration, $"the token is not valid: {Reinstall}"),
        ["not_authed"] = (ChatRefusal.Configuration, "no token was sent: set Slack:BotToken"),
        ["account_inactive"] = (ChatRefusal.Configuration, $"the bot was removed from the workspace: {Reinstall}"),
        ["token_revoked"] = (ChatRefusal.Configuration, $"the token was revoked: {Reinstall}"),
        ["token_expired"] = (ChatRefusal.Configuration, "the token expired: switch token rotation off for the app, then " + Reinstall),
        ["missing_scope"] = (ChatRefusal.Configuration, $"a scope is missing: add it under \"OAuth & Permissions\", then {Reinstall}"),
        ["not_allowed_token_type"] = (ChatRefusal.Configuration, "the wrong kind of token: Slack:BotToken is xoxb-…, Slack:AppToken is xapp-…"),
        ["org_login_required"] = (ChatRefusal.Configuration, "the workspace moves to an organisation: wait until Slack is done with it"),
        ["ekm_access_denied"] = (ChatRefusal.Configuration, "the workspace's administrators have suspended access: ask them"),
        ["team_access_not_granted"] = (ChatRefusal.Configuration, "the app is not granted this workspace: ask the organisation's administrators"),
        ["access_denied"] = (ChatRefusal.Configuration, "the workspace does not let the app do this: ask its administrators"),
        ["no_permission"] = (ChatRefusal.Configuration, "the workspace does not let the app do this: ask its administrators"),
        ["channel_not_found"] = (ChatRefusal.Channel, "the channel is gone, or private and the bot is not in it: invite the bot there with /invite @chatops"),
        ["not_in_channel"] = (ChatRefusal.Channel, "invite the bot: /invite @chatops"),
        ["is_archived"] = (ChatRefusal.Channel, "the channel is archived: unarchive it, or declare the incident in another one"),
        ["restricted_action"] = (ChatRefusal.Channel, "posting in this channel is restricted: let the bot post there, or use another channel"),
        ["restricted_action_read_only_channel"] = (ChatRefusal.Channel, "the channel is read-only: let the bot post there, or use another channel"),
        ["restricted_action_thread_only_channel"] = (ChatRefusal.Channel, "the channel takes only replies: use another channel"),
        ["restricted_action_non_threadable_channel"] = (ChatRefusal.Channel, "the channel takes no replies: use another channel"),
        ["thread_not_found"] = (ChatRefusal.ThreadGone, "the message that the thread hangs on was deleted"),
        ["user_not_found"] = (ChatRefusal.Person, "Slack knows no such person: correct the id in Identity:People"),
        ["users_not_found"] = (ChatRefusal.Person, "Slack knows no such person: correct the id in Identity:People"),
        ["user_not_in_channel"] = (ChatRefusal.Person, "the person is not in the channel: invite them"),
        ["user_disabled"] = (ChatRefusal.Person, "the account is deactivated: take it out of Identity:People"),
        ["cannot_dm_bot"] = (ChatRefusal.Person, "a bot cannot be written to: correct the id in Identity:People"),
        ["messages_tab_disabled"] = (ChatRefusal.Configuration, "direct messages to the bot are off: switch the Messages tab on under \"App Home\""),
        ["not_enabled"] = (ChatRefusal.Configuration, "the Home tab is off: switch it on under \"App Home\""),
        ["message_not_found"] = (ChatRefusal.MessageGone, "the message was deleted"),
        ["cant_update_message"] = (ChatRefusal.MessageGone, "the message is not the bot's own: was the app installed anew?"),
        ["edit_window_closed"] = (ChatRefusal.MessageGone, "the workspace lets nobody edit messages this old"),
        ["already_pinned"] = (ChatRefusal.MessageGone, "it is pinned already"),
        ["too_many_pins"] = (ChatRefusal.Channel, "the channel has as many pins as Slack allows: unpin something"),
        ["expired_trigger_id"] = (ChatRefusal.HandleExpired, "Slack lets a dialog open only within three seconds: press again"),
        ["exchanged_trigger_id"] = (ChatRefusal.HandleExpired, "this press has opened its dialog already: press again"),
        ["invalid_trigger_id"] = (ChatRefusal.HandleExpired, "Slack does not know this press any more: press again"),
        ["trigger_expired"] = (ChatRefusal.HandleExpired, "Slack lets a dialog open only within three seconds: press again"),
        ["expired_url"] = (ChatRefusal.HandleExpired, "a private answer can be given for 30 minutes: ask again"),
        ["used_url"] = (ChatRefusal.HandleExpired, "five private answers to one command are all Slack allows: ask again"),
        ["subteam_disabled"] = (ChatRefusal.Configuration, "the user group is disabled: enable it in Slack, or take it out of the policy"),
        ["no_such_subteam"] = (ChatRefusal.Person, "Slack knows no such user group: correct the group's id (S…) in the policy"),
    };

    private static readonly HashSet<string> Transient = new(StringComparer.Ordinal)
    {
        "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "accesslimited", "timeout",
    };

    public static bool IsRateLimit(string code) => code is "ratelimited" or "rate_limited" or "message_limit_exceeded";

    public static bool IsTransient(string code) => Transient.Contains(code);

    /// <summary>
    /// Codes that are not known are our rendering's fault: repeating the same would not help, and saying so is honest.
    /// </summary>
    public static ChatRefusedException Refusal(string method, string code, string? needed, string? details)
    {
        if (code == "missing_scope" && needed is not null)
        {
            return new(ChatRefusal.Configuration, code, $"{method} needs the scope {needed}: add it under \"OAuth & Permissions\", then {Reinstall}");
        }

        return Known.TryGetValue(code, out var known)
            ? new(known.Refusal, code, known.Fix)
            : new(ChatRefusal.Content, code, $"{method} was not taken{(details is null ? "" : $" ({details})")}: please report this");
    }
}
