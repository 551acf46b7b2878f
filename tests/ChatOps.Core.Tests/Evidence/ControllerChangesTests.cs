using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Looking;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>What an autoscaler or another controller of the cluster makes otherwise than Git says is shown, and is nobody's change by hand.</summary>
public class ControllerChangesTests
{
    private static readonly Drift Scaled = new("/spec/replicas", "2", "5", DriftClass.Changed, "kube-controller-manager", null) { IsByController = true };
    private static readonly Drift Mode = new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now.AddSeconds(-5));

    /// <summary>As an autoscaler does to what Git sets, at each step.</summary>
    [Theory]
    [InlineData(OverwritingNeeds.SecondPress)]
    [InlineData(OverwritingNeeds.Approval)]
    [InlineData(OverwritingNeeds.InGit)]
    public async Task What_a_controller_of_the_cluster_changes_is_no_evidence_and_keeps_nobody_from_the_end(OverwritingNeeds needs)
    {
        var world = await World.WithPauseAsync(rule => rule.OverwritingNeeds = needs);
        for (var replicas = 3; replicas < 6; replicas++)
        {
            Change(world, Scaled with { Live = $"{replicas}" });
            await world.WorkAsync();
        }

        Assert.Empty(Entries(world));
        Assert.Empty(world.OnlyLease().Hands);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        Assert.Equal(LeaseState.Ending, world.OnlyLease().State);
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Empty(Entries(world));
        const string said = "shop-a: Argo CD makes 1 field as Git says that controllers of the cluster changed, and may change again: Deployment/shop-a in shop /spec/replicas: Git 2 | live 5, changed by kube-controller-manager.";
        Assert.Single(world.Records.Entries, entry => entry.Text == said);
        Assert.Contains(world.Chat.Said, posted => posted.Card.Summary == said);
    }

    [Fact]
    public async Task A_resume_that_asks_for_hand_changes_shows_what_controllers_changed_beside_them()
    {
        var world = await World.WithPauseAsync();
        Change(world, Mode, Scaled);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.PostAllAsync();

        var asked = world.Chat.Said.Last(said => said.Card.Summary.Contains("asks to resume", StringComparison.Ordinal)).Card;
        Assert.Contains("make 1 field as Git says that was changed by hand", asked.Summary, StringComparison.Ordinal);
        Assert.Contains("/spec/replicas: Git 2 | live 5, changed by kube-controller-manager", string.Join('\n', asked.Parts.OfType<Part.Verbatim>().Select(part => part.Value)), StringComparison.Ordinal);
        Change(world, Mode, Scaled with { Live = "6" });
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        Assert.Equal(LeaseState.Ending, world.OnlyLease().State);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Text.Contains("controllers of the cluster", StringComparison.Ordinal));
    }

    [Fact]
    public void A_diff_says_who_changed_it_and_counts_it() =>
        Assert.Equal(
            ("shop: 1 field is not as Git says", "  /spec/replicas: Git 2 | live 5, changed by kube-controller-manager"),
            DriftCard.Pages(new(Some.Facts(), "", [Deployment(Scaled)], [], IsComplete: true))[0] is var page ? (page.Title, page.Parts.OfType<Part.Verbatim>().Single().Value.TrimEnd().Split('\n')[^1]) : default);

    private static void Change(World world, params Drift[] drifts) => world.View.Drifts = [Deployment(drifts)];

    private static ResourceDrift Deployment(params Drift[] drifts) => new("Deployment", "shop", "shop-a", drifts);

    private static List<TimelineEntry> Entries(World world) => [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.HandChanged)];
}
