using System.Text.Json;
using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;

namespace ChatOps.Core.Operations.Branching;

/// <summary>From facts and a commit of a branch to the plan of a switch, or to why there can be none. Pure.</summary>
public static class BranchPlan
{
    private static readonly BlockerKind[] Windows = [BlockerKind.DenyWindow, BlockerKind.InactiveAllowWindow, BlockerKind.MalformedWindow];

    /// <summary>The Git repositories that the application comes from, each once.</summary>
    public static IReadOnlyList<string> Repositories(ApplicationFacts facts) =>
        [.. facts.Sources.Where(source => source.Kind == SourceKind.Git).Select(source => source.Repository).Distinct(StringComparer.Ordinal)];

    /// <summary>What speaks against switching now; an operation that runs is for <see cref="Obstacles.InFlight"/> to judge.</summary>
    /// <param name="ours">The switch that this would move on; null when there is none.</param>
    /// <param name="follows">What is pushed later is to be deployed too.</param>
    public static Refusal? Obstacle(ApplicationFacts facts, Lease? ours, bool follows = false) =>
        Obstacles.Deleting(facts) ?? Obstacles.Skipped(facts) ?? Owned(facts, ours) ?? Followed(facts, follows) ?? Held(facts, ours) ?? Sources(facts) ?? Window(facts);

    /// <summary>An override of ours that is really there, whosever incident it is: a second one would hide the way back of the first.</summary>
    public static Refusal? HeldByBranch(ApplicationFacts facts) => facts.Mark is { Branch: { } held } mark && BranchHolding.IsPinned(facts, held)
        ? new Refusal(RefusalKind.AlreadyDecided, Text.Of($"{facts.Ref.Name:code} runs commit {held.Spoken:code}, by incident {mark.Incident}, until {mark.ExpiresAt}.")) { Instead = Text.Of($"{$"restore {facts.Ref.Name}":code} ends that first.") }
        : null;

    /// <summary>Which repository is meant, out of what each of them answered.</summary>
    public static (string? Repository, BranchLook.Found? Found, Refusal? Refusal) Choose(string branch, string name, IReadOnlyList<(string Repository, BranchLook Look)> looks)
    {
        var found = looks.Where(one => one.Look is BranchLook.Found).ToList();
        if (looks.Select(one => one.Look).OfType<BranchLook.Silent>().FirstOrDefault() is { } silent)
        {
            return (null, null, new Refusal(RefusalKind.GitSilent, Text.Of($"I cannot tell what branch {branch:code} is: {silent.Why}.")) { Instead = silent.Instead });
        }

        return found switch
        {
            [(var repository, BranchLook.Found { Note: not null } one)] => (repository, one, null),
            [var (repository, _)] => (null, null, new Refusal(RefusalKind.GitSilent, Text.Of($"I cannot read who committed what on {branch:code} in {repository:code}, and nobody should approve that unseen.")) { Instead = "Try again in a minute." }),
            [] => (null, null, new Refusal(RefusalKind.NotFound, Text.Of($"There is no branch {branch:code} in {string.Join(" or ", looks.Select(one => one.Repository)):code}.")) { Instead = Text.Of($"Push it first. A commit or a tag: {$"pause {name} …":code}, then {$"sync {name} at <commit>":code}.") }),
            _ => (null, null, new Refusal(RefusalKind.Ambiguous, Text.Of($"{name:code} comes from several repositories, and {string.Join(" and ", found.Select(one => one.Repository)):code} both have a branch {branch:code}.")) { Instead = "Push the fix under a name that only one of them has." }),
        };
    }

    public static Plan Of(ApplicationFacts facts, string repository, string branch, BranchLook.Found found, Lease? ours, string policyVersion, bool follows = false) =>
        Of(facts, repository, branch, found.Commit, found.Note!, ours, follows, null, policyVersion, facts.Syncing.Revisions);

    /// <summary>One more commit of a branch that is followed: approved with <paramref name="standing"/>.</summary>
    public static Plan Of(ApplicationFacts facts, BranchLook.Found found, Lease ours, Guid standing, string policyVersion) =>
        Of(facts, ours.Branch!.Repository, ours.Branch.Branch, found.Commit, found.Note!, ours, follows: true, standing, policyVersion, facts.Syncing.Revisions);

    /// <summary>The same for facts of today: the commit stays the one that people saw, wherever the branch is by now.</summary>
    public static Plan Again(ApplicationFacts facts, BranchWork work, Lease? ours, string policyVersion) =>
        Of(facts, work.To.Repository, work.To.Branch, work.To.Commit, work.Note, ours, work.Follows, work.Standing, policyVersion, work.BehindWindow ?? facts.Syncing.Revisions);

    /// <summary>The newest commit of the branch is what is deployed already.</summary>
    public static bool IsNothingNew(ApplicationFacts facts, Plan plan, Lease? ours) => plan.Of<BranchWork>().BehindWindow is { } revisions
        ? ours is not null && facts.Syncing.History is [var newest, ..] && newest.Revisions.SequenceEqual(revisions)
        : plan.Changes.All(change => change.Before == change.After);

    public static IEnumerable<Text> Notices(ApplicationFacts facts, BranchWork work)
    {
        yield return work.Follows
            ? Text.Of($"{"Approved is the branch, not a commit":b}: what anybody pushes to {work.To.Branch:code} while this lasts is deployed as soon as I see it and what is under way is over, and whoever approves has not seen it. Each commit is told here with its author as it says itself. A branch that is deleted or rewritten is an alarm, and nothing more of it is deployed.")
            : Text.Of($"It stays at this commit: what is pushed to {work.To.Branch:code} later is announced here, and deployed only when somebody asks and it is approved again.");
        yield return Text.Of($"Project {facts.Project:code} allows its repositories. What its files fetch from elsewhere when they are rendered (remote bases, dependencies of a chart) I have not read: look at the commit.");
        if (work.BehindWindow is not null)
        {
            yield return OperationCard.InWords(WindowWay.OfBranch(facts));
            yield return Text.Of($"Nothing is written into the application: behind the window the commit is synced once, and hand changes of what is deployed are overwritten. Nothing is pruned. Whoever syncs {facts.Ref.Name:code} by hand deploys something else over it.");
            if (work.Replaces is null)
            {
                yield return Text.Of($"At its end Argo CD deploys {string.Join(", ", facts.TargetRevisions):code} again: merge the fix before that.");
            }

            yield break;
        }

        if (facts.Owner.Kind != OwnerKind.None)
        {
            yield return OperationCard.InWords(WindowWay.OfBranch(facts));
        }

        yield return work.AutoSync
            ? "Auto-sync stays as it is: Argo CD deploys the commit by itself and keeps it, and hand changes of what is deployed are overwritten."
            : "Auto-sync is off and stays off: the commit is synced once, and hand changes of what is deployed are overwritten.";
        if (facts.Automated.Json is { } automated && automated.Contains("\"prune\":true", StringComparison.Ordinal) && work.AutoSync)
        {
            yield return "Whatever the commit does not have is deleted from the cluster: pruning is on.";
        }

        if (work.Replaces is null)
        {
            yield return Text.Of($"At its end it follows {string.Join(", ", facts.TargetRevisions):code} again: merge the fix before that.");
        }
    }

    /// <param name="others">What sources that are not switched stay at where one sync deploys them all: what people saw.</param>
    private static Plan Of(ApplicationFacts facts, string repository, string branch, string commit, CommitNote note, Lease? ours, bool follows, Guid? standing, string policyVersion, IReadOnlyList<string> others)
    {
        var switched = facts.Sources.Where(source => IsSwitched(source, repository)).ToList();
        var before = switched.Select(source => new HeldSource(source.Repository, ours?.Branch?.Sources.FirstOrDefault(held => held.Before.Path == source.Follows.Path)?.Before ?? source.Follows));
        var to = new HeldBranch(repository, branch, commit, [.. before]);
        var behind = WindowWay.OfBranch(facts).Mechanism == PauseMechanism.Window
            ? facts.Sources.Select((source, at) => IsSwitched(source, repository) ? commit : others.ElementAtOrDefault(at) ?? "").ToList()
            : null;
        var autoSync = facts.AutoSyncOn && behind is null;
        var options = autoSync ? [] : facts.Syncing.SyncOptions;
        var changes = behind is null ? switched.Select(source => new FieldChange(source.Follows.Path, source.Follows.Json, to.Pinned)).ToList()
            : ours is null ? [PausePlan.WindowAdded(facts)] : [];
        if (behind is not null)
        {
            changes.Add(new(facts.Syncing.SeveralSources ? "/operation/sync/revisions" : "/operation/sync/revision", null, string.Join(", ", behind)));
        }
        else if (!autoSync)
        {
            changes.Add(facts.Syncing.SeveralSources ? new("/operation/sync", null, "{}") : new("/operation/sync/revision", null, to.Pinned));
        }

        if (options.Count > 0)
        {
            changes.Add(new("/operation/sync/syncOptions", null, JsonSerializer.Serialize(options)));
        }

        return new()
        {
            Target = ApplicationTarget.Of(facts),
            Work = new BranchWork(to, note, [.. switched.Select(source => source.Follows)], facts.Syncing.SeveralSources, autoSync, options, ours?.Operation)
            {
                Follows = follows,
                Standing = standing,
                BehindWindow = behind,
                Source = behind is null ? "" : facts.Syncing.Source,
            },
            Changes = changes,
            PolicyVersion = policyVersion,
        };
    }

    private static bool IsSwitched(SourceFacts source, string repository) => source.Kind == SourceKind.Git && source.Repository == repository;

    private static Refusal? Owned(ApplicationFacts facts, Lease? ours)
    {
        var (name, way) = (facts.Ref.Name, WindowWay.OfBranch(facts));
        if (way.Missing is { } missing)
        {
            return new(RefusalKind.NotPossible, Text.Of($"A switch of {name:code} would not hold. {way.Because}")) { Instead = Text.Of($"Until then: {missing}; or bring the fix to the branch that {name:code} follows.") };
        }

        // One lease has one way back.
        return ours is not null && ours.WindowIn != (way.Mechanism == PauseMechanism.Window ? facts.Project : null)
            ? new(RefusalKind.NotPossible, Text.Of($"{name:code} was switched in another way than it would be now: its owner or its project has changed since.")) { Instead = Text.Of($"{$"restore {name}":code} first, then ask again.") }
            : null;
    }

    /// <summary>A window lets syncs by hand pass, and who synced one would find it overwritten at the next push without being asked.</summary>
    private static Refusal? Followed(ApplicationFacts facts, bool follows) => follows && WindowWay.OfBranch(facts) is { Mechanism: PauseMechanism.Window } way
        ? new(RefusalKind.NotPossible, Text.Of($"{facts.Ref.Name:code} can be held at a commit of a branch, but cannot follow one. {way.Because} Each push would be synced behind it, over what somebody may have synced there by hand meanwhile.")) { Instead = Text.Of($"{$"branch {facts.Ref.Name} <branch> for 30m because …":code} deploys one commit; I announce what is pushed later, and the same command deploys it.") }
        : null;

    private static Refusal? Held(ApplicationFacts facts, Lease? ours) => facts.Mark is not { } mark ? PausePlan.HeldInPart(facts)
        : ours?.IsMarkedBy(mark.Operation) == true ? null
        : HeldByBranch(facts) ?? ((facts.AutoSyncOn && mark is { Window: null, Only: null }) || mark.Branch is not null ? null
        : new Refusal(RefusalKind.AlreadyDecided, Text.Of($"{facts.Ref.Name:code} is paused{(mark.Only is null ? "" : " in part")} by incident {mark.Incident} until {mark.ExpiresAt}.")) { Instead = Text.Of($"Under the pause {$"sync {facts.Ref.Name} at <commit>":code} deploys a commit of the branch; or {$"resume {facts.Ref.Name}":code} first.") });

    private static Refusal? Sources(ApplicationFacts facts)
    {
        var name = facts.Ref.Name;
        if (facts.Sources.Any(source => source.Kind == SourceKind.Hydrated))
        {
            return new(RefusalKind.NotPossible, Text.Of($"Argo CD renders {name:code} into a branch of its own first (sourceHydrator); what it follows there is not a person's to choose.")) { Instead = "Bring the fix to the branch that is rendered." };
        }

        if (Repositories(facts).Count == 0)
        {
            return facts.Sources.Any(source => source.Kind == SourceKind.Oci)
                ? new(RefusalKind.NotPossible, Text.Of($"{name:code} comes from an OCI registry: it has tags and no branches.")) { Instead = Text.Of($"{$"rollback {name}":code} deploys what was there before.") }
                : new(RefusalKind.NotPossible, Text.Of($"{name:code} is a Helm chart from a chart repository: a chart has versions and no branches.")) { Instead = Text.Of($"{$"rollback {name}":code} deploys the version before; a fixed version has to be published and named in Git.") };
        }

        if (facts.Sources.Any(source => source.Permitted is null))
        {
            return new(RefusalKind.NotPossible, Text.Of($"Project {(facts.UnreadProjects is [var unread, ..] ? unread : facts.Project):code} could not be read, so whether it allows the sources of {name:code} is not known.")) { Instead = Text.Of($"Does it exist, and may ChatOps read AppProjects, as {"manifests/base":code} lets it?") };
        }

        if (facts.Syncing.SeveralSources && facts.Syncing.Revisions.Count != facts.Sources.Count && WindowWay.OfBranch(facts).Mechanism == PauseMechanism.Window)
        {
            return new(RefusalKind.NotPossible, Text.Of($"Argo CD cannot tell which commits the sources of {name:code} are at, so I cannot say what a sync would deploy beside the branch.")) { Instead = Text.Of($"Look at its conditions, or {$"refresh {name}":code} first.") };
        }

        return facts.Sources.FirstOrDefault(source => source.Permitted == false) is { } foreign
            ? new(RefusalKind.NotPossible, Text.Of($"Project {facts.Project:code} does not allow the source {foreign.Repository:code}: Argo CD would refuse to deploy it.")) { Instead = Text.Of($"Ask whoever keeps project {facts.Project:code} about its {"sourceRepos":code}.") }
            : null;
    }

    /// <summary>Behind a window one sync by hand deploys it, which windows that let those pass do not keep.</summary>
    private static Refusal? Window(ApplicationFacts facts) => Obstacles.Window(facts)
        ?? (facts.AutoSyncOn && WindowWay.OfBranch(facts).Mechanism != PauseMechanism.Window && facts.Blockers.FirstOrDefault(blocker => Windows.Contains(blocker.Kind)) is { } window
            ? new Refusal(RefusalKind.NotPossible, Text.Of($"{window.Sentence} The switch would lie there, and be deployed whenever that ends.")) { Instead = Text.Of($"Ask whoever keeps project {facts.Project:code} to take the window away, or wait for its end.") }
            : null);
}
