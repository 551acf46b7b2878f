using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Puts back what a pause found, if the field is still as the pause left it. Only the field that the pause wrote is
/// touched: what somebody changed beside it meanwhile stays. Absent, null and a value are three things.
/// </summary>
internal static class PauseRestore
{
    private const string SyncPolicyPath = "/spec/syncPolicy";
    private const string EnabledPath = $"{ApplicationJson.AutomatedPath}/enabled";
    private const string AnnotationsPath = "/metadata/annotations";

    /// <summary>What is to be answered, and what to write before that; no patch when there is nothing of ours left.</summary>
    internal sealed record Step(ClusterAnswer Answer, string? Patch);

    public static Step Next(ApplicationJson application, Lease lease)
    {
        var name = lease.Target.Name;
        if (application.Uid != lease.Uid)
        {
            return Say(ClusterAnswerKind.Gone, $"{name} was deleted and made again; the override went with the old one");
        }

        var mark = OverrideMarks.Read(application);
        if (mark is not null && mark.Operation != lease.Mark)
        {
            return Say(ClusterAnswerKind.Moved, $"{name} is held by another operation now (incident #{mark.Incident}); that one decides when it ends");
        }

        if (!application.IsSwitchedOff(lease.Mechanism))
        {
            return mark is null && IsAsBefore(application, lease)
                ? new(ClusterAnswer.Ok, null)
                : TakenBack(application, lease, mark);
        }

        return mark is null && lease.Mechanism == PauseMechanism.SwitchOff && application.WriterOfPauseField() is not { Manager: ArgoCdReconciler.FieldManager }
            ? Say(ClusterAnswerKind.Moved, $"{name} is switched off by {PauseFence.WhoWrote(application, lease.StartedAt)}, not by us any more; people decide when that ends")
            : new(ClusterAnswer.Ok, Restore(application, lease, mark));
    }

    /// <summary>
    /// Another lease holds this pause on. Whose mark it is stays the operation that made it, so that every end of it is guarded
    /// by the same; for which incident and until when it is there follows who holds it.
    /// </summary>
    public static Step Leave(ApplicationJson application, Lease lease, Lease to)
    {
        var end = lease.Only is null ? Next(application, lease) : FieldsRestore.Next(application, lease);
        if (!end.Answer.IsOk || !(lease.Only is null ? application.IsSwitchedOff(lease.Mechanism) : end.Patch is not null))
        {
            return end;
        }

        return OverrideMarks.Read(application) is { } mark && mark.Incident == lease.Incident
            ? new(ClusterAnswer.Ok, Guard(application, mark.Operation)
                .TestText(PauseFence.PathOf(Annotations.Incident), application.Annotation(Annotations.Incident)!)
                .AddText(PauseFence.PathOf(Annotations.Incident), to.Incident.ToString(CultureInfo.InvariantCulture))
                .AddText(PauseFence.PathOf(Annotations.ExpiresAt), OverrideMarks.Moment(to.Deadline))
                .ToString())
            : new(ClusterAnswer.Ok, null);
    }

    /// <summary>Takes our annotations off and touches nothing else.</summary>
    public static string ClearMarks(ApplicationJson application, Guid operation) =>
        WithoutMarks(Guard(application, operation), application).ToString();

    // After a crash or a lost answer this is asked again, and what people changed beside our field meanwhile is not ours.
    private static bool IsAsBefore(ApplicationJson application, Lease lease)
    {
        if (lease.Mechanism == PauseMechanism.TakeOut || !application.Automated.IsObject)
        {
            return CanonicalJson.AreEqual(application.AutomatedAsRead.Json, lease.Before.Json);
        }

        using var before = JsonDocument.Parse(lease.Before.Json ?? "{}");
        return CanonicalJson.Of(before.RootElement.At("enabled")) == CanonicalJson.Of(application.Automated.At("enabled"));
    }

    private static Step TakenBack(ApplicationJson application, Lease lease, OverrideMark? mark)
    {
        var answer = new ClusterAnswer(ClusterAnswerKind.Moved, $"The pause of {lease.Target.Name} was already ended by {PauseFence.WhoWrote(application, lease.StartedAt)}; its sync policy is {application.AutomatedAsRead.InWords} now and was left as it is");
        return new(answer, mark is null ? null : ClearMarks(application, lease.Mark));
    }

    private static string Restore(ApplicationJson application, Lease lease, OverrideMark? mark)
    {
        var patch = Guard(application, mark?.Operation);
        if (SyncAgain.IsOwed(application, mark, lease))
        {
            SyncAgain.Write(patch, application, lease);
        }

        return WithoutMarks(
            lease.Mechanism switch
            {
                PauseMechanism.SwitchOff => SwitchBack(patch, lease),
                PauseMechanism.TakeOut => PutBack(patch, application, lease),
                PauseMechanism.Window or PauseMechanism.Fields => throw new UnreachableException("that is no switch of the application"),
            },
            application).ToString();
    }

    private static JsonPatch SwitchBack(JsonPatch patch, Lease lease)
    {
        patch.Test(EnabledPath, "false");
        using var before = JsonDocument.Parse(lease.Before.Json ?? "{}");
        return CanonicalJson.Of(before.RootElement.At("enabled")) is { } value ? patch.Add(EnabledPath, value) : patch.Remove(EnabledPath);
    }

    // The controller drops a sync policy that has become empty, so the parent may have to be made again.
    private static JsonPatch PutBack(JsonPatch patch, ApplicationJson application, Lease lease)
    {
        var before = lease.Before.Json ?? "{}";
        return application.SyncPolicy.IsObject
            ? patch.TestNothingAt(ApplicationJson.AutomatedPath).Add(ApplicationJson.AutomatedPath, before)
            : patch.TestNothingAt(SyncPolicyPath).Add(SyncPolicyPath, $$"""{"automated":{{before}}}""");
    }

    /// <param name="operation">Whose mark it carries. Null: nobody's, and none may have come since, or it is held by another one.</param>
    internal static JsonPatch Guard(ApplicationJson application, Guid? operation)
    {
        var patch = new JsonPatch().TestText("/metadata/uid", application.Uid);
        return operation is { } ours ? patch.TestText(PauseFence.PathOf(Annotations.Operation), ours.ToString())
            : application.Annotations.IsObject ? OverrideMarks.Unchanged(patch, application)
            : patch.TestNothingAt(AnnotationsPath);
    }

    internal static JsonPatch WithoutMarks(JsonPatch patch, ApplicationJson application)
    {
        var ours = Annotations.Ours.Where(name => application.Annotation(name) is not null).ToList();
        if (ours.Count > 0 && ours.Count == application.Annotations.EnumerateObject().Count())
        {
            // There were none before us; an empty map would not be what was there. Guarded by the version and not by the
            // content: API servers compare texts by how they are escaped.
            return patch.TestText("/metadata/resourceVersion", application.Raw.Text("metadata", "resourceVersion") ?? "").Remove(AnnotationsPath);
        }

        foreach (var name in ours)
        {
            patch.Remove(PauseFence.PathOf(name));
        }

        return patch;
    }

    private static Step Say(ClusterAnswerKind kind, string sentence) => new(new(kind, sentence), null);
}
