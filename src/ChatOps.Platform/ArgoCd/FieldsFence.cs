using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// A pause of some fields as one patch that proves itself, as <see cref="PauseFence"/> does for a whole one: the rules, the
/// option that has syncs respect them, and a refresh that only a controller which has seen both can answer.
/// </summary>
internal static class FieldsFence
{
    private const string AnnotationsPath = "/metadata/annotations";
    private static readonly string RefreshPath = PauseFence.PathOf(Annotations.Refresh);

    /// <summary>What to answer without asking the cluster to write; null when the patch may be tried.</summary>
    public static ClusterAnswer? JudgeBefore(ApplicationJson application, Operation operation)
    {
        var (plan, only) = (operation.Plan, Only(operation));
        if (application.Uid != plan.Application.Uid)
        {
            return Moved($"{plan.Target.Name} was deleted and made again since this was approved");
        }

        if (OverrideMarks.Read(application)?.Operation == operation.Id)
        {
            return only.IsIn(application.Rules)
                ? ClusterAnswer.Ok
                : Moved($"{plan.Target.Name} was paused in part by this operation, and {application.Rules.Writer ?? "somebody that the cluster does not name"} has changed its rules since");
        }

        if (application.IsBeingDeleted)
        {
            return Moved($"{plan.Target.Name} is being deleted");
        }

        if (OverrideMarks.Standing(application) is { } other)
        {
            return Moved($"Incident {other.Incident} has stored another override of {plan.Target.Name} since this was approved");
        }

        var (before, now) = (plan.Of<PauseWork>().Before, application.Rules);
        if (!CanonicalJson.AreEqual(now.List.Json, before.Json))
        {
            return Moved($"The ignoreDifferences of {plan.Target.Name} were changed since this was approved, by {now.Writer ?? "somebody that the cluster does not name"}: they are {now.List.InWords} now, and were {before.InWords}");
        }

        if (!CanonicalJson.AreEqual(now.Options.Json, only.Options.Json))
        {
            return Moved($"The sync options of {plan.Target.Name} were changed since this was approved: they are {now.Options.InWords} now, and were {only.Options.InWords}");
        }

        if (only.AddsOption && !application.Raw.At("spec", "syncPolicy").IsObject)
        {
            return Moved($"The sync policy of {plan.Target.Name} was taken out since this was approved: nothing is put back there by itself any more");
        }

        return application.RefreshPending
            ? new(ClusterAnswerKind.FenceBusy, $"Argo CD has not answered an earlier refresh of {plan.Target.Name} yet; the pause waits for it, so that it can be proved to hold") { RetryAfter = TimeSpan.FromMilliseconds(500) }
            : null;
    }

    public static bool IsThere(ApplicationJson application, Operation operation) =>
        OverrideMarks.Read(application)?.Operation == operation.Id && Only(operation).IsIn(application.Rules);

    public static string Patch(ApplicationJson application, Operation operation, DateTimeOffset expiresAt)
    {
        var only = Only(operation);
        var patch = new JsonPatch().TestText("/metadata/uid", application.Uid);
        Append(patch, application, application.Rules.List, [.. only.Resources.Select(resource => resource.Rule)]);
        if (only.AddsOption)
        {
            Append(patch, application, application.Rules.Options, [JsonValue.Create(HeldFields.Respect)]);
        }
        else
        {
            Unchanged(patch, application, application.Rules.Options);
        }

        var marks = OverrideMarks.Write(operation, expiresAt, Flights.Seen(application), endsLast: false);
        if (application.Annotations.IsObject)
        {
            OverrideMarks.Unchanged(patch, application).TestNothingAt(RefreshPath).AddText(RefreshPath, "normal");
            foreach (var (name, value) in marks)
            {
                patch.AddText(PauseFence.PathOf(name), value);
            }
        }
        else
        {
            patch.TestNothingAt(AnnotationsPath).AddTexts(AnnotationsPath, [new(Annotations.Refresh, "normal"), .. marks]);
        }

        return patch.ToString();
    }

    /// <summary>
    /// The list is as it was read. API servers compare texts by how they are escaped, which is not for us to know: with such
    /// a text in it the version of the whole object is tested instead.
    /// </summary>
    public static void Unchanged(JsonPatch patch, ApplicationJson application, JsonValueAt list)
    {
        if (list.Json is not { } json)
        {
            patch.TestNothingAt(list.Path);
        }
        else if (json.Contains('\\', StringComparison.Ordinal))
        {
            patch.TestText("/metadata/resourceVersion", application.Raw.Text("metadata", "resourceVersion") ?? "");
        }
        else
        {
            patch.Test(list.Path, json);
        }
    }

    private static void Append(JsonPatch patch, ApplicationJson application, JsonValueAt list, IReadOnlyList<JsonNode> items)
    {
        Unchanged(patch, application, list);
        if (list.Json is null or "null")
        {
            patch.Add(list.Path, new JsonArray([.. items.Select(item => item.DeepClone())]).ToJsonString());
            return;
        }

        foreach (var item in items)
        {
            patch.Add($"{list.Path}/-", item.ToJsonString());
        }
    }

    private static HeldFields Only(Operation operation) => operation.Plan.Of<PauseWork>().Only!;

    private static ClusterAnswer Moved(string sentence) => new(ClusterAnswerKind.Moved, sentence);
}
