using ChatOps.Core.Conversation;
using ChatOps.Core.Looking;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Looking;

public sealed class ListApplicationsTests
{
    private static readonly ApplicationRef Checkout = new("prod", "argocd", "checkout");
    private static readonly Vitals Well = new() { Uid = "1", Sync = SyncState.Synced, Health = "Healthy", AutoSyncOn = true, SelfHealOn = true };

    /// <summary>A read of each is too much with thousands, and the alphabet knows nothing of what is wrong.</summary>
    [Fact]
    public async Task What_is_wrong_comes_first_however_far_down_the_alphabet_it_is()
    {
        var world = await World.WithIncidentAsync();
        for (var i = 0; i < 400; i++)
        {
            Tell(world, $"app-{i:000}", Well);
        }

        Tell(world, "web-out-of-step", Well with { Sync = SyncState.OutOfSync });
        Tell(world, "web-broken", Well with { Health = "Degraded" });
        world.Cluster.Seen = facts => facts with { Sync = SyncState.Synced, Health = facts.Ref.Name == "web-broken" ? "Degraded" : "Healthy" };

        var told = await world.SayAsync("alice", "gitops", "apps");

        var lines = told!.Parts.OfType<Part.Paragraph>().First().Text.ToString().Split('\n');
        Assert.Equal(["shop-a", "shop-b", "web-broken:", "web-out-of-step:", "app-000:"], lines.Take(5).Select(line => line.Split(' ')[0]));
        Assert.Contains(told.Parts, part => part is Part.Footnote(var text) && text.ToString().StartsWith("Of 404 only 100 were read", StringComparison.Ordinal));
    }

    public static TheoryData<Vitals?, Concern> Concerns => new()
    {
        { Well, Concern.Quiet },
        { Well with { SelfHealOn = false }, Concern.OutOfStep },
        { Well with { AutoSyncOn = false }, Concern.OutOfStep },
        { Well with { Sync = SyncState.OutOfSync }, Concern.OutOfStep },
        { Well with { Health = "Progressing" }, Concern.OutOfStep },
        { Well with { Health = "Missing" }, Concern.OutOfStep },
        { Well with { Health = "Missing", WasDeployed = true }, Concern.Wrong },
        { Well with { Health = "Degraded" }, Concern.Wrong },
        { Well with { IsBlind = true }, Concern.Wrong },
        { Well with { CannotRender = "no such path" }, Concern.Wrong },
        { Well with { TriesNoMore = true }, Concern.Wrong },
        { Well with { Last = Ended(succeeded: false, terminated: false) }, Concern.Wrong },
        { Well with { Last = Ended(succeeded: false, terminated: true) }, Concern.Quiet },
        { Well with { Last = Ended(succeeded: true, terminated: false) }, Concern.Quiet },
        { Well with { Retried = Ended(succeeded: false, terminated: false) }, Concern.Wrong },
        { null, Concern.NotSeen },
    };

    [Theory]
    [MemberData(nameof(Concerns))]
    public void What_the_watch_told_last_is_remembered_in_a_word(Vitals? vitals, Concern concern)
    {
        var seen = new ConcernsSeen();
        seen.Changed(new(Checkout, null) { Vitals = Well with { Health = "Unknown" } });

        seen.Changed(new(Checkout, null) { Vitals = vitals });

        Assert.Equal(concern, seen.Of(Checkout));
    }

    private static EndedOperation Ended(bool succeeded, bool terminated) => new(succeeded, terminated, "auto-sync", false, null, "", null, 0, [], 0);

    private static void Tell(World world, string name, Vitals vitals) =>
        world.Concerns.Changed(new(world.Cluster.Add(name), null) { Vitals = vitals });
}
