using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Tests.ArgoCd;

public sealed class ReplayTests
{
    private static string Folder => Environment.GetEnvironmentVariable("CHATOPS_GOLDEN") ?? Path.Combine(AppContext.BaseDirectory, "ArgoCd", "Golden");

    /// <summary>Which recordings there are, one a line; those that the simulation does not go through with why not.</summary>
    private static IEnumerable<string> Names() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "ArgoCd", "recordings.txt")).Where(line => !line.Contains(": ", StringComparison.Ordinal));

    public static TheoryData<string> Recordings() => new(Names());

    [Fact]
    public void Each_recording_is_replayed_from_a_file_of_its_own_and_no_file_is_without_its_recording() =>
        Assert.Equal(Names().Order(StringComparer.Ordinal), Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

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
