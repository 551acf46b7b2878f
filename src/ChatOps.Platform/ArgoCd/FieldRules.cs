using System.Text.Json;
using System.Text.RegularExpressions;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Rules by which an owner leaves fields of an Application alone, and what it says about them itself. Of jq only plain paths
/// are understood: an expression that selects could name something else tomorrow, and is not relied on.
/// </summary>
internal static partial class FieldRules
{
    public const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    public const string Applier = "argocd-controller";

    /// <summary>Whether one rule names the field or something that holds it.</summary>
    public static bool Names(JsonElement rule, IReadOnlyList<string> field) =>
        rule.Texts("jsonPointers").Select(OfPointer).Concat(rule.Texts("jqPathExpressions").Select(OfJq).OfType<IReadOnlyList<string>>())
            .Any(named => named.Count > 0 && named.Count <= field.Count && named.SequenceEqual(field.Take(named.Count)));

    /// <summary>
    /// Whether the manifest that the parent applies has the field: from what it applied last, and from the fields that the API
    /// server holds it to have written. Null when neither is there to say so.
    /// </summary>
    /// <param name="isApplier">Of an entry of managedFields; null: Argo CD's controller.</param>
    public static bool? IsApplied(JsonElement application, IReadOnlyList<string> field, Func<JsonElement, bool>? isApplier = null)
    {
        isApplier ??= entry => entry.Text("manager") == Applier;
        var written = application.Items("metadata", "managedFields").Where(entry => isApplier(entry) && !entry.At("fieldsV1", "f:spec").IsAbsent).ToList();
        bool? owned = written.Count == 0 ? null : written.Exists(entry => !entry.At("fieldsV1").At([.. field.Select(step => $"f:{step}")]).IsAbsent);
        return (owned, InLastApplied(application, field)) switch
        {
            (true, _) or (_, true) => true,
            (null, null) => null,
            _ => false,
        };
    }

    /// <summary>Whether it was in the manifest that was applied last; null when nothing says so.</summary>
    public static bool? InLastApplied(JsonElement application, IReadOnlyList<string> field)
    {
        using var applied = ReadLastApplied(application);
        return applied is null ? null : applied.RootElement.At([.. field]).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    }

    /// <summary>The manifest that was applied last; null when the object carries none that can be read.</summary>
    public static JsonDocument? ReadLastApplied(JsonElement resource)
    {
        try
        {
            return resource.Text("metadata", "annotations", LastApplied) is { } text ? JsonDocument.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IReadOnlyList<string> OfPointer(string pointer) =>
        [.. pointer.TrimStart('/').Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    private static IReadOnlyList<string>? OfJq(string expression) =>
        PlainPath().Match(expression.Trim()) is { Success: true } path ? [.. path.Groups["step"].Captures.Select(step => step.Value)] : null;

    [GeneratedRegex("""^(?:\.(?<step>[A-Za-z_]\w*)\??|\.?\["(?<step>[^"\\]+)"\]\??)+$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainPath();
}
