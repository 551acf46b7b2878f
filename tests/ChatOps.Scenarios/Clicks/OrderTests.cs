namespace ChatOps.Scenarios.Clicks;

/// <summary>What one person says in one place is done in the order in which it was said, however slow the first of it is.</summary>
public sealed class OrderTests(Building building) : IClassFixture<Building>
{
    [Fact]
    public async Task A_pause_right_after_the_declaration_finds_the_incident()
    {
        var room = await building.CleanRoomAsync();
        var (holding, held) = (true, 0);
        building.Cluster.Faults.Hang(request => Volatile.Read(ref holding) && request.Verb == "list" && request.Path.EndsWith("/applications", StringComparison.Ordinal) && request.User != "kubernetes-admin" && Interlocked.Increment(ref held) > 0);

        await room.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", room.Channel);
        await room.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref held)), calls => calls > 0, _ => "the declaration to ask the cluster");
        await room.Alice.CommandAsync("/gitops", "pause checkout for 30m because rollback of payment config", room.Channel);
        Volatile.Write(ref holding, false);
        building.Clock.Hurry(TimeSpan.FromMinutes(2)); // the cluster is given up on, and the declaration goes on without it
        await room.View.WaitForTextAsync("Checkout 500s", Room.Ct);

        await room.EventuallyAsync(() => building.Records.BacklogAsync(building.Clock.GetUtcNow(), Room.Ct), backlog => backlog is { Inbox: 0, Outbox: 0 }, backlog => $"everything handled and said: {backlog}");
        Assert.DoesNotContain(room.Told("alice"), text => text.Contains("No incident is open", StringComparison.OrdinalIgnoreCase));
        building.Cluster.Faults.Clear();
        building.LeaveClean();
    }
}
