namespace ChatOps.Sandbox.Cluster;

/// <summary>A resource URL taken apart, and what RBAC calls the request.</summary>
internal sealed record Route(string Group, string Version, string Namespace, string Resource, string Name, string Subresource)
{
    public ResourceKind? Kind => ResourceKind.Find(Group, Version, Resource);

    public static Route? Parse(string path)
    {
        var (group, version, rest) = path.Trim('/').Split('/') switch
        {
            ["api", var v, .. var more] => ("", v, more),
            ["apis", var g, var v, .. var more] => (g, v, more),
            _ => ("", "", []),
        };
        string Decode(string text) => Uri.UnescapeDataString(text);
        return rest switch
        {
            ["namespaces"] => new(group, version, "", "namespaces", "", ""),
            ["namespaces", var name] => new(group, version, Decode(name), "namespaces", Decode(name), ""),
            ["namespaces", var name, "status" or "finalize"] => new(group, version, Decode(name), "namespaces", Decode(name), "status"),
            ["namespaces", var ns, var resource] => new(group, version, ns, resource, "", ""),
            ["namespaces", var ns, var resource, var name] => new(group, version, ns, resource, Decode(name), ""),
            ["namespaces", var ns, var resource, var name, var sub] => new(group, version, ns, resource, Decode(name), sub),
            [var resource] => new(group, version, "", resource, "", ""),
            [var resource, var name] => new(group, version, "", resource, Decode(name), ""),
            [var resource, var name, var sub] => new(group, version, "", resource, Decode(name), sub),
            _ => null,
        };
    }

    public static string Verb(HttpRequest request, Route? route) => request.Method switch
    {
        "GET" or "HEAD" when route is { Name.Length: > 0 } => "get",
        "GET" or "HEAD" when route is not null && IsWatch(request) => "watch",
        "GET" or "HEAD" when route is not null => "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" when route is { Name.Length: 0 } => "deletecollection",
        "DELETE" => "delete",
        _ => "get",
    };

    public static bool IsWatch(HttpRequest request) => request.Query["watch"].ToString() is "true" or "1";

    public Wish ToWish(string verb, string? fieldSelector)
    {
        const string ByName = "metadata.name=";
        var name = Name.Length == 0 && fieldSelector is not null && fieldSelector.StartsWith(ByName, StringComparison.Ordinal) ? fieldSelector[ByName.Length..] : Name;
        return new Wish(verb, Group, Resource, Subresource, Namespace, name);
    }
}
