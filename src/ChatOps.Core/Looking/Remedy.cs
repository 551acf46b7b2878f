using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>Which command ends what keeps the engine from reconciling: one of ours where there is one, else one for a terminal.</summary>
public static class Remedy
{
    public static Text For(BlockerKind kind, ApplicationFacts facts)
    {
        var (app, ns) = (facts.Ref.Name, facts.Ref.Namespace);
        return kind switch
        {
            BlockerKind.SkipReconcile => Text.Of($"{$"kubectl -n {ns} annotate application {app} argocd.argoproj.io/skip-reconcile-":code} takes the annotation off."),
            BlockerKind.CannotRender => Text.Of($"Once branch, repository and access are right: {Ours("refresh", $"refresh {app} hard", $"argocd app get {app} --hard-refresh"):code}."),
            BlockerKind.MalformedWindow => Window(facts),
            BlockerKind.DenyWindow or BlockerKind.InactiveAllowWindow => facts.Syncing.BlockedByWindow is null ? Text.Of($"It lets a sync by hand through: {Sync(app):code}. ") + Window(facts) : Window(facts),
            BlockerKind.LastSyncFailed => Text.Of($"A new commit, or {Sync(app):code}."),
            BlockerKind.RollingSync => Text.Of($"The set syncs it when its step comes; {Sync(app):code} does now."),
            BlockerKind.AutoSyncOff => AutoSyncOff(facts),
        };
    }

    /// <summary>The command that applies what Git says, once.</summary>
    public static string Sync(string app) => Ours("sync", $"sync {app}", $"argocd app sync {app}");

    private static Text Window(ApplicationFacts facts) =>
        Text.Of($"{$"argocd proj windows list {facts.Project}":code} numbers the windows and {$"argocd proj windows delete {facts.Project} <number>":code} takes one away, for whoever keeps project {facts.Project:code}.");

    private static Text AutoSyncOff(ApplicationFacts facts)
    {
        var (app, ns) = (facts.Ref.Name, facts.Ref.Namespace);
        var isSwitchedOff = facts.Automated.Json?.Contains("\"enabled\":false", StringComparison.Ordinal) == true;
        return facts.Owner.Kind switch
        {
            OwnerKind.None when isSwitchedOff => Text.Of($"{$"kubectl -n {ns} patch application {app} --type json -p '[{{\"op\":\"remove\",\"path\":\"/spec/syncPolicy/automated/enabled\"}}]'":code} switches it on again; {Sync(app):code} applies Git once."),
            OwnerKind.None => Text.Of($"{Sync(app):code} applies Git once; {$"argocd app set {app} --sync-policy automated":code} for good."),
            OwnerKind.Set or OwnerKind.Parent or OwnerKind.Other => Text.Of($"{Sync(app):code} applies Git once; for good it is changed where {facts.Owner.Name:code} takes it from."),
        };
    }

    /// <summary>What is not built yet is never suggested.</summary>
    private static string Ours(string verb, string said, string elsewhere) => Verb.Find(verb) is null ? elsewhere : $"/gitops {said}";
}
