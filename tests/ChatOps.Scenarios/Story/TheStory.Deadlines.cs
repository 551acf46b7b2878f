using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <content>Every override ends: longer only with a new approval, and never silently.</content>
public abstract partial class TheStory
{
    [StoryFact]
    public async Task The_owner_is_asked_before_the_end_and_asks_for_more_in_a_dialog_which_needs_approval_again()
    {
        await using var world = await StartAsync();
        var thread = await PauseAsync(world, "30m");
        world.Clock.Advance(TimeSpan.FromMinutes(26));
        var notice = await world.PersonIsToldAsync(world.Alice, "The pause of checkout is about to end", "rollback of payment config");

        await world.Alice.PressAsync(notice, "Extend …");
        await world.Alice.Dialogs.WaitAsync(CancellationToken.None);
        await world.Alice.Dialogs.SubmitAsync(new Dictionary<string, string> { ["By how long?"] = "30m", ["Why?"] = "the fix is in review" });
        var asked = await world.ThreadSaysAsync(thread, "Extend the pause of checkout", "needs one approval", "the fix is in review");
        Assert.DoesNotContain(world.Channel.Thread(thread), message => Reading.Shows(message, "stays paused until"));
        await world.Bob.PressAsync(asked, "Approve");

        await world.ThreadSaysAsync(thread, "checkout", "stays paused until", "the fix is in review");
        await world.PersonIsToldAsync(world.Alice, "The pause of checkout goes on", "I ask again before that");
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await world.Alice.CommandAsync("/incident", "status", Incidents);
        await world.PersonIsToldAsync(world.Alice, "paused until", "holding");
        Assert.DoesNotContain(world.Channel.Thread(thread), message => Reading.Shows(message, "still paused past its end"));
    }

    [StoryFact]
    public async Task It_is_extended_by_command_and_owned_by_whoever_says_so_but_never_past_the_longest_duration()
    {
        await using var world = await StartAsync();
        var thread = await PauseAsync(world);

        await world.Alice.MentionAsync(Incidents, thread, "extend checkout by 30m");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, "Extend the pause of checkout", "needs one approval"), "Approve");
        await world.ThreadSaysAsync(thread, "checkout", "stays paused until");
        await world.Carol.MentionAsync(Incidents, thread, "own checkout");
        await world.ThreadSaysAsync(thread, "<@U0CAROL>", "owns the pause of checkout now");
        await CardSaysAsync(world, thread, "owner <@U0CAROL>");
        await world.Alice.MentionAsync(Incidents, thread, "extend checkout by 1h");

        await world.PersonIsToldAsync(world.Alice, "2 hours 15 minutes is longer than rule pause-shop allows", "counted from the first start");
    }

    [StoryFact]
    public async Task Past_its_end_it_is_brought_up_again_and_again_to_more_people_until_somebody_decides()
    {
        await using var world = await StartAsync();
        var thread = await PauseAsync(world);

        world.Clock.Advance(TimeSpan.FromMinutes(46));
        Shows(await world.ThreadSaysAsync(thread, "still paused past its end"), "<@U0ALICE>", "<@U0BOB>", "resume checkout");
        await world.PersonIsToldAsync(world.Bob, "The pause of checkout is past its end");
        Assert.DoesNotContain(world.Channel.Thread(thread), message => Reading.Shows(message, "<@U0CAROL>"));
        world.Clock.Advance(TimeSpan.FromMinutes(11));
        await world.ThreadSaysAsync(thread, "still paused past its end", "<@U0CAROL>");
        var ask = await world.PersonIsToldAsync(world.Carol, "The pause of checkout is past its end");
        Assert.False(Automated((await world.Shop.FindAsync(ShopCluster.Checkout))!)!["enabled"]!.GetValue<bool>());

        await world.Carol.PressAsync(ask, "Resume");
        await world.ThreadSaysAsync(thread, "is resumed by Carol Chiba");
        await world.PersonIsToldAsync(world.Bob, "The pause of checkout is over", "by Carol Chiba");
    }

    [StoryFact]
    public async Task Past_its_end_it_is_resumed_where_the_rule_says_so()
    {
        await using var world = await StartAsync((RuleOfPauses + ":AtDeadline", "Resume"));
        var thread = await PauseAsync(world);

        world.Clock.Advance(TimeSpan.FromMinutes(46));

        await world.ThreadSaysAsync(thread, "The time of checkout is over");
        await world.ThreadSaysAsync(thread, "is resumed by chatops");
        Assert.Null(Automated((await world.Shop.FindAsync(ShopCluster.Checkout))!)!["enabled"]);
    }

    private static string RuleOfPauses => SandboxPolicy.Settings.Single(setting => setting.Value == "pause-shop").Key[..^":Name".Length];
}
