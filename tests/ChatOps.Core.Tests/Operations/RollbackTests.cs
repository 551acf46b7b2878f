using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Operations;

/// <summary>A rollback: a pause whose lease lives whatever becomes of the deployment behind it.</summary>
public class RollbackTests
{
    private const string Bad = "3333333333333333333333333333333333333333";
    private const string Good = "2222222222222222222222222222222222222222";
    private const string Oldest = "1111111111111111111111111111111111111111";

    [Fact]
    public async Task It_pauses_writes_that_down_deploys_the_entry_before_and_is_held_by_a_lease()
    {
        var world = await AskedAsync("rollback shop-a because the release is bad");

        await world.WorkAsync();
        Assert.StartsWith("paused; ", world.OnlyOperation().Progress, StringComparison.Ordinal);
        Assert.Equal("pause", Assert.Single(world.Cluster.Effects).What);
        world.ControllerAnswers();
        await world.WorkAsync();
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal((OperationState.Succeeded, TimeSpan.FromHours(2)), (world.OnlyOperation().State, world.OnlyOperation().Duration));
        Assert.Equal(["pause", "rollback"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Equal((LeaseKind.RollbackHold, LeaseState.Active, Hold.Holding), (world.OnlyLease().Kind, world.OnlyLease().State, world.OnlyLease().Hold));
        Assert.Contains(world.OnlyOperation().Plan.Changes, change => change.Path == "/operation/sync/revision" && change.After == Good);
        Assert.Contains(await world.Records.TimelineAsync(1, default), entry => entry.Kind == TimelineKind.Done && entry.Text.Contains("rolled back to entry 7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_deployment_fails_the_pause_is_said_to_be_there_and_has_its_end()
    {
        var world = await AskedAsync("rollback shop-a to 5 for 30m because the release is bad");
        await world.WorkAsync();
        await world.WorkAsync();
        world.Cluster.Outcomes.Enqueue(new(ClusterAnswerKind.Failed, "Failed at 11111111: Deployment/shop: field is immutable"));

        await world.WorkAsync();

        Assert.Equal((OperationState.Failed, LeaseState.Active), (world.OnlyOperation().State, world.OnlyLease().State));
        Assert.Contains(await world.Records.TimelineAsync(1, default), entry => entry.Kind == TimelineKind.Failed && entry.Text.Contains("field is immutable. Its pause was stored all the same", StringComparison.Ordinal));
        Assert.Equal(world.OnlyLease().StartedAt + TimeSpan.FromMinutes(30), world.OnlyLease().Deadline);
    }

    [Fact]
    public async Task When_already_the_pause_is_refused_nothing_is_left()
    {
        var world = await AskedAsync("rollback shop-a because the release is bad");
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));

        await world.WorkAsync();

        Assert.Equal((OperationState.Failed, LeaseState.Void), (world.OnlyOperation().State, world.OnlyLease().State));
        Assert.Empty(world.Cluster.Effects);
    }

    [Fact]
    public async Task A_crash_after_the_pause_was_stored_does_not_pause_twice()
    {
        var world = await AskedAsync("rollback shop-a because the release is bad");
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unknown, true));
        await world.WorkAsync();
        world.Restart();
        world.Time.Advance(TimeSpan.FromMinutes(1));

        await world.WorkAsync();
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(["pause", "rollback"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Equal(OperationState.Succeeded, world.OnlyOperation().State);
    }

    [Theory]
    [InlineData("rollback shop-a to 9 because of it", "has no 9.\nIt has 91 (33333333), 8 (33333333), 7 (22222222), 5 (11111111).")]
    [InlineData("rollback shop-a to 1 because of it", "has no 1.\nIt has 91 (33333333), 8 (33333333), 7 (22222222), 5 (11111111). Of a commit I take 7 digits or more.")]
    [InlineData("rollback shop-a to 111111 because of it", "Of a commit I take 7 digits or more.")]
    [InlineData("rollback shop-a to 1111112 because of it", "has no 1111112")]
    [InlineData("rollback shop-a to main because of it", "has no main")]
    [InlineData("rollback shop-a", "Why shall")]
    [InlineData("rollback shop-a to because of it", "To what")]
    [InlineData("rollback shop-a for 9h because of it", "2 hours")]
    public async Task What_cannot_be_rolled_back_to_is_refused_with_what_can(string said, string answer)
    {
        var world = await WorldAsync();

        Assert.Contains(answer, Words((await world.SayAsync("alice", "gitops", said))!), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Theory]
    [InlineData("5", Oldest)]
    [InlineData("#7", Good)]
    [InlineData("1111111", Oldest)]
    public async Task An_entry_is_named_by_its_number_or_by_its_commit(string to, string commit)
    {
        var world = await WorldAsync();

        Assert.Null(await world.SayAsync("alice", "gitops", $"rollback to {to} shop-a because of it"));

        Assert.Contains(world.OnlyOperation().Plan.Changes, change => change.After == commit);
        Assert.Contains("deployed again about a second later", string.Join(' ', world.OnlyOperation().Notices), StringComparison.Ordinal);
    }

    /// <summary>Of a chart 1.2.30 begins like 1.2.3; a commit can have been deployed with other parameters, or beside another of a second source.</summary>
    [Theory]
    [InlineData("1.2.3", 6, "")]
    [InlineData("1.2.30", 9, "")]
    [InlineData("1.2", null, "has no 1.2.\nIt has 9 (1.2.30), 6 (1.2.3), 4 (")]
    [InlineData("abcdef1", null, "abcdef1 could be entry 4 (abcdef12, 1.0) or 3 (abcdef19, 1.0).\nSay the number of the one you mean: to 4.")]
    [InlineData("ABCDEF12", 4, "")]
    [InlineData("1.0", null, "1.0 could be entry 4 (abcdef12, 1.0) or 3 (abcdef19, 1.0).")]
    [InlineData("2.0", null, "2.0 could be entry 2 (2.0) or 1 (2.0).")]
    [InlineData("2", 2, "")]
    public async Task What_is_written_is_meant_whole_and_nothing_is_guessed(string to, int? entry, string answer)
    {
        var world = await WorldAsync();
        world.Cluster.Seen = facts => facts with
        {
            Syncing = new()
            {
                Revisions = ["1.2.31"],
                History =
                [
                    new(9, ["1.2.30"], null, "{}", false), new(6, ["1.2.3"], null, "{}", false),
                    new(4, ["abcdef12" + new string('0', 32), "1.0"], null, "[]", true), new(3, ["abcdef19" + new string('0', 32), "1.0"], null, "[]", true),
                    new(2, ["2.0"], null, """{"helm":2}""", false), new(1, ["2.0"], null, """{"helm":1}""", false), new(0, ["2.0"], null, """{"helm":2}""", false),
                ],
            },
        };

        var refused = await world.SayAsync("alice", "gitops", $"rollback shop-a to {to} because of it");

        Assert.Equal(entry, world.Records.AllOperations.SingleOrDefault() is { } asked ? (int)asked.Plan.Of<RollbackWork>().To.Id : null);
        Assert.Contains(answer, refused is null ? "" : Words(refused), StringComparison.Ordinal);
    }

    /// <summary>A rollback is a whole sync, which runs what self-heal and a sync of only some resources do not.</summary>
    [Theory]
    [InlineData("PreSync Job/migrate", "The hooks of that revision run with it; the last sync ran PreSync Job/migrate. What a hook has done since")]
    [InlineData(null, "If that revision has hooks, they run with it")]
    public async Task That_hooks_run_is_said_before_anybody_agrees(string? hook, string says)
    {
        var world = await WorldAsync();
        world.Cluster.Seen = facts => Known(facts) with { Syncing = Known(facts).Syncing with { Hooks = hook is null ? [] : [hook] } };

        Assert.Null(await world.SayAsync("alice", "gitops", "rollback shop-a because of it"));

        Assert.Contains(world.OnlyOperation().Notices, notice => notice.ToString().StartsWith(says, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_history_that_moved_on_without_the_entry_makes_no_other_rollback()
    {
        var world = await WorldAsync();
        await world.SayAsync("alice", "gitops", "rollback shop-a to 5 because of it");
        world.Cluster.Seen = facts => Known(facts) with { Syncing = Known(facts).Syncing with { History = [new(5, [Good], null, "{}", false)] } };
        await world.PressAsync("carol", ChoiceKind.Approve);

        await world.WorkAsync();

        Assert.Equal(OperationState.Refused, world.OnlyOperation().State);
        Assert.Empty(world.Cluster.Effects);
    }

    private static async Task<World> AskedAsync(string said)
    {
        var world = await WorldAsync();
        Assert.Null(await world.SayAsync("alice", "gitops", said));
        await world.PressAsync("carol", ChoiceKind.Approve);
        return world;
    }

    private static async Task<World> WorldAsync()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = Known;
        return world;
    }

    private static ApplicationFacts Known(ApplicationFacts facts) => facts with
    {
        Syncing = new()
        {
            Revisions = [Bad],
            History = [new(91, [Bad], null, "{}", false), new(8, [Bad], null, "{}", false), new(7, [Good], null, """{"path":"shop"}""", false), new(5, [Oldest], null, "{}", false)],
        },
    };

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text)) + card.Title;
}
