using System.Globalization;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Core.Grants;

/// <summary>How grants are spoken of.</summary>
internal static class GrantTexts
{
    public static Text Whose(Grant grant, Register register) =>
        Text.Of($"The access of {register.Find(grant.Person)?.DisplayName ?? grant.Person} to {grant.Target.Name:code} as {grant.Role:b} ({grant.ShortId:code})");

    public static Text Where(GrantScope scope) => scope.Project is { } project ? Text.Of($"Argo CD project {project:code}")
        : scope.IsClusterWide ? Text.Of($"the whole of cluster {scope.Cluster:code}")
        : scope.Namespaces is [var only]
        ? Text.Of($"namespace {only:code} of cluster {scope.Cluster:code}")
        : Text.Of($"namespaces {string.Join(", ", scope.Namespaces):code} of cluster {scope.Cluster:code}");

    public static Text Where(FoundGrant found) => found.Project is { } project
        ? Text.Of($"Argo CD project {$"{found.Cluster}/{found.Namespace}/{project}":code}")
        : found.Namespace.Length == 0 ? Text.Of($"the whole of cluster {found.Cluster:code}") : Text.Of($"{$"{found.Cluster}/{found.Namespace}":code}");

    /// <summary>An object of ours by its place, name and id, as nothing else is called.</summary>
    public static Text Object(FoundGrant found) => Text.Of($"In ") + Where(found) + Text.Of($", under our {(found.Project is null ? "label" : "name")} ({found.ObjectName:code}{(found.Uid is { } uid ? $", uid {uid}" : "")}),");

    /// <summary>What somebody can do now, where.</summary>
    public static Text Has(Grant grant) => grant.Kind switch
    {
        GrantKind.RoleBinding or GrantKind.ClusterRoleBinding => Text.Of($"{grant.Subject:code} has {grant.Scope.ClusterRole:code} in ") + Where(grant.Scope),
        GrantKind.ServiceAccount => Text.Of($"ServiceAccount {grant.ObjectName:code} of {grant.Scope.Accounts ?? "":code} has {grant.Scope.ClusterRole:code} in ") + Where(grant.Scope) + "; its token is fetched on a page, after a sign-in there",
        GrantKind.ArgoCdRole => Text.Of($"{grant.Subject:code} has {string.Join(", ", grant.Scope.Rules):code} on that one application in Argo CD, by role {grant.ObjectName:code} of project {grant.Scope.Project ?? "":code}"),
    };

    /// <summary>What was seen after the end, and nothing beyond it.</summary>
    public static Text Gone(Grant grant, DateTimeOffset askedAt) => grant.Kind switch
    {
        GrantKind.RoleBinding or GrantKind.ClusterRoleBinding or GrantKind.ServiceAccount => Text.Of($" The API server, asked {(grant.Probes.Count == 1 ? "one question" : $"{grant.Probes.Count} questions")} about it as {grant.Subject:code} {After(grant, askedAt)}, allows no more than before."),
        GrantKind.ArgoCdRole => Text.Of($" Project {grant.Scope.Project ?? "":code}, read {After(grant, askedAt)}, holds neither the role nor a token of it."),
    };

    public static Text StillThere(Grant grant, IReadOnlyList<AccessRight> allowed) => grant.Kind switch
    {
        GrantKind.RoleBinding or GrantKind.ClusterRoleBinding or GrantKind.ServiceAccount => Text.Of($" But {grant.Subject:code} may still {string.Join(", ", allowed.Take(3)):code} there, by something that is not this grant: {"kubectl auth can-i --list":code} as them shows it."),
        GrantKind.ArgoCdRole => Text.Of($" But {grant.ObjectName:code} is in project {grant.Scope.Project ?? "":code} again: something puts it back. Each sweep takes it away; find what applies the project."),
    };

    public static Text Ended(Grant grant, DateTimeOffset at, Register register) => (grant.EndReason, grant.WasGone) switch
    {
        ({ } why, false) => Whose(grant, register) + Text.Of($" is {"ended":b}: {why}."),
        (null, false) => Whose(grant, register) + Text.Of($" is {"ended":b}, {After(grant, at)}."),
        (null, true) => Whose(grant, register) + Text.Of($" is {"ended":b}: it was gone when I looked, {at}, {After(grant, at)}. What took it away, and when, I did not see."),

        // What the sweep found and took away it has told.
        ({ } why, true) when grant is { EndedBy: "chatops", GivenAt: not null } => Whose(grant, register) + Text.Of($" is {"ended":b}: {why}."),
        ({ } why, true) => Whose(grant, register) + Text.Of($" is {"ended":b}: {why}. It was gone already when I looked, {at}{(at < grant.EndsAt ? ", before its moment" : "")}."),
    };

    /// <summary>"0.04 s after its moment", or when that was not its moment, since it was ended.</summary>
    public static string After(Grant grant, DateTimeOffset at)
    {
        var since = grant.EndReason is null ? grant.EndsAt : grant.EndedAt ?? at;
        var seconds = Math.Max(0, (at - since).TotalSeconds).ToString("0.0#", CultureInfo.InvariantCulture);
        return grant.EndReason is null ? $"{seconds} s after its moment" : $"{seconds} s after it was ended";
    }
}
