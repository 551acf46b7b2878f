using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>Our annotations on an object, both ways.</summary>
internal static class OverrideMarks
{
    /// <summary>Null when there is none, or none that can be understood: somebody else may have written one.</summary>
    public static OverrideMark? Read(ApplicationJson application)
    {
        if (application.Annotation(Annotations.Operation) is not { } id || !Guid.TryParse(id, out var operation))
        {
            return null;
        }

        _ = int.TryParse(application.Annotation(Annotations.Incident), NumberStyles.None, CultureInfo.InvariantCulture, out var incident);
        var expires = DateTimeOffset.TryParse(application.Annotation(Annotations.ExpiresAt), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : DateTimeOffset.MinValue; // unreadable: long due, so that people are asked
        var (before, user, last, ended, branch, only) = ReadBefore(application.Annotation(Annotations.Before));
        return new(incident, operation, expires, before, user) { Last = last, EndedLast = ended, Branch = branch, Only = only };
    }

    /// <summary>The mark, where the override that it tells of is there: what one has left over keeps nobody from a next.</summary>
    public static OverrideMark? Standing(ApplicationJson application) => Read(application) is { } mark && (mark.Only is { } only ? only.IsIn(application.Rules)
        : mark.Branch is { } held ? SourceReading.ArePinned(application, held)
        : !application.AutoSyncOn) ? mark : null;

    /// <summary>The patch is for the mark that was read: one that came since is that of another override, with a way back of its own.</summary>
    public static JsonPatch Unchanged(JsonPatch patch, ApplicationJson application) => application.Annotation(Annotations.Operation) is { } mark
        ? patch.TestText(PauseFence.PathOf(Annotations.Operation), mark)
        : patch.TestNothingAt(PauseFence.PathOf(Annotations.Operation));

    public static IReadOnlyList<KeyValuePair<string, string>> Write(Operation operation, DateTimeOffset expiresAt, OperationSeen last, bool endsLast) =>
    [
        new(Annotations.Incident, operation.Incident.ToString(CultureInfo.InvariantCulture)),
        new(Annotations.Operation, operation.Id.ToString()),
        new(Annotations.ExpiresAt, Moment(expiresAt)),
        new(Annotations.Before, Write(operation.Plan.Of<AboutPause>().Before, operation.Authority.KubernetesUser, last, endsLast, operation.Plan.Of<AboutPause>().Only)),
    ];

    /// <summary>RFC 3339 in UTC, whole seconds rounded up: never earlier than what people were told.</summary>
    public static string Moment(DateTimeOffset at)
    {
        var utc = at.ToUniversalTime();
        var whole = new DateTimeOffset(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        return (whole < utc ? whole.AddSeconds(1) : whole).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    // A key that is not there says "absent"; null says null.
    private static string Write(JsonValueAt before, string user, OperationSeen last, bool endsLast, HeldFields? only)
    {
        var written = new JsonObject { ["path"] = before.Path, ["by"] = user, ["operation"] = Write(last, endsLast) };
        if (before.Json is { } value)
        {
            written["value"] = JsonNode.Parse(value);
        }

        if (before.ParentJson is { } parent)
        {
            written["parent"] = JsonNode.Parse(parent);
        }

        if (only is not null)
        {
            written["only"] = FieldsMarks.Write(only);
        }

        return written.ToJsonString(JsonSerializerOptions.Default);
    }

    private static JsonObject? Write(OperationSeen last, bool endsLast) => last == OperationSeen.None ? null : new()
    {
        ["startedAt"] = Said(last.StartedAt),
        ["finishedAt"] = Said(last.FinishedAt),
        ["phase"] = last.Phase,
        ["heals"] = last.Heals,
        ["ended"] = endsLast,
    };

    private static string? Said(DateTimeOffset? at) => at?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static OperationSeen? ReadLast(JsonElement written) => written.ValueKind switch
    {
        JsonValueKind.Object => new(written.Time("startedAt"), written.Time("finishedAt"), written.Text("phase") ?? "", written.Number("heals") ?? 0),
        JsonValueKind.Null => OperationSeen.None,
        _ => null,
    };

    private static (JsonValueAt Before, string User, OperationSeen? Last, bool EndedLast, HeldBranch? Branch, HeldFields? Only) ReadBefore(string? annotation)
    {
        try
        {
            using var document = JsonDocument.Parse(annotation ?? "{}");
            var before = document.RootElement;
            var found = new JsonValueAt(
                before.Text("path") ?? ApplicationJson.AutomatedPath,
                CanonicalJson.Of(before.At("value")),
                CanonicalJson.Of(before.At("parent")));
            return (found, before.Text("by") ?? "", ReadLast(before.At("operation")), before.Flag("operation", "ended"), BranchMarks.Read(before), FieldsMarks.Read(before));
        }
        catch (JsonException)
        {
            return (new(ApplicationJson.AutomatedPath, null, null), "", null, false, null, null);
        }
    }
}
