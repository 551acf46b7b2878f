using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Refreshing;

/// <summary>Has the engine read Git and the cluster again; hard: without what it remembers of rendering.</summary>
public sealed record RefreshWork(bool Hard) : ActionWork
{
    public override OperationKind Kind => OperationKind.Refresh;

    public override string Doing => Hard ? "Hard refresh of" : "Refresh";

    public override string Asked => "to refresh";

    public override Text Effect => "Argo CD compares Git and the cluster again; where auto-sync is on it then applies what it finds";

    public override bool BesideOthers => true;

    public override IReadOnlyList<string> PolicyVerbs => [PolicyVerb.Refresh];

    internal override string SealedAs => "refresh";

    internal override IReadOnlyList<object?> Sealed => [Hard];
}

/// <summary><c>refresh</c>.</summary>
public sealed class RefreshKind(Applications applications, LookAgain look) : ActionKind(applications, look)
{
    public override OperationKind Kind => OperationKind.Refresh;

    public override (ActionWork? Work, Refusal? Refusal)? Understand(Command.Action command, ApplicationFacts facts) =>
        command is Command.Refresh refresh ? (new RefreshWork(refresh.Hard), null) : null;

    public override (Draft? Draft, Refusal? Refusal) Draft(ActionWork work, ApplicationFacts facts)
    {
        if (Obstacles.Skipped(facts) is { } skipped)
        {
            return (null, skipped);
        }

        var hard = ((RefreshWork)work).Hard;
        var notices = facts.AutoSyncOn && facts.Blockers.Count == 0 ? new[] { Text.Of($"Auto-sync is on: what Git has that is not applied yet is applied at once.") } : [];
        return (new(work, [new("/metadata/annotations/argocd.argoproj.io/refresh", null, hard ? "hard" : "normal")], notices), null);
    }

    public override Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct) =>
        Applications.Of(operation.Operation.Plan.Application.Ref).RefreshAsync(operation, ct);
}
