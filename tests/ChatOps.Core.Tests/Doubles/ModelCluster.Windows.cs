using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <content>Pauses by a deny window, which stays when its application goes.</content>
internal sealed partial class ModelCluster
{
    /// <summary>Windows of ours in the project, by the application that each names and the incident that has it.</summary>
    public Dictionary<(ApplicationRef Application, int Incident), OverrideMark> Windows { get; } = [];

    private ClusterAnswerKind HoldByWindow(AuthorizedOperation running, ModelApplication one)
    {
        var operation = running.Operation;
        if (operation.Plan.Work is BranchWork { Replaces: { } earlier } && Windows.TryGetValue((one.Ref, operation.Incident), out var held) && held.Operation == earlier)
        {
            Windows.Remove((one.Ref, operation.Incident));
        }

        if (Windows.TryAdd((one.Ref, operation.Incident), new OverrideMark(operation.Incident, operation.Id, operation.EndsAt(operation.StateSince), new("/spec/syncWindows", null, null), running.KubernetesUser) { Window = new("shop", IsOpen: true) }))
        {
            OnChange?.Invoke(running);
            Effects.Add((operation.Id, "window", running.KubernetesUser));
            applications[one.Ref] = one with { RefreshPending = true };
        }

        return ClusterAnswerKind.Ok;
    }

    private IReadOnlyList<OverrideMark> WindowsOf(ApplicationRef application) => [.. Windows.Where(one => one.Key.Application == application).OrderBy(one => one.Key.Incident).Select(one => one.Value)];

    private ClusterAnswerKind EndWindow(AuthorizedEnd end)
    {
        if (Windows.Remove((end.Lease.Target, end.Lease.Incident)))
        {
            Effects.Add((end.Lease.Operation, "end", end.KubernetesUser));
        }

        return applications.ContainsKey(end.Lease.Target) ? ClusterAnswerKind.Ok : ClusterAnswerKind.Gone;
    }
}
