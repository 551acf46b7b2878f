using System.Text.Json;
using ChatOps.Platform.Kubernetes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ChatOps.Platform.ArgoCd;

/// <summary>A project whose windows reach others by their labels, as <c>argocd-cm</c> says.</summary>
internal sealed record GlobalProject(string Name, IReadOnlyList<LabelRule> Rules)
{
    public bool Reaches(JsonElement project) => Rules.All(rule => rule.Holds(project.Text("metadata", "labels", rule.Key)));

    public static IReadOnlyList<GlobalProject> Read(string? yaml)
    {
        try
        {
            var stream = new YamlStream();
            using var text = new StringReader(yaml ?? "");
            stream.Load(text);
            return stream.Documents is [{ RootNode: YamlSequenceNode entries }]
                ? [.. entries.OfType<YamlMappingNode>().Select(Read).OfType<GlobalProject>()]
                : [];
        }
        catch (YamlException)
        {
            return []; // Argo CD cannot use it either
        }
    }

    private static GlobalProject? Read(YamlMappingNode entry)
    {
        if (Child(entry, "projectName") is not YamlScalarNode { Value: { Length: > 0 } name })
        {
            return null;
        }

        var selector = Child(entry, "labelSelector") as YamlMappingNode;
        var labels = (selector is null ? null : Child(selector, "matchLabels")) as YamlMappingNode;
        var expressions = (selector is null ? null : Child(selector, "matchExpressions")) as YamlSequenceNode;
        var equal = labels?.Children.Select(label => new LabelRule(Text(label.Key), "In", [Text(label.Value)])) ?? [];
        var others = expressions?.OfType<YamlMappingNode>().Select(expression => new LabelRule(
            Text(Child(expression, "key")),
            Text(Child(expression, "operator")),
            (Child(expression, "values") as YamlSequenceNode)?.Select(Text).ToList() ?? [])) ?? [];
        return new(name, [.. equal, .. others]);
    }

    private static YamlNode? Child(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static string Text(YamlNode? node) => (node as YamlScalarNode)?.Value ?? "";
}

/// <summary>One requirement of a label selector.</summary>
internal sealed record LabelRule(string Key, string Operator, IReadOnlyList<string> Values)
{
    public bool Holds(string? label) => Operator switch
    {
        "In" => label is not null && Values.Contains(label),
        "NotIn" => label is null || !Values.Contains(label),
        "Exists" => label is not null,
        "DoesNotExist" => label is null,
        _ => false,
    };
}
