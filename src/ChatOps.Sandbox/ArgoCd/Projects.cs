using System.Text.Json.Nodes;
using ChatOps.Sandbox.Manifests;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>
/// Projects as the controller knows them: each with the windows of the global projects that reach it, merged when the project itself
/// changes or a resync has passed. So a window in a global project is late, and is not when the project it reaches is touched.
/// </summary>
internal sealed class Projects(KubernetesApi api, string ns, TimeSpan resync)
{
    private static readonly ResourceType ConfigMap = ResourceType.Of("v1", "ConfigMap");
    private readonly Dictionary<string, (string Version, DateTimeOffset MergedAt, IReadOnlyList<JsonObject> Windows)> merged = new(StringComparer.Ordinal);

    public void Forget() => merged.Clear();

    public async Task<JsonObject?> ReadAsync(string name, DateTimeOffset now, CancellationToken ct)
    {
        if (await FindAsync(name, ct) is not { } project)
        {
            return null;
        }

        var version = project["metadata"]!["resourceVersion"]!.GetValue<string>();
        if (!merged.TryGetValue(name, out var known) || known.Version != version || now - known.MergedAt >= resync)
        {
            merged[name] = known = (version, now, await GlobalWindowsAsync(project, ct));
        }

        var own = project["spec"]?["syncWindows"]?.AsArray().Select(window => window!.DeepClone()) ?? [];
        project["spec"]!["syncWindows"] = new JsonArray([.. own, .. known.Windows.Select(window => window.DeepClone())]);
        return project;
    }

    private Task<JsonObject?> FindAsync(string name, CancellationToken ct) => api.GetAsync(new ResourceId(ResourceType.AppProject, ns, name), ct);

    private async Task<IReadOnlyList<JsonObject>> GlobalWindowsAsync(JsonObject project, CancellationToken ct)
    {
        var settings = await api.GetAsync(new ResourceId(ConfigMap, ns, "argocd-cm"), ct);
        if (settings?["data"]?["globalProjects"]?.GetValue<string>() is not { Length: > 0 } text)
        {
            return [];
        }

        var windows = new List<JsonObject>();
        var list = Yaml.ParseAll("globalProjects:\n" + text)[0]["globalProjects"] as JsonArray ?? [];
        foreach (var global in list.OfType<JsonObject>().Where(global => Reaches(global, project)))
        {
            var found = await FindAsync(global["projectName"]!.GetValue<string>(), ct);
            windows.AddRange(found?["spec"]?["syncWindows"]?.AsArray().OfType<JsonObject>() ?? []);
        }

        return windows;
    }

    private static bool Reaches(JsonObject global, JsonObject project)
    {
        var labels = project["metadata"]?["labels"] as JsonObject ?? [];
        var selector = global["labelSelector"];
        return global["projectName"]?.GetValue<string>() != project["metadata"]!["name"]!.GetValue<string>()
            && (selector?["matchLabels"] as JsonObject ?? []).All(label => labels[label.Key]?.ToString() == label.Value?.ToString())
            && (selector?["matchExpressions"] as JsonArray ?? []).OfType<JsonObject>().All(expression => Holds(expression, labels));
    }

    private static bool Holds(JsonObject expression, JsonObject labels)
    {
        var value = labels[expression["key"]!.GetValue<string>()]?.ToString();
        var isListed = value is not null && expression["values"]?.AsArray().Any(listed => listed!.ToString() == value) == true;
        return expression["operator"]?.GetValue<string>() switch
        {
            "In" => isListed,
            "NotIn" => !isListed,
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }
}
