using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatOps.Distill;

/// <summary>Makes of a recording what the simulation is held against: where it starts, what was done, which states followed and roughly when.</summary>
public sealed class Distiller
{
    private const double Quiet = 0.4;
    private const double BeforeEffect = 0.3;
    private const double JobBeforeEffect = 1;
    private const string Hook = "waiting for completion of hook batch/Job/";
    private static readonly string[] PlacedKinds = ["applications", "appprojects", "applicationsets"];
    private readonly Recording recording;
    private readonly Dictionary<string, Trace> traces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> commits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> placed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> live = new(StringComparer.Ordinal);
    private readonly JsonArray start = [];
    private readonly JsonArray repositories = [];
    private readonly JsonArray deployed = [];
    private readonly JsonObject healings = [];
    private readonly List<JsonObject> segments = [];
    private readonly HashSet<string> posted = new(StringComparer.Ordinal);
    private readonly HashSet<string> hooks = new(StringComparer.Ordinal);
    private (string Job, (string?, string?, string?) Seen)? hook;
    private bool healingSeen;
    private string? newCommit;
    private string branch = "main";
    private double from;
    private double healingWrittenAt = double.NegativeInfinity;
    private double lastStep = double.NegativeInfinity;

    private readonly OlderCommits older;

    public Distiller(Recording recording)
    {
        this.recording = recording;
        older = new OlderCommits(recording);
    }

    public JsonObject Distill()
    {
        foreach (var line in recording.Lines.Where(line => line["request"]?["method"]?.GetValue<string>() == "POST"))
        {
            posted.Add(line["request"]!["body"]!["metadata"]!["name"]!.GetValue<string>());
        }

        foreach (var line in recording.Lines)
        {
            var at = Recording.TimeOf(line);
            if (line["watch"]?.GetValue<string>() is { } kind)
            {
                Watched(at, kind, line["type"]!.GetValue<string>(), line["object"]!.AsObject());
            }
            else if (line["git"] is JsonObject git)
            {
                Committed(at, git);
            }
            else if (line["request"] is JsonObject request)
            {
                Step(at, new JsonObject { ["request"] = Shorten(request) });
                if (recording.PodsReadyAfter(at, request) is { } ready)
                {
                    segments[^1]["did"]!.AsArray()[^1]!["after"] = Math.Round(ready - from, 3);
                }
            }
            else if (line["answer"] is { } answer && segments.Count > 0)
            {
                Answered(answer);
            }
            else if (line["does"]?.GetValue<string>() is { } does && does.Contains("branch is deleted", StringComparison.Ordinal))
            {
                Step(at, new JsonObject { ["deleteBranch"] = branch });
            }
        }

        Close();
        if (Beginning.Settings(start, recording) is { } settings)
        {
            start.Add(settings);
        }

        var golden = new JsonObject
        {
            ["recording"] = recording.Name,
            ["zero"] = recording.Zero().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["start"] = start,
            ["repositories"] = repositories,
            ["healings"] = healings,
            ["story"] = new JsonArray([.. segments]),
            ["end"] = End(),
            ["until"] = Math.Round(Recording.TimeOf(recording.Lines[^1]), 2),
        };
        if (recording.IsAboutLag)
        {
            golden["resyncsAreSteps"] = true;
        }

        if (deployed.Count > 0)
        {
            golden["deployed"] = deployed;
        }

        return golden;
    }

    private void Watched(double at, string kind, string type, JsonObject seen)
    {
        var name = seen["metadata"]?["name"]?.GetValue<string>() ?? "";
        if (kind != "events")
        {
            var key = $"{seen["kind"]}/{seen["metadata"]?["namespace"]}/{name}";
            live[key] = seen;
            if (type == "DELETED")
            {
                live.Remove(key);
            }
        }

        if (PlacedKinds.Contains(kind) && !placed.ContainsKey($"{kind}/{name}"))
        {
            placed[$"{kind}/{name}"] = seen;
            if (!posted.Contains(name) && seen["metadata"]?["ownerReferences"] is null && seen["metadata"]?["annotations"]?["argocd.argoproj.io/tracking-id"] is null)
            {
                var before = BeforeStory(kind, seen);
                start.Add(Beginning.Of(before));
                if (Beginning.WasDeployedByHand(before))
                {
                    deployed.Add(name);
                }
            }
        }

        if (kind != "applications")
        {
            return;
        }

        if (!traces.TryGetValue(name, out var trace))
        {
            traces[name] = trace = posted.Contains(name) ? Trace.FromNothing() : new Trace();
            if (!posted.Contains(name))
            {
                trace.See(at, BeforeStory(kind, seen));
                trace.Begin();
                trace.See(at, seen);
                if (Beginning.Healings(seen, segments.Count > 0) is { } healed)
                {
                    healings[name] = healed;
                }

                return;
            }
        }

        if (type == "DELETED")
        {
            trace.Gone(at);
            return;
        }

        SeeHooks(at, seen);
        SeeResync(at, name, seen);
        trace.See(at, seen);
        MarkRace(at, name, trace);
        if (newCommit is not null && seen["status"]?["sync"]?["revision"]?.GetValue<string>() is { Length: 40 } sha && commits.TryAdd(sha, newCommit))
        {
            newCommit = null;
        }
    }

    private void SeeResync(double at, string name, JsonObject seen)
    {
        var heals = seen["operation"]?["initiatedBy"]?["automated"]?.GetValue<bool>() == true && seen["operation"]?["sync"]?["resources"] is JsonArray { Count: > 0 };
        if (heals && recording.IsAboutLag && at - lastStep > 3 && !healingSeen)
        {
            Step(Math.Round(at - BeforeEffect, 3), new JsonObject { ["resync"] = name });
        }

        healingSeen = heals;
    }

    /// <summary>
    /// How long a hook's pods take is chance: a replay has each Job end when the recorded one had, which its next effect tells.
    /// Jobs were not watched, and some time is left for it to be seen and the operation to go on.
    /// </summary>
    private void SeeHooks(double at, JsonObject seen)
    {
        var status = seen["status"];
        var now = (status?["operationState"]?["message"]?.GetValue<string>(), status?["sync"]?["status"]?.GetValue<string>(), status?["health"]?["status"]?.GetValue<string>());
        if (hook is { } waited && now != waited.Seen)
        {
            Step(Math.Round(at - JobBeforeEffect, 3), new JsonObject { ["jobEnds"] = waited.Job, ["namespace"] = seen["spec"]!["destination"]!["namespace"]!.DeepClone() });
            hook = null;
        }

        if (now.Item1 is { } message && message.StartsWith(Hook, StringComparison.Ordinal) && hooks.Add(message))
        {
            hook = (message[Hook.Length..], now);
        }
    }

    /// <summary>A healing that is written just after the step that should have prevented it was decided before it; a replay must do the same.</summary>
    private void MarkRace(double at, string name, Trace trace)
    {
        if (segments.Count == 0 || !trace.Current["operation"].StartsWith("written by auto partly healing", StringComparison.Ordinal))
        {
            return;
        }

        healingWrittenAt = at;
        var step = segments[^1]["did"]!.AsArray().OfType<JsonObject>().LastOrDefault(done =>
            done["request"]?["path"]?.GetValue<string>().EndsWith($"/applications/{name}", StringComparison.Ordinal) == true && done["request"]?["body"]?.ToJsonString() is { } body && (body.Contains("enabled", StringComparison.Ordinal) || body.Contains("skip-reconcile", StringComparison.Ordinal)));
        if (step is not null && at - from - step["after"]!.GetValue<double>() is >= 0 and < 0.3)
        {
            step["decidedBefore"] = true;
        }
    }

    private void Committed(double at, JsonObject git)
    {
        if (git["head"]?.GetValue<string>() is { } head && git["message"] is null)
        {
            Begun(head, git);
            return;
        }

        if (segments.Count == 0 && at < 0.005 && repositories.Count == 0)
        {
            repositories.Add(new JsonObject { ["repo"] = git["repo"]!.DeepClone(), ["branch"] = git["branch"]!.DeepClone(), ["files"] = git["files"]!.DeepClone() });
            return;
        }

        if (repositories.Count == 0)
        {
            repositories.Add(new JsonObject { ["repo"] = git["repo"]!.DeepClone(), ["branch"] = git["branch"]!.DeepClone(), ["files"] = older.FilesBefore(git["files"]!.AsObject()) });
        }

        newCommit = git["message"]!.GetValue<string>();
        branch = git["branch"]!.GetValue<string>();
        Step(at, new JsonObject { ["commit"] = git.DeepClone() });
    }

    private void Begun(string head, JsonObject git)
    {
        var name = git["repo"]!.GetValue<string>();
        var first = new JsonObject { ["repo"] = name, ["branch"] = git["branch"]!.DeepClone(), ["files"] = git["files"]!.DeepClone() };
        if (head.Length > 0)
        {
            commits[head] = Placeholders.Start(name, isFirst: repositories.Count == 0);
        }

        if (older.In(name) is { } commit)
        {
            commits[commit] = Placeholders.Older(name);
            first["older"] = older.Files(git["files"]!.AsObject());
        }

        repositories.Add(first);
    }

    private void Step(double at, JsonObject step)
    {
        var busy = traces.Values.Any(trace => at - trace.LastChange < Quiet);
        if (segments.Count == 0 || (!busy && at - lastStep >= 1))
        {
            Close();
            from = at;
            segments.Add(new JsonObject { ["from"] = Math.Round(at, 3), ["did"] = new JsonArray() });
        }

        lastStep = at;
        if (step["request"]?["body"]?.ToJsonString().Contains("\"value\":false", StringComparison.Ordinal) == true && at - healingWrittenAt is >= 0 and < 0.3)
        {
            step["writtenBefore"] = true;
        }

        step["after"] = Math.Round(at - from, 3);
        segments[^1]["did"]!.AsArray().Add(step);
    }

    private void Answered(JsonNode answer)
    {
        var code = answer is JsonValue value && value.TryGetValue<int>(out var plain) ? plain : 0;
        if (code is 0 or >= 300 && segments[^1]["did"]!.AsArray()[^1] is JsonObject step)
        {
            step["answer"] = code;
        }
    }

    private void Close()
    {
        if (segments.Count == 0)
        {
            return;
        }

        var followed = Followed(traces, from);
        if (!followed.ToJsonString().Contains("healing", StringComparison.Ordinal))
        {
            MarkUnnoticed();
        }

        segments[^1]["followed"] = followed;
    }

    /// <summary>A pause that came just after a hand edit, and no healing followed: the edit was not noticed before it. A replay must not notice it either.</summary>
    private void MarkUnnoticed()
    {
        var steps = segments[^1]["did"]!.AsArray().OfType<JsonObject>().ToList();
        foreach (var (edit, pause) in steps.Zip(steps.Skip(1)))
        {
            var isPause = pause["request"]?["body"]?.ToJsonString().Contains("\"enabled\":false", StringComparison.Ordinal) == true;
            if (isPause && edit["request"]?["path"]?.GetValue<string>().Contains("/argoproj.io/", StringComparison.Ordinal) == false && pause["after"]!.GetValue<double>() - edit["after"]!.GetValue<double>() < 0.3)
            {
                pause["unnoticedFor"] = pause["after"]!.GetValue<double>() - edit["after"]!.GetValue<double>();
                pause["after"] = edit["after"]!.DeepClone();
            }
        }
    }

    public static JsonObject Followed(IReadOnlyDictionary<string, Trace> traces, double from)
    {
        var followed = new JsonObject();
        foreach (var (name, trace) in traces.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var fields = trace.Since(from);
            if (fields.Count > 0)
            {
                followed[name] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)new JsonArray([.. field.Value.Select(change =>
                    (JsonNode)string.Create(CultureInfo.InvariantCulture, $"{change.After:0.0} {change.Value}"))]))));
            }
        }

        return followed;
    }

    private JsonObject End()
    {
        var end = new JsonObject();
        foreach (var (key, found) in live.Where(entry => IsManaged(entry.Value) && !entry.Key.Contains("openshift", StringComparison.Ordinal) && !entry.Key.Contains("kube-root", StringComparison.Ordinal)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            end[key] = EndState.Of(found);
        }

        return end;
    }

    /// <summary>A project without an owner in Git is what the story is told by, not what comes of it.</summary>
    private static bool IsManaged(JsonObject found) => found["kind"]?.GetValue<string>() is "Deployment" or "ConfigMap" or "Service"
        || (found["kind"]?.GetValue<string>() == "AppProject" && found["metadata"]?["annotations"]?["argocd.argoproj.io/tracking-id"] is not null);

    private JsonObject Shorten(JsonObject request)
    {
        var shortened = new JsonObject { ["method"] = request["method"]!.DeepClone(), ["path"] = request["path"]!.DeepClone(), ["user"] = request["user"]?.DeepClone() };
        foreach (var key in new[] { "contentType", "body" })
        {
            if (request[key] is { } value)
            {
                shortened[key] = Placeholders.Insert(value, commits);
            }
        }

        shortened["manager"] = request["params"]?["fieldManager"]?.DeepClone();
        return shortened;
    }

    /// <summary>Where a watch began after the story did, what the story added was not there at the start.</summary>
    private JsonObject BeforeStory(string kind, JsonObject seen)
    {
        if (segments.Count > 0 && seen["operation"] is not null)
        {
            seen = (JsonObject)seen.DeepClone();
            seen.Remove("operation");
        }

        if (!segments.Exists(segment => segment["did"]!.ToJsonString().Contains($"/{kind}/{seen["metadata"]?["name"]}\"", StringComparison.Ordinal)))
        {
            return seen;
        }

        var before = (JsonObject)seen.DeepClone();
        before["spec"]!.AsObject().Remove("syncWindows");
        (before["spec"]!["syncPolicy"]?["automated"] as JsonObject)?.Remove("enabled");
        return before;
    }
}
