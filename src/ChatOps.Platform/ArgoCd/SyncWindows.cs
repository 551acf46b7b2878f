using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Sync windows that stop an application from being synced by itself. Nothing on the application says so; they are judged
/// here as the controller judges them: any open deny stops it, and so does having allow windows of which none is open.
/// </summary>
internal static class SyncWindows
{
    /// <param name="projects">The application's project and the global ones that reach it.</param>
    public static IEnumerable<Blocker> BlockersOf(ApplicationJson application, IEnumerable<JsonElement> projects, DateTimeOffset now)
    {
        var windows = Applying(application, projects);
        var malformed = windows.Where(window => window.Schedule is null || window.Duration is null).ToList();
        var sound = windows.Except(malformed).ToList();
        var allows = sound.Where(window => window.Kind == "allow").ToList();

        foreach (var window in malformed)
        {
            yield return new(
                BlockerKind.MalformedWindow,
                $"A sync window of project {window.Project} cannot be read ({window.Words}); Argo CD then syncs nothing that it applies to, by hand neither, and says so nowhere.",
                $"Correct or remove that window in project {window.Project}.");
        }

        foreach (var window in sound.Where(window => window.Kind == "deny" && window.IsOpen(now) && PauseWindow.Read(window.Raw)?.IsFor(application) != true))
        {
            yield return new(
                BlockerKind.DenyWindow,
                $"A deny window of project {window.Project} is open ({window.Words}): nothing is synced by itself until it closes.",
                $"Nothing reverts hand changes now; they are reverted after the window closes. Pause before that, or keep the window.");
        }

        if (allows.Count > 0 && !allows.Exists(window => window.IsOpen(now)))
        {
            yield return new(
                BlockerKind.InactiveAllowWindow,
                $"Project {allows[0].Project} allows syncs only in its windows ({allows[0].Words}), and none is open now.",
                "Nothing reverts hand changes now; they are reverted when a window opens. Pause before that.");
        }
    }

    /// <summary>Whether this one window keeps the application from being synced by itself now, as somebody may have left it.</summary>
    public static bool Denies(JsonElement window, ApplicationJson application, DateTimeOffset now) =>
        Read(window, "") is { Kind: "deny", Schedule: not null, Duration: not null } sound && sound.Applies(application) && sound.IsOpen(now);

    /// <summary>
    /// Why an operation that somebody writes would wait, in words; null when it would run. As the controller judges: a deny
    /// window lets it pass when every open one says manualSync, and so do closed allow windows.
    /// </summary>
    public static string? BlocksOperations(ApplicationJson application, IEnumerable<JsonElement> projects, DateTimeOffset now)
    {
        var windows = Applying(application, projects);
        if (windows.Find(window => window.Schedule is null || window.Duration is null) is { } malformed)
        {
            return $"A sync window of project {malformed.Project} cannot be read ({malformed.Words}), and so stops everything that it applies to.";
        }

        if (windows.Where(window => window.Kind == "deny" && window.IsOpen(now)).ToList() is { Count: > 0 } denying)
        {
            return denying.Find(window => !window.LetsManualPass) is { } strict ? $"A deny window of project {strict.Project} is open ({strict.Words})." : null;
        }

        var allows = windows.FindAll(window => window.Kind == "allow");
        return allows.Count == 0 || allows.Exists(window => window.IsOpen(now)) || allows.TrueForAll(window => window.LetsManualPass)
            ? null
            : $"Project {allows[0].Project} allows syncs only in its windows ({allows[0].Words}), and none is open now.";
    }

    /// <summary>Whether a window, open or not, is one of an application's.</summary>
    public static bool Reaches(JsonElement window, string name, ApplicationScope scope) => Read(window, "").Applies(name, scope);

    /// <summary>A window as people are told of it, whomever it holds.</summary>
    public static SeenWindow Seen(JsonElement raw, bool isOurs, DateTimeOffset now)
    {
        var window = Read(raw, "");
        var isSound = window.Schedule is not null && window.Duration is not null;
        return new(
            CanonicalJson.Of(raw) ?? "",
            window.Words,
            window.Kind == "deny" || !isSound, // one that cannot be read holds everything back
            !window.LetsManualPass,
            isOurs,
            !isSound ? SeenWindow.NoEnd : window.Schedule!.OpenUntil(window.Duration!.Value, window.Zone, now),
            isSound ? window.Schedule!.Next(window.Zone, now) : null);
    }

    /// <summary>All that apply, in words.</summary>
    public static IEnumerable<WindowLine> LinesOf(ApplicationJson application, IEnumerable<JsonElement> projects, DateTimeOffset now) =>
        from window in Applying(application, projects)
        let isSound = window.Schedule is not null && window.Duration is not null
        let byHand = window.LetsManualPass ? ", by hand stays possible" : ""
        select new WindowLine($"{window.Words} in project {window.Project}{byHand}", isSound && window.IsOpen(now));

    private static List<Window> Applying(ApplicationJson application, IEnumerable<JsonElement> projects) =>
    [
        .. projects
            .SelectMany(project => project.Items("spec", "syncWindows").Select(window => Read(window, project.Text("metadata", "name") ?? "?")))
            .Where(window => window.Applies(application)),
    ];

    private static Window Read(JsonElement window, string project) => new(
        project,
        window,
        window.Text("kind") ?? "",
        WindowSchedule.Parse(window.Text("schedule")),
        GoDuration.TryParse(window.Text("duration"), out var duration) ? duration : null,
        Zone(window.Text("timeZone")));

    // Argo CD takes UTC for a zone that it does not know.
    private static TimeZoneInfo Zone(string? name) =>
        name is { Length: > 0 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    private sealed record Window(string Project, JsonElement Raw, string Kind, WindowSchedule? Schedule, TimeSpan? Duration, TimeZoneInfo Zone)
    {
        public string Words =>
            $"{Kind} `{Raw.Text("schedule")}` for {Raw.Text("duration")} {Raw.Text("timeZone") ?? "UTC"}{(Raw.Text("description") is { Length: > 0 } why ? $", “{why}”" : "")}";

        public bool LetsManualPass => Raw.Flag("manualSync");

        public bool IsOpen(DateTimeOffset now) => Schedule!.IsOpen(Duration!.Value, Zone, now);

        public bool Applies(ApplicationJson application)
        {
            var destination = application.Raw.At("spec", "destination");
            return Applies(application.Name, destination.Text("namespace"), destination.Text("server"), destination.Text("name"));
        }

        public bool Applies(string name, ApplicationScope scope) => Applies(name, scope.Namespace, scope.Server, scope.Cluster);

        private bool Applies(string name, string? ns, string? server, string? cluster)
        {
            bool?[] selectors = [Selects("applications", name), Selects("namespaces", ns), Selects("clusters", server, cluster)];
            var named = selectors.OfType<bool>().ToList();
            return named.Count > 0 && (Raw.Flag("andOperator") ? named.TrueForAll(matches => matches) : named.Exists(matches => matches));
        }

        private bool? Selects(string key, params string?[] values)
        {
            var patterns = Raw.Texts(key).ToList();
            return patterns.Count == 0
                ? null
                : values.OfType<string>().Any(value => patterns.Exists(pattern => WindowGlob.Matches(pattern, value)));
        }
    }
}
