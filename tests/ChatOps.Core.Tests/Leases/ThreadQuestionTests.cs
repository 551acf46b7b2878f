using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

/// <summary>A message in the thread that asked something says so no longer once it is settled elsewhere.</summary>
public class ThreadQuestionTests
{
    private static readonly Drift Mode = new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now.AddSeconds(-5));

    [Fact]
    public async Task An_alarm_that_was_settled_by_a_command_says_by_whom_and_has_no_buttons()
    {
        var world = await OvertakenAsync();
        Assert.NotEmpty(Alarm(world).Parts.OfType<Part.Buttons>());
        var record = Footnote(Alarm(world));

        await world.SayAsync("bob", "gitops", "resume shop-a");
        await world.WorkAsync();

        var settled = Alarm(world);
        Assert.Empty(settled.Parts.OfType<Part.Buttons>());
        Assert.Contains("Settled at 2026-11-23 02:00 UTC by bob.", Words(settled), StringComparison.Ordinal);
        Assert.Contains("switched auto-sync on again", Words(settled), StringComparison.Ordinal);
        Assert.Equal(record, Footnote(settled));
        Assert.Empty(world.OnlyLease().InThread);
    }

    [Fact]
    public async Task A_resume_that_was_asked_about_twice_has_its_button_on_the_newer_message_alone()
    {
        var world = await AskedAsync();
        var first = world.Records.Choices.Last(choice => choice.Kind == ChoiceKind.ResumeKnowing);
        await world.PostAllAsync();

        await world.SayAsync("anna", "gitops", "resume shop-a");

        Assert.Equal(["Asked again: the newer message has the buttons.", null], Questions(world).Select(Settled));
        Assert.Contains("asked again since", Words((await world.PressAsync("alice", first))!), StringComparison.Ordinal);
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
    }

    [Fact]
    public async Task A_resume_that_an_extension_answered_is_not_asked_any_more()
    {
        var world = await AskedAsync();
        await world.SayAsync("alice", "gitops", "extend shop-a by 30m");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Contains("the pause goes on until", Settled(Assert.Single(Questions(world))), StringComparison.Ordinal);
        Assert.Null(world.OnlyLease().Overwrite);
    }

    [Fact]
    public async Task A_resume_that_somebody_elses_hand_overtook_says_whose()
    {
        var world = await AskedAsync();
        SwitchOn(world);
        await world.WorkAsync();

        Assert.Contains("Overtaken at", Settled(Assert.Single(Questions(world))), StringComparison.Ordinal);
    }

    private static async Task<World> AskedAsync()
    {
        var world = await World.WithPauseAsync();
        world.View.Drifts = [new("ConfigMap", "shop", "shop-a-config", [Mode])];
        await world.SayAsync("alice", "gitops", "resume shop-a");
        return world;
    }

    private static async Task<World> OvertakenAsync()
    {
        var world = await World.WithPauseAsync();
        SwitchOn(world);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Overtaken, world.OnlyLease().State);
        return world;
    }

    private static void SwitchOn(World world)
    {
        var paused = world.Cluster.All.First();
        world.Cluster[paused.Ref] = paused with { Automated = ModelApplication.Before };
    }

    /// <summary>The messages as they stand now, each once.</summary>
    private static List<Card> Standing(World world, string words)
    {
        world.PostAllAsync().GetAwaiter().GetResult();
        return [.. world.Chat.Said.Where(said => said.Card.Summary.Contains(words, StringComparison.Ordinal)).GroupBy(said => Footnote(said.Card)).Select(message => message.Last().Card)];
    }

    private static List<Card> Questions(World world) => Standing(world, "asks to resume");

    private static Card Alarm(World world) => Standing(world, "decide:").First();

    private static string? Settled(Card card) => card.Parts.OfType<Part.Buttons>().Any() ? null : card.Parts.OfType<Part.Paragraph>().Last().Text.ToString();

    private static string Footnote(Card card) => card.Parts.OfType<Part.Footnote>().Last().Text.ToString();

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text)) + card.Title;
}
