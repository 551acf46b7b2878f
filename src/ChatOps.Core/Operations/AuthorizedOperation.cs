using ChatOps.Core.Operations.Pausing;

namespace ChatOps.Core.Operations;

/// <summary>
/// Proof that one operation passed the rulebook and its approvals and has not expired. Only <see cref="Operation.Start"/>
/// and <see cref="Operation.Continue"/> make one, for all that was approved or for a part of it; a port that changes anything takes it instead of a request.
/// </summary>
public sealed class AuthorizedOperation
{
    internal AuthorizedOperation(Operation operation) => Operation = operation;

    public Operation Operation { get; }

    /// <summary>The one user of the one role whose rule matched; the write happens as this user.</summary>
    public string KubernetesUser => Operation.Authority.KubernetesUser;

    /// <summary>The person, for the audit log.</summary>
    public string OnBehalfOf => Operation.RequestedByKubernetesName;

    /// <summary>The same proof for one application of a namespace that was approved as a whole.</summary>
    public AuthorizedOperation Of(PausePart part) => new(Operation.Of(part));
}
