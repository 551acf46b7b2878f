using System.Globalization;
using ChatOps.Sandbox.Cluster;
using ChatOps.Scenarios.Clicks;

namespace ChatOps.Scenarios.Refusals;

/// <summary>Every call of the story to the cluster, refused in every way: twice each, as an outage that passes; two calls of each chapter at a time.</summary>
public abstract class ClusterRefusalTests(Building building)
{
    private const int Times = 2;

    protected async Task EndsWellAsync(string refusal)
    {
        for (var turn = 0; turn < Calls.Turns(Calls.OfCluster); turn++)
        {
            await new Disturbed(building).TellAsync(step => Calls.At(Calls.OfCluster, step, turn).Select(call => Arm(call, refusal)));
        }
    }

    /// <summary>What the definition of an Application says is read elsewhere where it may not be read.</summary>
    protected Task EndsWellWithoutTheDefinitionAsync(string refusal) => new Disturbed(building).TellAsync(step =>
    {
        if (step != Step.Warn)
        {
            return [];
        }

        Arm("get customresourcedefinitions", "403");
        return [Arm(Calls.InsteadOfTheDefinition, refusal)];
    });

    private Func<bool> Arm(string call, string refusal)
    {
        var hits = 0;
        Predicate<SeenRequest> when = request => Log.ByBot(request) && Kind.Of(request) == call && Interlocked.Increment(ref hits) <= Times;
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
                faults.Answer(when, int.Parse(refusal, CultureInfo.InvariantCulture));
                break;
        }

        return () => Volatile.Read(ref hits) > 0;
    }
}

/// <summary>The cluster is not there, or not now.</summary>
public sealed class ClusterOutageTests(Building building) : ClusterRefusalTests(building), IClassFixture<Building>
{
    public static TheoryData<string> Outages => ["429", "500", "503", "hang", "dropped", "applied, then dropped"];

    [Theory]
    [MemberData(nameof(Outages))]
    public Task The_story_ends_well_after(string outage) => EndsWellAsync(outage);

    [Theory]
    [MemberData(nameof(Outages))]
    public Task The_story_ends_well_when_the_definition_may_not_be_read_and_what_stands_in_for_it_meets(string outage) => EndsWellWithoutTheDefinitionAsync(outage);
}

/// <summary>The cluster says no.</summary>
public sealed class ClusterNoTests(Building building) : ClusterRefusalTests(building), IClassFixture<Building>
{
    public static TheoryData<string> Nos => ["401", "403", "404", "409", "422"];

    [Theory]
    [MemberData(nameof(Nos))]
    public Task The_story_ends_well_after(string no) => EndsWellAsync(no);

    [Theory]
    [MemberData(nameof(Nos))]
    public Task The_story_ends_well_when_the_definition_may_not_be_read_and_what_stands_in_for_it_meets(string no) => EndsWellWithoutTheDefinitionAsync(no);
}
