using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>What <c>spec.ignoreDifferences</c> takes out of a comparison; JSON pointers only, and of jq the plain paths.</summary>
internal sealed class IgnoredFields
{
    private readonly IReadOnlyList<string[]> paths;

    private IgnoredFields(IReadOnlyList<string[]> paths) => this.paths = paths;

    public static IgnoredFields For(Application app, ResourceId id)
    {
        var entries = app.Json["spec"]?["ignoreDifferences"]?.AsArray().OfType<JsonObject>() ?? [];
        return new IgnoredFields([.. entries.Where(entry => Matches(entry, id)).SelectMany(Paths)]);
    }

    public static IgnoredFields Of(IEnumerable<JsonObject> entries) => new([.. entries.SelectMany(Paths)]);

    public bool Any => paths.Count > 0;

    public JsonObject? RemoveFrom(JsonObject? document)
    {
        if (document is null || paths.Count == 0)
        {
            return document;
        }

        var copy = (JsonObject)document.DeepClone();
        foreach (var path in paths)
        {
            (Parent(copy, path) as JsonObject)?.Remove(path[^1]);
        }

        return copy;
    }

    /// <summary>Puts the ignored fields of one document in place of those of another.</summary>
    public void Carry(JsonObject from, JsonObject to)
    {
        foreach (var path in paths)
        {
            var value = Parent(from, path)?[path[^1]];
            if (value is null)
            {
                (Parent(to, path) as JsonObject)?.Remove(path[^1]);
                continue;
            }

            var node = to;
            foreach (var step in path[..^1])
            {
                if (node[step] is not JsonObject child)
                {
                    node[step] = child = [];
                }

                node = child;
            }

            node[path[^1]] = value.DeepClone();
        }
    }

    private static bool Matches(JsonObject entry, ResourceId id)
    {
        bool Is(string key, string value) => entry[key]?.GetValue<string>() is not { Length: > 0 } wanted || wanted == value || wanted == "*";
        return Is("group", id.Type.Group) && Is("kind", id.Type.Kind) && Is("name", id.Name) && Is("namespace", id.Namespace);
    }

    private static IEnumerable<string[]> Paths(JsonObject entry)
    {
        foreach (var pointer in entry["jsonPointers"]?.AsArray() ?? [])
        {
            yield return [.. pointer!.GetValue<string>().TrimStart('/').Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        }

        foreach (var expression in entry["jqPathExpressions"]?.AsArray() ?? [])
        {
            yield return expression!.GetValue<string>().TrimStart('.').Split('.');
        }
    }

    private static JsonNode? Parent(JsonObject root, string[] path)
    {
        JsonNode? node = root;
        foreach (var step in path[..^1])
        {
            node = node as JsonObject is { } map ? map[step] : null;
        }

        return node is JsonObject ? node : null;
    }
}
