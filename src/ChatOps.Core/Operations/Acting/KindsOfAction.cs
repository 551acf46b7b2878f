using ChatOps.Core.Commands;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Acting;

/// <summary>The kinds that the engine carries out, by what was said. Pure.</summary>
public sealed class KindsOfAction(IEnumerable<ActionKind> kinds)
{
    /// <summary>What a rule would have to allow for it, as things are.</summary>
    public (IReadOnlyList<string>? PolicyVerbs, Refusal? Refusal) VerbsOf(Command.Action command, ApplicationFacts facts)
    {
        var (_, work, refusal) = Understand(command, facts);
        return (work?.PolicyVerbs, refusal);
    }

    public (Draft? Draft, Refusal? Refusal) Draft(Command.Action command, ApplicationFacts facts)
    {
        var (kind, work, refusal) = Understand(command, facts);
        return work is null ? (null, refusal) : kind.Draft(work, facts);
    }

    private (ActionKind Kind, ActionWork? Work, Refusal? Refusal) Understand(Command.Action command, ApplicationFacts facts)
    {
        foreach (var kind in kinds)
        {
            if (kind.Understand(command, facts) is var (work, refusal))
            {
                return (kind, work, refusal);
            }
        }

        throw new System.Diagnostics.UnreachableException();
    }
}
