using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Decides by the Roles and Bindings that are stored, as the RBAC authorizer does.</summary>
internal sealed class Rbac(ClusterStore store)
{
    private static readonly ResourceKind Roles = ResourceKind.Named("roles");
    private static readonly ResourceKind ClusterRoles = ResourceKind.Named("clusterroles");
    private static readonly ResourceKind Bindings = ResourceKind.Named("rolebindings");
    private readonly BoundEverywhere everywhere = new(store);

    /// <summary>Every request asks; reading bindings and roles anew would cost more than what is measured against it.</summary>
    private readonly ConditionalWeakTable<Stored, StoredBinding> bindings = [];
    private readonly ConditionalWeakTable<Stored, Rule[]> rules = [];

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

        var granted = RulesOf(roleRef?["kind"]?.GetValue<string>() ?? "", name, ns);
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
            : [.. GrantsOf(caller, ns).SelectMany(grant => grant.Rules).Select(rule => JsonNode.Parse(rule.Json)!.AsObject())];

    private void DemandHolds(Caller caller, IEnumerable<Rule> granted, string ns, string resource, string name)
    {
        var wishes =
            from rule in granted
            from verb in rule.Verbs
            from entry in rule.Resources
            from @group in rule.Groups
            from named in rule.Names.DefaultIfEmpty("")
            let parts = entry.Split('/', 2)
            select new Wish(verb, @group, parts[0], parts.Length > 1 ? parts[1] : "", ns, named);
        if (wishes.Any(wish => Allows(caller, wish) is null))
        {
            throw ApiRefusal.Forbidden("rbac.authorization.k8s.io", resource, name, $"user \"{caller.User}\" (groups=[{string.Join(' ', caller.Groups.Select(group => $"\"{group}\""))}]) is attempting to grant RBAC permissions not currently held");
        }
    }

    private IEnumerable<Grant> GrantsOf(Caller caller, string ns)
    {
        var cluster = everywhere.Of(caller).Select(binding => (Binding: binding, Namespace: ""));
        var local = ns.Length == 0 ? [] : store.List(Bindings, ns).Items.Select(stored => (Binding: bindings.GetValue(stored, StoredBinding.Of), Namespace: ns));
        foreach (var (binding, at) in cluster.Concat(local))
        {
            if (binding.Find(caller, at) is { } subject)
            {
                yield return new Grant(
                    at.Length == 0 ? $"ClusterRoleBinding \"{binding.Name}\"" : $"RoleBinding \"{binding.Name}/{at}\"",
                    $"{binding.RoleKind} \"{binding.Role}\"",
                    $"{subject.Kind} \"{subject.Name}\"",
                    RulesOf(binding.RoleKind, binding.Role, at));
            }
        }
    }

    private Rule[] RulesOf(string kind, string name, string ns)
    {
        var role = kind == "ClusterRole" ? store.Find(ClusterRoles, "", name) : store.Find(Roles, ns, name);
        return role is null ? [] : rules.GetValue(role, stored => Rules(stored.Read()));
    }

    private static Rule[] Rules(JsonObject role) => [.. (role["rules"]?.AsArray().OfType<JsonObject>() ?? []).Select(Rule.Of)];

    private static bool Covers(Rule rule, Wish wish)
    {
        if (!Has(rule.Verbs, wish.Verb))
        {
            return false;
        }

        if (wish.Path is { } path)
        {
            return rule.Urls.Any(url => url == "*" || url == path || (url.EndsWith('*') && path.StartsWith(url[..^1], StringComparison.Ordinal)));
        }

        return Has(rule.Groups, wish.Group)
            && (Has(rule.Resources, wish.FullResource) || (wish.Subresource.Length > 0 && rule.Resources.Contains($"*/{wish.Subresource}")))
            && (rule.Names.Count == 0 || rule.Names.Contains(wish.Name));
    }

    private static bool Has(IEnumerable<string> entries, string value) => entries.Any(entry => entry == "*" || entry == value);

    private static IEnumerable<string> Strings(JsonObject rule, string key) => rule[key]?.AsArray().Select(entry => entry!.GetValue<string>()) ?? [];

    private sealed record Rule(string Json, IReadOnlyList<string> Verbs, IReadOnlyList<string> Groups, IReadOnlyList<string> Resources, IReadOnlyList<string> Names, IReadOnlyList<string> Urls)
    {
        public static Rule Of(JsonObject rule) =>
            new(rule.ToJsonString(), [.. Strings(rule, "verbs")], [.. Strings(rule, "apiGroups")], [.. Strings(rule, "resources")], [.. Strings(rule, "resourceNames")], [.. Strings(rule, "nonResourceURLs")]);
    }

    private sealed record Grant(string Binding, string Role, string Subject, IReadOnlyList<Rule> Rules);
}
