using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Tests.ArgoCd;

public sealed class ReplayTests
{
    private static string Folder => Environment.GetEnvironmentVariable("CHATOPS_GOLDEN") ?? Path.Combine(AppContext.BaseDirectory, "ArgoCd", "Golden");

    /// <summary>Which recordings there are, one a line; those that are not replayed, since they hold no request, with the test that holds them.</summary>
    private static IReadOnlyList<string> Lines() => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "ArgoCd", "recordings.txt"))];

    private static IEnumerable<string> Names() => Lines().Where(line => !line.Contains(": ", StringComparison.Ordinal));

    public static TheoryData<string> Recordings() => new(Names());

    [Fact]
    public void Each_recording_is_replayed_from_a_file_of_its_own_and_no_file_is_without_its_recording() =>
        Assert.Equal(Names().Order(StringComparer.Ordinal), Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_recording_that_is_not_replayed_is_held_by_a_test_that_names_it() =>
        Assert.All(Lines().Except(Names()), line => Assert.True(
            line.Split(": held by ") is [var recording, var test] && File.ReadAllText(Path.Combine(Root(), test)).Contains(recording, StringComparison.Ordinal),
            $"no test holds {line}"));

    /// <summary>They are no part of the repository: where they lie beside it, a new one must be named here and replayed.</summary>
    [Fact]
    public void No_recording_that_lies_beside_the_repository_is_left_out()
    {
        var beside = new DirectoryInfo(Path.Combine(Root(), "../shared/recordings/argocd-3.5.1/histories"));
        var named = Lines().Select(line => line.Split(": ")[0]).ToList();
        var left = beside.Exists ? beside.EnumerateFiles("*.jsonl").Select(file => Path.GetFileNameWithoutExtension(file.Name)).Where(name => !named.Exists(one => one == name || one.StartsWith($"{name}.", StringComparison.Ordinal))) : [];
        Assert.Empty(left);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task The_simulation_goes_through_the_states_that_a_real_Argo_CD_went_through(string recording)
    {
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, recording + ".json")))!.AsObject();
        await using var replay = new Replay(golden);

        var segments = await replay.RunAsync();

        var recorded = segments.SelectMany((segment, index) => Lines(index, segment.Recorded)).ToList();
        var replayed = segments.SelectMany((segment, index) => Lines(index, segment.Replayed)).ToList();
        Assert.True(recorded.SequenceEqual(replayed), string.Join('\n', recorded.Except(replayed).Select(line => $"recorded {line}").Concat(replayed.Except(recorded).Select(line => $"replayed {line}"))));
        Assert.Equal(golden["end"]!.ToJsonString(), replay.End.ToJsonString());
        foreach (var (was, isNow) in segments)
        {
            AssertRoughlyWhen(was, isNow);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ChatOps.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    private static IEnumerable<string> Lines(int index, JsonObject followed) => followed
        .OrderBy(app => app.Key, StringComparer.Ordinal)
        .SelectMany(app => app.Value!.AsObject().Select(field => $"{index} {app.Key} {field.Key}: {string.Join(" > ", field.Value!.AsArray().Select(Value))}"));

    /// <summary>Within half as long again and a resync's grain of two seconds; what waits for the resync may come anywhere within it.</summary>
    private static void AssertRoughlyWhen(JsonObject recorded, JsonObject replayed)
    {
        foreach (var (app, fields) in recorded)
        {
            foreach (var (field, changes) in fields!.AsObject())
            {
                var times = changes!.AsArray().Zip(replayed[app]![field]!.AsArray(), (was, isNow) => (Was: When(was), Is: When(isNow), What: $"{app} {field} {Value(was)}"));
                Assert.All(times, moment => Assert.True(
                    Math.Abs(moment.Was - moment.Is) <= 2 + moment.Was / 2 || (moment.Was < 32 && moment.Is < 32 && Math.Abs(moment.Was - moment.Is) <= 30),
                    string.Create(CultureInfo.InvariantCulture, $"{moment.What}: after {moment.Was} s, replayed after {moment.Is} s")));
            }
        }
    }

    private static double When(JsonNode? change) => double.Parse(change!.GetValue<string>().Split(' ', 2)[0], CultureInfo.InvariantCulture);

    private static string Value(JsonNode? change) => change!.GetValue<string>().Split(' ', 2)[1];
}
