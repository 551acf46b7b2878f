using ChatOps.Core.Conversation;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Conversation;

public class PostOutgoingTests
{
    private static readonly MessageKey Root = MessageKey.Incident(1);

    private readonly World world = new();

    [Fact]
    public async Task The_first_post_makes_the_message_and_each_later_one_edits_it()
    {
        Assert.Equal(PostOutcome.Posted, await PostAsync(InChannel("one")));
        Assert.Equal(PostOutcome.Edited, await PostAsync(InChannel("two")));

        Assert.Equal(["post", "edit"], world.Chat.Said.Select(said => said.What));
        Assert.Empty(world.Records.Outbox);
    }

    [Fact]
    public async Task A_message_that_is_gone_is_posted_anew_and_the_next_edit_finds_the_new_one()
    {
        await PostAsync(InChannel("one"));
        world.Chat.Next.Enqueue(Refused(ChatRefusal.MessageGone));

        Assert.Equal(PostOutcome.Posted, await PostAsync(InChannel("two")));
        await PostAsync(InChannel("three"));

        Assert.Equal(("edit", "m2"), (world.Chat.Said[^1].What, world.Chat.Said[^1].Where));
    }

    [Fact]
    public async Task A_reply_waits_for_the_message_it_hangs_under()
    {
        Assert.Equal(PostOutcome.Later, await PostAsync(InThread()));
        Assert.Empty(world.Chat.Said);

        await world.Records.CommitAsync(new Changes().PostFirst(InChannel("root")), default);
        await world.Post.HandleAsync(world.Records.Outbox[^1], default);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.PostAllAsync();

        Assert.Equal("m1", world.Chat.Said[^1].Thread);
    }

    public static TheoryData<ChatRefusal, PostOutcome> Refusals => new()
    {
        { ChatRefusal.Configuration, PostOutcome.Later },
        { ChatRefusal.Channel, PostOutcome.Later },
        { ChatRefusal.Person, PostOutcome.Dropped },
        { ChatRefusal.Content, PostOutcome.Dropped },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_an_operator_can_mend_waits_and_what_nobody_can_is_dropped(ChatRefusal refusal, PostOutcome outcome)
    {
        world.Chat.Next.Enqueue(Refused(refusal));

        Assert.Equal(outcome, await PostAsync(InChannel("one")));
    }

    [Fact]
    public async Task A_card_that_the_platform_does_not_take_is_said_without_its_parts()
    {
        world.Chat.Next.Enqueue(Refused(ChatRefusal.Content));

        await PostAsync(InChannel("one"));
        await world.PostAllAsync();

        Assert.Equal(("one", 0), (Assert.Single(world.Chat.Said).Card.Title, world.Chat.Said[0].Card.Parts.Count));
    }

    [Fact]
    public async Task A_card_with_buttons_that_the_platform_does_not_take_is_said_as_plain_words_first_so_that_somebody_can_still_decide()
    {
        var buttons = new Part.Buttons([new Button("Approve", "token")]);
        var full = InChannel("one") with { Card = new Card("one", Tone.Waiting, [new Part.Facts([new Fact("Why", "rollback")]), buttons, new Part.Footnote("plan 1")]) };
        world.Chat.Next.Enqueue(Refused(ChatRefusal.Content));

        await PostAsync(full);
        await world.PostAllAsync();

        Assert.Equal([new Part.Verbatim("Why: rollback\nplan 1"), buttons], Assert.Single(world.Chat.Said).Card.Parts);
    }

    [Fact]
    public async Task What_is_not_even_taken_as_plain_words_is_said_by_its_title()
    {
        world.Chat.Next.Enqueue(Refused(ChatRefusal.Content));
        world.Chat.Next.Enqueue(Refused(ChatRefusal.Content));

        await PostAsync(InChannel("one") with { Card = new Card("one", Tone.Waiting, [new Part.Paragraph("words"), new Part.Buttons([new Button("Approve", "token")])]) });
        await world.PostAllAsync();

        Assert.Empty(Assert.Single(world.Chat.Said).Card.Parts);
    }

    [Fact]
    public async Task A_busy_platform_is_left_alone_for_as_long_as_it_asks()
    {
        world.Chat.Next.Enqueue(new ChatUnavailableException("ratelimited", TimeSpan.FromSeconds(17), mayHaveHappened: false));

        Assert.Equal(PostOutcome.Later, await PostAsync(InChannel("one")));

        Assert.Equal(world.Now.AddSeconds(17), Assert.Single(world.Records.Outbox).NotBefore);
        Assert.Empty(await world.Records.DueAsync(world.Now.AddSeconds(16), 9, default));
    }

    [Fact]
    public async Task A_dialog_that_came_too_late_asks_for_the_click_again()
    {
        world.Chat.Next.Enqueue(Refused(ChatRefusal.HandleExpired));

        Assert.Equal(PostOutcome.Dropped, await PostAsync(new Outgoing.Ask(World.Account("alice"), new(World.Room, null), "handle", new Dialog("Why", "token", "Deny", "", []))));
        await world.PostAllAsync();

        Assert.Equal(("whisper", "U-alice"), (world.Chat.Said[^1].What, world.Chat.Said[^1].Where));
    }

    [Fact]
    public async Task A_card_that_cannot_be_pinned_is_still_a_card()
    {
        world.Chat.Next.Enqueue(null);
        world.Chat.Next.Enqueue(Refused(ChatRefusal.Channel));

        Assert.Equal(PostOutcome.Posted, await PostAsync(InChannel("one") with { Pin = true }));
        Assert.Empty(world.Records.Outbox);
    }

    [Fact]
    public async Task A_card_that_could_not_be_pinned_is_pinned_with_its_next_edit_and_then_no_more()
    {
        world.Chat.Next.Enqueue(null);
        world.Chat.Next.Enqueue(new ChatUnavailableException("ratelimited", TimeSpan.FromSeconds(3), mayHaveHappened: false));
        await PostAsync(InChannel("one") with { Pin = true });
        Assert.Empty(world.Chat.Pinned);

        await PostAsync(InChannel("two") with { Pin = true });
        Assert.Equal("m1", Assert.Single(world.Chat.Pinned));

        world.Chat.Pinned.Clear();
        await PostAsync(InChannel("three") with { Pin = true });
        Assert.Empty(world.Chat.Pinned);
    }

    [Fact]
    public async Task A_post_whose_answer_was_lost_is_looked_for_and_not_made_again()
    {
        world.Chat.LosesAnswers = true;
        Assert.Equal(PostOutcome.Later, await PostAsync(InChannel("one")));
        world.Chat.LosesAnswers = false;

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.PostAllAsync();

        Assert.Equal([("post", "one"), ("edit", "one")], world.Chat.Said.Select(said => (said.What, said.Card.Title)));
        Assert.Equal("m1", (await world.Records.FindMessageAsync(Root, World.Room, default))?.Ref.Id);
    }

    [Fact]
    public async Task A_newer_edit_finds_the_post_whose_answer_was_lost()
    {
        world.Chat.LosesAnswers = true;
        await PostAsync(InChannel("one"));
        world.Chat.LosesAnswers = false;
        await world.Records.CommitAsync(new Changes().Sent(world.Records.Outbox[^1].Id), default);

        await PostAsync(InChannel("two"));

        Assert.Equal([("post", "one"), ("edit", "two")], world.Chat.Said.Select(said => (said.What, said.Card.Title)));
    }

    [Fact]
    public async Task A_post_that_the_process_before_this_one_may_have_made_is_looked_for()
    {
        world.Chat.LosesAnswers = true;
        await PostAsync(InChannel("one"));
        world.Chat.LosesAnswers = false;
        world.Time.Advance(TimeSpan.FromMinutes(1));
        world.Restart();
        await world.PostAllAsync();

        Assert.Single(world.Chat.Said, said => said.What == "post");
    }

    [Fact]
    public async Task A_message_with_our_mark_that_is_not_ours_does_not_keep_us_silent()
    {
        world.Chat.LosesAnswers = true;
        await PostAsync(InChannel("one"));
        world.Chat.LosesAnswers = false;
        world.Chat.Next.Enqueue(Refused(ChatRefusal.MessageGone));

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.PostAllAsync();

        Assert.Equal(2, world.Chat.Said.Count(said => said.What == "post"));
        Assert.Empty(world.Records.Outbox);
    }

    [Fact]
    public async Task A_reply_whose_thread_somebody_deleted_is_said_in_the_channel_and_holds_up_nobody()
    {
        await PostAsync(InChannel("root"));
        world.Chat.Next.Enqueue(Refused(ChatRefusal.ThreadGone));

        Assert.Equal(PostOutcome.Posted, await PostAsync(InThread()));

        Assert.Equal(("reply", null), (world.Chat.Said[^1].Card.Title, world.Chat.Said[^1].Thread));
        Assert.Empty(world.Records.Outbox);
    }

    // After a restore the first message of a thread is not posted any more, and its replies held up the channel for ever.
    [Fact]
    public async Task A_reply_does_not_wait_for_ever_for_a_message_that_never_comes()
    {
        await world.Records.CommitAsync(new Changes().Post(InThread()), default);
        for (var tries = 0; world.Records.Outbox.Count > 0 && tries < 20; tries++)
        {
            await world.PostAllAsync();
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("reply", Assert.Single(world.Chat.Said).Card.Title);
    }

    [Fact]
    public async Task What_breaks_for_no_known_reason_is_said_plainly_in_the_end_and_then_given_up()
    {
        await world.Records.CommitAsync(new Changes().Post(InChannel("one")), default);
        var first = world.Records.Outbox[^1];
        for (var times = 1; times < 6; times++)
        {
            Assert.Equal(PostOutcome.Later, await world.Post.BrokeAsync(first, times, default));
        }

        Assert.True(world.Records.Outbox[^1].NotBefore > world.Now);
        Assert.Equal(PostOutcome.Dropped, await world.Post.BrokeAsync(first, 6, default));
        var plain = Assert.Single(world.Records.Outbox);
        Assert.Empty(((Outgoing.Say)plain.Post).Card.Parts);

        Assert.Equal(PostOutcome.Dropped, await world.Post.BrokeAsync(plain, 6, default));
        Assert.Empty(world.Records.Outbox);
    }

    private static ChatRefusedException Refused(ChatRefusal refusal) => new(refusal, "code", "fix");

    private static Outgoing.Say InChannel(string title) => new(Root, new Where.InChannel(World.Room), Card.Note(title, Tone.Neutral, "text"));

    private static Outgoing.Say InThread() => new(MessageKey.Entry(1, 1), new Where.InThread(World.Room, Root), Card.Note("reply", Tone.Neutral));

    private async Task<PostOutcome> PostAsync(Outgoing post)
    {
        await world.Records.CommitAsync(new Changes().Post(post), default);
        return (await world.Post.HandleAsync(world.Records.Outbox[^1], default)).Outcome;
    }
}
