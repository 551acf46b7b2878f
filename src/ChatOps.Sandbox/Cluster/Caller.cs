using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Who a request acts as, after impersonation.</summary>
public sealed record Caller(string User, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, string[]> Extra)
{
    internal bool IsMaster => Groups.Contains("system:masters");

    internal static Caller Of(string user, params string[] groups) =>
        new(user, [.. groups, "system:authenticated"], new Dictionary<string, string[]>());

    internal JsonObject ToJson()
    {
        var info = new JsonObject { ["username"] = User, ["groups"] = new JsonArray([.. Groups.Select(group => (JsonNode)group)]) };
        if (Extra.Count > 0)
        {
            info["extra"] = new JsonObject(Extra.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)new JsonArray([.. entry.Value.Select(value => (JsonNode)value)]))));
        }

        return info;
    }
}

/// <summary>What a request wants, in the words RBAC decides by.</summary>
internal sealed record Wish(string Verb, string Group, string Resource, string Subresource, string Namespace, string Name, string? Path = null)
{
    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";
}
