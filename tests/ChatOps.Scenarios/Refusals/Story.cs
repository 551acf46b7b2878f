using System.Diagnostics;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Scenarios.Clicks;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Refusals;

/// <summary>
/// The story, told by people who do again what they were told did not work. Each try has to end in what they wanted or in
/// an answer; when it ends in neither, it was lost. Time is hurried while they wait.
/// </summary>
public sealed class Story(Room room, Func<Step, Task> before)
{
    public static readonly string[] Scope = ["checkout", "search", "reports"];
    private const int MostTries = 8;
    private static readonly string[] Noes = ["failed, nothing was changed", "was approved, but not done", "not in the scope yet", "so the approval", "I took it over"];
    private readonly HashSet<string> noes = [];
    private readonly HashSet<string> old = [.. room.Building.Slack.DirectWith("alice").Messages.Select(message => message.Ts)];

    public async Task TellAsync()
    {
        await StepAsync(Step.Declare, DeclareAsync, IsDeclaredAsync);
        await before(Step.AskInVain);
        await AnsweredAsync(Step.AskInVain, () => AskAsync("search"), "ApplicationSet tools");
        await AnsweredAsync(Step.AskInVain, () => room.Alice.CommandAsync("/gitops", "status reports", room.Channel), "platform");
        await StepAsync(Step.Ask, () => AskAsync("checkout"), IsAskedAsync);
        await StepAsync(Step.Approve, ApproveAsync, IsPausedAsync);
        await StepAsync(Step.Hold, () => Task.CompletedTask, async () => await LiveAsync() is { Hold: Hold.Holding });
        await before(Step.Look);
        await AnsweredAsync(Step.Look, () => room.Alice.CommandAsync("/incident", "status", room.Channel), "Checkout 500s");
        await AnsweredAsync(Step.Look, () => room.Alice.MentionAsync(room.View.Id, Root, "incident status"), "Checkout 500s");
        await StepAsync(Step.Warn, ComeNearTheEndAsync, IsWarnedAsync);
        await StepAsync(Step.Extend, ExtendAsync, IsExtendedAsync);
        await StepAsync(Step.Resume, ResumeAsync, async () => !await Truth.IsPausedAsync(room));
        await StepAsync(Step.Settle, () => Task.CompletedTask, async () => await room.LeaseAsync() is { AwaitsEngine: false });
        await StepAsync(Step.Close, () => room.Alice.CommandAsync("/incident", "close", room.Channel), async () => await room.IncidentAsync() is { State: IncidentState.Closed });
    }

    private async Task StepAsync(Step step, Func<Task> act, Func<Task<bool>> isDone)
    {
        await before(step);
        await DoneAsync(step, act, isDone);
    }

    /// <summary>What is asked is answered to the one who asked, in the channel for her only or in a direct message.</summary>
    private async Task AnsweredAsync(Step step, Func<Task> ask, string words)
    {
        var heard = Private().Count;
        await DoneAsync(step, ask, () => Task.FromResult(Private().Skip(heard).Any(message => Words.Of(message).Contains(words, StringComparison.Ordinal))));
    }

    private async Task DoneAsync(Step step, Func<Task> act, Func<Task<bool>> isDone)
    {
        for (var tries = 1; tries <= MostTries; tries++)
        {
            var told = Answers();
            await act();
            if (await EndsAsync(isDone, () => Answers() > told, step, tries))
            {
                return;
            }

            // "Try again in a minute", the answer says.
            room.Building.Pass(TimeSpan.FromSeconds(10));
        }

        Assert.Fail($"{step} was refused {MostTries} times: {string.Join(" | ", Private().Select(Words.Of))}");
    }

    /// <summary>True: done. False: somebody was told that it is not.</summary>
    private async Task<bool> EndsAsync(Func<Task<bool>> isDone, Func<bool> isAnswered, Step step, int tries)
    {
        var since = Stopwatch.StartNew();
        while (since.Elapsed < ScenarioWorld.Patience)
        {
            if (await isDone())
            {
                return true;
            }

            if (isAnswered())
            {
                return await isDone();
            }

            await Task.Delay(10);
            if (since.Elapsed > TimeSpan.FromMilliseconds(150) && (since.Elapsed > TimeSpan.FromMinutes(1) || !await IsNearlyOverAsync()))
            {
                room.Building.Pass(TimeSpan.FromSeconds(1));
            }
        }

        Assert.Fail($"{step}, try {tries}: neither done nor answered. {await Truth.DescribeAsync(room)}");
        return false;
    }

    /// <summary>Everything that tells somebody of the room that something did not work. What was said counts, also when an edit makes it something else.</summary>
    private int Answers()
    {
        noes.UnionWith(room.View.Messages.Where(message => Noes.Any(no => Words.Of(message).Contains(no, StringComparison.Ordinal)))
            .Concat(Direct.Where(message => message.Edits.Count == 0 && !Room.Labels(message).Contains("Extend …")))
            .Select(message => message.Ts));
        return room.Told("alice").Count + room.Told("bob").Count + noes.Count;
    }

    /// <summary>What alice has from the bot in private, wherever it was said.</summary>
    private IReadOnlyList<SlackMessage> Private() => [.. room.Alice.Ephemerals(room.Channel).Concat(Direct).OrderBy(message => message.Ts, StringComparer.Ordinal)];

    private IEnumerable<SlackMessage> Direct => room.Building.Slack.DirectWith("alice").Messages.Concat(room.Alice.Ephemerals(room.Alice.Direct().Id));

    private string Root => room.View.Messages.First(message => !message.IsReply && Words.Of(message).Contains("Checkout 500s", StringComparison.Ordinal)).Ts;

    private async Task DeclareAsync()
    {
        if (room.Number == 0)
        {
            await room.Alice.CommandAsync("/incident", $"declare \"Checkout 500s\" sev1 apps {string.Join(',', Scope)}", room.Channel);
            return;
        }

        foreach (var missing in Scope.Except((await room.IncidentAsync()).Scope.Select(application => application.Name)))
        {
            await room.Alice.CommandAsync("/incident", $"apps add {missing}", room.Channel); // as the thread says to
        }
    }

    private async Task<bool> IsDeclaredAsync()
    {
        var incidents = await room.Building.Records.IncidentsAsync(onlyOpen: false, Room.Ct);
        if (incidents.All(incident => incident.Channels[0].Id != room.View.Id))
        {
            return false;
        }

        await room.RememberAsync();
        return (await room.IncidentAsync()).Scope.Count == Scope.Length
            && await room.Building.Records.FindMessageAsync(MessageKey.Incident(room.Number), null, Room.Ct) is not null;
    }

    private Task<Sandbox.Slack.Wire.Delivery> AskAsync(string application) => room.Alice.CommandAsync("/gitops", $"pause {application} for 1h because rollback of payment config", room.Channel);

    private async Task<bool> IsAskedAsync() =>
        await room.FindOperationAsync() is { State: OperationState.AwaitingApproval } operation
        && await room.Building.Records.FindMessageAsync(MessageKey.Operation(operation.Id), null, Room.Ct) is not null
        && Question(operation) is not null;

    /// <summary>What bob can press: the card in the thread, or, where Slack took only its title, the question in his direct messages.</summary>
    private SlackMessage? Question(Operation operation) => room.TryCard()
        ?? room.Building.Slack.DirectWith("bob").Messages.LastOrDefault(message => ChannelView.Shows(message, operation.Id.ToString("N")[..8]) && Room.Labels(message).Contains("Approve"));

    private async Task ApproveAsync()
    {
        if (await room.FindOperationAsync() is not { State: OperationState.AwaitingApproval })
        {
            if (await room.FindOperationAsync() is { IsTerminal: false })
            {
                return;
            }

            var told = Answers();
            await AskAsync("checkout");
            if (!await EndsAsync(IsAskedAsync, () => Answers() > told, Step.Ask, 0))
            {
                return;
            }
        }

        if (await EndsAsync(IsAskedAsync, () => false, Step.Ask, 0))
        {
            await room.PressAsync("bob", Question((await room.FindOperationAsync())!)!, "Approve");
        }
    }

    private async Task<Lease?> LiveAsync() => (await room.Building.Records.LeasesAsync(room.Number, Room.Ct)).FirstOrDefault(lease => lease.IsLive);

    private async Task<bool> IsPausedAsync() => await LiveAsync() is { State: LeaseState.Active } && await room.FindOperationAsync() is { State: OperationState.Succeeded };

    /// <summary>Then time stands still for a minute, for what a busy machine has not come to yet: hurried on, it would end the pause first.</summary>
    private async Task<bool> IsNearlyOverAsync() => await LiveAsync() is { } lease && lease.Deadline - room.Building.Clock.GetUtcNow() < TimeSpan.FromMinutes(2);

    private async Task ComeNearTheEndAsync()
    {
        var lease = await LiveAsync();
        Assert.True(lease is not null, $"The pause ended before anybody was warned. {await Truth.DescribeAsync(room)}");
        var left = lease.Deadline - TimeSpan.FromMinutes(9) - room.Building.Clock.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            room.Building.Clock.Advance(left);
        }
    }

    private async Task<bool> IsWarnedAsync() =>
        await LiveAsync() is { NoticedAt: not null } && await room.Building.Records.BacklogAsync(room.Building.Clock.GetUtcNow(), Room.Ct) is { Outbox: 0 };

    private async Task ExtendAsync()
    {
        if (await room.FindOperationAsync() is { IsTerminal: true } && !await IsExtendedAsync())
        {
            var told = Answers();
            await AskForMoreAsync();
            if (!await EndsAsync(IsAskedAsync, () => Answers() > told, Step.Extend, 0))
            {
                return;
            }
        }

        if (await room.FindOperationAsync() is { Kind: OperationKind.Extend, State: OperationState.AwaitingApproval } && await EndsAsync(IsAskedAsync, () => false, Step.Extend, 0))
        {
            await room.PressAsync("bob", Question((await room.FindOperationAsync())!)!, "Approve");
        }
    }

    private async Task AskForMoreAsync()
    {
        var notice = Direct.LastOrDefault(message => !old.Contains(message.Ts) && Room.Labels(message).Contains("Extend …"));
        if (notice is null)
        {
            await room.Alice.CommandAsync("/gitops", "extend checkout by 20m", room.Channel);
            return;
        }

        var told = Answers();
        await room.PressAsync("alice", notice, "Extend …");
        if (await EndsAsync(() => Task.FromResult(room.Alice.Dialogs.Top is not null), () => Answers() > told, Step.Extend, 0))
        {
            await room.Alice.Dialogs.SubmitAsync(new Dictionary<string, string> { ["By how long?"] = "20m", ["Why?"] = "the fix is in review" });
        }
    }

    private async Task<bool> IsExtendedAsync() => await room.FindOperationAsync() is { Kind: OperationKind.Extend, State: OperationState.Succeeded };

    private async Task ResumeAsync()
    {
        if (await LiveAsync() is { State: LeaseState.Active })
        {
            await room.Alice.CommandAsync("/gitops", "resume checkout", room.Channel);
        }
    }
}
