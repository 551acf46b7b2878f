using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Alerts;

/// <summary>Whoever opened the incident alone approves alone only when an alert tells of it too.</summary>
public class ConfirmingAlertTests
{
    [Fact]
    public async Task An_alert_that_fired_before_the_request_and_still_fires_confirms_it()
    {
        var world = await AloneAsync(world => HearAsync(world, SomeAlert.Fires(since: world.Now)));

        await world.AnswerAsync("alice", ("reason", "customers cannot pay"));

        Assert.Equal(OperationState.Approved, world.OnlyOperation().State);
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains("Alert Errors confirms the emergency", StringComparison.Ordinal));
    }

    public static TheoryData<string> Others => ["", "shop-b", "billing", "other-instance/argocd/shop-a"];

    [Theory]
    [MemberData(nameof(Others))]
    public async Task No_alert_or_one_about_another_application_confirms_nothing(string about)
    {
        var world = await AloneAsync(world => about.Length == 0 ? Task.CompletedTask : HearAsync(world, SomeAlert.Fires(about: about, since: world.Now)), pressed: RefusalKind.NotAllowed);

        Assert.Empty(world.Chat.Dialogs);
    }

    [Fact]
    public async Task One_that_is_over_before_the_request_confirms_nothing() =>
        await AloneAsync(
            async world =>
            {
                await HearAsync(world, SomeAlert.Fires(since: world.Now));
                await HearAsync(world, SomeAlert.IsOver(SomeAlert.Fires(since: world.Now), world.Now));
            },
            pressed: RefusalKind.NotAllowed);

    [Fact]
    public async Task One_that_fires_only_after_the_request_confirms_nothing() =>
        await AloneAsync(_ => Task.CompletedTask, after: world => HearAsync(world, SomeAlert.Fires(since: world.Now.AddHours(-1))), pressed: RefusalKind.NotAllowed);

    [Fact]
    public async Task One_that_ends_between_the_two_confirmations_confirms_nothing_any_more()
    {
        var world = await AloneAsync(world => HearAsync(world, SomeAlert.Fires(since: world.Now)));
        await HearAsync(world, SomeAlert.IsOver(SomeAlert.Fires(since: world.Now.AddMinutes(-15)), world.Now));

        Assert.Equal(RefusalKind.NotAllowed.Title(), (await world.AnswerAsync("alice", ("reason", "customers cannot pay")))?.Title);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    [Fact]
    public async Task A_warning_confirms_nothing() =>
        await AloneAsync(world => HearAsync(world, SomeAlert.Fires(severity: "warning", since: world.Now)), pressed: RefusalKind.NotAllowed);

    [Fact]
    public async Task What_alertmanager_has_not_repeated_for_hours_confirms_nothing() =>
        await AloneAsync(
            async world =>
            {
                await HearAsync(world, SomeAlert.Fires(since: world.Now));
                world.Time.Advance(TimeSpan.FromHours(5));
            },
            pressed: RefusalKind.NotAllowed);

    [Fact]
    public async Task A_name_that_two_instances_have_confirms_neither()
    {
        var world = await AloneAsync(
            world =>
            {
                world.Cluster.Add("shop-a", "another-namespace");
                return HearAsync(world, SomeAlert.Fires(since: world.Now));
            },
            pressed: RefusalKind.NotAllowed);

        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    /// <summary>Alice declares, asks, waits long enough and presses "Nobody answers", which is there only when it would be taken.</summary>
    private static async Task<World> AloneAsync(Func<World, Task> before, Func<World, Task>? after = null, RefusalKind? pressed = null)
    {
        var world = new World();
        world.Cluster.Add("shop-a");
        world.Cluster.Add("shop-b");
        await world.SayAsync("alice", "incident", "declare \"checkout is down\" sev1 apps shop-a,shop-b");
        await world.PostAllAsync();
        await before(world);
        await world.SayAsync("alice", "gitops", "pause argocd/shop-a for 20m because nobody answers");
        await world.PostAllAsync();
        if (after is not null)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await after(world);
        }

        world.Time.Advance(TimeSpan.FromMinutes(15));
        await world.WorkAsync();
        Assert.Equal(pressed is null, world.Records.Choices.Any(choice => choice.Kind == ChoiceKind.SelfApprove));
        if (pressed is null)
        {
            Assert.Null(await world.PressAsync("alice", ChoiceKind.SelfApprove));
        }
        else
        {
            Assert.Equal(pressed.Value.Title(), (await world.PressAsync("alice", await world.OfferAloneAsync()))?.Title);
        }

        return world;
    }

    private static async Task HearAsync(World world, AlertNotice notice) => await world.Hear.HandleAsync([notice], default);
}
