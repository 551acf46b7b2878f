using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>A step into an object, or, with <paramref name="Key"/>, to the element of a list whose field <paramref name="Key"/> is <paramref name="Name"/>.</summary>
internal readonly record struct Segment(string Name, string? Key = null);

/// <summary>Where a field is, with list elements by what names them and not by their position.</summary>
internal sealed record FieldPath(IReadOnlyList<Segment> Segments)
{
    public static FieldPath Root { get; } = new([]);

    public FieldPath Then(Segment segment) => new([.. Segments, segment]);

    public FieldPath Then(string name) => Then(new Segment(name));

    /// <summary>As JSON pointers are written, with <c>[name=app]</c> for elements.</summary>
    public override string ToString() => string.Concat(Segments.Select(segment => segment.Key is { } key
        ? $"/[{key}={segment.Name}]"
        : "/" + segment.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));

    public JsonElement In(JsonElement root)
    {
        var current = root;
        foreach (var segment in Segments)
        {
            current = segment.Key is { } key
                ? KeyedList.Find(current, key, segment.Name)
                : current.At(segment.Name);
        }

        return current;
    }

    public bool StartsWith(FieldPath other) => Segments.Count >= other.Segments.Count && other.Segments.SequenceEqual(Segments.Take(other.Segments.Count));
}

/// <summary>Lists whose elements have names: containers, variables, ports. The order of such a list means nothing.</summary>
internal static class KeyedList
{
    /// <summary>What can name an element, the most telling first.</summary>
    private static readonly string[] Keys = ["name", "key", "mountPath", "devicePath", "containerPort", "port", "ip", "host", "path", "topologyKey", "type", "kind"];

    /// <summary>The field that names the elements of all these lists; null when nothing does, and the list is one value.</summary>
    public static string? KeyOf(params ReadOnlySpan<JsonElement> lists)
    {
        foreach (var key in Keys)
        {
            var fits = true;
            foreach (var list in lists)
            {
                fits = fits && Names(list, key);
            }

            if (fits)
            {
                return key;
            }
        }

        return null;
    }

    public static string? NameOf(JsonElement element, string key) => element.At(key) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    public static JsonElement Find(JsonElement list, string key, string name) =>
        list.Items().FirstOrDefault(element => NameOf(element, key) == name);

    private static bool Names(JsonElement list, string key)
    {
        var names = list.Items().Select(element => NameOf(element, key)).ToList();
        return !names.Contains(null) && names.Distinct().Count() == names.Count;
    }
}
