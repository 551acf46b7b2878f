using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Git;
using ChatOps.Sandbox.Manifests;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>What Git says: the plain YAML files of a directory at a commit, or a small chart with its values, each manifest with the application's tracking mark.</summary>
internal sealed class TargetState(IReadOnlyDictionary<string, string> repositories)
{
    public const string TrackingAnnotation = "argocd.argoproj.io/tracking-id";
    private const string Unreadable = "rpc error: code = Unknown desc =";
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> directories = new(StringComparer.Ordinal);

    /// <param name="asked">null: what the sources ask for themselves</param>
    /// <returns>the commits, or null with the problem in the words of the repo-server</returns>
    public async Task<(Revisions? Commits, string Problem)> ResolveAsync(Origin origin, Revisions? asked, CancellationToken ct)
    {
        var commits = new List<string>();
        for (var index = 0; index < origin.Sources.Count; index++)
        {
            var revision = asked?.All.ElementAtOrDefault(index) is { Length: > 0 } given ? given : origin.Asked[index];
            var (commit, problem) = await ResolveAsync(origin.Sources[index], revision, ct);
            if (commit is null)
            {
                return (null, $"failed to generate manifest for source {index + 1} of {origin.Sources.Count}: {Unreadable} {problem}");
            }

            commits.Add(commit);
        }

        return (new Revisions(commits, origin.IsSeveral), "");
    }

    /// <returns>the manifests, and for each source what it was rendered by</returns>
    public async Task<(IReadOnlyList<Wanted> Wanted, IReadOnlyList<string> SourceTypes)> RenderAsync(Application app, Origin origin, Revisions commits, CancellationToken ct)
    {
        var wanted = new List<Wanted>();
        var types = new List<string>();
        for (var index = 0; index < origin.Sources.Count; index++)
        {
            var source = origin.Sources[index];
            if (source["ref"] is not null && source["path"] is null)
            {
                types.Add("");
                continue;
            }

            var files = await ReadAsync(source, PathOf(source), commits.All[index], ct);
            var isChart = files.ContainsKey(Chart.Mark);
            types.Add(isChart ? "Helm" : "Directory");
            var manifests = isChart ? await RenderChartAsync(app, origin, commits, index, files, ct) : files.Values;
            wanted.AddRange(manifests.SelectMany(Yaml.ParseAll).Where(manifest => manifest["kind"] is not null).Select(manifest => Track(app, manifest)));
        }

        return (wanted, types);
    }

    private static string PathOf(JsonObject source) => source["path"]?.GetValue<string>() is { } path && path is not ("" or ".") ? path.TrimEnd('/') + "/" : "";

    private async Task<(string? Commit, string Problem)> ResolveAsync(JsonObject source, string revision, CancellationToken ct)
    {
        if (!repositories.TryGetValue(source["repoURL"]?.GetValue<string>() ?? "", out var path))
        {
            return (null, "failed to list refs: repository not found: ");
        }

        return await GitRepository.ResolveAsync(path, revision, ct) is { } commit ? (commit, "") : (null, $"unable to resolve '{revision}' to a commit SHA");
    }

    private async Task<IReadOnlyList<string>> RenderChartAsync(Application app, Origin origin, Revisions commits, int index, IReadOnlyDictionary<string, string> files, CancellationToken ct)
    {
        var source = origin.Sources[index];
        var helm = source["helm"] as JsonObject;
        var values = new List<string> { files.GetValueOrDefault("values.yaml") ?? "" };
        foreach (var file in helm?["valueFiles"]?.AsArray().Select(file => file!.GetValue<string>()) ?? [])
        {
            var (holder, path) = (index, PathOf(source) + file);
            if (file.StartsWith('$') && file.Split('/', 2) is [var name, var rest])
            {
                holder = origin.Sources.ToList().FindIndex(candidate => candidate["ref"]?.GetValue<string>() == name[1..]);
                path = rest;
            }

            var cut = path.LastIndexOf('/') + 1;
            values.Add((await ReadAsync(origin.Sources[holder], path[..cut], commits.All[holder], ct)).GetValueOrDefault(path[cut..]) ?? "");
        }

        var templates = await ReadAsync(source, PathOf(source) + "templates/", commits.All[index], ct);
        return [.. templates.Values.Select(template => Chart.Render(template, app, values, helm))];
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadAsync(JsonObject source, string directory, string commit, CancellationToken ct)
    {
        var repository = repositories[source["repoURL"]!.GetValue<string>()];
        var key = $"{repository}@{commit}:{directory}";
        if (directories.TryGetValue(key, out var known))
        {
            return known;
        }

        var names = await GitCommand.RunAsync(repository, ct, "ls-tree", "--name-only", commit, directory.Length == 0 ? "." : directory);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names.Split('\n').Where(name => name.EndsWith(".yaml", StringComparison.Ordinal) || name.EndsWith(".yml", StringComparison.Ordinal)))
        {
            files[name[directory.Length..]] = await GitCommand.RunAsync(repository, ct, "show", $"{commit}:{name}");
        }

        return directories[key] = files;
    }

    private static Wanted Track(Application app, JsonObject manifest)
    {
        var id = ResourceId.Of(manifest, app.DestinationNamespace);
        var metadata = manifest["metadata"]!.AsObject();
        if (id.Namespace.Length > 0)
        {
            metadata["namespace"] = id.Namespace;
        }

        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }

        annotations[TrackingAnnotation] = id.TrackedBy(app.Name);
        return new Wanted(id, manifest);
    }
}

/// <summary>One manifest of the target state.</summary>
internal sealed record Wanted(ResourceId Id, JsonObject Manifest)
{
    /// <summary>PreSync, Sync, PostSync …; none for what is no hook.</summary>
    public IReadOnlyList<string> HookPhases => [.. ((string?)Manifest["metadata"]?["annotations"]?[Hooks.Annotation] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    public int Wave => int.TryParse(Manifest["metadata"]?["annotations"]?["argocd.argoproj.io/sync-wave"]?.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture, out var wave) ? wave : 0;
}
