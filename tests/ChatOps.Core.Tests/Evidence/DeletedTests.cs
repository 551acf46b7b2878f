using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Leases;
using ChatOps.Core.Looking;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>Objects that somebody or something deleted: kept with the command that does it again, and never called the work of hands.</summary>
public class DeletedTests
{
    private const string Again = "kubectl delete configmap shop-a-config --namespace shop";
    private static readonly ResourceDrift Changed = new("Deployment", "shop", "web", [new("/spec/replicas", "2", "6", DriftClass.Changed, "kubectl", Some.Now)]) { PutBack = "kubectl patch deployment web" };

    [Fact]
    public async Task What_was_deleted_is_told_without_a_hand_and_shown_before_it_comes_back()
    {
        var world = await PausedAsync(Gone(DriftClass.Deleted));
        await world.PostAllAsync();

        var entry = Assert.Single(Entries(world));
        Assert.Equal($"Deleted in shop-a, by whom or what is not known: ConfigMap/shop-a-config in shop: in Git | deleted since it was deployed.\nTo delete it again:\n{Again}", entry.Text);
        Assert.Equal("not known", entry.By);
        Assert.Equal("shop-a: 1 object deleted", Hands(world).Title);
        Assert.DoesNotContain("by hand", Read(Hands(world)), StringComparison.Ordinal);
        Assert.DoesNotContain("the tool that wrote it", Read(Hands(world)), StringComparison.Ordinal);

        Assert.Contains("would then make again what was deleted (1 object):", Read((await world.SayAsync("alice", "gitops", "plan resume shop-a"))!), StringComparison.Ordinal);

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        var asked = world.Chat.Said.Last(said => said.What != "edit" && said.Card.Summary.Contains("asks to resume", StringComparison.Ordinal)).Card;
        Assert.Contains("would then make 1 object again that was deleted, by whom or what is not known.", asked.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("by hand", asked.Summary, StringComparison.Ordinal);
        Assert.StartsWith("Argo CD makes this as Git says", asked.Parts.OfType<Part.Buttons>().Single().Row.Single().Confirm, StringComparison.Ordinal);
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Equal("shop-a: 1 object had been deleted", Hands(world).Title);
        Assert.Equal(Again, Hands(world).Parts.OfType<Part.Verbatim>().Last().Value);
    }

    [Theory]
    [InlineData(DriftClass.Deleted, "is in Git and not in the cluster: deleted since it was deployed, by whom or what is not known")]
    [InlineData(DriftClass.Missing, "is in Git and not in the cluster")]
    public void A_diff_says_whether_it_had_been_there(DriftClass how, string says) =>
        Assert.EndsWith($"  {says}", DriftCard.Pages(new(Some.Facts(), "", [Gone(how)], [], IsComplete: true))[0].Parts.OfType<Part.Verbatim>().Single().Value.TrimEnd(), StringComparison.Ordinal);

    /// <summary>An application that was never synced lacks everything, and nobody has deleted it.</summary>
    [Fact]
    public async Task What_was_never_deployed_nobody_has_deleted()
    {
        var world = await PausedAsync(Gone(DriftClass.Missing));

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Empty(Entries(world));
    }

    /// <summary>Git moves on under the pause, and Argo CD no longer tells that it had been deployed.</summary>
    [Fact]
    public async Task What_was_known_to_be_deleted_stays_so_until_it_is_back()
    {
        var world = await PausedAsync(Gone(DriftClass.Deleted));
        Look(world, Gone(DriftClass.Missing));
        await world.WorkAsync();
        Assert.Single(Entries(world));

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.Equal((LeaseState.Active, Again), (world.OnlyLease().State, world.OnlyLease().Hands.Single().PutBack));

        Look(world);
        await world.WorkAsync();
        Assert.Contains(Entries(world), entry => entry.Text.StartsWith("No longer so in shop-a: ConfigMap/shop-a-config", StringComparison.Ordinal));
        Assert.Empty(world.OnlyLease().Hands);
    }

    [Fact]
    public async Task What_was_deleted_and_what_was_changed_are_told_apart()
    {
        var incident = (await (await World.WithIncidentAsync()).Files.OpenAsync(1, default))!.Incident;
        ResourceDrift[] hands = [Changed, Gone(DriftClass.Deleted)];
        var lease = Some.Lease() with { Hands = hands };

        var over = EvidenceCard.Of(lease with { State = LeaseState.Ended });
        Assert.Equal(["kubectl patch deployment web", Again], over.Parts.OfType<Part.Verbatim>().Skip(1).Select(part => part.Value));
        Assert.EndsWith(": 1 field had been changed by hand and 1 object had been deleted", over.Title, StringComparison.Ordinal);
        Assert.EndsWith("not a proof of the person. Who or what deleted is not known.", EvidenceCard.Of(lease).Parts.OfType<Part.Footnote>().Single().Text.ToString(), StringComparison.Ordinal);
        var found = EvidenceTexts.Found(lease.Target, hands, 3);
        Assert.StartsWith($"Changed by hand in {lease.Target.Name}: Deployment/web in shop /spec/replicas", found, StringComparison.Ordinal);
        Assert.EndsWith($". Deleted in {lease.Target.Name}, by whom or what is not known: ConfigMap/shop-a-config in shop: in Git | deleted since it was deployed; and 3 fields more.\nTo do it again:\nkubectl patch deployment web\nTo delete it again:\n{Again}", found, StringComparison.Ordinal);
        string NotYet(params IReadOnlyList<ResourceDrift> lost) => Read(AskBeforeEnd.NotYet(incident, lease, new(Overwritable.Ask, lost, null)));
        Assert.Contains(" lacks what was deleted since it was deployed, and Argo CD would make that again.", NotYet(hands[1]), StringComparison.Ordinal);
        Assert.Contains(" was changed by hand, and Argo CD would overwrite that.", NotYet(hands), StringComparison.Ordinal);
        Assert.Equal("what was changed by hand is overwritten (1 field) and what was deleted is made again (2 objects)", EvidenceTexts.Overwritten([.. hands, Gone(DriftClass.Deleted) with { Name = "other" }]));
    }

    private static ResourceDrift Gone(DriftClass how) =>
        new("ConfigMap", "shop", "shop-a-config", [new("", "the whole resource", null, how, null, null)]) { PutBack = how == DriftClass.Deleted ? Again : null };

    private static async Task<World> PausedAsync(ResourceDrift drift)
    {
        var world = await World.WithPauseAsync();
        Look(world, drift);
        await world.WorkAsync();
        return world;
    }

    private static void Look(World world, params ResourceDrift[] drifts) => world.View.Drifts = drifts;

    private static List<TimelineEntry> Entries(World world) => [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.HandChanged)];

    private static Card Hands(World world) => world.Chat.Said.Last(said => said.Card.Title.StartsWith("shop-a: ", StringComparison.Ordinal)).Card;

    private static string Read(Card card) => string.Join('\n', card.Parts.Select(part => part switch
    {
        Part.Verbatim verbatim => verbatim.Value,
        Part.Footnote footnote => footnote.Text.ToString(),
        Part.Paragraph paragraph => paragraph.Text.ToString(),
        _ => "",
    }).Prepend(card.Title));
}
