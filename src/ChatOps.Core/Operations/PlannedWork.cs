using ChatOps.Core.Conversation;

namespace ChatOps.Core.Operations;

/// <summary>
/// What is done to the target, with everything that one kind of operation needs to do it and to undo it. One record per
/// kind, in the folder of that kind; the words of its card are here too, because people approve what they read.
/// </summary>
public abstract record PlannedWork
{
    public abstract OperationKind Kind { get; }

    /// <summary>The words before the name of the target: "Pause", "Extend the pause of".</summary>
    public abstract string Doing { get; }

    /// <summary>What it means for the target, in the words of the card: "Argo CD stops … ".</summary>
    public abstract Text Effect { get; }

    /// <summary>It makes an override of Git, which lasts from the moment it is stored to its deadline.</summary>
    public virtual bool StartsOverride => false;

    /// <summary>It is about a deadline: of what it makes, or of what it moves.</summary>
    public virtual bool HasEnd => StartsOverride;

    /// <summary>It changes an override that is there, and means nothing once that is over.</summary>
    public virtual bool NeedsOverride => false;

    /// <summary>The cluster takes all of it or nothing. Else a no may come after a part of it was done.</summary>
    public virtual bool IsOneWrite => true;

    /// <summary>The engine deploys something by it, over what people changed by hand.</summary>
    public virtual bool Deploys => false;

    /// <summary>What it has the engine deploy, whatever Git says by then. Null: what Git says, or nothing whole.</summary>
    public virtual InsteadOfGit? Instead => null;

    /// <summary>Whether an approver may give it less time than was asked.</summary>
    public virtual bool ApproversMayShorten => false;

    /// <summary>Whether the requester may approve it alone where the rule knows an emergency.</summary>
    public virtual bool MayBeApprovedAlone => true;

    /// <summary>It was approved with an earlier operation; approvers are asked only when that does not count any more.</summary>
    public virtual bool WasApprovedBefore => false;

    /// <summary>Tells works of different kinds apart in the hash; never changes.</summary>
    internal abstract string SealedAs { get; }

    /// <summary>What the hash covers besides target and changes, always in the same order: a stored vote is bound to it.</summary>
    internal abstract IReadOnlyList<object?> Sealed { get; }
}
