using System.Globalization;
using System.Text.Json;
using ChatOps.Core.Leases;
using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Puts back what somebody else changed, if every field is exactly as they left it: whoever changed it once more since then
/// has decided something that nobody here agreed to undo. Pure.
/// </summary>
internal static class PutBack
{
    private const string SyncPolicyPath = "/spec/syncPolicy";

    public static PauseRestore.Step Next(ApplicationJson application, Lease lease)
    {
        var name = lease.Target.Name;
        if (application.Uid != lease.Uid)
        {
            return new(new(ClusterAnswerKind.Gone, $"{name} was deleted and made again; the override went with the old one"), null);
        }

        var fields = lease.Outside!.Fields;
        if (fields.All(field => IsBack(application, field.Before)))
        {
            return new(ClusterAnswer.Ok, null);
        }

        if (MayBeOurs(lease) && OverrideMarks.Read(application) is { } mark)
        {
            return new(new(ClusterAnswerKind.Moved, $"{name} is held by incident #{mark.Incident} now; that one decides when it ends"), null);
        }

        return fields.FirstOrDefault(field => !CanonicalJson.AreEqual(At(application, field.Before.Path), field.Seen)) is { } moved
            ? new(new(ClusterAnswerKind.Moved, $"{moved.Before.Path} of {name} is {At(application, moved.Before.Path) ?? "(not set)"} now, and was {moved.Seen ?? "(not set)"} when the override was taken"), null)
            : new(ClusterAnswer.Ok, Patch(application, fields, MayBeOurs(lease)));
    }

    /// <summary>Where nothing was before, what it was in is still there: without that nothing is anywhere.</summary>
    private static bool IsBack(ApplicationJson application, JsonValueAt before) => CanonicalJson.AreEqual(At(application, before.Path), before.Json)
        && (before.Json is not null || before.Path.StartsWith("/metadata/", StringComparison.Ordinal) || At(application, before.Path[..before.Path.LastIndexOf('/')]) is not null);

    /// <summary>That the engine is to skip it is no override of ours: whatever we hold there goes on when that is taken off.</summary>
    private static bool MayBeOurs(Lease lease) => lease.Outside!.Kind != OutsideKind.SkipReconcile;

    private static string Patch(ApplicationJson application, IReadOnlyList<MovedField> fields, bool mustBeNobodys)
    {
        var patch = mustBeNobodys ? PauseRestore.Guard(application, operation: null) : new JsonPatch().TestText("/metadata/uid", application.Uid);
        foreach (var field in fields)
        {
            var path = field.Before.Path;
            if (path == ApplicationJson.AutomatedPath && !application.SyncPolicy.IsObject)
            {
                // The controller drops a sync policy that has become empty.
                patch.TestNothingAt(SyncPolicyPath).Add(SyncPolicyPath, $$"""{"automated":{{field.Before.Json}}}""");
                continue;
            }

            _ = field.Seen is { } seen ? patch.Test(path, seen) : patch.TestNothingAt(path);
            _ = field.Before.Json is { } before ? patch.Add(path, before) : patch.Remove(path);
        }

        return patch.ToString();
    }

    private static string? At(ApplicationJson application, string path)
    {
        var at = application.Raw;
        foreach (var escaped in path.Split('/').Skip(1))
        {
            var key = escaped.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Array)
            {
                var index = int.Parse(key, CultureInfo.InvariantCulture);
                at = index < at.GetArrayLength() ? at[index] : default;
            }
            else
            {
                at = at.At(key);
            }
        }

        return CanonicalJson.Of(at);
    }
}
