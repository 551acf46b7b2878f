using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Syncing;

/// <summary>What an incident had deployed where no override of its own was there to remember it. Pure.</summary>
public static class DeployedInstead
{
    /// <param name="operations">All of the incident.</param>
    /// <returns>The first operation that deployed something else than Git says, since Git's word was deployed last; null: none did.</returns>
    public static Guid? Of(IEnumerable<Operation> operations, ApplicationRef application)
    {
        Guid? first = null;
        foreach (var operation in operations.Where(one => one.Plan.Target.Is(application) && one.Plan.Work is SyncWork { Only.Count: 0 }).OrderBy(one => one.RequestedAt))
        {
            var wasBegun = operation.State is OperationState.Running or OperationState.Succeeded or OperationState.Failed;
            first = operation.Plan.Work.Instead is not null ? (wasBegun ? first ?? operation.Id : first)
                : operation.State == OperationState.Succeeded ? null : first;
        }

        return first;
    }
}
