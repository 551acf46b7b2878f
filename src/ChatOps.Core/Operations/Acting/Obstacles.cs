using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Acting;

/// <summary>What speaks against an operation of any kind. Pure.</summary>
public static class Obstacles
{
    /// <summary>The incident is over, or is not about this application.</summary>
    public static Refusal? OutOfPlace(IncidentFile file, ApplicationRef application) => file.Incident switch
    {
        { IsOpen: false, Number: var number } => new Refusal(RefusalKind.NotPossible, Text.Of($"Incident {number} is closed.")) { Instead = Text.Of($"{"reopen":code} it, or declare a new one.") },
        var open when !open.Scope.Contains(application) => new Refusal(RefusalKind.NotPossible, Text.Of($"{application.Name:code} is not in the scope of incident {open.Number}.")) { Instead = Text.Of($"Add it first: {$"apps add {application.Name}":code}.") },
        _ => null,
    };

    /// <summary>Another request for it waits or runs.</summary>
    public static Refusal? Pending(IncidentFile file, ApplicationRef application) =>
        file.Operations.FirstOrDefault(operation => !operation.IsTerminal && operation.Plan.Target.Is(application)) is { } other
            ? new Refusal(RefusalKind.StillOpen, Text.Of($"Another request, of {other.RequestedBy}, is on its way: {other.Plan.Work.Doing} {application.Name:code}.")) { Instead = "Decide, withdraw or await it first; its card is in this thread." }
            : null;

    /// <summary>An operation on an application that is being deleted makes again what the deletion removed.</summary>
    public static Refusal? Deleting(ApplicationFacts facts) => facts.Deleting
        ? new Refusal(RefusalKind.NotPossible, Text.Of($"{facts.Ref.Name:code} is being deleted; an operation would make again what the deletion removes.")) { Instead = "Wait until it is gone, or find out who deletes it." }
        : null;

    /// <summary>The engine does not look at it: a change would lie there and happen whenever the annotation goes.</summary>
    public static Refusal? Skipped(ApplicationFacts facts) => facts.Blockers.FirstOrDefault(blocker => blocker.Kind == BlockerKind.SkipReconcile) is { } skip
        ? new Refusal(RefusalKind.NotPossible, Text.Of($"{skip.Sentence} It would lie there and run whenever the annotation goes.")) { Instead = skip.Instead }
        : null;

    /// <summary>Its history names commits that Argo CD itself rendered, beside those that people made.</summary>
    public static Refusal? Hydrated(ApplicationFacts facts) => facts.Sources.Any(source => source.Kind == SourceKind.Hydrated)
        ? new Refusal(RefusalKind.NotPossible, Text.Of($"Argo CD renders {facts.Ref.Name:code} into a branch of its own first (sourceHydrator), and its history names what was rendered. What a rollback to that does is not known well enough to do it in an incident.")) { Instead = Text.Of($"Revert in Git what is rendered, {$"refresh {facts.Ref.Name}":code} and let it be rendered; {$"pause {facts.Ref.Name} …":code} keeps hand changes meanwhile.") }
        : null;

    public static Refusal? InFlight(ApplicationFacts facts) => facts.Flight is { } flight
        ? new Refusal(RefusalKind.NotPossible, Text.Of($"An operation of {flight.By} is {(flight.WaitsToRetry ? "waiting to be tried again" : "under way")} on {facts.Ref.Name:code}; I do not take its place.")) { Instead = Text.Of($"Wait for it, or end it: {$"terminate {facts.Ref.Name}":code}.") }
        : null;

    /// <summary>Written all the same it would wait without end, and fire by itself when the window goes.</summary>
    public static Refusal? Window(ApplicationFacts facts) => facts.Syncing.BlockedByWindow is { } window
        ? new Refusal(RefusalKind.NotPossible, Text.Of($"{window} It lets nobody sync {facts.Ref.Name:code}, by hand neither: the operation would wait, and start by itself when the window goes."))
        {
            Instead = Text.Of($"Ask whoever keeps project {facts.Project:code} to set {"manualSync: true":code} on that window or to take it away; then ask again."),
        }
        : null;
}
