using System.Diagnostics;
using ChatOps.Sandbox.Cluster;
using ChatOps.Scenarios.Clicks;

namespace ChatOps.Scenarios.Refusals;

/// <summary>Every call of the story to the cluster, refused in every way: twice each, as an outage that passes.</summary>
public abstract class ClusterRefusalTests(Building building, Step step, Predicate<SeenRequest> call)
{
    private const int Times = 2;

    [Theory]
    [InlineData("401")]
    [InlineData("403")]
    [InlineData("404")]
    [InlineData("409")]
    [InlineData("422")]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("hang")]
    [InlineData("dropped")]
    [InlineData("applied, then dropped")]
    public async Task The_story_ends_well_after(string refusal)
    {
        var room = await building.CleanRoomAsync();
        var hits = 0;
        await new Story(room, now =>
        {
            if (now == step)
            {
                Arm(refusal, request => call(request) && Interlocked.Increment(ref hits) <= Times);
            }

            return Task.CompletedTask;
        }).TellAsync();
        await IsMadeAsync(() => Volatile.Read(ref hits) > 0);
        building.Cluster.Faults.Clear();

        await Truth.HoldsAsync(room);
        Assert.False(await Truth.IsPausedAsync(room));
        building.LeaveClean();
    }

    /// <summary>A watch is asked for anew every few minutes only; a story may be over before.</summary>
    private async Task IsMadeAsync(Func<bool> isMade)
    {
        var since = Stopwatch.StartNew();
        while (!isMade())
        {
            Assert.True(since.Elapsed < TimeSpan.FromMinutes(1), "the call was never made");
            building.Clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(10);
        }
    }

    private void Arm(string refusal, Predicate<SeenRequest> when)
    {
        var faults = building.Cluster.Faults;
        switch (refusal)
        {
            case "hang":
                faults.Hang(when);
                break;
            case "dropped":
                faults.Drop(when);
                break;
            case "applied, then dropped":
                faults.ApplyThenDrop(when);
                break;
            case "429":
                faults.Answer(when, 429, retryAfter: 3);
                break;
            default:
                faults.Answer(when, int.Parse(refusal, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>Not what Argo CD's own controller asks.</summary>
    protected static bool ByBot(SeenRequest request) => request.User != "kubernetes-admin";

    protected static bool Reads(SeenRequest request, string end) => ByBot(request) && request.Verb == "get" && request.Path.EndsWith(end, StringComparison.Ordinal);

    protected static bool Patches(SeenRequest request, string words) => ByBot(request) && request.Method == "PATCH" && request.Body.Contains(words, StringComparison.Ordinal);
}
