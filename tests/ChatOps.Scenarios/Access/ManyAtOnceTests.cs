using ChatOps.Benchmarks.Ends;
using ChatOps.Peers;

namespace ChatOps.Scenarios.Access;

/// <summary>The benchmark of ends, small: whatever the machine does meanwhile, none is lost.</summary>
public sealed class ManyAtOnceTests
{
    [Fact]
    public async Task Of_hundreds_of_ends_in_one_moment_none_is_lost() => await NoneIsLostAsync(new(300, TimeSpan.FromSeconds(1), OnARealCluster: false) { Mixed = true, Lead = TimeSpan.FromSeconds(8) });

    [RealClusterFact]
    public async Task Of_a_hundred_ends_in_one_moment_a_real_API_server_loses_none() => await NoneIsLostAsync(new(100, TimeSpan.FromSeconds(1), OnARealCluster: true) { Mixed = true, Lead = TimeSpan.FromSeconds(8) });

    private static async Task NoneIsLostAsync(EndsPlan plan)
    {
        var report = await EndsRun.RunAsync(plan, CancellationToken.None);

        Assert.True(report.IsSound, report.ToString());
    }
}
