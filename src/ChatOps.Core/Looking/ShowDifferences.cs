using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>Answers <c>diff &lt;app&gt;</c>: field by field what is not as Git says, and never from a verdict that cannot be trusted.</summary>
public sealed class ShowDifferences(ApplicationsSeen seen, Answering answering)
{
    public async Task<Refusal?> HandleAsync(Command.ShowDifferences command, Delivery delivery, CancellationToken ct)
    {
        var (application, refusal) = await seen.FindAsync(command.Application, delivery, ct);
        if (application is null)
        {
            return refusal;
        }

        var (answer, report) = await seen.Of(application).CompareAsync(application, ct);
        if (report is null)
        {
            return ClusterRefusals.For(answer, Text.Of($"I cannot read {application.Name:code}."));
        }

        if (Untrusted(report.Facts) is { } untrusted)
        {
            return untrusted;
        }

        await answering.AnswerAsync(DriftCard.Pages(report), DriftCard.Rest(report), application, delivery, ct);
        return null;
    }

    /// <summary>A verdict that is stale or unknown shows everything as drift, or nothing.</summary>
    public static Refusal? Untrusted(ApplicationFacts facts)
    {
        var name = facts.Ref.Name;
        if (facts.Deleting)
        {
            return new(RefusalKind.NotPossible, Text.Of($"{name:code} is being deleted: there is nothing to compare it with."));
        }

        if (facts.Blockers.FirstOrDefault(one => one.Kind is BlockerKind.SkipReconcile or BlockerKind.CannotRender) is { } blocker)
        {
            return new(RefusalKind.NotPossible, Text.Of($"Nothing can be said about what differs in {name:code}: {blocker.Sentence}")) { Instead = Remedy.For(blocker.Kind, facts) };
        }

        if (facts.Sync == SyncState.Unknown)
        {
            return new(RefusalKind.NotPossible, Text.Of($"Argo CD does not know the state of {name:code} now, and I do not guess it.")) { Instead = Text.Of($"{$"/gitops status {name}":code} tells why.") };
        }

        return facts.RefreshPending
            ? new(RefusalKind.ClusterSilent, Text.Of($"Argo CD was asked to look at {name:code} again and has not answered yet, so its verdict may be stale.")) { Instead = "Try again in a moment." }
            : null;
    }
}
