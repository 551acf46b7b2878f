using System.Diagnostics;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Slack.Api;
using ChatOps.Scenarios.Clicks;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Refusals;

/// <summary>A story in which something goes wrong in every chapter; each begins when what went wrong in the one before has passed.</summary>
public sealed class Disturbed(Building building)
{
    private readonly HashSet<string> known = [.. Calls.OfSlack.Values.Concat(Calls.OfCluster.Values).SelectMany(calls => calls), .. Calls.Searches.Select(search => search.LookUp), Calls.InsteadOfTheDefinition, Calls.OfTheFirstStory];
    private Step chapter;
    private IReadOnlyList<Func<bool>> wasMade = [];

    /// <param name="arm">Lets something go wrong in a chapter; returns, for each call that it befalls, whether that was made.</param>
    public async Task TellAsync(Func<Step, IEnumerable<Func<bool>>> arm)
    {
        var room = await building.CleanRoomAsync();
        var calls = Log.Of(building);
        await new Story(room, async step =>
        {
            if (step != Step.Settle || wasMade.Count > 0)
            {
                await EndChapterAsync(room);
            }

            chapter = step;
            if (step != Step.Settle || await room.LeaseAsync() is { AwaitsEngine: true })
            {
                wasMade = [.. arm(step)];
            }
        }).TellAsync();
        await EndChapterAsync(room);

        await Truth.HoldsAsync(room);
        Assert.False(await Truth.IsPausedAsync(room));
        Assert.Empty(Log.Of(building).Since(calls).Where(call => !known.Contains(call)).Distinct());
        building.LeaveClean();
    }

    /// <summary>
    /// A watch is asked for anew every few minutes only; a chapter may be over before. And what silence kept from being
    /// looked at when the incident was declared is looked at when people ask, as the thread tells them to.
    /// </summary>
    private async Task EndChapterAsync(Room room)
    {
        var (since, asked) = (Stopwatch.StartNew(), 0);
        while (!wasMade.All(made => made()))
        {
            if (chapter == Step.Settle && await room.LeaseAsync() is { AwaitsEngine: false })
            {
                break; // the last look was under way when this was armed, and saw what there was to see
            }

            Assert.True(since.Elapsed < ScenarioWorld.Patience, $"{chapter}: the call was never made");
            if (chapter == Step.Declare && since.Elapsed > TimeSpan.FromSeconds(5 * (asked + 1)))
            {
                await room.Alice.CommandAsync("/gitops", $"plan pause {Story.Scope[asked++ % Story.Scope.Length]} for 30m because it was not looked at", room.Channel);
            }

            building.Pass(TimeSpan.FromSeconds(2));
            await Task.Delay(10);
        }

        building.Slack.Faults.Clear();
        building.Cluster.Faults.Clear();
        wasMade = [];
        await Truth.IsQuietAsync(room);
    }
}

/// <summary>What was asked of Slack and of the cluster so far, by kind.</summary>
public sealed record Log(IReadOnlyList<ApiCall> Slack, IReadOnlyList<ApiCall> Answers, IReadOnlyList<SeenRequest> Cluster)
{
    public static Log Of(Building building) => new(building.Slack.Calls, building.Slack.ResponseUrlCalls, building.Cluster.Requests.All);

    public IReadOnlyList<string> Since(Log earlier) => [.. SlackSince(earlier), .. ClusterSince(earlier)];

    public IEnumerable<string> SlackSince(Log earlier) => Slack.Skip(earlier.Slack.Count).Concat(Answers.Skip(earlier.Answers.Count)).Select(Kind.Of);

    /// <summary>Without what Argo CD's own controller asks.</summary>
    public IEnumerable<string> ClusterSince(Log earlier) => Cluster.Skip(earlier.Cluster.Count).Where(ByBot).Select(Kind.Of);

    public static bool ByBot(SeenRequest request) => request.User != "kubernetes-admin";
}
