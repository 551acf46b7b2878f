using System.Text.Json.Nodes;

namespace ChatOps.Distill;

/// <summary>A history of ../shared/recordings as its lines.</summary>
public sealed class Recording(string name, IReadOnlyList<JsonObject> lines)
{
    public string Name => name;

    public IReadOnlyList<JsonObject> Lines => lines;

    public static Recording Read(string path) => new(
        Path.GetFileNameWithoutExtension(path),
        ProjectInGit.Complete([.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!.AsObject())]));

    /// <summary>A recording of many rounds, of which some were cut out, falls apart into one for each round that is in it, from the first hand edit on.</summary>
    public IEnumerable<Recording> Rounds()
    {
        if (!lines.Any(IsRound))
        {
            return [this];
        }

        var rounds = new List<Recording>();
        var begin = 0;
        JsonObject? content = null;
        for (var index = 0; index < lines.Count; index++)
        {
            if (!IsRound(lines[index]))
            {
                continue;
            }

            var part = lines.Skip(begin).Take(index - begin + 1).ToList();
            begin = index + 1;
            var first = part.FindIndex(line => line["request"]?["user"]?.GetValue<string>().StartsWith("alice", StringComparison.Ordinal) == true);
            content = part.Take(first).Select(line => line["git"] as JsonObject).LastOrDefault(git => git is not null) ?? content;
            var start = (JsonObject)content!.DeepClone();
            start.Remove("message");
            start["head"] = "";
            var before = part.Take(first).Last(line => line["watch"]?.GetValue<string>() == "applications");
            var beginning = new JsonObject { ["t"] = TimeOf(before), ["git"] = start };
            rounds.Add(new Recording($"{name}.{rounds.Count + 1}", [beginning, before, .. part.Skip(first)]));
        }

        return rounds;
    }

    /// <summary>
    /// When a request lets pods be placed that could not be, the moment at which they were ready: how long real pods take is
    /// chance, and in a replay they are ready at once. Null where Argo CD saw the request itself before that: then it counts.
    /// </summary>
    public double? PodsReadyAfter(double at, JsonObject request)
    {
        if (request["body"]?.ToJsonString().Contains("/spec/template/spec/nodeSelector", StringComparison.Ordinal) != true)
        {
            return null;
        }

        var seen = lines.Where(line => line["watch"]?.GetValue<string>() == "applications").Select(line => (At: TimeOf(line), Status: line["object"]?["status"])).ToList();
        var before = SyncIn(seen.FindLast(one => one.At <= at).Status);
        return seen.Where(one => one.At > at)
            .TakeWhile(one => SyncIn(one.Status) == before || SyncIn(one.Status) != "OutOfSync")
            .Where(one => one.Status?["health"]?["status"]?.GetValue<string>() == "Healthy")
            .Select(one => (double?)one.At - 0.2)
            .FirstOrDefault();
    }

    /// <summary>It measures how long what a window held back takes to come: when the next comparison comes is chance, and a replay has it come when it had.</summary>
    public bool IsAboutLag => lines.Any(line => line["note"] is JsonValue note && note.TryGetValue<string>(out var text) && text == "held" && line.ContainsKey("delay"));

    private static string? SyncIn(JsonNode? status) => status?["sync"]?["status"]?.GetValue<string>();

    private static bool IsRound(JsonObject line) => line["note"] is JsonValue note && note.TryGetValue<string>(out var text) && (text == "round" || line.ContainsKey("held"));

    public static double TimeOf(JsonObject line) => line["t"]!.GetValue<double>();

    /// <summary>The wall clock at second zero, from the first status that was written while the recorder ran.</summary>
    public DateTimeOffset Zero()
    {
        string? before = null;
        foreach (var line in lines.Where(line => line["watch"]?.GetValue<string>() == "applications"))
        {
            var at = line["object"]?["status"]?["reconciledAt"]?.GetValue<string>();
            if (before is not null && at is not null && at != before)
            {
                return DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture).AddSeconds(0.5 - TimeOf(line));
            }

            before = at ?? before;
        }

        return before is null ? new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero) : DateTimeOffset.Parse(before, System.Globalization.CultureInfo.InvariantCulture);
    }
}
