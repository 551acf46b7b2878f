using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <content>Commands that the engine carries out, once.</content>
public abstract partial record Command
{
    /// <param name="Reason">What was said after <c>because</c>; it goes on the record.</param>
    public abstract record Action(ApplicationQuery Application, string? Reason) : Command;

    public sealed record Refresh(ApplicationQuery Application, bool Hard, string? Reason) : Action(Application, Reason);

    public sealed record Terminate(ApplicationQuery Application, string? Reason) : Action(Application, Reason);

    /// <param name="To">Number of a history entry, or how its commit begins; null: what was deployed before.</param>
    /// <param name="Duration">Null: as long as the rule allows.</param>
    public sealed record Rollback(ApplicationQuery Application, string? To, HowLong? Duration, string Reason) : Command;

    /// <param name="Name">Of the branch, without <c>refs/heads/</c>.</param>
    public sealed record Branch(ApplicationQuery Application, string Name, HowLong Duration, string Reason) : Command
    {
        /// <summary>Also each commit that is pushed to it while it lasts.</summary>
        public bool Follow { get; init; }
    }

    /// <param name="Only"><c>kind/name</c>, as it was written; empty: everything.</param>
    public sealed record Sync(ApplicationQuery Application, string? Revision, IReadOnlyList<string> Only, bool Prune, bool Force, string? Reason) : Action(Application, Reason);
}
