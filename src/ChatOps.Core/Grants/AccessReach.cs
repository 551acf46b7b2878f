using ChatOps.Core.Conversation;

namespace ChatOps.Core.Grants;

/// <summary>
/// What somebody can reach with a role that its rules do not name, in plain words for whoever decides: who runs a command in a
/// pod has what the pod has, and what stays open is not closed by the end of a right. Pure.
/// </summary>
public static class AccessReach
{
    private static readonly (string Group, string[] Resources)[] Workloads =
    [
        ("apps", ["deployments", "statefulsets", "daemonsets", "replicasets"]),
        ("batch", ["jobs", "cronjobs"]),
        ("", ["replicationcontrollers"]),
    ];

    private static readonly (string Group, string[] Resources)[] LettingIn =
    [
        ("rbac.authorization.k8s.io", ["roles", "rolebindings", "clusterroles", "clusterrolebindings"]),
        ("certificates.k8s.io", ["certificatesigningrequests", "certificatesigningrequests/approval"]),
        ("admissionregistration.k8s.io", ["mutatingwebhookconfigurations"]),
        ("", ["serviceaccounts/token"]),
    ];

    private static readonly string[] Changing = ["create", "patch", "update"];

    /// <param name="rights">All that the role allows; a star is everything.</param>
    public static IReadOnlyList<Text> InWords(IReadOnlyList<AccessRight> rights)
    {
        var words = new List<Text>();
        if (Allowed(rights, ["get", "list", "watch"], "", "secrets"))
        {
            words.Add("It lets them read Secrets themselves.");
        }

        if (Inside(rights) is { Count: > 0 } inside)
        {
            words.Add(Inside(string.Join(", ", inside)));
        }

        if (Ports(rights) is { Count: > 0 } ports)
        {
            words.Add(Text.Of($"By {string.Join(", ", ports):code} they reach every port of the pods, also what listens only inside them."));
        }

        if (Started(rights) is { Count: > 0 } started)
        {
            words.Add(Text.Of($"By writing {string.Join(", ", started):code} they can have pods run that mount any Secret of the namespace and act as any ServiceAccount of it. What they write stays after the end."));
        }

        if (Kept(rights) is { Count: > 0 } kept)
        {
            words.Add(Text.Of($"By {string.Join(", ", kept):code} they could let themselves in {"beyond the end":b}, and nothing here would take that away."));
        }

        if (Open(rights) is { Count: > 0 } open)
        {
            words.Add(Text.Of($"{Sentence(open)} that is open at the end goes on until it closes: the end takes the right away, not the connection."));
        }

        return words;
    }

    /// <summary>Of what runs commands in pods, in the words of whoever lets them.</summary>
    public static Text Inside(string by) =>
        Text.Of($"By {by:code} they run commands in pods, and so reach what those pods mount and may do: their Secrets, and the tokens of their ServiceAccounts.");

    private static List<string> Inside(IReadOnlyList<AccessRight> rights) =>
    [
        .. ((string[])["pods/exec", "pods/attach"]).Where(resource => Allowed(rights, ["create", "get"], "", resource)),
        .. Allowed(rights, ["patch", "update"], "", "pods/ephemeralcontainers") ? ["pods/ephemeralcontainers"] : Array.Empty<string>(),
    ];

    private static List<string> Ports(IReadOnlyList<AccessRight> rights) =>
    [
        .. Allowed(rights, ["create", "get"], "", "pods/portforward") ? ["pods/portforward"] : Array.Empty<string>(),
        .. ((string[])["pods/proxy", "services/proxy"]).Where(resource => Allowed(rights, ["get", "create", "update", "patch", "delete"], "", resource)),
    ];

    /// <summary>A pod that is there can only be given another image; one that is made can be anything.</summary>
    private static List<string> Started(IReadOnlyList<AccessRight> rights) =>
    [
        .. Allowed(rights, ["create"], "", "pods") ? ["pods"] : Array.Empty<string>(),
        .. (from kind in Workloads from resource in kind.Resources where Allowed(rights, Changing, kind.Group, resource) select resource),
    ];

    private static List<string> Kept(IReadOnlyList<AccessRight> rights) =>
    [
        .. (from kind in LettingIn from resource in kind.Resources where Allowed(rights, [.. Changing, "bind", "escalate"], kind.Group, resource) select resource),
        .. Allowed(rights, Changing, "", "secrets") ? ["secrets"] : Array.Empty<string>(),
        .. rights.Any(right => right.Verb is "impersonate" or "*" && right.Group is "" or "*" && right.Resource is "users" or "groups" or "serviceaccounts" or "*") ? ["impersonate"] : Array.Empty<string>(),
    ];

    private static List<string> Open(IReadOnlyList<AccessRight> rights) =>
    [
        .. Inside(rights).Exists(one => one != "pods/ephemeralcontainers") ? ["a shell"] : Array.Empty<string>(),
        .. Ports(rights).Count > 0 ? ["a forwarded port"] : Array.Empty<string>(),
        .. Allowed(rights, ["get"], "", "pods/log") ? ["a followed log"] : Array.Empty<string>(),
    ];

    private static string Sentence(List<string> things) => things switch
    {
        [var only] => Begun(only),
        _ => Begun($"{string.Join(", ", things[..^1])} or {things[^1]}"),
    };

    private static string Begun(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}";

    /// <summary>As RBAC reads it: a star is everything, and <c>*/exec</c> that part of everything.</summary>
    private static bool Allowed(IReadOnlyList<AccessRight> rights, IReadOnlyList<string> verbs, string group, string resource) => rights.Any(right =>
        (right.Verb == "*" || verbs.Contains(right.Verb)) && (right.Group == "*" || right.Group == group)
        && (right.Resource == "*" || right.Resource == resource || (resource.Split('/') is [_, var part] && right.Resource == $"*/{part}")));
}
