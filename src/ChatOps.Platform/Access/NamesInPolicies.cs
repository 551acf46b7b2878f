using System.Text.Json;
using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>How an Argo CD reads the names in its policies, as its <c>argocd-rbac-cm</c> says; without one, as by default. Pure.</summary>
internal static partial class NamesInPolicies
{
    public static bool AreGlobs(JsonElement settings) => settings.Text("data", "policy.matchMode") is null or "" or "glob";

    /// <summary>
    /// What deciders should know of a person whose name there is an address: by default Argo CD looks for people by the subject of their
    /// sign-in and their groups, and in none of these an address usually stands. Null: nothing.
    /// </summary>
    public static Text? MayNotCount(JsonElement settings, string subject) =>
        subject.Contains('@', StringComparison.Ordinal) && Claims().Matches(settings.Text("data", "scopes") ?? "").All(claim => claim.Value == "groups")
            ? Text.Of($"This Argo CD does not look at the e-mail addresses of people ({"scopes":code} in {"argocd-rbac-cm":code} names none), so unless {subject:code} is the {"sub":code} of their sign-in, {"this access would allow nothing":b}.")
            : null;

    [GeneratedRegex("[^][,\"'\\s-][^][,\"'\\s]*", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Claims();
}
