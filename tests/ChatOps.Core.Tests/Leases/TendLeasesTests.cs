using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Policy;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

public class TendLeasesTests
{
    private static readonly PolicyConfiguration Policy = new();

    /// <summary>45 minutes: a sixth of it is 7.5 minutes, less than the ten of the policy.</summary>
    [Theory]
    [InlineData(37.4, null)]
    [InlineData(37.5, TendLeases.Step.Notice)]
    [InlineData(44.9, TendLeases.Step.Notice)]
    [InlineData(45.0, TendLeases.Step.Escalate)]
    public void The_owner_is_asked_before_the_end_and_more_people_at_the_end(double minutes, TendLeases.Step? step) =>
        Assert.Equal(step, TendLeases.Due(Some.Lease(), Policy, Some.Now.AddMinutes(minutes)));

    /// <summary>The policy's answer said "10 minutes before the end" of what lasts half an hour, too, whose owner is asked five minutes before.</summary>
    [Theory]
    [InlineData(30, 25)]
    [InlineData(54, 45)]
    [InlineData(60, 50)]
    [InlineData(120, 110)]
    public void The_policy_says_when_the_owner_is_asked_as_it_is_done(int lasts, int askedAfter)
    {
        Assert.Contains("is asked 10 minutes before the end; of what lasts less than 1 hour, when a sixth of its time is left.", PolicyDocument.Markdown(Policy), StringComparison.Ordinal);
        var lease = Some.Lease() with { Deadline = Some.Now.AddMinutes(lasts) };

        Assert.Null(TendLeases.Due(lease, Policy, Some.Now.AddMinutes(askedAfter).AddSeconds(-1)));
        Assert.Equal(TendLeases.Step.Notice, TendLeases.Due(lease, Policy, Some.Now.AddMinutes(askedAfter)));
    }

    [Fact]
    public void A_rule_that_resumes_at_the_deadline_resumes_and_asks_nobody_then() =>
        Assert.Equal(TendLeases.Step.Resume, TendLeases.Due(Some.Lease() with { ResumeAtDeadline = true }, Policy, Some.Now.AddMinutes(45)));

    [Theory]
    [InlineData(54.9, null)]
    [InlineData(55.0, TendLeases.Step.Escalate)]
    public void It_is_brought_up_again_until_somebody_decides(double minutes, TendLeases.Step? step) =>
        Assert.Equal(step, TendLeases.Due(Some.Lease() with { EscalatedAt = Some.Now.AddMinutes(45), Escalations = 1 }, Policy, Some.Now.AddMinutes(minutes)));

    [Fact]
    public void After_an_extension_it_begins_anew()
    {
        var lease = (Some.Lease() with { NoticedAt = Some.Now, Escalations = 3, EscalatedAt = Some.Now }).Extend(Some.Now.AddHours(2));

        Assert.Null(TendLeases.Due(lease, Policy, Some.Now.AddMinutes(60)));
        Assert.Equal(TendLeases.Step.Notice, TendLeases.Due(lease, Policy, Some.Now.AddMinutes(111)));
    }

    /// <summary>The first escalation edited the notice, and an edit wakes nobody up.</summary>
    [Fact]
    public async Task The_owner_gets_a_new_message_at_the_end()
    {
        var world = await World.WithPauseAsync();
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.PostAllAsync();
        var before = Direct(world, "alice");
        world.Time.Advance(TimeSpan.FromMinutes(5));

        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(before + 1, Direct(world, "alice"));
        Assert.Equal(0, Direct(world, "dave"));
    }

    /// <summary>"Until" a moment that has passed reads as if all were well; the pinned card is what people look at.</summary>
    [Fact]
    public async Task The_card_of_the_incident_says_that_the_end_has_passed()
    {
        var world = await World.WithPauseAsync();
        await world.SayAsync("bob", "incident", "mitigated");
        world.Time.Advance(TimeSpan.FromMinutes(31));

        await world.WorkAsync();
        await world.PostAllAsync();

        var card = world.Chat.Said.Last(said => said.Card.Title.StartsWith("Incident 1", StringComparison.Ordinal)).Card;
        Assert.Contains(card.Parts.OfType<Part.Paragraph>(), part => part.Text.ToString().Contains("paused past its end (2026-11-23 02:30 UTC), resume or extend it", StringComparison.Ordinal));
        Assert.Equal(Tone.Alarm, card.Tone);
    }

    [Fact]
    public async Task Each_time_more_people_are_asked()
    {
        var world = await World.WithPauseAsync();
        foreach (var minutes in new[] { 31, 11, 11 })
        {
            world.Time.Advance(TimeSpan.FromMinutes(minutes));
            await world.WorkAsync();
            await world.PostAllAsync();
        }

        Assert.Equal(3, world.OnlyLease().Escalations);
        Assert.Equal(1, Direct(world, "dave"));
        Assert.Contains(world.Chat.Said, said => said.Where == "DU-bob" && said.Card.Title.Contains("past its end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_takes_it_owns_it_and_may_resume_it()
    {
        var world = await World.WithPauseAsync();
        world.Time.Advance(TimeSpan.FromMinutes(42));
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromMinutes(11));
        await world.WorkAsync();

        await world.PressAsync("bob", ChoiceKind.TakeLease);
        Assert.Equal("bob", world.OnlyLease().Owner);

        await world.PressAsync("bob", ChoiceKind.ResumeLease);
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Equal(ModelApplication.Before, world.Cluster.All.First().Automated);
    }

    [Fact]
    public async Task A_look_that_breaks_at_the_end_is_one_that_found_nothing_out()
    {
        var world = await AskedFirstAsync();
        world.View.Breaks = new InvalidOperationException("unheard of");

        await world.TendLeases.HandleAsync(world.Now, default);

        Assert.Equal([1, 1], world.Records.AllLeases.Select(lease => lease.Escalations));
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_waited_for_once_in_a_round()
    {
        var world = await AskedFirstAsync();
        world.View.IsSilent = true;
        var before = world.View.Compared;

        await world.TendLeases.HandleAsync(world.Now, default);

        Assert.Equal(1, world.View.Compared - before);
        Assert.Equal([1, 1], world.Records.AllLeases.Select(lease => lease.Escalations));
    }

    /// <summary>Two pauses past their ends that end by themselves only where nothing is overwritten.</summary>
    private static async Task<World> AskedFirstAsync()
    {
        var world = await World.WithPauseAsync(rule =>
        {
            rule.AtDeadline = AtDeadline.Resume;
            rule.OverwritingNeeds = OverwritingNeeds.InGit;
        });
        await world.SayAsync("alice", "gitops", "pause shop-b for 30m because the rollback needs hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal([LeaseState.Active, LeaseState.Active], world.Records.AllLeases.Select(lease => lease.State));
        return world;
    }

    private static int Direct(World world, string person) =>
        world.Chat.Said.Count(said => said.What == "post" && said.Where == $"DU-{person}" && said.Card.Title.StartsWith("The pause of", StringComparison.Ordinal));
}
