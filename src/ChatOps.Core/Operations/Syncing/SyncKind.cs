using System.Text.Json;
using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Syncing;

/// <summary><c>sync</c>.</summary>
public sealed class SyncKind(Applications applications, LookAgain look) : ActionKind(applications, look)
{
    public override OperationKind Kind => OperationKind.Sync;

    public override (ActionWork? Work, Refusal? Refusal)? Understand(Command.Action command, ApplicationFacts facts)
    {
        if (command is not Command.Sync sync)
        {
            return null;
        }

        var (revisions, unknown) = Revisions(sync, facts);
        var (only, strange) = Only(sync, facts);
        if ((unknown ?? strange) is { } refusal)
        {
            return (null, refusal);
        }

        var elsewhere = !revisions!.SequenceEqual(facts.Syncing.Revisions);
        return (new SyncWork(revisions!, facts.Syncing.SeveralSources, elsewhere, only!, sync.Prune, sync.Force, facts.Syncing.SyncOptions), null);
    }

    public override (Draft? Draft, Refusal? Refusal) Draft(ActionWork work, ApplicationFacts facts)
    {
        if (work is SyncWork { Entry: { } entry })
        {
            return RollbackInPlace.Draft(entry, facts);
        }

        if ((Obstacles.Deleting(facts) ?? Obstacles.Skipped(facts) ?? Obstacles.InFlight(facts) ?? Obstacles.Window(facts)) is { } obstacle)
        {
            return (null, obstacle);
        }

        var sync = (SyncWork)work with { SyncOptions = facts.Syncing.SyncOptions, Source = facts.Syncing.Source, From = facts.Syncing.History is [var deployed, ..] ? deployed.Revisions : [] };
        return (new(sync, [.. Changes(sync)], [.. Notices(sync, facts)]), null);
    }

    public override Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct) =>
        Applications.Of(operation.Operation.Plan.Application.Ref).SyncAsync(operation, ct);

    protected override string Name(Operation operation) => operation.Plan.Work is SyncWork { Entry: { } entry } ? $"Rollback to entry {entry.Number}" : base.Name(operation);

    /// <summary>That it runs what Git does not say is written down before it does: whoever ends the override is shown that first.</summary>
    public override void Begin(IncidentFile file, Operation operation)
    {
        if (operation.Plan.Work.Instead is { } instead && Under(file, operation) is { } lease)
        {
            var rule = operation.Plan.Work is SyncWork { Entry: not null } ? Overwriting.Strictest([lease.Overwriting, operation.Authority.Overwriting]) : lease.Overwriting;
            file.Save(lease.Deploy(operation.Id, instead, file.Now) with { Overwriting = rule });
        }
    }

    public override void Succeed(IncidentFile file, Operation operation)
    {
        if (operation.Plan.Of<SyncWork>() is { Elsewhere: false, Only.Count: 0 } && Under(file, operation) is { Deployed: not null } lease)
        {
            file.Save(lease with { Deployed = null });
        }

        base.Succeed(file, operation);
    }

    protected override Text After(IncidentFile file, Operation operation) => operation.Plan.Work is not SyncWork { Entry: not null } ? Text.Empty
        : Under(file, operation) is { } lease ? Text.Of($" It stays while {operation.Plan.Target.Name:code} is paused, until {lease.Deadline}: revert the change in Git before that.")
        : Text.Of($" It stays until somebody syncs {operation.Plan.Target.Name:code} or switches auto-sync on: revert the change in Git before that.");

    /// <summary>The override of this incident under which it is deployed, also one that somebody else made or took from us.</summary>
    private static Lease? Under(IncidentFile file, Operation operation) =>
        file.Leases.FirstOrDefault(lease => lease is { Branch: null, Only: null } && (lease.State is LeaseState.Starting or LeaseState.Active || lease.WaitsForPeople) && operation.Plan.Target.Is(lease.Target));

    private static (IReadOnlyList<string>? Revisions, Refusal? Refusal) Revisions(Command.Sync sync, ApplicationFacts facts)
    {
        var name = facts.Ref.Name;
        if (sync.Revision is not { } asked)
        {
            return facts.Syncing.Revisions.Count > 0 ? (facts.Syncing.Revisions, null) : (null, new Refusal(
                RefusalKind.NotPossible, Text.Of($"Argo CD cannot tell which commit {name:code} follows, so I cannot say what a sync would apply."))
            { Instead = Text.Of($"Look at its conditions, or {$"refresh {name}":code} first.") });
        }

        if (facts.Syncing.SeveralSources)
        {
            return (null, new Refusal(RefusalKind.NotPossible, Text.Of($"{name:code} has several sources, and one revision does not say for which.")) { Instead = Text.Of($"{$"sync {name}":code} syncs all of them at what they follow.") });
        }

        return MeantRevision.Among(facts.Syncing.Revisions.Concat(facts.Syncing.History.SelectMany(past => past.Revisions)), asked) switch
        {
            [var one] => ([one], null),
            [] when Commits.IsWhole(asked) => ([asked], null),
            [] => (null, new Refusal(RefusalKind.NotFound, Text.Of($"{asked:code} is no whole commit, and nothing that {name:code} ever deployed is called so.")) { Instead = $"A branch can move after it was approved, so write the whole commit (40 characters); of one that it deployed, {MeantRevision.FewestDigits} digits or more." }),
            var several => (null, new Refusal(RefusalKind.Ambiguous, Text.Of($"{asked:code} could be {string.Join(" or ", several)}.")) { Instead = "Write more of it." }),
        };
    }

    private static (IReadOnlyList<ManagedResource>? Only, Refusal? Refusal) Only(Command.Sync sync, ApplicationFacts facts)
    {
        var only = new List<ManagedResource>();
        foreach (var spoken in sync.Only)
        {
            var meant = facts.Syncing.Resources.Where(resource => resource.IsCalled(spoken)).ToList();
            if (meant.Count == 0)
            {
                return (null, new Refusal(RefusalKind.NotFound, Text.Of($"{facts.Ref.Name:code} has no {spoken:code}.")) { Instead = Text.Of($"It has {string.Join(", ", facts.Syncing.Resources.Take(12).Select(one => one.Spoken)):code}.") });
            }

            only.AddRange(meant);
        }

        return (only, null);
    }

    private static IEnumerable<FieldChange> Changes(SyncWork sync)
    {
        const string root = "/operation/sync";
        yield return new($"{root}/{(sync.SeveralSources ? "revisions" : "revision")}", null, string.Join(", ", sync.Revisions));
        if (sync.Only.Count > 0)
        {
            yield return new($"{root}/resources", null, string.Join(", ", sync.Only.Select(one => one.Spoken)));
        }

        if (sync.Prune)
        {
            yield return new($"{root}/prune", null, "true");
        }

        if (sync.Force)
        {
            yield return new($"{root}/syncStrategy/{(sync.Only.Count > 0 ? "apply" : "hook")}/force", null, "true");
        }

        if (sync.SyncOptions.Count > 0)
        {
            yield return new($"{root}/syncOptions", null, JsonSerializer.Serialize(sync.SyncOptions));
        }
    }

    private static IEnumerable<Text> Notices(SyncWork sync, ApplicationFacts facts)
    {
        if (sync.Only.Count > 0)
        {
            yield return facts.Syncing.Hooks.Count > 0
                ? Text.Of($"Only some resources: no hook runs, not {string.Join(", ", facts.Syncing.Hooks):code} either, and no entry is made in the history.")
                : "Only some resources: no hook runs (which it has is not known from its last sync), and no entry is made in the history.";
        }

        if (sync.Elsewhere && facts.AutoSyncOn && !facts.IsHeldByWindow)
        {
            yield return Text.Of($"Auto-sync is on: Argo CD goes back to {string.Join(", ", facts.TargetRevisions):code} about a second later. To stay there, pause first, or roll back.");
        }
        else if (sync.Elsewhere)
        {
            yield return Text.Of($"It stays at that commit until somebody syncs again; the application still follows {string.Join(", ", facts.TargetRevisions):code}.");
        }

        if (sync.Prune)
        {
            yield return "Whatever the commit does not have is deleted from the cluster.";
        }

        if (sync.Force)
        {
            yield return "Objects that cannot be changed are deleted and made anew: their pods are gone meanwhile.";
        }

        yield return facts.Mark is { Only: { } left } && left.IsIn(facts.Rules)
            ? Text.Of($"Hand changes of what is synced are overwritten, but for {left.Spoken:code}, which is paused: the sync leaves that alone.")
            : "Hand changes of what is synced are overwritten.";
    }
}
