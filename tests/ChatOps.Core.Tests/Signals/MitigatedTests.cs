using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Signals;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Signals;

/// <summary>"Mitigated" is people's word; "validated" is said on numbers only.</summary>
public class MitigatedTests
{
    [Fact]
    public async Task Good_numbers_of_everything_in_scope_validate_it()
    {
        var world = await OnlyShopAAsync(("errors(shop-a)", 0.2), ("requests(shop-a)", 50));

        await world.SayAsync("bob", "incident", "mitigated");

        Assert.StartsWith("Validated by signals.", Told(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_number_or_one_that_is_not_known_does_not_and_it_is_mitigated_all_the_same()
    {
        var world = await OnlyShopAAsync(("errors(shop-a)", 3));

        await world.SayAsync("bob", "incident", "mitigated");

        Assert.Equal(IncidentState.Mitigated, world.Records.AllIncidents.Single().State);
        Assert.StartsWith("Not validated by signals.", Told(world), StringComparison.Ordinal);
        Assert.Contains("error rate 3 %, not good (good is 1 % or less)", Told(world), StringComparison.Ordinal);
        Assert.Contains("requests is not known: Prometheus does not answer.", Told(world), StringComparison.Ordinal);
    }

    /// <summary>The fix itself, made by hand under a pause, is the change that the numbers must have seen.</summary>
    [Fact]
    public async Task Numbers_from_before_a_fix_by_hand_validate_nothing()
    {
        var world = await World.WithPauseAsync();
        Measure(world, ("errors(shop-a)", 0.2), ("requests(shop-a)", 50));
        world.Time.Advance(TimeSpan.FromMinutes(20));
        world.View.Drifts = [new("Deployment", "shop", "shop-a", [new("/spec/replicas", "1", "5", DriftClass.Changed, "kubectl", world.Now.AddSeconds(-20))])];
        await world.WorkAsync();
        Measure(world, ("errors(shop-a)", 0.2), ("requests(shop-a)", 50));

        await world.SayAsync("bob", "incident", "mitigated");

        Assert.StartsWith("Not validated by signals.", Told(world), StringComparison.Ordinal);
        Assert.Contains("too early", Told(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_without_signals_keeps_it_from_being_validated()
    {
        var world = await World.WithIncidentAsync();
        Measure(world, ("errors(shop-a)", 0.2), ("requests(shop-a)", 50));

        await world.SayAsync("bob", "incident", "mitigated");

        Assert.StartsWith("Not validated by signals.", Told(world), StringComparison.Ordinal);
        Assert.Contains("shop-b: no signals are configured.", Told(world), StringComparison.Ordinal);
    }

    [Fact]
    public void Applications_that_nothing_was_asked_about_keep_it_from_being_validated()
    {
        var good = Judgement.Of(new("x", "q", "", Below: 1, Above: null), new([new(Some.Now, 0.5)], null), new(Some.Now, TimeSpan.FromSeconds(1), null, TimeSpan.FromMinutes(5)));
        var read = new SignalsRead(new("argocd", "argocd", "shop-a"), null, [good]);

        Assert.True(SignalCard.Mitigation([read], unasked: 0).Validated);
        Assert.False(SignalCard.Mitigation([read], unasked: 2).Validated);
        Assert.Contains("2 more in scope were not asked about", SignalCard.Mitigation([read], unasked: 2).Text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_asks_in_the_incident_and_everybody_reads_the_answer()
    {
        var world = await World.WithIncidentAsync();
        Measure(world, ("errors(shop-a)", 7), ("requests(shop-a)", 50));

        Assert.Null(await world.SayAsync("eve", "gitops", "signals shop-a"));

        Assert.Contains("Signals of shop-a: not good", Told(world), StringComparison.Ordinal);
        Assert.Contains(world.Records.Outbox.Select(post => post.Post).OfType<Outgoing.Say>(), say => say.Card.Title == "Signals of shop-a: not good");
    }

    private static async Task<World> OnlyShopAAsync(params (string Query, double Value)[] numbers)
    {
        var world = new World();
        world.Cluster.Add("shop-a");
        await world.SayAsync("bob", "incident", "declare \"checkout is down\" sev1 apps shop-a");
        Measure(world, numbers);
        return world;
    }

    private static void Measure(World world, params (string Query, double Value)[] numbers)
    {
        foreach (var (query, value) in numbers)
        {
            world.Monitoring[query] = new SignalSeries([new(world.Now, value)], null);
        }
    }

    private static string Told(World world) => world.Records.Entries.Last(entry => entry.Kind == TimelineKind.SignalsRead).Text;
}
