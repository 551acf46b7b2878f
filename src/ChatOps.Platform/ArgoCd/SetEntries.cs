using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// The <c>ignoreApplicationDifferences</c> of a set as they were read, and what to change in them: one entry of ours, and
/// nothing else. Every change tests the version of the whole object, since places in a list move. Pure.
/// </summary>
internal sealed class SetEntries(JsonElement set)
{
    private static readonly string[] Path = ["spec", "ignoreApplicationDifferences"];
    private readonly IReadOnlyList<JsonElement> all = [.. set.Items([.. Path])];

    public string Uid => set.Text("metadata", "uid") ?? "";

    /// <summary>There is a list, be it empty.</summary>
    public bool HasList => set.At([.. Path]).ValueKind == JsonValueKind.Array;

    /// <summary>Nobody has written the list since us.</summary>
    public bool AreWrittenByUs => ManagedFields.LastWriterOf(set, [.. Path]) is { Manager: ArgoCdReconciler.FieldManager };

    public bool Has(SetEntry entry) => At(entry) >= 0;

    /// <summary>
    /// It stands in what somebody applies, who has written it since: a list has one writer, so an applier that is named for it
    /// has the same list.
    /// </summary>
    public bool IsApplied(SetEntry entry)
    {
        using var applied = FieldRules.ReadLastApplied(set);
        return applied is not null && At(applied.RootElement.Items([.. Path]), entry) >= 0
            || set.Items("metadata", "managedFields").Any(writer =>
                (writer.Text("operation") == "Apply" || writer.Text("manager") == FieldRules.Applier) && !writer.At(["fieldsV1", .. Path.Select(step => $"f:{step}")]).IsAbsent);
    }

    public string Add(SetEntry entry) => HasList
        ? Guarded().Add($"{SetEntry.ListPath}/-", entry.Json).ToString()
        : Guarded().TestNothingAt(SetEntry.ListPath).Add(SetEntry.ListPath, $"[{entry.Json}]").ToString();

    /// <summary>A list that we began and that nobody else has an entry in goes with ours.</summary>
    public string Remove(SetEntry entry) => Guarded().Remove(all.Count == 1 && !entry.HadList ? SetEntry.ListPath : $"{SetEntry.ListPath}/{At(entry)}").ToString();

    private int At(SetEntry entry) => At(all, entry);

    private static int At(IEnumerable<JsonElement> entries, SetEntry entry)
    {
        var ours = JsonNode.Parse(entry.Json);
        return entries.Select((one, at) => (one, at)).LastOrDefault(one => JsonNode.DeepEquals(JsonNode.Parse(one.one.GetRawText()), ours), (default, -1)).at;
    }

    private JsonPatch Guarded() => new JsonPatch().TestText("/metadata/resourceVersion", set.Text("metadata", "resourceVersion") ?? "");
}
