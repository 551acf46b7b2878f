using System.Globalization;
using System.Text.Json;
using ChatOps.Platform.ArgoCd.Diffs;

namespace ChatOps.Platform.Kubernetes.Audit;

/// <summary>
/// The fields of a patch, for a chat. Values are short and single, or not shown: lists of arguments, files in ConfigMaps
/// and variables without a name are where secrets hide from a look at names. Nothing of a Secret is read.
/// </summary>
internal static class PatchSummary
{
    private const int MostFields = 12;
    private const int LongestValue = 60;
    private const int LongestField = 160;
    private const int Deepest = 24;

    private static readonly string[] Noise =
        ["/apiVersion", "/kind", "/metadata/name", "/metadata/namespace", "/metadata/uid", "/metadata/resourceVersion", "/metadata/generation", "/metadata/creationTimestamp", "/metadata/managedFields", "/metadata/selfLink",
         "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration"];

    public static IReadOnlyList<string> Of(string resource, JsonElement patch)
    {
        if (resource == "secrets")
        {
            return [];
        }

        var fields = patch.ValueKind switch
        {
            JsonValueKind.Array => patch.EnumerateArray().SelectMany(Step),
            JsonValueKind.Object => Leaves(FieldPath.Root, patch, 0),
            _ => [],
        };
        var said = fields.Where(field => !Noise.Contains(field.Path.ToString())).Take(MostFields + 1).Select(field => Cut(Said(field.Path, field.Value))).ToList();
        return said.Count > MostFields ? [.. said.Take(MostFields), "…"] : said;
    }

    /// <summary>One step of a JSON Patch.</summary>
    private static IEnumerable<(FieldPath Path, JsonElement Value)> Step(JsonElement step)
    {
        if (step.Text("op") is null or "test" || step.Text("path") is not { } pointer)
        {
            return [];
        }

        var path = pointer.Split('/').Skip(1).Aggregate(FieldPath.Root, (path, part) => path.Then(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)));
        return Leaves(path, step.At("value"), 0);
    }

    private static IEnumerable<(FieldPath Path, JsonElement Value)> Leaves(FieldPath path, JsonElement value, int depth)
    {
        IEnumerable<(Segment Step, JsonElement Value)> below = value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Where(field => field.Name[..Math.Min(1, field.Name.Length)] != "$").Select(field => (new Segment(field.Name), field.Value)),
            JsonValueKind.Array when KeyedList.KeyOf(value) is { } key => value.EnumerateArray().Select(element => (new Segment(KeyedList.NameOf(element, key)!, key), Without(element, key))),
            _ => [],
        };
        var steps = depth < Deepest ? below.ToList() : [];
        return steps.Count == 0 ? [(path, value)] : steps.SelectMany(step => Leaves(path.Then(step.Step), step.Value, depth + 1));
    }

    /// <summary>What names an element is in its path already.</summary>
    private static JsonElement Without(JsonElement element, string key) => element.EnumerateObject().Count() == 1 ? default
        : JsonSerializer.SerializeToElement(element.EnumerateObject().Where(field => field.Name != key).ToDictionary(field => field.Name, field => field.Value));

    private static string Said(FieldPath path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => path.ToString(),
        JsonValueKind.Null => $"{path} removed",
        JsonValueKind.Object or JsonValueKind.Array => $"{path} (not shown)",
        _ => $"{path} = {Shown(path, value)}",
    };

    private static string Cut(string said) => said.Length <= LongestField ? said : said[..LongestField] + "…";

    private static string Shown(FieldPath path, JsonElement value)
    {
        var text = Masking.Show("", path, value) ?? "\"\"";
        return IsWithoutName(path) || Masking.NamesASecret(text) ? Masking.Masked
            : text.Length > LongestValue || text.Contains('\n', StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"({text.Length} characters)")
            : text;
    }

    /// <summary>In a JSON Patch, <c>env/0/value</c> or <c>args/1</c>: what that is, nobody knows here.</summary>
    private static bool IsWithoutName(FieldPath path) =>
        path.Segments.Zip(path.Segments.Skip(1)).Any(pair => pair.First is { Name: "env" or "args" or "command", Key: null } && pair.Second.Key is null);
}
