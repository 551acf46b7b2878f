using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Distill;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Git;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Sandbox.Tests.ArgoCd;

/// <summary>One golden file's story, done again to the simulation under a clock that jumps from one due moment to the next.</summary>
internal sealed class Replay : IAsyncDisposable
{
    private static readonly ResourceKind Applications = ResourceKind.Named("applications");
    private static readonly string[] QuickOnes = ["pause-fence", "pause-without-fence", "pause-while-retrying", "pause-and-terminate"];
    private static readonly TimeSpan Resync = TimeSpan.FromSeconds(30);
    private readonly JsonObject golden;
    private readonly DateTimeOffset zero;
    private readonly FakeTimeProvider time;
    private readonly string directory = Directory.CreateTempSubdirectory("chatops-replay-").FullName;
    private readonly Dictionary<string, Trace> traces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> commits = new(StringComparer.Ordinal);
    private readonly HashSet<string> posted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GitRepository> repositories = new(StringComparer.Ordinal);
    private SimulatedApiServer server = null!;
    private SimulatedArgoCd argo = null!;
    private HttpClient client = null!;
    private long seen;
    private bool storyBegan;

    public Replay(JsonObject golden)
    {
        this.golden = golden;
        zero = DateTimeOffset.Parse(golden["zero"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        time = new FakeTimeProvider(zero.AddMinutes(-5));
    }

    public JsonObject End { get; } = [];

    public async Task<IReadOnlyList<(JsonObject Recorded, JsonObject Replayed)>> RunAsync()
    {
        await PrepareAsync();
        storyBegan = true;
        var segments = golden["story"]!.AsArray().OfType<JsonObject>().ToList();
        var results = new List<(JsonObject, JsonObject)>();
        for (var index = 0; index < segments.Count; index++)
        {
            var from = segments[index]["from"]!.GetValue<double>();
            await PassUntilAsync(from);
            foreach (var trace in traces.Values)
            {
                trace.Begin();
            }

            var steps = segments[index]["did"]!.AsArray().OfType<JsonObject>().ToList();
            var held = steps.Exists(step => step["decidedBefore"] is not null) ? argo.HoldNextSync() : null;
            foreach (var step in steps)
            {
                await PassUntilAsync(from + step["after"]!.GetValue<double>());
                if (step["writtenBefore"] is not null)
                {
                    await PassUntilAsync(Second + 0.25);
                }

                if (step["decidedBefore"] is not null)
                {
                    await PassUntilAsync(Second + 0.2);
                    Assert.True(held!.Decided.IsCompleted, "no sync was decided before the step that it raced with");
                }

                await DoAsync(step);
                Look();
                if (step["decidedBefore"] is not null)
                {
                    held!.Release();
                }
            }

            var until = index + 1 < segments.Count ? segments[index + 1]["from"]!.GetValue<double>() : golden["until"]!.GetValue<double>();
            await PassUntilAsync(until);
            var recorded = segments[index]["followed"]!.AsObject();
            if (index + 1 == segments.Count)
            {
                await PassUntilResyncAsync(until, () => Changes(Distiller.Followed(traces, from)) >= Changes(recorded));
            }

            results.Add((recorded, Distiller.Followed(traces, from)));
        }

        foreach (var (key, _) in golden["end"]!.AsObject())
        {
            var parts = key.Split('/');
            End[key] = server.Find(parts[0].ToLowerInvariant() + "s", parts[1], parts[2]) is { } found ? EndState.Of(found) : null;
        }

        return results;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await argo.DisposeAsync();
        await server.DisposeAsync();
        foreach (var repository in repositories.Values)
        {
            repository.Dispose();
        }

        Directory.Delete(directory, recursive: true);
    }

    /// <summary>These were recorded later, on a cluster where nothing else ran, and everything was quicker.</summary>
    private bool IsQuick => QuickOnes.Any(golden["recording"]!.GetValue<string>().StartsWith);

    private double Second => (time.GetUtcNow() - zero).TotalSeconds;

    private async Task PrepareAsync()
    {
        foreach (var repository in golden["repositories"]!.AsArray().OfType<JsonObject>())
        {
            var name = repository["repo"]!.GetValue<string>();
            if (repository["older"] is JsonObject older)
            {
                var before = (JsonObject)repository.DeepClone();
                before["files"] = older.DeepClone();
                commits[Placeholders.Older(name)] = await CommitAsync(before, "older");
            }

            commits[Placeholders.Start(name, isFirst: repositories.Count == 0)] = await CommitAsync(repository, "start");
        }

        server = await SimulatedApiServer.StartAsync(time, new SimulatedApiServerOptions { JobsEndAtOnce = !golden["story"]!.ToJsonString().Contains("\"jobEnds\"", StringComparison.Ordinal) }, CancellationToken.None);
        client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.AdminToken);
        var start = golden["start"]!.AsArray().OfType<JsonObject>().ToList();
        if (!start.Exists(placed => placed["kind"]!.GetValue<string>() == "AppProject" && placed["metadata"]!["name"]!.GetValue<string>() == "default"))
        {
            server.Create(new JsonObject { ["apiVersion"] = "argoproj.io/v1alpha1", ["kind"] = "AppProject", ["metadata"] = new JsonObject { ["name"] = "default", ["namespace"] = "argocd" }, ["spec"] = new JsonObject() });
        }

        var posts = golden["story"]!.AsArray().SelectMany(segment => segment!["did"]!.AsArray()).Select(step => step!["request"]?["body"] as JsonObject).OfType<JsonObject>().Where(body => body["spec"]?["destination"] is not null).ToList();
        posted.UnionWith(posts.Select(body => body["metadata"]?["name"]?.GetValue<string>()).OfType<string>());
        foreach (var ns in start.Concat(posts).Select(app => app["spec"]?["destination"]?["namespace"]?.GetValue<string>()).OfType<string>().Distinct())
        {
            if (server.Find("namespaces", "", ns) is null)
            {
                server.Create(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = ns } });
            }
        }

        foreach (var placed in start)
        {
            server.Create((JsonObject)placed.DeepClone());
        }

        argo = await SimulatedArgoCd.StartAsync(
            new ArgoCdSimulationOptions
            {
                ApiServer = server.Url,
                Token = server.AdminToken,
                Repositories = repositories.ToDictionary(entry => $"http://git.example.test:8099/{entry.Key}.git", entry => entry.Value.Path),
                Resync = golden["resyncsAreSteps"] is null ? Resync : TimeSpan.FromHours(1),
                Time = time,
                Pace = IsQuick ? ArgoCdPace.AsRecorded with { Apply = TimeSpan.FromMilliseconds(150) } : ArgoCdPace.AsRecorded,
                ByHand = true,
            },
            CancellationToken.None);
        foreach (var name in golden["deployed"]?.AsArray().Select(name => name!.GetValue<string>()) ?? [])
        {
            await PassUntilAsync(-60);
            await PatchAsync(name, """{"operation":{"initiatedBy":{"username":"admin"},"sync":{"syncOptions":["CreateNamespace=true"]}}}""");
        }

        await PassUntilAsync(-30);
        foreach (var (name, healed) in golden["healings"]!.AsObject())
        {
            await PatchAsync(name, """{"status":{"operationState":{"operation":{"sync":{"autoHealAttemptsCount":$n}}}}}""".Replace("$n", healed!.ToString(), StringComparison.Ordinal));
        }
    }

    private async Task PassUntilAsync(double second)
    {
        var end = zero.AddSeconds(second);
        while (true)
        {
            var due = await argo.SettleAsync(CancellationToken.None);
            Look();
            if (due is not { } next || next > end)
            {
                break;
            }

            time.SetUtcNow(next > time.GetUtcNow() ? next : time.GetUtcNow());
        }

        time.SetUtcNow(end > time.GetUtcNow() ? end : time.GetUtcNow());
    }

    /// <summary>A recording was stopped when what it waited for had come; where that was a resync, ours may come later by at most one.</summary>
    private async Task PassUntilResyncAsync(double second, Func<bool> isReached)
    {
        for (var more = 1; more <= Resync.TotalSeconds && !isReached(); more++)
        {
            await PassUntilAsync(second + more);
        }
    }

    private static int Changes(JsonObject followed) => followed.Sum(app => app.Value!.AsObject().Sum(field => field.Value!.AsArray().Count));

    private void Look()
    {
        var (changes, version, _) = server.Store.ChangesSince(seen);
        seen = version;
        foreach (var change in changes.Where(change => change.Kind == Applications))
        {
            var app = change.Object.Read();
            var name = app["metadata"]!["name"]!.GetValue<string>();
            var isNew = !traces.TryGetValue(name, out var trace);
            if (isNew)
            {
                traces[name] = trace = posted.Contains(name) ? Trace.FromNothing() : new Trace();
            }

            if (change.Type == "DELETED")
            {
                trace!.Gone(Second);
                continue;
            }

            trace!.See(Second, app);
            if (isNew && storyBegan && !posted.Contains(name))
            {
                // Born of a set or a parent: as in the recording, its trace begins with what it is born as.
                trace.Begin();
            }
        }
    }

    private async Task DoAsync(JsonObject step)
    {
        if (step["commit"] is JsonObject commit)
        {
            var message = commit["message"]!.GetValue<string>();
            commits[message] = await CommitAsync(commit, message);
        }
        else if (step["deleteBranch"]?.GetValue<string>() is { } branch)
        {
            await repositories.Values.First().DeleteBranchAsync(branch, CancellationToken.None);
        }
        else if (step["resync"]?.GetValue<string>() is { } resynced)
        {
            argo.CompareAnew(resynced);
        }
        else if (step["jobEnds"]?.GetValue<string>() is { } job)
        {
            var status = await SendAsync(new JsonObject
            {
                ["method"] = "PATCH",
                ["path"] = $"/apis/batch/v1/namespaces/{step["namespace"]}/jobs/{job}",
                ["contentType"] = "application/merge-patch+json",
                ["body"] = JsonNode.Parse("""{"status":{"active":null,"conditions":[{"type":"Complete","status":"True","message":"Reached expected number of succeeded pods"}]}}"""),
            });
            Assert.True(status == 200, $"{status} after {Second:0.0} s: the hook {job} does not run when it ended");
        }
        else if (step["request"] is JsonObject request)
        {
            var status = await SendAsync(request);
            var expected = step["answer"]?.GetValue<int>() ?? 200;
            Assert.True(expected == (status is 201 ? 200 : status), $"{status} instead of {expected} after {Second:0.0} s for {request.ToJsonString()}");
        }
    }

    private Task<int> PatchAsync(string application, string json) => SendAsync(new JsonObject
    {
        ["method"] = "PATCH",
        ["path"] = $"/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/{application}",
        ["contentType"] = "application/merge-patch+json",
        ["body"] = JsonNode.Parse(json),
    });

    private async Task<int> SendAsync(JsonObject request)
    {
        var path = request["path"]!.GetValue<string>();
        var parts = path.Split('/');
        var target = parts is [.., "applications" or "appprojects" or "applicationsets", var name] ? server.Find(parts[^2], "argocd", name) : null;
        using var message = new HttpRequestMessage(new HttpMethod(request["method"]!.GetValue<string>()), $"{path}?fieldManager={request["manager"] ?? "kubectl"}");
        if (request["body"] is { } body)
        {
            message.Content = new StringContent(Placeholders.Fill(body.ToJsonString(), target, commits), Encoding.UTF8);
            message.Content.Headers.ContentType = new(request["contentType"]?.GetValue<string>() ?? "application/json");
        }

        using var answer = await client.SendAsync(message);
        return (int)answer.StatusCode;
    }

    private async Task<string> CommitAsync(JsonObject commit, string message)
    {
        var name = commit["repo"]!.GetValue<string>();
        if (!repositories.TryGetValue(name, out var repository))
        {
            repositories[name] = repository = await GitRepository.CreateAsync(Path.Combine(directory, name), time, CancellationToken.None);
        }

        var files = commit["files"]!.AsObject().ToDictionary(file => file.Key, file => file.Value?.GetValue<string>());
        return await repository.CommitAsync(commit["branch"]!.GetValue<string>(), message, files, CancellationToken.None);
    }
}
