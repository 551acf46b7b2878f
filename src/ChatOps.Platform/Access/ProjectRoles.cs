using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>The roles of one Argo CD project, and what of them and of their tokens is ours. Pure.</summary>
internal static class ProjectRoles
{
    private const string List = "/spec/roles";

    /// <summary>The role as it is given; the description is for people, and names the incident for the sweep.</summary>
    public static JsonObject Role(Grant grant, string argoCdNamespace)
    {
        return new()
        {
            ["name"] = grant.ObjectName,
            ["description"] = $"ChatOps incident {grant.Incident.ToString(CultureInfo.InvariantCulture)}: break-glass access until {GrantMarks.Written(grant.EndsAt)}, then taken away",
            ["groups"] = new JsonArray(grant.Subject),
            ["policies"] = new JsonArray([.. Policies(grant, argoCdNamespace).Select(line => (JsonNode)line)]),
        };
    }

    public static IReadOnlyList<string> Policies(Grant grant, string argoCdNamespace)
    {
        var project = grant.Scope.Project ?? "";
        return RolePolicy.Lines(project, grant.ObjectName, RolePolicy.Object(project, argoCdNamespace, grant.Target.Namespace, grant.Target.Name), grant.Scope.Rules);
    }

    public static bool Has(JsonElement project, string role) => project.Items("spec", "roles").Any(one => one.Text("name") == role);

    /// <summary>The role, or tokens that were made with it: those are good until their entry is gone.</summary>
    public static bool HasAnythingOf(JsonElement project, string role) => Has(project, role) || HasTokens(project, role);

    /// <summary>What Argo CD adds to a role, its tokens, does not make it another one.</summary>
    public static bool IsThere(JsonElement project, JsonObject role) =>
        project.Items("spec", "roles").Where(one => one.Text("name") == (string?)role["name"]).ToList() is [var only]
        && only.Texts("groups").SequenceEqual(Texts(role["groups"])) && only.Texts("policies").SequenceEqual(Texts(role["policies"]));

    /// <summary>
    /// One more role, if the list is as it was read: a second try that crosses the first would make two roles of one name,
    /// and Argo CD then refuses every edit of the project.
    /// </summary>
    public static string Add(JsonElement project, JsonObject role)
    {
        var patch = new JsonPatch().TestText("/metadata/uid", project.Text("metadata", "uid") ?? "");
        var roles = project.At("spec", "roles");
        var patched = roles.ValueKind == JsonValueKind.Array
            ? patch.Test(List, roles.GetRawText()).Add($"{List}/-", role.ToJsonString())
            : patch.TestNothingAt(List).Add(List, new JsonArray(role.DeepClone()).ToJsonString());
        return patched.ToString();
    }

    /// <summary>
    /// Takes the role away, every one of that name, and the entry of its tokens. Null: nothing of it is there. A list that
    /// only held ours goes too: it is not there in Git.
    /// </summary>
    public static string? Remove(JsonElement project, string role)
    {
        if (!HasAnythingOf(project, role))
        {
            return null;
        }

        var patch = new JsonPatch().TestText("/metadata/uid", project.Text("metadata", "uid") ?? "");
        var roles = project.Items("spec", "roles").Select(one => one.Text("name")).ToList();
        if (roles.Count > 0 && roles.TrueForAll(name => name == role))
        {
            patch.Test(List, project.At("spec", "roles").GetRawText()).Remove(List);
        }
        else
        {
            for (var at = roles.Count - 1; at >= 0; at--)
            {
                if (roles[at] == role)
                {
                    patch.TestText($"{List}/{at}/name", role).Remove($"{List}/{at}");
                }
            }
        }

        return (HasTokens(project, role) ? patch.Remove($"/status/jwtTokensByRole/{JsonPatch.Segment(role)}") : patch).ToString();
    }

    /// <summary>Roles by our names, and tokens of such roles that are gone.</summary>
    public static IEnumerable<FoundGrant> Ours(JsonElement project, string cluster)
    {
        foreach (var role in project.Items("spec", "roles"))
        {
            if (Found(project, cluster, role.Text("name") ?? "", string.Join(", ", role.Texts("groups"))) is { } found)
            {
                yield return found with { Incident = IncidentOf(role.Text("description") ?? ""), Allows = string.Join('\n', role.Texts("policies")) };
            }
        }

        foreach (var name in TokensOf(project).Where(name => !Has(project, name)))
        {
            if (Found(project, cluster, name, "whoever holds a token of it") is { } found)
            {
                yield return found with { IsRemains = true };
            }
        }
    }

    /// <summary>The first role that Argo CD cannot load; then no role of the project counts, for nobody.</summary>
    public static string? Unloadable(JsonElement project)
    {
        var name = project.Text("metadata", "name") ?? "";
        return project.Items("spec", "roles")
            .Where(role => !role.Texts("policies").All(PolicyLine.Loads) || !role.Texts("groups").All(group => PolicyLine.Loads($"g, {group}, proj:{name}:{role.Text("name")}")))
            .Select(role => role.Text("name") ?? "")
            .FirstOrDefault();
    }

    private static bool HasTokens(JsonElement project, string role) => TokensOf(project).Contains(role);

    private static IEnumerable<string> TokensOf(JsonElement project) =>
        project.At("status", "jwtTokensByRole") is { ValueKind: JsonValueKind.Object } tokens ? tokens.EnumerateObject().Select(entry => entry.Name) : [];

    private static FoundGrant? Found(JsonElement project, string cluster, string role, string subject) => ArgoCdRoleName.TryRead(role, out var grant, out var end)
        ? new(GrantKind.ArgoCdRole, cluster, project.Text("metadata", "namespace") ?? "", role, grant, null, end, subject) { Project = project.Text("metadata", "name") }
        : null;

    private static int? IncidentOf(string description) =>
        description.Split(' ', ':') is ["ChatOps", "incident", var number, ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var incident) ? incident : null;

    private static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(item => (string)item!) ?? [];
}
