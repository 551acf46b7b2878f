using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>The sync windows of all projects of one Argo CD, and which applications some of them reach.</summary>
internal sealed class WindowReader(ArgoCdOptions options, ClusterApi cluster, ApplicationList applications, WindowHands hands, TimeProvider time)
{
    public async Task<(ClusterAnswer Answer, IReadOnlyList<SeenWindows> Projects)> ReadAsync(CancellationToken ct)
    {
        var (answer, projects) = await ProjectsAsync(ct);
        return (answer, [.. projects.Select(project => Of(project, time.GetUtcNow()))]);
    }

    /// <summary>Lists once, however many are asked for: of thousands of applications the list is what costs.</summary>
    public async Task<(ClusterAnswer Answer, IReadOnlyList<IReadOnlyList<ApplicationRef>> Reaches)> ReachAsync(IReadOnlyList<(string Project, SeenWindow Window)> windows, CancellationToken ct)
    {
        var (answer, projects) = await ProjectsAsync(ct);
        if (!answer.IsOk)
        {
            return (answer, []);
        }

        var globals = await GlobalsAsync(ct);
        var asked = windows.Select(one => (Projects: ReachedProjects(one.Project, projects, globals), Json: JsonDocument.Parse(one.Window.Json), Reaches: new List<ApplicationRef>())).ToList();
        try
        {
            foreach (var ns in options.AllNamespaces)
            {
                var (listed, list) = await applications.ReadWholeAsync(ns, ct);
                if (!listed.IsOk)
                {
                    return (listed, []);
                }

                foreach (var (reached, window, reaches) in asked)
                {
                    reaches.AddRange(list.Items
                        .Where(glance => glance.Scope is { } scope && reached.Contains(scope.Project) && SyncWindows.Reaches(window.RootElement, glance.Name, scope))
                        .Select(glance => new ApplicationRef(options.Name, glance.Namespace, glance.Name)));
                }
            }
        }
        finally
        {
            asked.ForEach(one => one.Json.Dispose());
        }

        return (ClusterAnswer.Ok, [.. asked.Select(one => one.Reaches)]);
    }

    /// <summary>The project itself, and those that a global one reaches.</summary>
    private static HashSet<string> ReachedProjects(string project, IReadOnlyList<JsonElement> projects, IReadOnlyList<GlobalProject> globals)
    {
        var those = globals.Where(global => global.Name == project).ToList();
        return [project, .. projects.Where(one => those.Exists(global => global.Reaches(one))).Select(NameOf)];
    }

    /// <summary>Where the bot may read which are.</summary>
    private async Task<IReadOnlyList<GlobalProject>> GlobalsAsync(CancellationToken ct) =>
        GlobalProject.Read((await cluster.GetAsync(ApplicationPaths.ArgoCdConfig(options.Namespace), ct)).Body.Text("data", "globalProjects"));

    private async Task<(ClusterAnswer Answer, IReadOnlyList<JsonElement> Projects)> ProjectsAsync(CancellationToken ct)
    {
        var reply = await cluster.GetAsync($"{ApplicationPaths.Projects(options.Namespace)}?resourceVersion=0", ct);
        return reply.IsOk && reply.Body.At("items").ValueKind == JsonValueKind.Array
            ? (ClusterAnswer.Ok, [.. reply.Body.Items("items")])
            : (ClusterAnswers.Of(reply, new(cluster.Name, null, "list", "appprojects", options.Namespace)), []);
    }

    private SeenWindows Of(JsonElement project, DateTimeOffset now)
    {
        var applied = WindowHands.Applied(project);
        var windows = project.Items("spec", "syncWindows").Select(window => SyncWindows.Seen(window, PauseWindow.Read(window) is not null, now)).Select((seen, at) => seen with { IsApplied = applied.Contains(seen.Json), TakeOut = WindowCommand.TakeOut(options.Namespace, NameOf(project), at, seen.Json) });
        return new(NameOf(project), [.. windows], hands.Of(project));
    }

    private static string NameOf(JsonElement project) => project.Text("metadata", "name") ?? "";
}
