using System.Globalization;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Core.Grants;

/// <summary>How grants are spoken of.</summary>
internal static class GrantTexts
{
    public static Text Whose(Grant grant, Register register) =>
        Text.Of($"The access of {register.Find(grant.Person)?.DisplayName ?? grant.Person} to {grant.Target.Name:code} as {grant.Role:b} ({grant.ShortId:code})");

    public static Text Where(GrantScope scope) => scope.Namespaces is [var only]
        ? Text.Of($"namespace {only:code} of cluster {scope.Cluster:code}")
        : Text.Of($"namespaces {string.Join(", ", scope.Namespaces):code} of cluster {scope.Cluster:code}");

    public static Text Ended(Grant grant, DateTimeOffset at, Register register) => grant.EndReason is { } why
        ? Whose(grant, register) + Text.Of($" is {"ended":b}: {why}.")
        : Whose(grant, register) + Text.Of($" is {"ended":b}, {After(grant, at)}.");

    /// <summary>"0.04 s after its moment", or when that was not its moment, since it was ended.</summary>
    public static string After(Grant grant, DateTimeOffset at)
    {
        var since = grant.EndReason is null ? grant.EndsAt : grant.EndedAt ?? at;
        var seconds = Math.Max(0, (at - since).TotalSeconds).ToString("0.0#", CultureInfo.InvariantCulture);
        return grant.EndReason is null ? $"{seconds} s after its moment" : $"{seconds} s after it was ended";
    }
}
