using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>Hidden overrides: what keeps Argo CD from putting Git's state back although nobody paused it.</summary>
internal static class Blockers
{
    public static IEnumerable<Blocker> Of(ApplicationJson application, Surroundings around, DateTimeOffset now)
    {
        if (SkipsReconcile(application))
        {
            yield return new(
                BlockerKind.SkipReconcile,
                "The annotation argocd.argoproj.io/skip-reconcile is set: Argo CD ignores the application, and its status here is stale.",
                "Remove the annotation first; nothing can be proved to hold while it is there.");
        }

        if (around.IsRollingSync)
        {
            yield return new(
                BlockerKind.RollingSync,
                $"ApplicationSet {around.Owner.Name} deploys it step by step (RollingSync): it switches auto-sync off itself and syncs on its own account, paused or not.",
                "Only a deny sync window stops that.");
        }
        else if (!application.AutoSyncOn && OverrideMarks.Read(application) is null)
        {
            yield return new(BlockerKind.AutoSyncOff, AutoSyncOffSentence(application), "There is nothing to pause: hand changes stay until somebody syncs.");
        }

        if ((Condition(application, "ComparisonError") ?? Condition(application, "InvalidSpecError")) is { } cannot)
        {
            yield return new(
                BlockerKind.CannotRender,
                $"Argo CD cannot work out what Git wants: {cannot}",
                "Hand changes stay and are not shown as drift until that works again: mend the branch, repository or access.");
        }
        else if (application.Raw.Text("status", "sync", "status") == "Unknown")
        {
            yield return new(BlockerKind.CannotRender, "Argo CD does not know the state of this application (Unknown).", "What it would do with hand changes is not known: refresh it, and look at its conditions in Argo CD.");
        }

        if (LastSyncFailure(application) is { } failure)
        {
            yield return new(
                BlockerKind.LastSyncFailed,
                $"The last sync of this revision did not succeed, so Argo CD neither syncs nor heals until a new commit or a sync by hand: {failure}",
                "Nothing reverts hand changes now. A new commit ends that: pause before it comes.");
        }

        foreach (var window in SyncWindows.BlockersOf(application, around.Projects, now))
        {
            yield return window;
        }
    }

    public static bool SkipsReconcile(ApplicationJson application) =>
        application.Annotation(Annotations.SkipReconcile) is "1" or "t" or "T" or "true" or "TRUE" or "True";

    private static string AutoSyncOffSentence(ApplicationJson application)
    {
        if (!application.IsSwitchedOff(PauseMechanism.SwitchOff))
        {
            return "Auto-sync is not on: spec.syncPolicy.automated is not set.";
        }

        var writer = application.WriterOfPauseField();
        return writer is null
            ? "Auto-sync is switched off (automated.enabled: false), not by an override of ours."
            : $"Auto-sync is switched off (automated.enabled: false), written by {writer.Manager}{(writer.At is { } at ? $" at {at:u}" : "")}, not by an override of ours.";
    }

    private static string? LastSyncFailure(ApplicationJson application)
    {
        if (Condition(application, "SyncError") is { } said)
        {
            return said;
        }

        // The condition is written only when the next sync is decided against; the phase is there before.
        var state = application.OperationState;
        return state.Text("phase") is "Failed" or "Error" && application.Raw.At("operation").IsAbsent
            && application.Raw.Text("status", "sync", "status") == "OutOfSync"
            && state.Text("syncResult", "revision") is { } tried && tried == application.Raw.Text("status", "sync", "revision")
                ? EngineWords.Of(state) ?? "it failed"
                : null;
    }

    private static string? Condition(ApplicationJson application, string type) =>
        application.Conditions.Where(condition => condition.Type == type).Select(condition => condition.Message).FirstOrDefault();
}
