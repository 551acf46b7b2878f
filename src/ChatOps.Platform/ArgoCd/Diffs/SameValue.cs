using System.Collections.Frozen;
using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>
/// Whether two values mean the same to a person: <c>1Gi</c> and <c>1024Mi</c>, absent and null, absent and the empty value
/// that an API server does not store. In maps whose keys people choose an empty value is a value.
/// </summary>
internal static class SameValue
{
    private static readonly FrozenSet<string> Amounts = new[] { "limits", "requests", "capacity", "hard", "default", "defaultRequest", "max", "min", "overhead" }.ToFrozenSet();
    private static readonly FrozenSet<string> AmountFields = new[] { "sizeLimit", "divisor", "averageValue", "storage" }.ToFrozenSet();
    private static readonly FrozenSet<string> PeoplesMaps = new[] { "data", "stringData", "binaryData", "labels", "annotations", "matchLabels" }.ToFrozenSet();

    public static bool Of(FieldPath path, JsonElement left, JsonElement right)
    {
        if (IsNothing(left) && IsNothing(right))
        {
            return true;
        }

        if (IsNothing(left) || IsNothing(right))
        {
            return !IsPeoples(path) && IsEmpty(left) && IsEmpty(right);
        }

        return CanonicalJson.Of(left) == CanonicalJson.Of(right)
            || (left.ValueKind == JsonValueKind.Number && right.ValueKind == JsonValueKind.Number && left.GetDouble().Equals(right.GetDouble()))
            || (IsAmount(path) && AmountOf(left) is { } one && AmountOf(right) is { } other && one == other);
    }

    public static bool IsNothing(JsonElement value) => value.IsAbsent || value.ValueKind == JsonValueKind.Null;

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(property => IsEmpty(property.Value)),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Number => value.GetDouble() == 0,
        JsonValueKind.True => false,
        _ => true,
    };

    private static bool IsPeoples(FieldPath path) => path.Segments.Any(segment => segment.Key is null && PeoplesMaps.Contains(segment.Name));

    private static bool IsAmount(FieldPath path) =>
        path.Segments is [.., var parent, var last] && (Amounts.Contains(parent.Name) || AmountFields.Contains(last.Name));

    private static decimal? AmountOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Quantity.Read(value.GetString()!),
        JsonValueKind.Number => Quantity.Read(value.GetRawText()),
        _ => null,
    };
}
