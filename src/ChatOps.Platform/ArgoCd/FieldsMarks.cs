using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>What a pause of some fields leaves in our annotations: which, and the sync options before it.</summary>
internal static class FieldsMarks
{
    // A key that is not there says "absent"; null says null.
    public static JsonObject Write(HeldFields only)
    {
        var written = new JsonObject { ["fields"] = new JsonArray([.. only.Resources.Select(Write)]) };
        if (only.Options.Json is { } options)
        {
            written["options"] = JsonNode.Parse(options);
        }

        return written;
    }

    /// <summary>Whoever can annotate an Application can have us take out rules that carry our name, and no others.</summary>
    public static HeldFields? Read(JsonElement before)
    {
        var only = before.At("only");
        var resources = only.Items("fields").Select(ReadOne).ToList();
        return resources.Count == 0 || resources.Exists(resource => resource.Resource.Kind.Length == 0 || resource.Resource.Name.Length == 0 || resource.Pointers.Count == 0)
            ? null
            : new(resources, new(RuleFacts.OptionsPath, CanonicalJson.Of(only.At("options")), null));
    }

    private static JsonObject Write(HeldResource one) => new()
    {
        ["group"] = one.Resource.Group,
        ["kind"] = one.Resource.Kind,
        ["namespace"] = one.Resource.Namespace,
        ["name"] = one.Resource.Name,
        ["pointers"] = new JsonArray([.. one.Pointers.Select(pointer => JsonValue.Create(pointer))]),
    };

    private static HeldResource ReadOne(JsonElement one) => new(
        new(one.Text("group") ?? "", one.Text("kind") ?? "", one.Text("namespace") ?? "", one.Text("name") ?? ""),
        [.. one.Texts("pointers")]);
}
