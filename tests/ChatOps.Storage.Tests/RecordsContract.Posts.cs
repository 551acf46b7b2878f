using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Storage.Tests;

public abstract partial class RecordsContract
{
    private static DateTimeOffset Later => Some.Now.AddYears(1);

    [Fact]
    public async Task A_delivery_is_taken_once()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Records.AcceptAsync(Some.Delivery("Ev1"), Ct)));

        Assert.Single(taken, first => first);
        Assert.True(await Records.AcceptAsync(Some.Delivery("ev1"), Ct));
        Assert.Equal(["Ev1", "ev1"], (await Records.WaitingAsync(10, Ct)).Select(delivery => delivery.Key));
    }

    [Fact]
    public async Task Deliveries_wait_in_the_order_they_came_with_everything_in_them()
    {
        Delivery[] all =
        [
            Some.Delivery("3", new Said.Command(null, "incident status")),
            Some.Delivery("1", new Said.Pressed("token", new MessageRef(Some.Channel, "171.2", "171.1"))),
            Some.Delivery("2", new Said.Pressed("token", null)) with { ReplyHandle = null },
        ];
        foreach (var delivery in all)
        {
            await Records.AcceptAsync(delivery, Ct);
        }

        var values = new Dictionary<string, string> { ["reason"] = "no 🚫", ["Reason"] = "" };
        await Records.AcceptAsync(Some.Delivery(new string('k', 3000), new Said.Answered("token", values)), Ct);

        var waiting = await Records.WaitingAsync(10, Ct);
        Assert.Equal(all, waiting.Take(3));
        Assert.Equal(values, Assert.IsType<Said.Answered>(waiting[3].Said).Values);
        Assert.Equal(all.Take(1), await Records.WaitingAsync(1, Ct));
    }

    [Fact]
    public async Task A_done_delivery_is_gone_but_known()
    {
        var delivery = Some.Delivery("1");
        await Records.AcceptAsync(delivery, Ct);
        await Records.CommitAsync(new Changes().Done(delivery), Ct);

        Assert.Empty(await Records.WaitingAsync(10, Ct));
        Assert.False(await Records.AcceptAsync(delivery, Ct));
    }

    [Fact]
    public async Task Two_workers_never_both_act_on_one_delivery()
    {
        var delivery = Some.Delivery("1");
        await Records.AcceptAsync(delivery, Ct);

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(number =>
            Record.ExceptionAsync(() => Records.CommitAsync(new Changes().Done(delivery).Save(Some.Incident(number)), Ct))));

        Assert.Equal(7, outcomes.Count(outcome => outcome is StaleRecordException));
        Assert.Single(await Records.IncidentsAsync(onlyOpen: false, Ct));
    }

    [Fact]
    public async Task Every_sort_of_post_comes_back_as_it_was()
    {
        Outgoing[] posts =
        [
            new Outgoing.Say(new MessageKey("a"), new Where.InChannel(Some.Channel), Some.Card()) { Pin = true },
            new Outgoing.Say(new MessageKey("b"), new Where.InThread(Some.Channel with { Id = "C2" }, MessageKey.Incident(7)), Some.Card()),
            new Outgoing.Say(new MessageKey("c"), new Where.ToPerson(Some.Anna), Some.Card()),
            new Outgoing.Whisper(Some.Anna, new Place(Some.Channel, null), Some.Card(), "https://hooks/secret"),
            new Outgoing.Whisper(Some.Anna with { UserId = "U2" }, new Place(Some.Channel, "1.1"), Some.Card(), null),
            new Outgoing.Ask(Some.Anna, new Place(Some.Channel, "1.1"), "trigger", Some.Dialog()),
            new Outgoing.Home(Some.Anna, Some.Card()),
        ];
        await Records.CommitAsync(posts.Aggregate(new Changes(), (changes, post) => changes.Post(post)), Ct);

        Assert.Equal(posts, (await Records.DueAsync(Later, 10, Ct)).Select(queued => queued.Post));
    }

    [Fact]
    public async Task A_lane_keeps_its_order_and_waits_for_nobody_else()
    {
        var other = Some.Say("x", where: new Where.ToPerson(Some.Anna));
        await Records.CommitAsync(new Changes().Post(Some.Say("a")).Post(Some.Say("b")).Post(other), Ct);

        var due = await Records.DueAsync(Later, 10, Ct);
        Assert.Equal([Some.Say("a"), other], due.Select(queued => queued.Post));

        await Records.CommitAsync(new Changes().TryLater(due[0].Id, Later.AddHours(1)), Ct);
        Assert.Equal([other], (await Records.DueAsync(Later, 10, Ct)).Select(queued => queued.Post));
        var again = (await Records.DueAsync(Later.AddHours(1), 10, Ct))[0];
        Assert.Equal((due[0].Id, 1, Later.AddHours(1)), (again.Id, again.Attempts, again.NotBefore));

        await Records.CommitAsync(new Changes().Sent(due[0].Id), Ct);
        Assert.Equal([Some.Say("b"), other], (await Records.DueAsync(Later, 10, Ct)).Select(queued => queued.Post));
    }

    [Fact]
    public async Task Of_several_edits_of_a_message_only_the_last_is_sent_in_the_place_of_the_first()
    {
        await Records.CommitAsync(new Changes().Post(Some.Say("a", "1") with { Pin = true }).Post(Some.Say("b")).Post(Some.Say("a", "2")), Ct);
        await Records.CommitAsync(new Changes().Post(Some.Say("a", "3")), Ct);

        var first = Assert.Single(await Records.DueAsync(Later, 10, Ct));
        Assert.Equal(Some.Say("a", "3") with { Pin = true }, first.Post);
        Assert.Equal(2, (await Records.BacklogAsync(Later, Ct)).Outbox);
    }

    [Fact]
    public async Task The_same_message_in_two_channels_is_two_posts()
    {
        var elsewhere = Some.Say("a", where: new Where.InChannel(new Channel(ChatPlatform.Teams, "t", "19:x")));
        await Records.CommitAsync(new Changes().Post(Some.Say("a")).Post(elsewhere), Ct);

        Assert.Equal([Some.Say("a"), elsewhere], (await Records.DueAsync(Later, 10, Ct)).Select(queued => queued.Post));
    }

    [Fact]
    public async Task An_edit_that_comes_while_the_older_one_is_being_sent_is_not_lost()
    {
        await Records.CommitAsync(new Changes().Post(Some.Say("a", "old")), Ct);
        var onItsWay = Assert.Single(await Records.DueAsync(Later, 10, Ct));

        await Records.CommitAsync(new Changes().Post(Some.Say("a", "new")), Ct);
        await Records.CommitAsync(new Changes().Sent(onItsWay.Id), Ct);

        var left = Assert.Single(await Records.DueAsync(Later, 10, Ct));
        Assert.Equal(Some.Say("a", "new"), left.Post);
        Assert.True(left.Id > onItsWay.Id);
    }

    [Fact]
    public async Task A_posted_message_is_found_by_its_key_and_by_its_id()
    {
        var root = new PostedMessage(MessageKey.Incident(7), new MessageRef(Some.Channel, "171.1", null), Some.Now);
        var entry = new PostedMessage(MessageKey.Entry(7, 1), new MessageRef(Some.Channel, "171.2", "171.1"), Some.Now) { MayHaveCopies = true };
        var elsewhere = root with { Ref = new MessageRef(new Channel(ChatPlatform.Teams, "t", "19:x"), "9", null), PostedAt = Some.Now.AddSeconds(1) };
        await Records.CommitAsync(new Changes().Save(Some.Incident()).Confirm(root).Confirm(entry).Confirm(elsewhere), Ct);

        Assert.Equal(root, await Records.FindMessageAsync(root.Key, Some.Channel, Ct));
        Assert.Equal(elsewhere, await Records.FindMessageAsync(root.Key, elsewhere.Ref.Channel, Ct));
        Assert.Equal(elsewhere, await Records.FindMessageAsync(root.Key, null, Ct));
        Assert.Null(await Records.FindMessageAsync(entry.Key, elsewhere.Ref.Channel, Ct));
        Assert.Equal(entry, await Records.FindMessageAsync(entry.Ref with { Thread = null }, Ct));
        Assert.Equal(7, (await Records.FindIncidentAsync(root.Ref, Ct))?.Number);
        Assert.Equal(7, (await Records.FindIncidentAsync(elsewhere.Ref, Ct))?.Number);
        Assert.Null(await Records.FindIncidentAsync(entry.Ref, Ct));
        Assert.Null(await Records.FindIncidentAsync(root.Ref with { Id = "171.9" }, Ct));
    }

    [Fact]
    public async Task A_message_posted_anew_replaces_the_old_one_of_its_channel()
    {
        var old = new PostedMessage(MessageKey.Incident(7), new MessageRef(Some.Channel, "1", null), Some.Now);
        await Records.CommitAsync(new Changes().Confirm(old), Ct);
        var anew = old with { Ref = old.Ref with { Id = "2" } };
        await Records.CommitAsync(new Changes().Confirm(anew), Ct);

        Assert.Equal(anew, await Records.FindMessageAsync(old.Key, Some.Channel, Ct));
        Assert.Null(await Records.FindMessageAsync(old.Ref, Ct));
    }

    [Fact]
    public async Task The_backlog_tells_how_much_waits_and_since_when()
    {
        await Records.AcceptAsync(Some.Delivery("1") with { ReceivedAt = Some.Now.AddSeconds(-30) }, Ct);
        await Records.AcceptAsync(Some.Delivery("2"), Ct);
        await Records.CommitAsync(new Changes().Post(Some.Say("a")), Ct);

        var backlog = await Records.BacklogAsync(Some.Now.AddSeconds(30), Ct);

        Assert.Equal(new RecordsBacklog(2, 1, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30)), backlog);
    }
}
