using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>From JSON to facts; pure.</summary>
public static class ApplicationReading
{
    public static ApplicationFacts Facts(ApplicationJson application, Surroundings around, DateTimeOffset now)
    {
        var blockers = Blockers.Of(application, around, now).ToList();
        var cannotRender = blockers.Exists(blocker => blocker.Kind == BlockerKind.CannotRender);
        var pauseWriter = application.WriterOfPauseField();
        var destination = application.Raw.At("spec", "destination");
        var ourWindows = around.Projects is [var project, ..] ? new ProjectWindows(project).MarksOf(application, now) : [];
        var mark = MarkOf(application, ourWindows);
        return new()
        {
            Ref = new(around.Instance, application.Namespace, application.Name),
            Uid = application.Uid,
            Project = application.Project,
            Cluster = around.ClusterOf(destination),
            DestinationNamespace = destination.Text("namespace") ?? "",
            ResourceNamespaces = [.. Resources(application).Select(resource => resource.Namespace).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
            ClusterScoped = [.. Resources(application).Where(resource => resource.Namespace is null).Select(resource => resource.Name)],
            Sync = SyncOf(application.Raw.Text("status", "sync", "status")),
            Health = application.Raw.Text("status", "health", "status") ?? "Unknown",
            Revision = cannotRender ? null : Revision(application), // it would be the branch's name
            TargetRevisions = TargetRevisions(application),
            Automated = application.AutomatedAsRead,
            AutoSyncOn = application.AutoSyncOn,
            SelfHealOn = application.SelfHealOn,
            Owner = around.Owner,
            Flight = Flights.InFlight(application),
            LastOperation = Flights.Last(application),
            LastOperationFinishedAt = Flights.LastFinishedAt(application),
            NextRevert = application.SelfHealOn && blockers.Count == 0 && !ourWindows.Any(window => window is { Window.IsOpen: true }) ? SelfHeal.NextRevert(application, now) : null,
            RefreshPending = application.RefreshPending,
            Blockers = blockers,
            UnreadProjects = around.UnreadProjects,
            ProjectWindows = [.. around.Projects.SelectMany(project => project.Items("spec", "syncWindows")).Select(window => CanonicalJson.Of(window) ?? "")],
            Way = PauseWays.Of(application, around),
            RevisionWay = RevisionWays.Of(application, around),
            Sources = SourceReading.Facts(application, around),
            Syncing = SyncReading.Facts(application, around, cannotRender, now),
            Deleting = application.IsBeingDeleted,
            Window = around.Window,
            Set = around.Set,
            WindowsManager = around.Projects is [var own, ..] ? ManagedFields.LastWriterOf(own, "spec", "syncWindows")?.Manager : null,
            Rules = application.Rules,
            Mark = mark,
            OurWindows = ourWindows,
            PauseFieldManager = pauseWriter?.Manager,
            PauseFieldWrittenAt = pauseWriter?.At,
            AutoSyncHand = Owners.HandOf(application, pauseWriter),
            OwnerOfAutomated = OwnersWords.OfAutomated(application, around),
            ParentFoundSyncedAt = around.Owner.Kind == OwnerKind.Parent && ParentRules.FindsSynced(around.OwnerObject, application) ? around.OwnerObject.Time("status", "reconciledAt") : null,
            Skip = Skip(application),
            Link = around.ServerUrl is { } server ? new Uri(server, $"applications/{application.Namespace}/{application.Name}") : null,
            ReadAt = now,
        };
    }

    /// <summary>On the object itself, or in the description of a window that holds it: what an earlier override left on the object hides no window.</summary>
    private static OverrideMark? MarkOf(ApplicationJson application, IReadOnlyList<OverrideMark> windows)
    {
        var window = windows is [var first, ..] ? first : null;
        return OverrideMarks.Standing(application) ?? (window is { Window.IsOpen: true } ? window : OverrideMarks.Read(application) ?? window);
    }

    private static SkipFacts? Skip(ApplicationJson application) => Blockers.SkipsReconcile(application)
        ? new(
            new(PauseFence.PathOf(Annotations.SkipReconcile), CanonicalJson.Of(application.Annotations.At(Annotations.SkipReconcile)), null),
            Owners.HandOf(application, ManagedFields.LastWriterOf(application.Raw, "metadata", "annotations", Annotations.SkipReconcile)))
        : null;

    private static IEnumerable<(string? Namespace, string Name)> Resources(ApplicationJson application) =>
        from resource in application.Raw.Items("status", "resources")
        let ns = resource.Text("namespace")
        select (string.IsNullOrEmpty(ns) ? null : ns, $"{resource.Text("kind")}/{resource.Text("name")}");

    private static SyncState SyncOf(string? status) => status switch
    {
        "Synced" => SyncState.Synced,
        "OutOfSync" => SyncState.OutOfSync,
        _ => SyncState.Unknown,
    };

    private static string? Revision(ApplicationJson application)
    {
        var several = application.Raw.Texts("status", "sync", "revisions").ToList();
        return several.Count > 0 ? string.Join(',', several) : application.Raw.Text("status", "sync", "revision") is { Length: > 0 } one ? one : null;
    }

    private static IReadOnlyList<string> TargetRevisions(ApplicationJson application)
    {
        var spec = application.Raw.At("spec");
        if (spec.At("sourceHydrator", "drySource") is { IsObject: true } dry)
        {
            return [dry.Text("targetRevision") ?? "HEAD"];
        }

        var sources = spec.Items("sources").ToList();
        return [.. (sources.Count > 0 ? sources : [spec.At("source")]).Select(source => source.Text("targetRevision") is { Length: > 0 } revision ? revision : "HEAD")];
    }
}
