using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// A switch to a branch, from the pinned commit on the object to what Argo CD made of it. One patch, which is taken only
/// while the revisions are as people saw them and no operation is there; without auto-sync it carries the sync as well. Pure.
/// </summary>
internal static class BranchStep
{
    private const string AnnotationsPath = "/metadata/annotations";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static EngineStep Next(ApplicationJson application, Operation operation, DateTimeOffset now)
    {
        var work = operation.Plan.Of<BranchWork>();
        var mark = OverrideMarks.Read(application)?.Operation;
        if (mark == operation.Id && SourceReading.ArePinned(application, work.To))
        {
            return Deployed(application, operation, work, now);
        }

        if (mark == operation.Id || operation.Progress is not null)
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, $"its revision was changed again by {WhoWrote(application, work)} before it was seen deployed");
        }

        return Hindrance(application, operation, work) ?? EngineStep.Write(Patch(application, operation, work), $"{BranchWork.Stored}Argo CD has not looked at it yet");
    }

    private static EngineStep? Hindrance(ApplicationJson application, Operation operation, BranchWork work)
    {
        if (application.IsBeingDeleted)
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, "the application is being deleted");
        }

        foreach (var (held, read) in work.To.Sources.Zip(work.AsRead))
        {
            if (SourceReading.FollowedAt(application, held) is not { } now || now != (read.Json ?? ""))
            {
                return EngineStep.Say(ClusterAnswerKind.Moved, $"{held.Before.Path} was changed since this was approved, by {WhoWrote(application, work)}, and was {read.InWords}");
            }
        }

        if (application.AutoSyncOn != work.AutoSync)
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, $"auto-sync was switched {(work.AutoSync ? "off" : "on")} since this was approved");
        }

        if (application.Annotation(Annotations.Operation) is { } other && other != work.Replaces?.ToString() && (OverrideMarks.Read(application)?.Branch is not { } held2 || SourceReading.ArePinned(application, held2)))
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, "another override has been stored since this was approved");
        }

        return Flights.InFlight(application) is { } flight
            ? new(new(ClusterAnswerKind.FenceBusy, $"an operation of {flight.By} is {(flight.WaitsToRetry ? "waiting to be tried again" : "under way")} on {operation.Plan.Target.Name}, and I do not take its place") { RetryAfter = TimeSpan.FromSeconds(1) })
            : null;
    }

    private static JsonPatch Patch(ApplicationJson application, Operation operation, BranchWork work)
    {
        var patch = new JsonPatch().TestText("/metadata/uid", application.Uid);
        foreach (var (held, read) in work.To.Sources.Zip(work.AsRead))
        {
            var source = held.Before.Path[..held.Before.Path.LastIndexOf('/')];
            _ = patch.TestText($"{source}/repoURL", held.Repository).Test(held.Before.Path, read.Json ?? "null").AddText(held.Before.Path, work.To.Commit);
        }

        var marks = BranchMarks.Write(operation, operation.EndsAt(operation.StateSince));
        if (application.Annotations.IsObject)
        {
            var ours = PauseFence.PathOf(Annotations.Operation);
            _ = application.Annotation(Annotations.Operation) is { } before ? patch.TestText(ours, before) : patch.TestNothingAt(ours);
            foreach (var (name, value) in marks)
            {
                patch.AddText(PauseFence.PathOf(name), value);
            }
        }
        else
        {
            patch.TestNothingAt(AnnotationsPath).AddTexts(AnnotationsPath, marks);
        }

        if (work.AutoSync)
        {
            return patch.TestNothingAt("/operation");
        }

        // Of several sources the pinned ones say themselves where they are; the others stay where the spec has them.
        var sync = work.SeveralSources ? new JsonObject() : SyncStep.Revisions([work.To.Commit], several: false);
        SyncStep.AddOptions(sync, work.SyncOptions);
        return SyncStep.Write(patch, application, operation, sync);
    }

    private static EngineStep Deployed(ApplicationJson application, Operation operation, BranchWork work, DateTimeOffset now)
    {
        var state = application.OperationState;
        if (SyncStep.HowFar(application, operation, now) is { } far)
        {
            return Stored(far);
        }

        if (Flights.InFlight(application) is { } flight)
        {
            return Stored(EngineStep.Say(ClusterAnswerKind.UnderWay, $"an operation of {flight.By} is {(flight.WaitsToRetry ? "waiting to be tried again" : "under way")}{(flight.Message.Length > 0 ? $": {Short(flight.Message)}" : "")}"));
        }

        var synced = SourceReading.AreAt(state.At("syncResult"), work.To);
        if (SourceReading.AreCompared(application, work.To))
        {
            if (synced && state.Text("phase") is "Failed" or "Error")
            {
                return SyncStep.Ended(state);
            }

            if (application.Raw.Text("status", "sync", "status") == "Synced")
            {
                return synced ? SyncStep.Ended(state) : EngineStep.Say(ClusterAnswerKind.Ok, "Nothing had to be changed");
            }
        }

        var waits = Error(application) is { } error ? $"Argo CD cannot render it: {Short(error)}"
            : !SourceReading.AreCompared(application, work.To) ? "Argo CD has not looked at it yet"
            : synced ? "synced, and Argo CD still sees differences"
            : "Argo CD has seen it and not begun to sync";
        return now - operation.StateSince < Patience ? EngineStep.Say(ClusterAnswerKind.UnderWay, BranchWork.Stored + waits)
            : synced && SourceReading.AreCompared(application, work.To) && state.Text("phase") == "Succeeded" ? SyncStep.Ended(state)
            : EngineStep.Say(ClusterAnswerKind.Failed, $"for five minutes {waits}");
    }

    private static EngineStep Stored(EngineStep step) => step.Answer.Kind == ClusterAnswerKind.UnderWay
        ? step with { Answer = step.Answer with { Sentence = BranchWork.Stored + step.Answer.Sentence } }
        : step;

    private static string? Error(ApplicationJson application) =>
        application.Conditions.Where(condition => condition.Type is "ComparisonError" or "InvalidSpecError").Select(condition => condition.Message).FirstOrDefault();

    private static string WhoWrote(ApplicationJson application, BranchWork work) => SourceReading.WriterOf(application, work.To) ?? "somebody that the cluster does not name";

    private static string Short(string message) => message.Length > 300 ? message[..300] + "…" : message;
}
