using ChatOps.Scenarios.Clicks;

namespace ChatOps.Scenarios.Refusals;

/// <summary>A call that the story makes and that nothing refuses would be a gap that nobody sees.</summary>
public sealed class UndisturbedTests(Building building) : IClassFixture<Building>
{
    [Fact]
    public async Task Every_call_of_the_story_is_refused_in_its_chapter()
    {
        var room = await building.CleanRoomAsync();
        var missing = new List<string>();
        var log = Log.Of(building);
        Step? chapter = null;
        await new Story(room, async step =>
        {
            await EndChapterAsync();
            chapter = step;
        }).TellAsync();
        await EndChapterAsync();

        Assert.True(missing.Count == 0, string.Join("\n", missing));
        await Truth.HoldsAsync(room);
        building.LeaveClean();

        async Task EndChapterAsync()
        {
            await Truth.IsQuietAsync(room);
            var now = Log.Of(building);
            if (chapter is { } step)
            {
                missing.AddRange(now.SlackSince(log).Distinct().Except(Calls.OfSlack[step]).Where(call => call != Calls.OfTheRecord).Select(call => $"{step}: {call}"));
                missing.AddRange(now.ClusterSince(log).Distinct().Except(Calls.OfCluster[step]).Except(Calls.ByTheClock).Where(call => call != Calls.OfTheFirstStory).Select(call => $"{step}: {call}"));
            }

            log = now;
        }
    }

    [Fact]
    public void What_the_clock_makes_is_refused_somewhere() => Assert.Empty(Calls.ByTheClock.Except(Calls.OfCluster.Values.SelectMany(calls => calls)));
}
