using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.AnyOrder;

/// <summary>What must be true after every step.</summary>
internal sealed class Promises
{
    private readonly World world;
    private readonly Dictionary<Guid, OperationState> over = [];
    private readonly HashSet<Guid> edited = [];

    public Promises(World world)
    {
        this.world = world;
        world.Cluster.OnChange = Authorised;
        world.Cluster.OnEnd = NobodyElseHolds;
    }

    public async Task CheckAsync()
    {
        foreach (var one in world.Cluster.All.Where(one => one.IsOff && one.Mark is not null))
        {
            var lease = world.Records.AllLeases.FirstOrDefault(lease => lease.IsLive && lease.Mark == one.Mark!.Operation);
            Assert.True(lease is not null, $"{one.Ref.Name} is paused in the cluster and no lease says so: {string.Join(", ", world.Records.AllLeases.Select(any => $"{any.Target.Name} {any.State}"))}");
            Assert.False(string.IsNullOrWhiteSpace(lease.Reason));
            Assert.NotEqual(default, lease.Deadline);
            Assert.True(lease.Deadline <= lease.Latest, "longer than the rule allows");
        }

        foreach (var effects in world.Cluster.Effects.GroupBy(effect => (effect.Operation, effect.What)))
        {
            Assert.True(effects.Count() == 1 || edited.Contains(effects.Key.Operation) || effects.Key.What is "end" or "leave", $"{effects.Key.What} was done {effects.Count()} times for one approval");
        }

        foreach (var incident in world.Records.AllIncidents)
        {
            var entries = await world.Records.TimelineAsync(incident.Number, default);
            Assert.Empty(Chain.Faults(incident.Number, entries, incident.Entries, incident.Head));
        }
    }

    /// <summary>At every commit: what is over stays over.</summary>
    public void Stored(Changes changes)
    {
        foreach (var operation in changes.Operations)
        {
            Assert.True(!over.TryGetValue(operation.Id, out var ended) || ended == operation.State, $"{ended} became {operation.State}");
            if (operation.IsTerminal)
            {
                over[operation.Id] = operation.State;
            }
        }
    }

    /// <summary>Where somebody takes a pause of ours away whose answer was lost, nobody can tell that it was there; it is made again.</summary>
    public void WillBeEdited(ModelApplication one)
    {
        if (one.Mark is { } mark)
        {
            edited.Add(mark.Operation);
        }
    }

    public void DeadlineWasMinded(Lease stale)
    {
        var lease = world.Records.AllLeases.Single(one => one.Id == stale.Id);
        Assert.True(
            lease.State != LeaseState.Active || world.Now < lease.Deadline || lease.EscalatedAt is not null,
            $"{lease.Target.Name} is past its end and nobody was told");
    }

    public void NothingIsLeftInTheCluster() =>
        Assert.DoesNotContain(world.Cluster.All, one => one.Mark is not null);

    /// <summary>In the moment in which an application is let go.</summary>
    private void NobodyElseHolds(Lease ended) => Assert.DoesNotContain(world.Records.AllLeases, lease =>
        lease.Id != ended.Id && lease.Mark == ended.Mark && lease.Uid == ended.Uid && lease.State is LeaseState.Starting or LeaseState.Active);

    /// <summary>In the moment of a change.</summary>
    private void Authorised(AuthorizedOperation proof)
    {
        var operation = proof.Operation;
        var stored = world.Records.AllOperations.Single(one => one.Id == operation.Id);
        Assert.Equal(OperationState.Running, stored.State);
        Assert.True(stored.StateSince < stored.RequestExpiresAt, "started after it had expired");
        Assert.True(world.Now < stored.EndsAt(stored.StateSince), "changed after the time it was approved for");
        Assert.DoesNotContain(stored.Approvals, approval => approval.Person == stored.RequestedBy || approval.PlanHash != stored.Plan.Hash);
        Assert.Equal(stored.Approvals.Count, stored.Approvals.Select(approval => approval.Person).Distinct().Count());
        Assert.True(stored.SelfApproved || stored.Approvals.Count >= stored.Authority.ApprovalsNeeded, "not approved by enough people");
    }
}
