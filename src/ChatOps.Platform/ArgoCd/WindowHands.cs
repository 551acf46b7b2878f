using System.Collections.Concurrent;
using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Who wrote the windows of others in each project. The API server names one writer for the whole list, and after a write of
/// ours that is us, though we leave the windows of others as they are: so what each write of ours found there is remembered,
/// and holds for as long as their windows are the same. It is forgotten with the process.
/// </summary>
internal sealed class WindowHands
{
    private readonly ConcurrentDictionary<string, (string Uid, string Others, FieldHand? Hand)> found = new(StringComparer.Ordinal);

    /// <summary>Null: not known. Call it with what was read before each write of the list.</summary>
    public FieldHand? Of(JsonElement project)
    {
        var (name, uid) = (project.Text("metadata", "name") ?? "", project.Text("metadata", "uid") ?? "");
        var others = string.Join('\n', Others(project));
        var hand = Owners.HandOf(new(project), ManagedFields.LastWriterOf(project, "spec", "syncWindows"));
        if (hand?.Manager == ArgoCdReconciler.FieldManager)
        {
            return found.TryGetValue(name, out var before) && before.Uid == uid && before.Others == others ? before.Hand : null;
        }

        found[name] = (uid, others, hand);
        return hand;
    }

    /// <summary>Those that stand in what was applied last, where not a person did that.</summary>
    public static IReadOnlySet<string> Applied(JsonElement project)
    {
        if (Owners.HandOf(new(project), ManagedFields.LastWriterOf(project, "metadata", "annotations", FieldRules.LastApplied)) is not { IsOwner: true })
        {
            return new HashSet<string>();
        }

        using var applied = FieldRules.ReadLastApplied(project);
        return applied is null ? new HashSet<string>() : Others(applied.RootElement).ToHashSet(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Others(JsonElement project) =>
        project.Items("spec", "syncWindows").Where(window => PauseWindow.Read(window) is null).Select(window => CanonicalJson.Of(window) ?? "");
}
