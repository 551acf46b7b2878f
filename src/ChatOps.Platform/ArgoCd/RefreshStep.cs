using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Refreshing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>A refresh, from the annotation to the comparison that took it off. Pure.</summary>
internal static class RefreshStep
{
    private static readonly string RefreshPath = PauseFence.PathOf(Annotations.Refresh);
    private static readonly TimeSpan ControllerPatience = TimeSpan.FromMinutes(1);

    public static EngineStep Next(ApplicationJson application, Operation operation, DateTimeOffset now)
    {
        var wanted = operation.Plan.Of<RefreshWork>().Hard ? "hard" : "normal";
        var there = application.Annotation(Annotations.Refresh);
        if (there == wanted || there == "hard")
        {
            return now - operation.StateSince < ControllerPatience
                ? EngineStep.Say(ClusterAnswerKind.UnderWay, "Argo CD has not answered it yet")
                : EngineStep.Say(ClusterAnswerKind.Failed, "Argo CD has not answered the refresh for a minute: its controller is down, overloaded or told to skip this application. The request stays on the object");
        }

        if (there is null && operation.Progress is not null)
        {
            return EngineStep.Say(ClusterAnswerKind.Ok, Result(application));
        }

        var patch = new JsonPatch().TestText("/metadata/uid", application.Uid);
        return EngineStep.Write(
            application.Annotations.IsObject
                ? (there is null ? patch.TestNothingAt(RefreshPath) : patch.TestText(RefreshPath, there)).AddText(RefreshPath, wanted)
                : patch.TestNothingAt("/metadata/annotations").AddTexts("/metadata/annotations", [new(Annotations.Refresh, wanted)]),
            "Argo CD is asked to compare");
    }

    private static string Result(ApplicationJson application)
    {
        var sync = application.Raw.Text("status", "sync", "status") ?? "Unknown";
        var problem = application.Conditions.FirstOrDefault(condition => condition.Type is "ComparisonError" or "InvalidSpecError").Message;
        return problem is not null
            ? $"compared, and Argo CD cannot work out what Git wants: {problem}"
            : $"compared: {sync} at {Commits.Abbreviate(application.Raw.Text("status", "sync", "revision") ?? "several revisions")}, {application.Raw.Text("status", "health", "status") ?? "health unknown"}";
    }
}
