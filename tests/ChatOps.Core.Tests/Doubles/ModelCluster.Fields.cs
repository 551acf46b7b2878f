using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <content>Pauses of only some fields: rules on the application, beside its switch.</content>
internal sealed partial class ModelCluster
{
    /// <summary>Rules of ours, by the application that has them, whoever answers for them.</summary>
    public Dictionary<ApplicationRef, HeldFields> Rules { get; } = [];

    private ClusterAnswerKind LeaveAlone(AuthorizedOperation running, ModelApplication one)
    {
        var (operation, only) = (running.Operation, running.Operation.Plan.Of<PauseWork>().Only!);
        if (one.Mark?.Operation == operation.Id)
        {
            return Rules.ContainsKey(one.Ref) ? ClusterAnswerKind.Ok : ClusterAnswerKind.Moved;
        }

        if (one.RefreshPending)
        {
            return ClusterAnswerKind.FenceBusy;
        }

        OnChange?.Invoke(running);
        Rules[one.Ref] = only;
        applications[one.Ref] = one with
        {
            Mark = new OverrideMark(operation.Incident, operation.Id, operation.EndsAt(operation.StateSince), operation.Plan.Of<PauseWork>().Before, running.KubernetesUser) { Only = only },
            RefreshPending = true,
        };
        Effects.Add((operation.Id, "rules", running.KubernetesUser));
        return ClusterAnswerKind.Ok;
    }

    private ClusterAnswerKind TakeRulesOut(AuthorizedEnd end)
    {
        if (!applications.TryGetValue(end.Lease.Target, out var one) || one.Uid != end.Lease.Uid)
        {
            return ClusterAnswerKind.Gone;
        }

        if (one.Mark is { } mark && mark.Operation != end.Lease.Mark)
        {
            return ClusterAnswerKind.Moved;
        }

        var were = Rules.Remove(one.Ref);
        applications[one.Ref] = one with { Mark = null };
        if (were)
        {
            Effects.Add((end.Lease.Operation, "end", end.KubernetesUser));
        }

        return were || one.Mark is null ? ClusterAnswerKind.Ok : ClusterAnswerKind.Moved;
    }

    private RuleFacts RulesOf(ModelApplication one) => Rules.TryGetValue(one.Ref, out var only)
        ? new(new(RuleFacts.ListPath, new JsonArray([.. only.Resources.Select(resource => resource.Rule)]).ToJsonString(), null), new(RuleFacts.OptionsPath, $"[\"{HeldFields.Respect}\"]", null), "chatops")
        : RuleFacts.None;
}
