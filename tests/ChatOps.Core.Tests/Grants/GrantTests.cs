using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Operations;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Grants;

public sealed class GrantTests
{
    [Fact]
    public async Task Nobody_lets_themselves_in()
    {
        var world = await RequestedAsync();

        var told = await world.PressAsync("alice", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.NotNull(told);
        Assert.Empty(world.Access.Objects);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    [Fact]
    public async Task An_end_that_the_cluster_refuses_is_told_and_tried_until_it_is_done()
    {
        var world = await GivenAsync();
        for (var no = 0; no < 12; no++)
        {
            world.Access.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));
        }

        world.Time.Advance(TimeSpan.FromMinutes(30));
        await world.WorkAsync();

        Assert.Single(world.Access.Objects);
        Assert.Equal(1, Alarms(world));
        for (var round = 0; round < 400 && world.Access.Objects.Count > 0; round++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(15));
            await world.WorkAsync();
        }

        Assert.Empty(world.Access.Objects);
        Assert.Equal(2, Alarms(world)); // at the first no and at the tenth: a thread that is full of alarms is not read
        Assert.Equal((GrantState.Ended, GrantProof.NoMoreThanBefore), (Only(world).State, Only(world).Proof));
    }

    [Fact]
    public async Task The_person_is_told_five_minutes_before_and_once()
    {
        var world = await GivenAsync();
        world.Time.Advance(TimeSpan.FromMinutes(24));
        await world.WorkAsync();
        Assert.Equal(0, Notices(world));

        world.Time.Advance(TimeSpan.FromMinutes(2));
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(1, Notices(world));
    }

    [Fact]
    public async Task Another_right_that_goes_on_is_said_and_not_called_gone()
    {
        var world = await GivenAsync();
        world.Access.Elsewhere.Add(Only(world).Subject);

        world.Time.Advance(TimeSpan.FromMinutes(30));
        for (var round = 0; round < 20; round++)
        {
            await world.WorkAsync();
            world.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(GrantProof.StillAllowed, Only(world).Proof);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantProved && entry.Text.ToString().Contains("by something that is not this grant", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("request shop-a as root for 30m because pods crashloop", "There is editor")]
    [InlineData("request shop-a as editor for 9h because pods crashloop", "2 hours")]
    [InlineData("revoke 1a2b3c4d", "/breakglass list")]
    [InlineData("done", "/breakglass list")]
    public async Task A_refusal_says_what_to_do_next(string said, string next)
    {
        var world = await World.WithIncidentAsync();

        var told = await world.SayAsync("alice", "breakglass", said);

        Assert.Contains(next, string.Join('\n', told!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString())), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task What_arrives_after_its_moment_is_taken_away_again()
    {
        var world = await RequestedAsync();
        await world.PressAsync("bob", ChoiceKind.Approve);
        world.Access.OnTheWay = async () =>
        {
            world.Access.OnTheWay = null;
            world.Time.Advance(TimeSpan.FromMinutes(31));
            await world.WorkOnGrantsAsync();
        };

        await world.WorkAsync();

        Assert.Empty(world.Access.Objects);
        Assert.Equal(GrantState.Ended, Only(world).State);
        Assert.Equal(OperationState.Failed, world.OnlyOperation().State);
    }

    [Fact]
    public async Task What_arrives_after_its_moment_is_never_called_open_though_nobody_has_ended_it_yet()
    {
        var world = await RequestedAsync();
        await world.PressAsync("bob", ChoiceKind.Approve);
        world.Access.OnTheWay = () =>
        {
            world.Time.Advance(TimeSpan.FromMinutes(31));
            return Task.CompletedTask;
        };

        await world.WorkAsync();

        Assert.Empty(world.Access.Objects);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.Granted);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Text.Contains("nothing was changed", StringComparison.Ordinal)); // for a moment it was there
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.Failed && entry.Text.Contains("its end came while the cluster was asked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_can_be_revoked_while_nobody_knows_whether_it_is_there_yet()
    {
        var world = await RequestedAsync();
        await world.PressAsync("bob", ChoiceKind.Approve);
        world.Access.OnTheWay = async () =>
        {
            world.Access.OnTheWay = null;
            Assert.Null(await world.SayAsync("bob", "breakglass", $"revoke {Only(world).ShortId}"));
        };

        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Empty(world.Access.Objects);
        Assert.Equal(GrantState.Ended, Only(world).State);
    }

    [Fact]
    public async Task A_review_that_hangs_keeps_no_end_from_being_told_and_is_asked_again()
    {
        var world = await GivenAsync();
        world.Access.OnReview = ct => Task.Delay(Timeout.InfiniteTimeSpan, ct);
        world.Time.Advance(TimeSpan.FromMinutes(30));

        var working = world.WorkOnGrantsAsync();
        while (!working.IsCompleted)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        await working;
        Assert.Equal((GrantState.Ended, GrantProof.None), (Only(world).State, Only(world).Proof));
        world.Access.OnReview = null;
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await world.WorkOnGrantsAsync();
        Assert.Equal(GrantProof.NoMoreThanBefore, Only(world).Proof);
    }

    [Fact]
    public async Task An_end_waits_for_no_proof_of_another()
    {
        var world = await GivenAsync();
        await world.SayAsync("anna", "breakglass", "request shop-b as editor for 40m because pods crashloop there too");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        var (first, second) = (world.Records.AllGrants.Single(grant => grant.Person == "alice"), world.Records.AllGrants.Single(grant => grant.Person == "anna"));
        var asked = new TaskCompletionSource();
        var answered = new TaskCompletionSource();
        world.Access.OnReview = _ =>
        {
            asked.TrySetResult();
            return answered.Task;
        };
        world.Time.Advance(TimeSpan.FromMinutes(40));

        var proving = world.Ends.HandleAsync([first], default);
        await asked.Task;
        var ending = world.Ends.HandleAsync([second], default);
        while (world.Access.Objects.Count > 0)
        {
            await Task.Yield();
        }

        Assert.False(proving.IsCompleted);
        answered.SetResult();
        await Task.WhenAll(proving, ending);
        Assert.All(world.Records.AllGrants, grant => Assert.Equal(GrantState.Ended, grant.State));
    }

    [Fact]
    public async Task The_sweep_ends_and_reports_an_object_whose_grant_is_over()
    {
        var world = await GivenAsync();
        var there = world.Access.Objects[0];
        await world.SayAsync("alice", "breakglass", "done");
        await world.WorkAsync();
        Assert.Equal(GrantState.Ended, Only(world).State);
        world.Access.Objects.Add(there with { ExpiresAt = world.Now.AddDays(1) });

        await world.SweepAsync();

        Assert.Empty(world.Access.Objects);
        Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantFound && entry.Text.ToString().Contains("its grant has ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Silence_lets_nobody_approve_their_own_access_whatever_the_rule_says()
    {
        var world = await RequestedAsync();
        var operation = world.OnlyOperation();
        operation = operation with { Authority = operation.Authority with { Emergency = new(TimeSpan.FromMinutes(15), TimeSpan.FromHours(1)) } };

        var no = EmergencyRule.Check(operation, "bob", confirmedByAlert: true, world.Now.AddMinutes(-20), world.Now);

        Assert.Contains("has no emergency approval", no!.Why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_planned_and_then_nothing_is_asked_for()
    {
        var world = await World.WithIncidentAsync();

        var card = await world.SayAsync("alice", "gitops", "plan request shop-a as editor for 30m because pods crashloop");

        Assert.StartsWith("Plan: Access as editor to shop-a", card!.Title, StringComparison.Ordinal);
        Assert.Contains(card.Parts.OfType<Part.Paragraph>(), part => part.Text.ToString().Contains("wait for one approval by commander", StringComparison.Ordinal));
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task What_is_gone_after_its_moment_was_taken_by_the_end_and_by_nobody_else()
    {
        var world = await GivenAsync();
        world.Time.Advance(TimeSpan.FromMinutes(30));
        world.Access.Objects.Clear(); // taken away, and not written down yet

        await world.SweepAsync();
        await world.WorkAsync();

        Assert.Equal((GrantState.Ended, null), (Only(world).State, Only(world).EndReason));
    }

    [Fact]
    public async Task An_incident_does_not_close_over_open_access()
    {
        var world = await GivenAsync();

        var told = await world.SayAsync("bob", "incident", "close");

        Assert.Contains(told!.Parts.OfType<Part.Paragraph>(), part => part.Text.ToString().Contains($"/breakglass revoke {Only(world).ShortId}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_books_only_what_is_past_or_says_no_end_is_ended()
    {
        var world = await GivenAsync();
        world.Access.Objects.Add(world.Access.Objects[0] with { ObjectName = "without-end", Grant = null, ExpiresAt = null });
        world.Access.Objects.Add(world.Access.Objects[0] with { ObjectName = "past", Grant = null, ExpiresAt = world.Now });

        var look = await new EndByLabel(new([world.Access]), world.Time).HandleAsync(default);

        Assert.Equal(["past", "without-end"], look.Ended.Select(ended => ended.ObjectName).Order());
        Assert.Equal(Only(world).ObjectName, Assert.Single(world.Access.Objects).ObjectName);
    }

    private static async Task<World> RequestedAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        return world;
    }

    private static async Task<World> GivenAsync()
    {
        var world = await RequestedAsync();
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(GrantState.Active, Only(world).State);
        return world;
    }

    private static Grant Only(World world) => Assert.Single(world.Records.AllGrants);

    private static int Alarms(World world) => world.Records.Entries.Count(entry => entry.Kind == TimelineKind.GrantNotEnded);

    private static int Notices(World world) => world.Records.Entries.Count(entry => entry.Kind == TimelineKind.GrantNearsEnd);
}
