using ChatOps.Core.Conversation;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>Whether the cluster lets us write the deny window that an override needs: asked before anybody approves it.</summary>
internal static class WindowRight
{
    /// <param name="what">What needs it, as "A pause of".</param>
    public static async Task<Refusal?> MissingAsync(IReconciler reconciler, ApplicationFacts facts, PauseWay way, string what, CancellationToken ct) =>
        way.Mechanism == PauseMechanism.Window && await reconciler.CoversWindowsAsync(facts.Project, ct) == false
            ? new Refusal(
                RefusalKind.NotPossible,
                Text.Of($"{what} {facts.Ref.Name:code} needs a deny window in project {facts.Project:code}, and the cluster's RBAC does not let {ReservedUser.Projects:code} patch that project. {way.Because}"))
            {
                Instead = Text.Of($"Let the platform team apply {"ChatOps.Server rbac":code}, which writes that right; then ask again."),
            }
            : null;
}
