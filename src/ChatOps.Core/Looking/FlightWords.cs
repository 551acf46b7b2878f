using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>
/// What an operation of the engine does, or what it waits for. One that waits has not ended: it overwrites hand changes
/// whenever it goes on, at a moment that nobody chooses. Pure.
/// </summary>
public static class FlightWords
{
    /// <summary>Null where none is under way, and where the engine does not look at the application.</summary>
    public static Explanation? Of(ApplicationFacts facts)
    {
        if (facts.Flight is not { } flight || facts.Deleting || Blocker(facts, BlockerKind.SkipReconcile) is not null)
        {
            return null;
        }

        if (Keeper(flight, facts) is { } window)
        {
            return flight is { SaysBlocked: true, Phase: "Terminating" }
                ? new(Text.Of($"A sync by {flight.By}{Since(flight)} was told to end, and a sync window keeps it from that as well. {window}"), TakeOff(facts, "nothing of it is left"), true)
                : flight.SaysBlocked
                ? new(Text.Of($"A sync by {flight.By}{Since(flight)} waits behind a sync window, without end, and starts by itself when the window lets it. {window}"), TakeOff(facts, "it does not start later"), true)
                : new(Text.Of($"A sync by {flight.By}{Since(flight)} goes no further because of a sync window, and goes on by itself when the window lets it. {window}"), TakeOff(facts, "it does not go on later"), true);
        }

        if (flight.WaitsToRetry)
        {
            return new(
                Text.Of($"A sync by {flight.By} failed and waits to be tried again; each try applies what it can: {Short(flight.Message)}"),
                Text.Of($"{$"/gitops terminate {facts.Ref.Name}":code} ends it; a pause {(flight.Automated ? "keeps it from its next try as well" : "does not")}."), true);
        }

        return flight is { SaysBlocked: true, Phase: "Running" }
            ? new(Text.Of($"A sync by {flight.By}{Since(flight)} said that a sync window blocks it, and none that I can read does now: it is about to start."), TakeOff(facts, "it does not, should it stay like that"), false)
            : Working(flight);
    }

    /// <summary>Which window keeps it, as a sentence: what starts by itself every window stops, what people write only those that say so.</summary>
    private static string? Keeper(Flight flight, ApplicationFacts facts) => !flight.Automated ? facts.Syncing.BlockedByWindow
        : (Blocker(facts, BlockerKind.MalformedWindow) ?? Blocker(facts, BlockerKind.DenyWindow) ?? Blocker(facts, BlockerKind.InactiveAllowWindow))?.Sentence
        ?? (facts.OpenWindows.FirstOrDefault() is { } ours ? $"A deny window of incident {ours.Incident} is open." : null);

    private static Explanation Working(Flight flight) => new(Text.Of($"It is working: a sync by {flight.By}{Since(flight)} is {flight.Phase}. {Short(flight.Message)}"), Text.Empty, false);

    private static Text TakeOff(ApplicationFacts facts, string sothat) => Text.Of($"{$"/gitops terminate {facts.Ref.Name}":code} takes it off, so that {sothat}.");

    private static Blocker? Blocker(ApplicationFacts facts, BlockerKind kind) => facts.Blockers.FirstOrDefault(blocker => blocker.Kind == kind);

    private static Text Since(Flight flight) => flight.StartedAt is { } moment ? Text.Of($" since {moment}") : Text.Empty;

    private static string Short(string message) => message.Length <= 300 ? message : message[..300] + " …";
}
