using System.Diagnostics;
using System.Globalization;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Sandbox.Slack.Wire;
using ChatOps.Scenarios.Clicks;

namespace ChatOps.Scenarios.Crashes;

/// <summary>
/// People around one application who declare, pause, approve, extend, resume and close, over and over, while the bot dies
/// under them. What was not acknowledged they say again, as people do; what was must show, or be refused, in words.
/// </summary>
/// <param name="killer">Whoever kills the bot, if anybody does.</param>
internal sealed class Storyteller(Outside world, string application, Acknowledged acknowledged, Random dice, Killer? killer = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    /// <summary>In a life that nobody ends, after that.</summary>
    private static readonly TimeSpan InPeace = TimeSpan.FromSeconds(60);

    /// <summary>While the server dies every few seconds, and on a busy machine before it has begun to serve.</summary>
    private static readonly TimeSpan Persistence = TimeSpan.FromMinutes(15);

    /// <summary>Slack brings an event again by itself after a minute; a command it does not.</summary>
    private static readonly TimeSpan Redelivery = TimeSpan.FromSeconds(70);
    private static readonly TimeSpan Retyping = TimeSpan.FromSeconds(1);
    private readonly string channel = Outside.ChannelOf(application);
    private int said;
    private bool crowded;

    public int Stories { get; private set; }

    private SlackActor Alice => world.Slack.As("alice");

    private SlackActor Bob => world.Slack.As("bob");

    private ChannelView Channel => world.Slack.Channel(channel);

    /// <summary>Tells stories until it is enough; the last one may stop while the application is paused.</summary>
    public async Task TellAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var title = await DeclareAsync();
            await PauseAsync(title);
            if (dice.Next(2) == 0)
            {
                await ExtendAsync(title);
            }

            await NoteAsync(title);
            if (enough.IsCancellationRequested && dice.Next(2) == 0)
            {
                return;
            }

            await ResumeAsync(title);
            await CloseAsync(title);
            Stories++;
        }
    }

    public async Task<string> DeclareAsync()
    {
        var title = "";
        await UntilAsync(
            "declare",
            token => CommandAsync("/incident", $"declare \"{title = token}\" sev2 apps {application} commander @bob"),
            () => title.Length == 0 ? null : Roots(title).LastOrDefault());
        return title;
    }

    public async Task PauseAsync(string title)
    {
        var card = await UntilAsync(
            "pause",
            token => SayAsync(title, "/gitops", $"pause {application} for 40m because {token}"),
            () => InThread(title, $"Pause {application}"));
        await ApproveAsync(title, card, $"Pause {application}", "is paused until");
        await SeenAsync("holding", () => InThread(title, "is holding"));
    }

    public Task ResumeAsync(string title) => UntilAsync(
        "resume",
        _ => SayAsync(title, "/gitops", $"resume {application}"),
        () => InThread(title, "is resumed by"));

    private async Task ExtendAsync(string title)
    {
        var name = $"Extend the pause of {application}";
        var card = await UntilAsync("extend", _ => SayAsync(title, "/gitops", $"extend {application} by 20m"), () => InThread(title, name));
        await ApproveAsync(title, card, name, "stays paused until");
    }

    /// <summary>A mention that Slack brings again a minute later may have asked for another pause by now: that is withdrawn first.</summary>
    private Task<SlackMessage> CloseAsync(string title) => UntilAsync(
        "close",
        async _ =>
        {
            if (Replies(title).LastOrDefault(message => Room.Labels(message).Contains("Withdraw")) is { } waiting)
            {
                await Alice.PressAsync(waiting, "Withdraw", evenIfGone: true);
            }

            return await SayAsync(title, "/incident", "close");
        },
        () => InThread(title, "closed the incident"));

    private Task<SlackMessage> NoteAsync(string title)
    {
        var words = "";
        return UntilAsync("note", token => SayAsync(title, "/incident", $"note {words = token}"), () => words.Length == 0 ? null : InThread(title, words));
    }

    /// <summary>Presses on the newest copy of the card; a button that is gone has been understood already.</summary>
    private Task<SlackMessage> ApproveAsync(string title, SlackMessage card, string name, string goal) => UntilAsync(
        "approve",
        async _ =>
        {
            try
            {
                return await Bob.PressAsync(InThread(title, name) ?? card, "Approve");
            }
            catch (ArgumentException)
            {
                return null;
            }
        },
        () => InThread(title, goal));

    /// <summary>Says something until its effect is there. Acknowledged, and neither effect nor refusal: lost.</summary>
    private async Task<SlackMessage> UntilAsync(string what, Func<string, Task<Delivery?>> say, Func<SlackMessage?> goal)
    {
        for (var started = Stopwatch.StartNew(); started.Elapsed < Persistence;)
        {
            if (goal() is { } reached)
            {
                return reached;
            }

            var token = string.Create(CultureInfo.InvariantCulture, $"{application}-{++said:D4}");
            var answersBefore = Answers().Count;
            var delivery = await say(token);
            if (delivery is { Answer.IsAcknowledged: false })
            {
                acknowledged.Unheard();
                await OrNotYetAsync(goal, delivery.Kind == DeliveryKind.Event ? Redelivery : Retyping);
                continue;
            }

            var words = delivery is null ? null : acknowledged.Heard(what, token, application);
            var seen = await SeenAsync($"{what} ({token})", () => goal() ?? Answers().ElementAtOrDefault(answersBefore));
            if (seen.OnlyFor is null)
            {
                if (what == "pause" && words is not null && !ChannelView.Shows(seen, token))
                {
                    // The first was stored and not acknowledged, so it was said again: the card is of the first, and the second has its no.
                    words.Refused(MessageText.Of(await SeenAsync($"the answer to {token}", () => Answers().ElementAtOrDefault(answersBefore))));
                }

                return seen;
            }

            words?.Refused(MessageText.Of(seen));
            await OrNotYetAsync(goal, TimeSpan.FromSeconds(8));
        }

        throw new InvalidOperationException($"{application}: {what} was refused or unheard for {Persistence}. Last answers: {string.Join(" | ", Answers().TakeLast(5).Select(MessageText.Of))}");
    }

    /// <summary>On a busy machine no life may be long enough for it, so the last word has one that nobody ends.</summary>
    private async Task<SlackMessage> SeenAsync(string what, Func<SlackMessage?> look)
    {
        try
        {
            return await WaitAsync(Patience);
        }
        catch (TimeoutException) when (killer is not null)
        {
            return await killer.SpareAsync(() => WaitAsync(InPeace));
        }

        Task<SlackMessage> WaitAsync(TimeSpan patience) => world.Slack.WaitForAsync(look, $"{application}: {what}, acknowledged", CancellationToken.None, patience);
    }

    /// <summary>People wait a little before they say it again.</summary>
    private async Task OrNotYetAsync(Func<SlackMessage?> goal, TimeSpan patience)
    {
        try
        {
            await world.Slack.WaitForAsync(goal, "what is on its way", CancellationToken.None, patience);
        }
        catch (TimeoutException)
        {
            // It was not, or takes longer: said again.
        }
    }

    /// <summary>
    /// As a command in the channel, sometimes as a mention in the thread. Always there once the bot asked which incident is
    /// meant: a declaration that was stored but not acknowledged, and so was said again, leaves two of them.
    /// </summary>
    private Task<Delivery?> SayAsync(string title, string command, string text) =>
        dice.Next(4) == 0 || (crowded |= Answers().Any(answer => ChannelView.Shows(answer, "Which one?"))) ? MentionAsync(title, text) : CommandAsync(command, text);

    private async Task<Delivery?> CommandAsync(string command, string text) => await Alice.CommandAsync(command, text, channel);

    private async Task<Delivery?> MentionAsync(string title, string text)
    {
        var message = await Alice.MentionAsync(channel, Roots(title).Last().Ts, text);
        return world.Slack.Deliveries.First(delivery => delivery.Retry == 0 && (string?)delivery.Payload["event"]?["ts"] == message.Ts);
    }

    /// <summary>The incident's card; two of them when the answer to the first post was lost. The story goes on under the last.</summary>
    private IEnumerable<SlackMessage> Roots(string title) =>
        Channel.Messages.Where(message => message is { IsReply: false, BotId: not null } && ChannelView.Shows(message, title));

    private SlackMessage? InThread(string title, string words) => Replies(title).LastOrDefault(message => ChannelView.Shows(message, words));

    private IEnumerable<SlackMessage> Replies(string title) =>
        Roots(title).SelectMany(root => Channel.Thread(root.Ts)).Where(message => message is { IsReply: true, BotId: not null });

    private List<SlackMessage> Answers() => [.. Alice.Ephemerals(channel).Concat(Bob.Ephemerals(channel)).Where(message => message.BotId is not null).OrderBy(message => message.Ts, StringComparer.Ordinal)];
}
