using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>What a RoleBinding or ClusterRoleBinding says, read once.</summary>
internal sealed record StoredBinding(string Name, string RoleKind, string Role, IReadOnlyList<BoundSubject> Subjects)
{
    public static StoredBinding Of(Stored stored)
    {
        var binding = stored.Read();
        return new(
            binding["metadata"]!["name"]!.GetValue<string>(),
            binding["roleRef"]?["kind"]?.GetValue<string>() ?? "",
            binding["roleRef"]?["name"]?.GetValue<string>() ?? "",
            [.. from subject in binding["subjects"]?.AsArray().OfType<JsonObject>() ?? []
                select new BoundSubject(subject["kind"]?.GetValue<string>() ?? "", subject["name"]?.GetValue<string>() ?? "", subject["namespace"]?.GetValue<string>())]);
    }

    /// <param name="ns">Where it is stored, empty for the whole cluster.</param>
    public BoundSubject? Find(Caller caller, string ns) => Subjects.FirstOrDefault(subject => subject.Is(caller, ns));
}

internal sealed record BoundSubject(string Kind, string Name, string? Namespace)
{
    public bool Is(Caller caller, string ns) => Kind == "Group" ? caller.Groups.Contains(Name) : UserIn(ns) == caller.User;

    /// <summary>Null for a group.</summary>
    public string? UserIn(string ns) => Kind switch
    {
        "User" => Name,
        "ServiceAccount" => $"system:serviceaccount:{Namespace ?? ns}:{Name}",
        _ => null,
    };
}
