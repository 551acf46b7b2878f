using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Chat.Slack.Rendering;

/// <summary>What may stand inside a mention or a link: an id or an address of the right form, or nothing.</summary>
internal static partial class SlackIds
{
    private const int LongestAddress = 2000;

    public static string? User(ChatAccount account) =>
        account.Platform == ChatPlatform.Slack && UserId().IsMatch(account.UserId) ? account.UserId : null;

    public static string? Group(string id) => GroupId().IsMatch(id) ? id : null;

    public static string? Address(Uri target)
    {
        if (!target.IsAbsoluteUri || target.Scheme is not ("https" or "http"))
        {
            return null;
        }

        var address = target.AbsoluteUri
            .Replace("|", "%7C", StringComparison.Ordinal).Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal);
        return address.Length <= LongestAddress ? address : null;
    }

    public static string Utc(Run.Moment moment) => moment.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", null);

    public static string UtcTime(Run.Moment moment) => moment.At.UtcDateTime.ToString("HH:mm 'UTC'", null);

    [GeneratedRegex("^[UW][A-Z0-9]{1,30}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserId();

    [GeneratedRegex("^S[A-Z0-9]{1,30}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GroupId();
}
