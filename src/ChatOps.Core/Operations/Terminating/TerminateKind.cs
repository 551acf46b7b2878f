using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Terminating;

/// <summary>Ends one operation of the engine: the one that people saw, and no later one.</summary>
/// <param name="StartedAt">What tells it from another; null while it has not begun.</param>
public sealed record TerminateWork(string By, DateTimeOffset? StartedAt) : ActionWork
{
    /// <summary>What tells it from another one that is written over it, as <see cref="Flight.Written"/>; empty where that was not noted.</summary>
    public string Written { get; init; } = "";

    public override OperationKind Kind => OperationKind.Terminate;

    public override string Doing => "Terminate the operation of";

    public override string Asked => "to terminate the operation of";

    public override Text Effect => Text.Of($"the operation of {By} is ended where it stands");

    public override bool BesideOthers => true;

    public override IReadOnlyList<string> PolicyVerbs => [PolicyVerb.Terminate];

    internal override string SealedAs => "terminate";

    internal override IReadOnlyList<object?> Sealed => [By, StartedAt?.ToUnixTimeMilliseconds(), .. Written.Length > 0 ? [Written] : Array.Empty<object?>()];
}

/// <summary><c>terminate</c>.</summary>
public sealed class TerminateKind(Applications applications, LookAgain look) : ActionKind(applications, look)
{
    public override OperationKind Kind => OperationKind.Terminate;

    public override (ActionWork? Work, Refusal? Refusal)? Understand(Command.Action command, ApplicationFacts facts) => command is not Command.Terminate ? null
        : facts.Flight is { } flight ? (new TerminateWork(flight.By, flight.StartedAt) { Written = flight.Written }, null)
        : (null, NothingRuns(facts));

    public override (Draft? Draft, Refusal? Refusal) Draft(ActionWork work, ApplicationFacts facts)
    {
        var approved = (TerminateWork)work;
        if (facts.Flight is not { } flight || flight.StartedAt != approved.StartedAt || flight.By != approved.By || (approved.Written.Length > 0 && flight.Written != approved.Written))
        {
            return (null, facts.Flight is null ? NothingRuns(facts) : new Refusal(RefusalKind.PlanMoved, "Another operation runs by now than the one that was to be ended.") { Instead = "Ask again." });
        }

        var notices = new List<Text> { "What it has applied so far stays: it is not undone." };
        if (facts.Syncing.BlockedByWindow is not null)
        {
            notices.Add("A window keeps it waiting; it is taken away, so that it does not start when the window goes.");
        }

        notices.Add((facts.AutoSyncOn, facts.Syncing.BlockedByWindow) switch
        {
            (false, _) => "Auto-sync is off, so nothing starts in its place.",
            (true, null) => Text.Of($"It costs self-heal: Argo CD counts this revision as failed, and neither syncs nor heals {facts.Ref.Name:code} until a new commit or a sync by hand ({$"sync {facts.Ref.Name}":code})."),
            (true, _) => "Auto-sync is on, and nothing counts as failed: what Git says then is deployed by itself as soon as the window lets it.",
        });

        return (new(approved, [new("/status/operationState/phase", flight.Phase, "Terminating")], notices), null);
    }

    public override Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct) =>
        Applications.Of(operation.Operation.Plan.Application.Ref).TerminateAsync(operation, ct);

    private static Refusal NothingRuns(ApplicationFacts facts) =>
        new(RefusalKind.NotPossible, Text.Of($"No operation runs on {facts.Ref.Name:code}, and none waits.")) { Instead = "There is nothing to end." };
}
