using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>What the API server fills in by itself: whoever sent the object is named as its writer, and nobody meant it.</summary>
internal static class Defaults
{
    public static bool Is(FieldPath path, JsonElement value)
    {
        if (path.Segments is not [.., { Key: null, Name: var field }])
        {
            return false;
        }

        return (field, value.ValueKind) switch
        {
            ("imagePullPolicy", _) or ("terminationMessagePath", _) or ("terminationMessagePolicy", _) => true,
            ("protocol", JsonValueKind.String) => value.GetString() == "TCP",
            ("resources" or "securityContext", JsonValueKind.Object) => !value.EnumerateObject().Any(),
            ("name", _) => path.Segments is [.., { Key: "name" }, _],
            ("apiVersion", JsonValueKind.String) => path.Segments is [.., { Name: "fieldRef" }, _],
            _ => false,
        };
    }

    /// <summary>An element without what was filled in, for people.</summary>
    public static string Without(FieldPath path, JsonElement value)
    {
        if (!value.IsObject)
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }

        var said = value.EnumerateObject().Where(property => !Is(path.Then(property.Name), property.Value)).ToDictionary(property => property.Name, property => property.Value);
        return JsonSerializer.Serialize(said);
    }
}
