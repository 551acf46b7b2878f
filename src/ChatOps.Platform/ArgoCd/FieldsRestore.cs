using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Takes out what a pause of some fields put in, wherever in the lists it is by now, and nothing else: rules and options that
/// somebody added meanwhile stay, and so does the mark of another override. A list that was not there goes with the last of
/// ours. Then Argo CD is asked to compare, or it would see that only at its next resync.
/// </summary>
internal static class FieldsRestore
{
    private static readonly string RefreshPath = PauseFence.PathOf(Annotations.Refresh);

    public static PauseRestore.Step Next(ApplicationJson application, Lease lease)
    {
        var (name, only) = (lease.Target.Name, lease.Only!);
        if (application.Uid != lease.Uid)
        {
            return Say(ClusterAnswerKind.Gone, $"{name} was deleted and made again; the override went with the old one");
        }

        var mark = OverrideMarks.Read(application);
        var rules = application.Rules;
        var ours = only.Resources.Select(resource => (JsonNode)resource.Rule).ToList();
        var hasRule = Places(rules.List, ours).Count > 0;
        var isAnothers = mark is not null && mark.Operation != lease.Mark;
        if (isAnothers && (!hasRule || FieldsHolding.AreAnothers(only, mark!)))
        {
            return Say(ClusterAnswerKind.Moved, $"{name} is held by another operation now (incident #{mark!.Incident}); that one decides when it ends");
        }

        if (!hasRule && mark is null)
        {
            return new(ClusterAnswer.Ok, null); // nothing of ours is left; the option alone could be anybody's
        }

        var patch = PauseRestore.Guard(application, mark?.Operation);
        Remove(patch, application, rules.List, lease.Before, ours);
        if (only.AddsOption)
        {
            Remove(patch, application, rules.Options, only.Options, [JsonValue.Create(HeldFields.Respect)]);
        }

        if (!isAnothers)
        {
            PauseRestore.WithoutMarks(patch, application);
        }

        AskToCompare(patch, application, marksWent: !isAnothers);
        return new(
            hasRule ? ClusterAnswer.Ok : new(ClusterAnswerKind.Moved, $"The pause of {name} was already ended by {rules.Writer ?? "somebody that the cluster does not name"}: none of its rules is there any more"),
            patch.ToString());
    }

    private static void Remove(JsonPatch patch, ApplicationJson application, JsonValueAt now, JsonValueAt before, IReadOnlyList<JsonNode> ours)
    {
        var places = Places(now, ours);
        if (places.Count == 0)
        {
            return;
        }

        FieldsFence.Unchanged(patch, application, now);
        if (places.Count == Items(now).Count && before.Json is null)
        {
            patch.Remove(now.Path);
            return;
        }

        if (places.Count == Items(now).Count && before.Json == "null")
        {
            patch.Add(now.Path, "null");
            return;
        }

        foreach (var place in places.OrderDescending())
        {
            patch.Remove($"{now.Path}/{place}");
        }
    }

    /// <summary>Where ours are, each counted once.</summary>
    private static HashSet<int> Places(JsonValueAt list, IEnumerable<JsonNode> ours)
    {
        var items = Items(list);
        var places = new HashSet<int>();
        foreach (var one in ours)
        {
            var place = Enumerable.Range(0, items.Count).LastOrDefault(at => !places.Contains(at) && JsonNode.DeepEquals(items[at], one), -1);
            if (place >= 0)
            {
                places.Add(place);
            }
        }

        return places;
    }

    private static void AskToCompare(JsonPatch patch, ApplicationJson application, bool marksWent)
    {
        if (application.RefreshPending)
        {
            return;
        }

        const string annotations = "/metadata/annotations";
        KeyValuePair<string, string> refresh = new(Annotations.Refresh, "normal");
        _ = !application.Annotations.IsObject ? patch.TestNothingAt(annotations).AddTexts(annotations, [refresh])
            : marksWent && application.Annotations.EnumerateObject().All(annotation => Annotations.Ours.Contains(annotation.Name)) ? patch.AddTexts(annotations, [refresh]) // the map went with ours
            : patch.TestNothingAt(RefreshPath).AddText(RefreshPath, "normal");
    }

    private static JsonArray Items(JsonValueAt list) => list.Json is { } json && JsonNode.Parse(json) is JsonArray items ? items : [];

    private static PauseRestore.Step Say(ClusterAnswerKind kind, string sentence) => new(new(kind, sentence), null);
}
