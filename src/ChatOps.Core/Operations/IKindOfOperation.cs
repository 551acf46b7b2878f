using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations;

/// <summary>
/// One kind of operation, as far as the way that all kinds share (request, approval, check again, run, outcome) has to
/// ask. What is planned is in its <see cref="PlannedWork"/>, how it is asked for in its request use case.
/// </summary>
public interface IKindOfOperation
{
    OperationKind Kind { get; }

    /// <summary>It is the one that knows how; two may share a name where people mean the same by it.</summary>
    bool IsOf(Operation operation) => operation.Kind == Kind;

    /// <summary>Looks at the target again in the moment before it runs: would the same be planned, by the same rule?</summary>
    Task<SecondLook> LookAgainAsync(IncidentFile file, Operation operation, Person requester, CancellationToken ct);

    /// <summary>What must be written down, in the same step, before the cluster is asked: the lease of an override.</summary>
    void Begin(IncidentFile file, Operation operation);

    /// <summary>Asks the cluster; called again for the same operation after a crash or an answer that says nothing.</summary>
    Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct);

    /// <summary>Whether an earlier try was done all the same, although its answer was lost; yes when that cannot be read.</summary>
    Task<bool> IsThereAsync(Operation operation, CancellationToken ct);

    /// <summary>The engine has it and is not done; called whenever there is something new to say of that.</summary>
    void Goes(IncidentFile file, Operation operation)
    {
        // Most have nothing to keep before it is done.
    }

    /// <summary>The cluster did it: moves the operation and what hangs on it, and tells.</summary>
    void Succeed(IncidentFile file, Operation operation);

    /// <summary>The cluster will not do it; <paramref name="mayBeThere"/>: an earlier try may have been stored all the same.</summary>
    void Fail(IncidentFile file, Operation operation, ClusterAnswer answer, bool mayBeThere);
}

/// <summary>What <see cref="IKindOfOperation.LookAgainAsync"/> found.</summary>
public abstract record SecondLook
{
    private SecondLook()
    {
    }

    /// <summary>What would be planned now, and by what authority; the votes fall when it is not what was approved.</summary>
    /// <param name="Notices">What deciders should know besides, found in this look: the card of another plan shows these.</param>
    public sealed record Planned(Plan Plan, Authority Authority, IReadOnlyList<Text> Notices) : SecondLook
    {
        public bool IsWhatWasApproved(Operation operation) => Plan.Hash == operation.Plan.Hash && Authority.SaysTheSameAs(operation.Authority);
    }

    public sealed record No(string Why) : SecondLook;

    /// <summary>Something did not answer: nothing is concluded from that.</summary>
    public sealed record Later(TimeSpan? After = null) : SecondLook;
}

/// <summary>The kinds that are built, by their name.</summary>
public sealed class KindsOfOperation(IEnumerable<IKindOfOperation> kinds)
{
    private readonly IReadOnlyList<IKindOfOperation> kinds = [.. kinds];

    public IKindOfOperation Of(Operation operation) => kinds.Single(kind => kind.IsOf(operation));
}
