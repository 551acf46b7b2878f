using System.Collections.Concurrent;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Bearer tokens to users, and the impersonation headers, each of which RBAC must allow.</summary>
internal sealed class Authentication(Rbac rbac)
{
    private const string ExtraPrefix = "Impersonate-Extra-";
    private readonly ConcurrentDictionary<string, Caller> users = new(StringComparer.Ordinal);

    public void Add(string token, Caller caller) => users[token] = caller;

    public void Remove(string token) => users.TryRemove(token, out _);

    /// <summary>The authenticated user for the record, even of a request that will be refused.</summary>
    public string NameOf(IHeaderDictionary headers) => TokenOf(headers) is { } token && users.TryGetValue(token, out var caller) ? caller.User : "";

    public (Caller Authenticated, Caller Acting) Identify(IHeaderDictionary headers)
    {
        if (TokenOf(headers) is not { } token || !users.TryGetValue(token, out var caller))
        {
            throw ApiRefusal.Unauthorized();
        }

        var user = headers["Impersonate-User"].ToString();
        var groups = headers["Impersonate-Group"].OfType<string>().ToArray();
        var extra = headers
            .Where(entry => entry.Key.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(entry => Uri.UnescapeDataString(entry.Key[ExtraPrefix.Length..].ToLowerInvariant()), entry => entry.Value.OfType<string>().ToArray());
        if (user.Length == 0)
        {
            return groups.Length == 0 && extra.Count == 0
                ? (caller, caller)
                : throw new ApiRefusal(500, "InternalError", "Internal Server Error: requested groups or extra without impersonating a user");
        }

        rbac.Demand(caller, UserWish(user));
        foreach (var group in groups)
        {
            rbac.Demand(caller, new Wish("impersonate", "", "groups", "", "", group));
        }

        foreach (var (key, values) in extra)
        {
            foreach (var value in values)
            {
                rbac.Demand(caller, new Wish("impersonate", "authentication.k8s.io", "userextras", key, "", value));
            }
        }

        return (caller, new Caller(user, [.. groups, "system:authenticated"], extra));
    }

    private static string? TokenOf(IHeaderDictionary headers)
    {
        var header = headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;
    }

    private static Wish UserWish(string user)
    {
        var parts = user.Split(':');
        return parts is ["system", "serviceaccount", var ns, var name]
            ? new Wish("impersonate", "", "serviceaccounts", "", ns, name)
            : new Wish("impersonate", "", "users", "", "", user);
    }
}
