using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Server.Health;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Server.Tests.Health;

public class ChatHealthTests
{
    private readonly FakeTimeProvider time = new(Some.Now);

    [Fact]
    public void A_revoked_token_and_a_channel_without_the_bot_are_named_with_what_to_do()
    {
        var health = new ChatHealth(time);
        Refuse(health, ChatRefusal.Channel, "not_in_channel", "invite the bot");
        Refuse(health, ChatRefusal.Configuration, "token_revoked", "reinstall the app");
        Refuse(health, ChatRefusal.Content, "invalid_blocks", "please report this");

        Assert.Equal("Slack refuses posts: token_revoked; reinstall the app. Slack refuses posts in C1: not_in_channel; invite the bot", health.WhatIsWrong());
    }

    [Fact]
    public void What_is_not_refused_any_more_is_mended()
    {
        var health = new ChatHealth(time);
        Refuse(health, ChatRefusal.Configuration, "token_revoked", "reinstall the app");
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull(health.WhatIsWrong());

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(health.WhatIsWrong());
    }

    [Fact]
    public void A_loop_that_stands_still_is_a_reason_to_restart_and_one_that_has_not_begun_is_none()
    {
        var last = (DateTimeOffset?)null;
        var liveness = new Liveness([new Loop("outbox", () => last)], time);
        Assert.Null(liveness.WhatStandsStill());

        last = Some.Now;
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(liveness.WhatStandsStill());
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("outbox has stood still for 6 minutes", liveness.WhatStandsStill());
    }

    private static void Refuse(ChatHealth health, ChatRefusal refusal, string code, string fix) => health.Refused(
        new Outgoing.Say(MessageKey.Incident(1), new Where.InChannel(new(ChatPlatform.Slack, "T1", "C1")), Card.Note("t", Tone.Neutral, "x")), ChatPlatform.Slack, new(refusal, code, fix));
}
