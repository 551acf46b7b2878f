using System.Diagnostics;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Sandbox.Slack.Wire;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Clicks;

/// <summary>A channel in which one incident is fought, and what its people do there.</summary>
public sealed class Room(Building building, string channel)
{
    public static readonly CancellationToken Ct = CancellationToken.None;

    public Building Building { get; } = building;

    public string Channel { get; } = channel;

    public int Number { get; private set; }

    public ChannelView View => Building.Slack.Channel(Channel);

    public SlackActor Alice => As("alice");

    public SlackActor Bob => As("bob");

    public SlackActor Carol => As("carol");

    public SlackActor As(string user) => Building.Slack.As(user);

    public async Task DeclareAsync(string application = "checkout")
    {
        await Alice.CommandAsync("/incident", $"declare \"Checkout 500s\" sev1 apps {application}", Channel);
        await View.WaitForTextAsync("Checkout 500s", Ct);
        await RememberAsync();
    }

    public async Task RememberAsync() =>
        Number = (await Building.Records.IncidentsAsync(onlyOpen: false, Ct)).First(incident => incident.Channels[0].Id == View.Id).Number;

    /// <summary>Asks for a pause; comes back with the card that has the buttons.</summary>
    public async Task<SlackMessage> AskAsync(string application = "checkout", string time = "30m")
    {
        await Alice.CommandAsync("/gitops", $"pause {application} for {time} because rollback of payment config", Channel);
        var card = CardAsync();
        var told = await Task.WhenAny(card, ToldAsync("alice", "\n"));
        return told == card ? await card : throw new InvalidOperationException($"alice was refused: {string.Join(" | ", Told("alice"))}");
    }

    public Task<SlackMessage> CardAsync() => CardWithAsync("Approve");

    /// <summary>The newest card that can be approved, if there is one now.</summary>
    public SlackMessage? TryCard() => View.Messages.LastOrDefault(message => message.IsReply && Labels(message).Contains("Approve"));

    public Task<SlackMessage> CardWithAsync(string button) =>
        View.WaitForMessageAsync(message => message.IsReply && Labels(message).Contains(button), $"a card with {button}", Ct);

    /// <summary>Declared and asked.</summary>
    public async Task<SlackMessage> BeginAsync(string application = "checkout")
    {
        await DeclareAsync(application);
        return await AskAsync(application);
    }

    /// <summary>The newest question that somebody got in a direct message.</summary>
    public async Task<SlackMessage> QuestionToAsync(string person)
    {
        var operation = await OperationAsync();
        var mark = operation.Id.ToString("N")[..8];
        return await Building.Slack.DirectWith(person).WaitForMessageAsync(message => ChannelView.Shows(message, mark) && Labels(message).Contains("Approve"), $"the question to {person}", Ct);
    }

    public Task<Delivery> PressAsync(string person, SlackMessage message, string button) => As(person).PressAsync(message, button, evenIfGone: true);

    /// <summary>What only this person is told here, now or in a moment.</summary>
    public async Task<string> ToldAsync(string person, string words)
    {
        var told = await EventuallyAsync(() => Task.FromResult(Told(person)), texts => texts.Any(text => text.Contains(words, StringComparison.OrdinalIgnoreCase)), texts => $"{person} being told '{words}'; told were: {string.Join(" | ", texts)}");
        return told.Last(text => text.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    public IReadOnlyList<string> Told(string person) => [.. As(person).Ephemerals(Channel).Select(Words.Of)];

    public async Task<Operation> OperationAsync() => (await FindOperationAsync())!;

    public async Task<Operation?> FindOperationAsync() => await Building.Records.OperationsAsync(Number, Ct) is [.., var last] ? last : null;

    public async Task<Lease?> LeaseAsync() => await Building.Records.LeasesAsync(Number, Ct) is [.., var last] ? last : null;

    public async Task<Incident> IncidentAsync() => (await Building.Records.FindIncidentAsync(Number, Ct))!;

    public Task<Operation> OperationIsAsync(OperationState state) => EventuallyAsync(OperationAsync, operation => operation.State == state, operation => $"operation in {state}, it is {operation.State} {operation.Outcome}; alice was told {string.Join(" | ", Told("alice"))}");

    public Task<Lease?> LeaseIsAsync(Func<Lease?, bool> fits, string what) => EventuallyAsync(LeaseAsync, fits, lease => $"{what}; the lease is {lease?.State} {lease?.Hold}");

    public async Task ResumeAsync()
    {
        await Alice.CommandAsync("/gitops", "resume checkout", Channel);
        await LeaseIsAsync(lease => lease is { State: LeaseState.Ended }, "the pause resumed");
    }

    /// <summary>Looks again each time that something is stored.</summary>
    public async Task<T> EventuallyAsync<T>(Func<Task<T>> look, Func<T, bool> fits, Func<T, string> what)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            var stored = Building.Records.ChangedAsync(BooksPart.Any);
            var seen = await look();
            if (fits(seen))
            {
                return seen;
            }

            if (since.Elapsed > ScenarioWorld.Patience)
            {
                throw new TimeoutException($"Waited in vain for {what(seen)}");
            }

            await Task.WhenAny(stored, Task.Delay(TimeSpan.FromSeconds(1), Ct));
        }
    }

    public static IEnumerable<string> Labels(SlackMessage message) =>
        (message.Blocks ?? []).Where(block => (string?)block?["type"] == "actions").SelectMany(block => block!["elements"]!.AsArray()).Select(element => (string?)element!["text"]?["text"] ?? "");
}
