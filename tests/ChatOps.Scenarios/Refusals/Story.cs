using System.Diagnostics;
using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Scenarios.Clicks;

namespace ChatOps.Scenarios.Refusals;

public enum Step
{
    Declare,
    Ask,
    Approve,
    Hold,
    Extend,
    Resume,
}

/// <summary>
/// The story, told by people who do again what they were told did not work. Each try has to end in what they wanted or in
/// an answer; when it ends in neither, it was lost. Time is hurried while they wait.
/// </summary>
public sealed class Story(Room room, Func<Step, Task> before)
{
    private const int MostTries = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task TellAsync()
    {
        await StepAsync(Step.Declare, DeclareAsync, IsDeclaredAsync);
        await StepAsync(Step.Ask, AskAsync, IsAskedAsync);
        await StepAsync(Step.Approve, ApproveAsync, IsPausedAsync);
        await StepAsync(Step.Hold, () => Task.CompletedTask, async () => await LiveAsync() is { Hold: Hold.Holding });
        await StepAsync(Step.Extend, ExtendAsync, IsExtendedAsync);
        await StepAsync(Step.Resume, ResumeAsync, async () => !await Truth.IsPausedAsync(room));
    }

    private async Task StepAsync(Step step, Func<Task> act, Func<Task<bool>> isDone)
    {
        await before(step);
        for (var tries = 1; tries <= MostTries; tries++)
        {
            var told = Answers();
            await act();
            if (await EndsAsync(isDone, () => Answers() > told, step, tries))
            {
                return;
            }

            // "Try again in a minute", the answer says.
            room.Building.Clock.Hurry(TimeSpan.FromSeconds(10));
        }

        Assert.Fail($"{step} was refused {MostTries} times: {string.Join(" | ", room.Told("alice"))}");
    }

    /// <summary>True: done. False: somebody was told that it is not.</summary>
    private async Task<bool> EndsAsync(Func<Task<bool>> isDone, Func<bool> isAnswered, Step step, int tries)
    {
        var since = Stopwatch.StartNew();
        while (since.Elapsed < Patience)
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
            if (since.Elapsed > TimeSpan.FromMilliseconds(150))
            {
                room.Building.Clock.Hurry(TimeSpan.FromSeconds(1));
            }
        }

        Assert.Fail($"{step}, try {tries}: neither done nor answered. {await Truth.DescribeAsync(room)}");
        return false;
    }

    /// <summary>Everything that tells somebody of the room that something did not work.</summary>
    private int Answers() =>
        room.Told("alice").Count + room.Told("bob").Count
        + room.View.Messages.Count(message => Words.Of(message).Contains("failed, nothing was changed", StringComparison.Ordinal)
            || Words.Of(message).Contains("was approved, but not done", StringComparison.Ordinal)
            || Words.Of(message).Contains("not in the scope yet", StringComparison.Ordinal)
            || Words.Of(message).Contains("so the approval", StringComparison.Ordinal)
            || Words.Of(message).Contains("I took it over", StringComparison.Ordinal))
        + room.Building.Slack.DirectWith("alice").Messages.Count(message => message.Edits.Count == 0 && !Words.Of(message).Contains("Extend", StringComparison.Ordinal));

    private async Task DeclareAsync()
    {
        if (room.Number == 0)
        {
            await room.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", room.Channel);
        }
        else
        {
            await room.Alice.CommandAsync("/incident", "apps add checkout", room.Channel); // as the thread says to
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
        return (await room.IncidentAsync()).Scope.Count > 0
            && await room.Building.Records.FindMessageAsync(MessageKey.Incident(room.Number), null, Room.Ct) is not null;
    }

    private Task AskAsync() => room.Alice.CommandAsync("/gitops", "pause checkout for 30m because rollback of payment config", room.Channel);

    private async Task<bool> IsAskedAsync() =>
        await room.FindOperationAsync() is { State: OperationState.AwaitingApproval } operation
        && await room.Building.Records.FindMessageAsync(MessageKey.Operation(operation.Id), null, Room.Ct) is not null
        && room.TryCard() is not null;

    private async Task ApproveAsync()
    {
        if (await room.FindOperationAsync() is not { State: OperationState.AwaitingApproval })
        {
            if (await room.FindOperationAsync() is { IsTerminal: false })
            {
                return;
            }

            var told = Answers();
            await AskAsync();
            if (!await EndsAsync(IsAskedAsync, () => Answers() > told, Step.Ask, 0))
            {
                return;
            }
        }

        if (await EndsAsync(IsAskedAsync, () => false, Step.Ask, 0))
        {
            await room.PressAsync("bob", room.TryCard()!, "Approve");
        }
    }

    private async Task<Lease?> LiveAsync() => (await room.Building.Records.LeasesAsync(room.Number, Room.Ct)).FirstOrDefault(lease => lease.IsLive);

    private async Task<bool> IsPausedAsync() => await LiveAsync() is { State: LeaseState.Active } && await room.FindOperationAsync() is { State: OperationState.Succeeded };

    private async Task ExtendAsync()
    {
        if (await room.FindOperationAsync() is { Kind: OperationKind.Extend, State: OperationState.AwaitingApproval } || await IsExtendedAsync())
        {
            return;
        }

        if (await room.FindOperationAsync() is { IsTerminal: true })
        {
            var told = Answers();
            await room.Alice.CommandAsync("/gitops", "extend checkout by 20m", room.Channel);
            if (await EndsAsync(IsAskedAsync, () => Answers() > told, Step.Extend, 0))
            {
                await room.PressAsync("bob", room.TryCard()!, "Approve");
            }
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
