using ChatOps.Peers;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Alerts;

/// <summary>"Validated" is said on what a real Prometheus measured since the change, and on nothing else.</summary>
public sealed class SignalsTests
{
    [MonitoringFact]
    public async Task People_read_the_numbers_before_and_after_the_change_and_whether_they_bear_out_that_it_is_over()
    {
        var port = Loopback.FreePorts(1)[0];
        await using var world = await SignalsWorld.StartAsync(port);
        var thread = await SignalsWorld.DeclareAsync(world);
        await SaysAsync(world, thread, "signals checkout", "Signals of checkout: not known", "error rate is not known: Prometheus does not answer");

        world.Clock.Advance(TimeSpan.FromMinutes(30));
        await world.Alice.MentionAsync(SignalsWorld.Incidents, thread, "pause checkout for 20m because rollback of payment config");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, "Pause checkout", "needs one approval"), "Approve");
        await world.ThreadSaysAsync(thread, "checkout", "is holding");
        var paused = world.Clock.GetUtcNow();
        await using (var monitoring = await Monitoring.StartAsync(SignalsWorld.History(goodFrom: paused, end: paused.AddMinutes(20)), port))
        {
            await SaysAsync(world, thread, "signals checkout", "Signals of checkout: not known", "error rate", "too early: until", "before the change 40 % on average");
            world.Clock.Advance(TimeSpan.FromMinutes(4));
            await SaysAsync(world, thread, "signals checkout", "Signals of checkout: good", "error rate 0.2 %, good (good is 1 % or less); before the change 40 % on average", "latency 0.19 s, good (good is 0.5 s or less); before the change 0.956 s on average", "▁");
            var pictures = (await world.ThreadSaysAsync(thread, "Signals of checkout: good")).Blocks!.Where(block => (string?)block!["type"] == "image").ToList();
            Assert.Equal(2, pictures.Count);
            Assert.StartsWith("error rate of checkout, ", (string?)pictures[0]!["alt_text"], StringComparison.Ordinal);
            Assert.Contains("dashed: the change at", (string?)pictures[0]!["alt_text"], StringComparison.Ordinal);
            await SaysAsync(world, thread, "mitigated", "Validated by signals.", "checkout: error rate 0.2 %, good");

            world.Clock.Advance(TimeSpan.FromMinutes(30));
            await world.Alice.MentionAsync(SignalsWorld.Incidents, thread, "reopen");
            await SaysAsync(world, thread, "signals checkout", "Signals of checkout: not known", "stale: nothing was measured after", "when it was 0.2 %");
        }

        await SaysAsync(world, thread, "mitigated", "Not validated by signals.", "error rate is not known: Prometheus does not answer");
    }

    private static async Task SaysAsync(ScenarioWorld world, string thread, string command, params string[] words)
    {
        await world.Alice.MentionAsync(SignalsWorld.Incidents, thread, command);
        await world.ThreadSaysAsync(thread, words);
    }
}
