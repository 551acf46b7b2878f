using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Signals;

namespace ChatOps.Core.Looking;

/// <summary>Commands that only look: nothing they do changes anything but what was said.</summary>
public sealed class ObeyLooking(ListApplications list, ShowApplication show, ShowDifferences differences, ShowRunbook runbook, ShowSignals signals)
{
    public Task<Refusal?> HandleAsync(Command command, Speaker speaker, Delivery delivery, CancellationToken ct) => command switch
    {
        Command.ListApplications said => list.HandleAsync(said, delivery, ct),
        Command.ShowApplication said => show.HandleAsync(said, delivery, ct),
        Command.ShowDifferences said => differences.HandleAsync(said, delivery, ct),
        Command.ShowRunbook said => runbook.HandleAsync(said, delivery, ct),
        Command.ShowSignals said => signals.HandleAsync(said, delivery, ct),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
