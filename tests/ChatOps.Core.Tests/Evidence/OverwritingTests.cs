using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>What the rule of an override wants before its end may overwrite what people changed by hand.</summary>
public class OverwritingTests
{
    private static readonly Drift Mode = new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now.AddSeconds(-5));
    private static readonly Drift Replicas = new("/spec/replicas", "2", "6", DriftClass.Changed, "kubectl", Some.Now);
    private static readonly Drift Note = new("/metadata/annotations/note", null, "look here", DriftClass.AddedByHand, "kubectl", Some.Now);

    [Fact]
    public async Task Somebody_else_with_the_role_agrees_and_whoever_asked_has_ended_it()
    {
        var world = await PausedAsync(OverwritingNeeds.Approval, Mode);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.PostAllAsync();
        var asked = Asked(world);
        Assert.Contains("somebody else, as commander, agrees, as rule pause-shop wants", asked.Summary, StringComparison.Ordinal);
        Assert.Contains("@U-bob", asked.Summary, StringComparison.Ordinal);
        Assert.Equal("Agree: resume and overwrite", Assert.Single(asked.Parts.OfType<Part.Buttons>().Single().Row).Label);

        await world.PressAsync("bob", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal((LeaseState.Ended, "alice"), (world.OnlyLease().State, world.OnlyLease().EndedBy));
        Assert.Contains(world.Records.Entries, entry => entry is { Kind: TimelineKind.Approved, By: "bob" } && entry.Text.Contains("that shop-a is resumed: what was changed by hand is overwritten (1 field)", StringComparison.Ordinal));
        Assert.Contains("by alice; bob agreed", Words(Asked(world)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice", RefusalKind.OwnRequest)]
    [InlineData("anna", RefusalKind.NotAllowed)]
    [InlineData("dave", RefusalKind.NotAllowed)]
    public async Task Nobody_agrees_to_their_own_or_without_the_role(string presser, RefusalKind why)
    {
        var world = await PausedAsync(OverwritingNeeds.Approval, Mode);
        await world.SayAsync("alice", "gitops", "resume shop-a");

        var answer = await world.PressAsync(presser, ChoiceKind.ResumeKnowing);
        await world.WorkAsync();

        Assert.NotNull(answer);
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.Contains(why == RefusalKind.OwnRequest ? "nobody agrees to their own" : "role commander to agree", Words(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asked_and_may_not_resume_any_more_ends_nothing_by_the_agreement_of_another()
    {
        var world = await PausedAsync(OverwritingNeeds.Approval, Mode);
        await world.SayAsync("anna", "gitops", "resume shop-a");
        world.Chat.Groups["G-on-call"].Remove("U-anna");

        var answer = await world.PressAsync("bob", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();

        Assert.Contains("anna asked for it and may not resume shop-a any more", Words(answer!), StringComparison.Ordinal);
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
    }

    [Fact]
    public async Task Roles_that_cannot_be_read_agree_to_nothing()
    {
        var world = await PausedAsync(OverwritingNeeds.Approval, Mode);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.PostAllAsync();
        world.Chat.DirectorySilent = true;

        var answer = await world.PressAsync("bob", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();

        Assert.NotNull(answer);
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
    }

    [Fact]
    public async Task An_agreement_counts_for_the_values_that_were_shown()
    {
        var world = await PausedAsync(OverwritingNeeds.Approval, Mode);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        Change(world, Mode with { Live = "faster" });

        await world.PressAsync("bob", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal((LeaseState.Active, "alice"), (world.OnlyLease().State, world.OnlyLease().Overwrite!.AskedBy));

        await world.PressAsync("bob", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task Less_than_was_shown_is_covered_by_the_press()
    {
        var world = await PausedAsync(OverwritingNeeds.SecondPress, Mode, Replicas);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        Change(world, Replicas);

        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Theory]
    [InlineData(OverwritingNeeds.Approval)]
    [InlineData(OverwritingNeeds.InGit)]
    public async Task Where_nothing_is_overwritten_nobody_is_asked(OverwritingNeeds needs)
    {
        var world = await PausedAsync(needs, Note);

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task What_git_has_to_say_first_is_shown_without_a_button_until_git_says_it()
    {
        var world = await PausedAsync(OverwritingNeeds.InGit, Mode, Note);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.PostAllAsync();

        var asked = Asked(world);
        Assert.Contains("rule pause-shop wants it in Git first. Merge it, then refresh shop-a", asked.Summary, StringComparison.Ordinal);
        Assert.Empty(asked.Parts.OfType<Part.Buttons>());
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);

        Change(world, Note); // merged: Argo CD sees no difference there any more
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Theory]
    [InlineData(OverwritingNeeds.Approval)]
    [InlineData(OverwritingNeeds.InGit)]
    public async Task What_cannot_be_looked_at_is_not_taken_for_nothing(OverwritingNeeds needs)
    {
        var world = await PausedAsync(needs);
        world.View.IsSilent = true;

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.Contains("could not be looked at", Asked(world).Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OverwritingNeeds.Approval)]
    [InlineData(OverwritingNeeds.InGit)]
    public async Task At_the_deadline_people_are_asked_instead_of_overwriting_and_it_ends_once_nothing_would_be(OverwritingNeeds needs)
    {
        var world = await PausedAsync(needs, Mode);
        world.Time.Advance(TimeSpan.FromMinutes(31));
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal((LeaseState.Active, 1), (world.OnlyLease().State, world.OnlyLease().Escalations));
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.DeadlinePassed && entry.Text.Contains("ends it by itself only where nothing that was changed by hand is lost", StringComparison.Ordinal));

        Change(world);
        world.Time.Advance(TimeSpan.FromMinutes(11));
        await world.WorkAsync();
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task At_the_deadline_a_look_that_finds_nothing_out_is_no_reason_to_end()
    {
        var world = await PausedAsync(OverwritingNeeds.Approval);
        world.View.IsSilent = true;
        world.Time.Advance(TimeSpan.FromMinutes(31));

        await world.WorkAsync();

        Assert.Equal((LeaseState.Active, 1), (world.OnlyLease().State, world.OnlyLease().Escalations));
    }

    [Theory]
    [InlineData(OverwritingNeeds.Approval)]
    [InlineData(OverwritingNeeds.InGit)]
    public async Task An_object_that_cannot_be_read_is_not_taken_for_one_that_nobody_changed(OverwritingNeeds needs)
    {
        var world = await PausedAsync(needs);
        world.View.NotRead.Add(("ConfigMap", "shop", "shop-a-config"));

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.Contains("Whether ConfigMap/shop-a-config was changed by hand could not be looked at", Asked(world).Summary, StringComparison.Ordinal);
        world.Time.Advance(TimeSpan.FromMinutes(31));
        await world.WorkAsync();
        Assert.Equal((LeaseState.Active, 1), (world.OnlyLease().State, world.OnlyLease().Escalations));

        world.View.NotRead.Clear();
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task An_agreement_to_what_was_shown_counts_for_nothing_once_nothing_can_be_looked_at()
    {
        var world = await PausedAsync(OverwritingNeeds.Approval, Mode);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        world.View.IsSilent = true;

        await world.PressAsync("bob", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        await world.PostAllAsync();
        Assert.Contains(world.Chat.Said, said => said.Card.Summary.Contains("cannot be looked at any more; nothing was done", StringComparison.Ordinal));

        await world.PressAsync("bob", ChoiceKind.ResumeKnowing); // this one said that nobody knows
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task The_rule_that_allowed_it_counts_whatever_the_policy_says_later()
    {
        var world = await PausedAsync(OverwritingNeeds.Approval, Mode);
        world.Restart(policy => policy.Rules[0].OverwritingNeeds = OverwritingNeeds.SecondPress);
        await world.SayAsync("alice", "gitops", "resume shop-a");

        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await world.WorkAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
    }

    private static async Task<World> PausedAsync(OverwritingNeeds needs, params Drift[] drifts)
    {
        var world = await World.WithPauseAsync(rule =>
        {
            rule.AtDeadline = AtDeadline.Resume;
            rule.OverwritingNeeds = needs;
        });
        Change(world, drifts);
        await world.WorkAsync();
        return world;
    }

    private static void Change(World world, params Drift[] drifts) => world.View.Drifts = drifts.Length == 0 ? [] : [new("ConfigMap", "shop", "shop-a-config", drifts)];

    private static Card Asked(World world)
    {
        world.PostAllAsync().GetAwaiter().GetResult();
        return world.Chat.Said.Last(said => said.Card.Summary.Contains("asks to resume", StringComparison.Ordinal)).Card;
    }

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text)) + card.Title;
}
