using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Decides by the Roles and Bindings that are stored, as the RBAC authorizer does.</summary>
internal sealed class Rbac(ClusterStore store)
{
    private static readonly ResourceKind Roles = ResourceKind.Named("roles");
    private static readonly ResourceKind ClusterRoles = ResourceKind.Named("clusterroles");
    private static readonly ResourceKind Bindings = ResourceKind.Named("rolebindings");
    private static readonly ResourceKind ClusterBindings = ResourceKind.Named("clusterrolebindings");

    /// <summary>Every request walks all bindings; reading each anew would cost more than what is measured against it.</summary>
    private readonly ConditionalWeakTable<Stored, Subject[]> subjects = [];

    /// <returns>the reason that a review names, or null when nothing allows it</returns>
    public string? Allows(Caller caller, Wish wish)
    {
        if (caller.IsMaster)
        {
            return "";
        }

        foreach (var grant in GrantsOf(caller, wish.Namespace))
        {
            if (grant.Rules.Any(rule => Covers(rule, wish)))
            {
                return $"RBAC: allowed by {grant.Binding} of {grant.Role} to {grant.Subject}";
            }
        }

        return null;
    }

    public void Demand(Caller caller, Wish wish)
    {
        if (Allows(caller, wish) is not null)
        {
            return;
        }

        if (wish.Path is { } path)
        {
            throw new ApiRefusal(403, "Forbidden", $"forbidden: User \"{caller.User}\" cannot {wish.Verb} path \"{path}\"", []);
        }

        var scope = wish.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{wish.Namespace}\"";
        throw ApiRefusal.Forbidden(wish.Group, wish.Resource, wish.Name, $"User \"{caller.User}\" cannot {wish.Verb} resource \"{wish.FullResource}\" in API group \"{wish.Group}\" {scope}");
    }

    /// <summary>Nobody hands out what they do not have: a binding needs the verb <c>bind</c> on its role, or every right in it.</summary>
    public void DemandMayBind(Caller caller, JsonObject binding, string ns)
    {
        var roleRef = binding["roleRef"];
        var name = roleRef?["name"]?.GetValue<string>() ?? "";
        var resource = roleRef?["kind"]?.GetValue<string>() == "ClusterRole" ? "clusterroles" : "roles";
        if (Allows(caller, new Wish("bind", "rbac.authorization.k8s.io", resource, "", ns, name)) is not null)
        {
            return;
        }

        var granted = RulesOf(binding, ns);
        DemandHolds(caller, granted, ns, ns.Length == 0 ? "clusterrolebindings" : "rolebindings", binding["metadata"]?["name"]?.GetValue<string>() ?? "");
    }

    public void DemandMayEscalate(Caller caller, JsonObject role, string ns)
    {
        var resource = ns.Length == 0 ? "clusterroles" : "roles";
        var name = role["metadata"]?["name"]?.GetValue<string>() ?? "";
        if (Allows(caller, new Wish("escalate", "rbac.authorization.k8s.io", resource, "", ns, name)) is null)
        {
            DemandHolds(caller, Rules(role), ns, resource, name);
        }
    }

    public IReadOnlyList<JsonObject> RulesFor(Caller caller, string ns) =>
        caller.IsMaster
            ? [new JsonObject { ["verbs"] = new JsonArray("*"), ["apiGroups"] = new JsonArray("*"), ["resources"] = new JsonArray("*") }]
            : [.. GrantsOf(caller, ns).SelectMany(grant => grant.Rules)];

    private void DemandHolds(Caller caller, IEnumerable<JsonObject> rules, string ns, string resource, string name)
    {
        var wishes =
            from rule in rules
            from verb in Strings(rule, "verbs")
            from entry in Strings(rule, "resources")
            from @group in Strings(rule, "apiGroups")
            from named in Strings(rule, "resourceNames").DefaultIfEmpty("")
            let parts = entry.Split('/', 2)
            select new Wish(verb, @group, parts[0], parts.Length > 1 ? parts[1] : "", ns, named);
        if (wishes.Any(wish => Allows(caller, wish) is null))
        {
            throw ApiRefusal.Forbidden("rbac.authorization.k8s.io", resource, name, $"user \"{caller.User}\" (groups=[{string.Join(' ', caller.Groups.Select(group => $"\"{group}\""))}]) is attempting to grant RBAC permissions not currently held");
        }
    }

    private IEnumerable<Grant> GrantsOf(Caller caller, string ns)
    {
        var cluster = store.List(ClusterBindings, "").Items.Select(stored => (Binding: stored, Kind: "ClusterRoleBinding", Namespace: ""));
        var local = ns.Length == 0 ? [] : store.List(Bindings, ns).Items.Select(stored => (Binding: stored, Kind: "RoleBinding", Namespace: ns));
        foreach (var (stored, kind, at) in cluster.Concat(local))
        {
            if (Array.Find(subjects.GetValue(stored, SubjectsOf), candidate => Matches(candidate, caller, at)) is { } subject)
            {
                var binding = stored.Read();
                var bindingName = binding["metadata"]!["name"]!.GetValue<string>();
                yield return new Grant(
                    $"{kind} \"{(at.Length == 0 ? bindingName : $"{bindingName}/{at}")}\"",
                    $"{binding["roleRef"]?["kind"]} \"{binding["roleRef"]?["name"]}\"",
                    $"{subject.Kind} \"{subject.Name}\"",
                    RulesOf(binding, at));
            }
        }
    }

    private static Subject[] SubjectsOf(Stored binding) =>
        [.. from subject in binding.Read()["subjects"]?.AsArray().OfType<JsonObject>() ?? []
            select new Subject(subject["kind"]?.GetValue<string>() ?? "", subject["name"]?.GetValue<string>() ?? "", subject["namespace"]?.GetValue<string>())];

    private List<JsonObject> RulesOf(JsonObject binding, string ns)
    {
        var name = binding["roleRef"]?["name"]?.GetValue<string>() ?? "";
        var role = binding["roleRef"]?["kind"]?.GetValue<string>() == "ClusterRole" ? store.Find(ClusterRoles, "", name) : store.Find(Roles, ns, name);
        return role is null ? [] : Rules(role.Read());
    }

    private static List<JsonObject> Rules(JsonObject role) => [.. role["rules"]?.AsArray().OfType<JsonObject>() ?? []];

    private static bool Matches(Subject subject, Caller caller, string ns) => subject.Kind switch
    {
        "User" => subject.Name == caller.User,
        "Group" => caller.Groups.Contains(subject.Name),
        "ServiceAccount" => caller.User == $"system:serviceaccount:{subject.Namespace ?? ns}:{subject.Name}",
        _ => false,
    };

    private static bool Covers(JsonObject rule, Wish wish)
    {
        if (!Has(rule, "verbs", wish.Verb))
        {
            return false;
        }

        if (wish.Path is { } path)
        {
            return Strings(rule, "nonResourceURLs").Any(url => url == "*" || url == path || (url.EndsWith('*') && path.StartsWith(url[..^1], StringComparison.Ordinal)));
        }

        var names = Strings(rule, "resourceNames").ToList();
        return Has(rule, "apiGroups", wish.Group)
            && (Has(rule, "resources", wish.FullResource) || (wish.Subresource.Length > 0 && Strings(rule, "resources").Contains($"*/{wish.Subresource}")))
            && (names.Count == 0 || names.Contains(wish.Name));
    }

    private static bool Has(JsonObject rule, string key, string value) => Strings(rule, key).Any(entry => entry == "*" || entry == value);

    private static IEnumerable<string> Strings(JsonObject rule, string key) => rule[key]?.AsArray().Select(entry => entry!.GetValue<string>()) ?? [];

    private sealed record Subject(string Kind, string Name, string? Namespace);

    private sealed record Grant(string Binding, string Role, string Subject, IReadOnlyList<JsonObject> Rules);
}
