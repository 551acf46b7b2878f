using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>The sync windows of all projects of one Argo CD, and which applications one of them reaches.</summary>
internal sealed class WindowReader(ArgoCdOptions options, ClusterApi cluster, ApplicationList applications, TimeProvider time)
{
    public async Task<(ClusterAnswer Answer, IReadOnlyList<SeenWindows> Projects)> ReadAsync(CancellationToken ct)
    {
        var (answer, projects) = await ProjectsAsync(ct);
        return (answer, [.. projects.Select(project => Of(project, time.GetUtcNow()))]);
    }

    public async Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Reaches)> ReachAsync(string project, SeenWindow window, CancellationToken ct)
    {
        var (answer, projects) = await ProjectsAsync(ct);
        if (!answer.IsOk)
        {
            return (answer, []);
        }

        var reached = await ReachedProjectsAsync(project, projects, ct);
        using var document = JsonDocument.Parse(window.Json);
        var all = new List<ApplicationRef>();
        foreach (var ns in options.AllNamespaces)
        {
            var (listed, list) = await applications.ReadWholeAsync(ns, ct);
            if (!listed.IsOk)
            {
                return (listed, []);
            }

            all.AddRange(list.Items
                .Where(glance => glance.Scope is { } scope && reached.Contains(scope.Project) && SyncWindows.Reaches(document.RootElement, glance.Name, scope))
                .Select(glance => new ApplicationRef(options.Name, glance.Namespace, glance.Name)));
        }

        return (ClusterAnswer.Ok, all);
    }

    /// <summary>The project itself, and those that a global one reaches, where the bot may read which are.</summary>
    private async Task<HashSet<string>> ReachedProjectsAsync(string project, IReadOnlyList<JsonElement> projects, CancellationToken ct)
    {
        var settings = await cluster.GetAsync(ApplicationPaths.ArgoCdConfig(options.Namespace), ct);
        var globals = GlobalProject.Read(settings.Body.Text("data", "globalProjects")).Where(global => global.Name == project).ToList();
        return [project, .. projects.Where(one => globals.Exists(global => global.Reaches(one))).Select(NameOf)];
    }

    private async Task<(ClusterAnswer Answer, IReadOnlyList<JsonElement> Projects)> ProjectsAsync(CancellationToken ct)
    {
        var reply = await cluster.GetAsync($"{ApplicationPaths.Projects(options.Namespace)}?resourceVersion=0", ct);
        return reply.IsOk && reply.Body.At("items").ValueKind == JsonValueKind.Array
            ? (ClusterAnswer.Ok, [.. reply.Body.Items("items")])
            : (ClusterAnswers.Of(reply, new(cluster.Name, null, "list", "appprojects", options.Namespace)), []);
    }

    private static SeenWindows Of(JsonElement project, DateTimeOffset now)
    {
        var hand = Owners.HandOf(new(project), ManagedFields.LastWriterOf(project, "spec", "syncWindows"));
        var windows = project.Items("spec", "syncWindows").Select(window => SyncWindows.Seen(window, PauseWindow.Read(window) is not null, now));
        return new(NameOf(project), [.. windows], hand?.Manager == ArgoCdReconciler.FieldManager ? null : hand);
    }

    private static string NameOf(JsonElement project) => project.Text("metadata", "name") ?? "";
}
