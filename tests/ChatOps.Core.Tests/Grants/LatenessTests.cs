using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Grants;

public sealed class LatenessTests : IDisposable
{
    private const string Ended = "chatops_grant_end_lateness_seconds";
    private const string Denied = "chatops_grant_denied_seconds";
    private readonly AsyncLocal<bool> mine = new();
    private readonly ConcurrentQueue<(string Name, double Seconds)> seen = new();
    private readonly MeterListener listener = new();

    public LatenessTests()
    {
        // Instruments are the process's, in which other tests end access too.
        mine.Value = true;
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name is Ended or Denied)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            if (mine.Value)
            {
                seen.Enqueue((instrument.Name, value));
            }
        });
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    [Fact]
    public async Task An_end_at_its_moment_and_its_proof_count_once_though_somebody_was_faster_in_the_books()
    {
        var world = await GivenAsync();
        world.Time.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(2));
        var faster = 3;
        world.Records.BeforeCommit = _ => faster-- > 0 ? throw new StaleRecordException("grant") : Task.CompletedTask;

        await world.WorkAsync();

        Assert.Equal([(Denied, 2.0), (Ended, 2.0)], seen.Order());
    }

    [Fact]
    public async Task What_was_gone_counts_for_nothing()
    {
        var world = await GivenAsync();
        world.Access.Objects.Clear();
        world.Time.Advance(TimeSpan.FromMinutes(31));

        await world.WorkAsync();

        Assert.Equal(GrantProof.NoMoreThanBefore, Assert.Single(world.Records.AllGrants).Proof);
        Assert.Empty(seen);
    }

    [Fact]
    public async Task What_is_given_back_counts_only_if_it_outlives_its_moment()
    {
        var world = await GivenAsync();
        await world.SayAsync("alice", "breakglass", "done");
        await world.WorkAsync();
        Assert.Empty(seen);

        world = await GivenAsync();
        world.Access.NextWrites.Enqueue((ClusterAnswerKind.Unavailable, false));
        await world.SayAsync("alice", "breakglass", "done");
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromMinutes(40));
        await world.WorkAsync();
        Assert.Equal((Ended, 600.0), seen.First());
    }

    private static async Task<World> GivenAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        return world;
    }
}
