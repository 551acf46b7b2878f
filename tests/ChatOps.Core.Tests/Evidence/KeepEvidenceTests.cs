using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Tests.Operations;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>What people changed by hand is written down before anything can overwrite it, and nobody overwrites it unseen.</summary>
public class KeepEvidenceTests
{
    private static readonly Drift Mode = new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now.AddSeconds(-5));
    private static readonly Drift Replicas = new("/spec/replicas", "2", "6", DriftClass.Changed, "kubectl", Some.Now);
    private static readonly Drift Note = new("/metadata/annotations/note", null, "look here", DriftClass.AddedByHand, "kubectl", Some.Now);

    [Fact]
    public async Task What_hands_change_while_it_is_paused_is_in_the_record_once_and_in_one_message()
    {
        var world = await PausedAsync(Mode);
        await world.WorkAsync();
        Change(world, Mode, Replicas);
        await world.WorkAsync();
        await world.PostAllAsync();

        var entries = Entries(world);
        Assert.Equal(2, entries.Count);
        Assert.Contains("ConfigMap/shop-a-config in shop /data/MODE: Git slow | live fast [kubectl-edit", entries[0].Text, StringComparison.Ordinal);
        Assert.Contains("To do it again:\nkubectl patch configmap", entries[0].Text, StringComparison.Ordinal);
        Assert.Equal("kubectl-edit", entries[0].By);
        Assert.DoesNotContain("/data/MODE", entries[1].Text, StringComparison.Ordinal);
        var said = Hands(world);
        Assert.Equal("shop-a: 2 fields changed by hand", said.Title);
        Assert.Contains("/spec/replicas", Verbatim(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_taken_back_by_hand_is_told_too()
    {
        var world = await PausedAsync(Mode);
        Change(world);
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Contains("No longer so in shop-a: ConfigMap/shop-a-config", Entries(world)[^1].Text, StringComparison.Ordinal);
        Assert.Equal("shop-a: no change by hand stands", Hands(world).Title);
    }

    [Fact]
    public async Task A_resume_that_would_overwrite_hand_changes_shows_them_first()
    {
        var world = await PausedAsync(Mode, Note);

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        var asked = Asked(world);
        Assert.Contains("make 1 field as Git says that was changed by hand", asked.Summary, StringComparison.Ordinal);
        Assert.Contains("they stay", string.Join('\n', asked.Parts.OfType<Part.Paragraph>().Select(part => part.Text)), StringComparison.Ordinal);

        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Equal("shop-a: 2 fields had been changed by hand", Hands(world).Title);
        Assert.Contains("kubectl patch configmap", Verbatim(Hands(world)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_since_it_was_shown_is_shown_again()
    {
        var world = await PausedAsync(Mode);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        Change(world, Mode, Replicas);

        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.Contains("changed again since it was shown; nothing was done", Asked(world).Summary, StringComparison.Ordinal);
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task What_could_not_be_looked_at_is_not_said_to_be_gone_and_is_asked_about()
    {
        var world = await PausedAsync(Mode);
        Change(world);
        world.View.NotRead.Add(("ConfigMap", "shop", "shop-a-config"));
        await world.WorkAsync();

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.DoesNotContain(Entries(world), entry => entry.Text.Contains("No longer so", StringComparison.Ordinal));
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
    }

    [Fact]
    public async Task A_resume_shows_what_was_seen_last_where_nothing_can_be_looked_at()
    {
        var world = await PausedAsync(Mode);
        world.View.IsSilent = true;

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    /// <summary>A program that nobody knows may be somebody's: it counts as a hand.</summary>
    [Fact]
    public async Task A_value_that_something_writes_again_and_again_keeps_nobody_from_the_end()
    {
        var world = await PausedAsync(Mode);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        Change(world, Mode with { Live = "faster", By = "flag-sync", At = Some.Now.AddSeconds(2) });
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        await world.PostAllAsync();
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.Contains("the next press counts for them whatever they hold then", Asked(world).Summary, StringComparison.Ordinal);
        Change(world, Mode with { Live = "fastest", By = "flag-sync", At = Some.Now.AddSeconds(4) });

        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Contains("live fastest", Entries(world)[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_without_end_are_told_a_hundred_times_and_once_more_at_the_end()
    {
        var world = await PausedAsync(Mode);
        for (var i = 0; i < 150; i++)
        {
            Change(world, Mode with { Live = $"value {i}" });
            await world.WorkAsync();
        }

        Assert.Equal(100, Entries(world).Count);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Contains(Entries(world), entry => entry.Text.Contains("live value 149", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_may_not_resume_may_not_press_it_either()
    {
        var world = await PausedAsync(Mode);
        await world.SayAsync("alice", "gitops", "resume shop-a");

        var answer = await world.PressAsync("dave", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();

        Assert.NotNull(answer);
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
    }

    [Theory]
    [InlineData(DriftClass.AddedByHand, "kubectl")]
    [InlineData(DriftClass.Changed, null)]
    [InlineData(DriftClass.Expected, "kubectl")]
    public async Task What_the_engine_leaves_or_git_alone_changed_is_no_reason_to_ask(DriftClass sort, string? by)
    {
        var world = await PausedAsync(Mode with { Class = sort, By = by });

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task At_the_deadline_it_is_written_down_before_the_engine_is_let_loose()
    {
        var world = await World.WithPauseAsync(rule => rule.AtDeadline = AtDeadline.Resume);
        world.Time.Advance(TimeSpan.FromMinutes(31));
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ending, world.OnlyLease().State);
        Change(world, Mode);
        var written = false;
        world.Cluster.BeforeWrite = () => written = Entries(world).Count == 1;

        await world.WorkAsync();

        Assert.True(written, "the change by hand was not in the record when the pause was taken off");
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task What_cannot_be_read_holds_up_no_end_and_is_said()
    {
        var world = await World.WithPauseAsync();
        await world.SayAsync("alice", "gitops", "resume shop-a");
        world.View.IsSilent = true;

        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Contains("could not be read before its pause ends", Entries(world).Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sync_records_what_it_overwrites_in_the_step_that_starts_it()
    {
        var world = await World.WithIncidentAsync();
        Change(world, Mode);

        world.Cluster.Seen = ActionTests.Known;
        await world.SayAsync("alice", "gitops", "sync shop-a");
        await world.WorkAsync();

        var kinds = world.Records.Entries.Select(entry => entry.Kind).ToList();
        Assert.True(kinds.IndexOf(TimelineKind.HandChanged) is >= 0 and var at && at < kinds.IndexOf(TimelineKind.Started), string.Join(' ', kinds));
    }

    /// <summary>A branch that is followed syncs at each push, and a value can be long.</summary>
    [Fact]
    public async Task A_further_sync_records_only_what_the_record_does_not_have_yet()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = ActionTests.Known;
        Change(world, Mode);
        await SyncAsync(world);

        await SyncAsync(world);
        Assert.Single(Entries(world));
        Change(world, Mode with { Live = "third-gateway" });
        await SyncAsync(world);

        Assert.Equal(2, Entries(world).Count);
        Assert.Contains("third-gateway", Entries(world)[^1].Text, StringComparison.Ordinal);
        Assert.Equal(3, world.Records.Entries.Count(entry => entry.Kind == TimelineKind.Started));

        static async Task SyncAsync(World world)
        {
            await world.SayAsync("alice", "gitops", "sync shop-a");
            await world.WorkAsync();
            await world.WorkAsync();
        }
    }

    [Fact]
    public async Task A_sync_that_cannot_tell_what_it_overwrites_says_so()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = ActionTests.Known;
        await world.SayAsync("alice", "gitops", "sync shop-a");
        world.View.IsSilent = true;

        await world.WorkAsync();

        Assert.Contains("could not be read before it is overwritten", Entries(world).Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_hands_did_before_it_came_into_scope_is_told_once()
    {
        var world = await World.WithIncidentAsync();
        var application = world.Cluster.All.First().Ref;
        await world.Evidence.InScopeAsync(1, application, first: true, default);
        Assert.Empty(Entries(world));
        Change(world, Mode);

        await world.Evidence.InScopeAsync(1, application, first: true, default);
        await world.Evidence.InScopeAsync(1, application, first: true, default);
        await world.PostAllAsync();

        Assert.Contains("/data/MODE: Git slow | live fast", Assert.Single(Entries(world)).Text, StringComparison.Ordinal);
        Assert.Equal("shop-a: 1 field changed by hand before it came into scope", Hands(world).Title);
    }

    [Fact]
    public async Task What_hands_do_while_nothing_keeps_it_is_told_once_each_with_what_would_keep_it()
    {
        var world = await World.WithIncidentAsync();
        var application = world.Cluster.All.First().Ref;
        Change(world, Mode);
        await world.Evidence.InScopeAsync(1, application, first: true, default);
        Change(world, Mode, Mode with { Path = "/data/LEVEL" });

        await world.Evidence.InScopeAsync(1, application, first: false, default);
        await world.Evidence.InScopeAsync(1, application, first: false, default);
        await world.PostAllAsync();

        Assert.Equal(2, Entries(world).Count);
        Assert.DoesNotContain("/data/MODE", Entries(world)[1].Text, StringComparison.Ordinal);
        Assert.Equal("shop-a: 1 field changed by hand, and nothing of mine keeps it", Hands(world).Title);
        Assert.Contains("/gitops pause shop-a", Hands(world).Parts.OfType<Part.Footnote>().Single().Text.ToString(), StringComparison.Ordinal);
    }

    private static async Task<World> PausedAsync(params Drift[] drifts)
    {
        var world = await World.WithPauseAsync();
        Change(world, drifts);
        await world.WorkAsync();
        return world;
    }

    private static void Change(World world, params Drift[] drifts) =>
        world.View.Drifts = drifts.Length == 0 ? [] : [new("ConfigMap", "shop", "shop-a-config", drifts) { PutBack = "kubectl patch configmap shop-a-config --namespace shop" }];

    private static List<TimelineEntry> Entries(World world) => [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.HandChanged)];

    private static Card Hands(World world) => world.Chat.Said.Last(said => said.Card.Title.StartsWith("shop-a: ", StringComparison.Ordinal)).Card;

    private static Card Asked(World world) => world.Chat.Said.Last(said => said.What != "edit" && said.Card.Summary.Contains("asks to resume", StringComparison.Ordinal)).Card;

    private static string Verbatim(Card card) => string.Join('\n', card.Parts.OfType<Part.Verbatim>().Select(part => part.Value));
}
