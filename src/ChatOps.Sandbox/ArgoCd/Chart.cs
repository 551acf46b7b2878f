using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChatOps.Sandbox.Manifests;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>As much of Helm as a shop's chart needs: values from files and parameters, put in where a template names them. No functions, no conditions.</summary>
internal static partial class Chart
{
    public const string Mark = "Chart.yaml";

    /// <param name="values">the values files, the later ones winning</param>
    public static string Render(string template, Application app, IEnumerable<string> values, JsonObject? helm)
    {
        var merged = new JsonObject();
        foreach (var file in values)
        {
            Merge(merged, Yaml.ParseAll(file) is [var first, ..] ? first : []);
        }

        Merge(merged, helm?["valuesObject"] as JsonObject ?? []);
        foreach (var parameter in helm?["parameters"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            Set(merged, parameter["name"]!.GetValue<string>().Split('.'), parameter["value"]?.DeepClone());
        }

        return Placeholder().Replace(template, match => match.Groups["of"].Value switch
        {
            "Release" when match.Groups["path"].Value == ".Name" => app.Name,
            "Release" => app.DestinationNamespace,
            _ => Find(merged, match.Groups["path"].Value.TrimStart('.').Split('.'))?.ToString() ?? "",
        });
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (key, value) in from)
        {
            if (value is JsonObject map && into[key] is JsonObject there)
            {
                Merge(there, map);
            }
            else
            {
                into[key] = value?.DeepClone();
            }
        }
    }

    private static void Set(JsonObject into, string[] path, JsonNode? value)
    {
        foreach (var step in path[..^1])
        {
            into = into[step] as JsonObject ?? (JsonObject)(into[step] = new JsonObject());
        }

        into[path[^1]] = value;
    }

    private static JsonNode? Find(JsonObject values, string[] path) => path.Aggregate((JsonNode?)values, (node, step) => (node as JsonObject)?[step]);

    [GeneratedRegex(@"\{\{-?\s*\.(?<of>Values|Release)(?<path>(\.\w+)+)\s*(\|\s*quote\s*)?-?\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
