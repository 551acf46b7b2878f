using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// A sync, from the operation on the object to its last phase. One patch that is taken only when no operation is there,
/// and that clears what the last one left, because Argo CD would merge the two. Pure.
/// </summary>
internal static class SyncStep
{
    private const string GoesNoFurther = "It goes no further while that is so";
    private const string TakenBack = "it is taken back, and nothing more of it starts later";
    private static readonly TimeSpan FirstWords = TimeSpan.FromSeconds(3);

    public static EngineStep Replaced { get; } = EngineStep.Say(ClusterAnswerKind.Failed, "another operation has taken its place on the object, so how it ended cannot be told");

    public static EngineStep Next(ApplicationJson application, Operation operation, DateTimeOffset now)
    {
        return HowFar(application, operation, now) ?? Hindrance(application, operation, now) ?? Elsewhere(application, operation) ?? Undone(application, operation)
            ?? EngineStep.Write(Patch(application, operation), "handed to Argo CD");
    }

    /// <summary>Of ours, as the object or its record tells; null: it is in neither.</summary>
    public static EngineStep? HowFar(ApplicationJson application, Operation operation, DateTimeOffset now)
    {
        var (requested, state) = (application.Raw.At("operation"), application.OperationState);
        return OurOperation.IsIn(requested, operation) ? Going(application, operation, now)
            : !OurOperation.IsRecorded(state, operation) ? null
            : state.Text("phase") is not ("Running" or "Terminating") ? Ended(state)
            : requested.IsObject ? Replaced // one that notes nothing has begun, and the record keeps what was noted with ours
            : Vanished(application, operation, now);
    }

    /// <summary>The guarded write that every operation of ours goes out as; it touches nothing when one is there.</summary>
    public static JsonPatch Write(JsonPatch patch, ApplicationJson application, Operation operation, JsonObject sync)
    {
        patch.TestNothingAt("/operation").Add("/operation", new JsonObject
        {
            ["initiatedBy"] = new JsonObject { ["username"] = OurOperation.InitiatorOf(operation) },
            ["info"] = new JsonArray(
                new JsonObject { ["name"] = OurOperation.InfoName, ["value"] = operation.Id.ToString() },
                new JsonObject { ["name"] = "Reason", ["value"] = $"Incident #{operation.Incident}: {operation.Reason}" }),
            ["sync"] = sync,
        }.ToJsonString(JsonSerializerOptions.Default));

        // Also where none was seen: one that came and went since the look would be merged into this.
        return application.Raw.At("status").IsAbsent ? patch.TestNothingAt("/status") : patch.Add("/status/operationState", "null");
    }

    /// <summary>Why nothing may be written now; null when it may.</summary>
    public static EngineStep? Hindrance(ApplicationJson application, Operation operation, DateTimeOffset now)
    {
        if (operation.Progress is not null)
        {
            return Vanished(application, operation, now);
        }

        if (now >= operation.RequestExpiresAt)
        {
            return EngineStep.Say(ClusterAnswerKind.Rejected, "its approval lapsed before it could be handed to Argo CD");
        }

        if (application.IsBeingDeleted)
        {
            return EngineStep.Say(ClusterAnswerKind.Moved, "the application is being deleted");
        }

        return Flights.InFlight(application) is { } flight
            ? EngineStep.Say(ClusterAnswerKind.Moved, $"an operation of {flight.By} is {(flight.WaitsToRetry ? "waiting to be tried again" : "under way")}, and I do not take its place")
            : null;
    }

    /// <summary>
    /// What became of one that was on the object and is nowhere now. Who took it off is not told there: it may have been our
    /// own write, whose answer was lost, or heard by another replica. A controller that had it in hand may write something of its
    /// record once more.
    /// </summary>
    public static EngineStep Vanished(ApplicationJson application, Operation operation, DateTimeOffset now) =>
        application.Raw.At("operation").IsObject || application.OperationState.At("operation").IsObject && !OurOperation.IsRecorded(application.OperationState, operation) ? Replaced
        : now >= operation.RequestExpiresAt && operation.Progress?.Contains(GoesNoFurther, StringComparison.Ordinal) == true ? EngineStep.Say(ClusterAnswerKind.Rejected, $"its approval lapsed while it waited; {TakenBack}")
        : EngineStep.Say(ClusterAnswerKind.Failed, "it was taken off the object before it was over, and nothing more of it starts later");

    /// <summary>The approved commit from another path, or with other parameters, is not what was approved.</summary>
    private static EngineStep? Elsewhere(ApplicationJson application, Operation operation) =>
        operation.Plan.Of<SyncWork>().Source is { Length: > 0 } approved && approved != SyncReading.Source(application)
            ? EngineStep.Say(ClusterAnswerKind.Moved, "where the application takes its manifests from was changed since this was approved")
            : null;

    /// <summary>An entry of the history would not stay: nobody approved that it is there for a second.</summary>
    private static EngineStep? Undone(ApplicationJson application, Operation operation) =>
        operation.Plan.Of<SyncWork>() is { Entry: not null, BehindWindow: false } && application.AutoSyncOn
            ? EngineStep.Say(ClusterAnswerKind.Moved, "auto-sync is on by now, and would deploy what Git says about a second later")
            : null;

    public static EngineStep Ended(JsonElement state)
    {
        var revision = state.Text("syncResult", "revision") is { Length: > 0 } one ? one : string.Join(", ", state.Texts("syncResult", "revisions").Select(Commits.Abbreviate));
        var results = state.Items("syncResult", "resources").ToList();
        if (state.Text("phase") == "Succeeded")
        {
            return EngineStep.Say(ClusterAnswerKind.Ok, $"Succeeded at {Commits.Abbreviate(revision)}, {results.Count} {(results.Count == 1 ? "resource" : "resources")}");
        }

        var failing = results
            .Where(result => result.Text("status") == "SyncFailed" || result.Text("hookPhase") is "Failed" or "Error")
            .Select(result => $"{result.Text("kind")}/{result.Text("name")}: {EngineWords.OfResource(result, "failed")}")
            .ToList();
        var why = failing.Count > 0 ? string.Join("; ", failing.Take(5)) : EngineWords.Of(state) ?? "no message";
        return EngineStep.Say(ClusterAnswerKind.Failed, $"{state.Text("phase") ?? "it is gone"} at {Commits.Abbreviate(revision)}: {(why.Length > 600 ? why[..600] + "…" : why)}");
    }

    /// <summary>Every operation under a window says so for some milliseconds at its start, also where the window lets it through.</summary>
    private static bool KeepsWaiting(JsonElement state, DateTimeOffset now) => Flights.IsKeptByWindow(state) && !(state.Time("startedAt") is { } started && now - started < FirstWords);

    /// <summary>What a window keeps waiting is taken back when the approval lapses, so that it cannot start by itself later.</summary>
    public static EngineStep Going(ApplicationJson application, Operation operation, DateTimeOffset now)
    {
        var state = application.OperationState;
        if (!KeepsWaiting(state, now))
        {
            return EngineStep.Say(ClusterAnswerKind.UnderWay, EngineWords.Of(state) is { } message ? Short(message) : $"{state.Text("phase") ?? "waits to be begun"}");
        }

        return Kept("A sync window keeps it waiting.", application, operation, now);
    }

    /// <summary>Also in its middle, between two waves, where its message tells nothing of it.</summary>
    /// <param name="window">Which window and how long, as a sentence.</param>
    public static EngineStep Kept(string window, ApplicationJson application, Operation operation, DateTimeOffset now)
    {
        if (now < operation.RequestExpiresAt)
        {
            return EngineStep.Say(ClusterAnswerKind.UnderWay, $"{window} {GoesNoFurther}. If that still is so at {operation.RequestExpiresAt:HH:mm} UTC I take it back, so that it does not go on by itself when the window goes");
        }

        var requested = application.Raw.At("operation");
        if (!OurOperation.IsIn(requested, operation))
        {
            return Replaced;
        }

        var guard = OurOperation.Unchanged(new JsonPatch().TestText("/metadata/uid", application.Uid), requested, operation)
            .TestText("/status/operationState/startedAt", application.OperationState.Text("startedAt") ?? "");
        return new(
            new(ClusterAnswerKind.Rejected, $"its approval lapsed while it waited ({window.TrimEnd('.')}); {TakenBack}"),
            guard.Remove("/operation").Remove("/status/operationState").ToString());
    }

    private static JsonPatch Patch(ApplicationJson application, Operation operation)
    {
        var work = operation.Plan.Of<SyncWork>();
        var sync = Revisions(work.Revisions, work.SeveralSources);
        if (work.Prune)
        {
            sync["prune"] = true;
        }

        if (work.Force)
        {
            sync["syncStrategy"] = new JsonObject { [work.Only.Count > 0 ? "apply" : "hook"] = new JsonObject { ["force"] = true } };
        }

        if (work.Only.Count > 0)
        {
            sync["resources"] = new JsonArray([.. work.Only.Select(Reference)]);
        }

        AddOptions(sync, work.SyncOptions);
        var guard = new JsonPatch().TestText("/metadata/uid", application.Uid);
        if (work.Entry is null)
        {
            return Write(FromThere(guard, application), application, operation, sync);
        }

        AddSource(sync, work.Entry);
        return Write(work.BehindWindow ? guard.TestText("/spec/project", operation.Plan.Application.Project) : StillOff(guard, application), application, operation, sync);
    }

    /// <summary>What an entry of the history was deployed from: its path or chart may be another today.</summary>
    public static void AddSource(JsonObject sync, PastDeployment entry)
    {
        if (entry.SourceJson is { } source)
        {
            sync[entry.SeveralSources ? "sources" : "source"] = JsonNode.Parse(source);
        }
    }

    /// <summary>Auto-sync is off as it was read. A test below what is not there is refused, so the nearest that is there is tested.</summary>
    private static JsonPatch StillOff(JsonPatch guard, ApplicationJson application) =>
        application.Automated.IsObject ? guard.Test(ApplicationJson.AutomatedPath, application.Automated.GetRawText())
        : guard.TestNothingAt(application.SyncPolicy.IsObject ? ApplicationJson.AutomatedPath : ApplicationJson.SyncPolicyPath);

    /// <summary>Its manifests still come from where they did at the look.</summary>
    public static JsonPatch FromThere(JsonPatch guard, ApplicationJson application)
    {
        foreach (var field in SyncReading.SourceFields)
        {
            _ = application.Raw.At("spec", field) is { IsAbsent: false } read ? guard.Test($"/spec/{field}", read.GetRawText()) : guard.TestNothingAt($"/spec/{field}");
        }

        return guard;
    }

    public static void AddOptions(JsonObject sync, IReadOnlyList<string> options)
    {
        if (options.Count > 0)
        {
            sync["syncOptions"] = new JsonArray([.. options.Select(option => JsonValue.Create(option))]);
        }
    }

    public static JsonObject Revisions(IReadOnlyList<string> revisions, bool several) => several
        ? new() { ["revisions"] = new JsonArray([.. revisions.Select(revision => JsonValue.Create(revision))]) }
        : new() { ["revision"] = revisions[0] };

    private static JsonObject Reference(ManagedResource resource)
    {
        var reference = new JsonObject { ["kind"] = resource.Kind, ["name"] = resource.Name };
        if (resource.Group.Length > 0)
        {
            reference["group"] = resource.Group;
        }

        if (resource.Namespace.Length > 0)
        {
            reference["namespace"] = resource.Namespace;
        }

        return reference;
    }

    private static string Short(string message) => message.Length > 200 ? message[..200] + "…" : message;
}
