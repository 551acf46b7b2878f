using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Outside;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>One application as a card: the one sentence first, then what is deployed and what is the matter with it.</summary>
public static class ApplicationCard
{
    private const int MostNamed = 6;

    /// <param name="ours">What is not settled of ours on it, what counts most first.</param>
    /// <param name="others">What somebody overrode past us and nobody took; what was taken is one of ours.</param>
    public static Card Of(Deployed deployed, IReadOnlyList<Lease> ours, IReadOnlyList<OutsideOverride> others, Reception reception, ChatPlatform platform)
    {
        var facts = deployed.Facts;
        var explanation = Standstill.Of(deployed, ours is [var first, ..] ? first : null);
        var parts = new List<Part>
        {
            new Part.Paragraph(Text.Of($"{new Run.Bold("Argo CD: ")}{explanation.Why}")),
        };
        if (explanation.Change.Runs.Count > 0)
        {
            parts.Add(new Part.Paragraph(explanation.Change));
        }

        parts.Add(new Part.Facts([.. Rows(deployed, ours, others, reception, platform)]));
        parts.AddRange(facts.Blockers.Where(blocker => explanation.Why.ToString() != blocker.Sentence && !(ours.Count > 0 && blocker.Kind == BlockerKind.AutoSyncOff))
            .Select(blocker => new Part.Paragraph(Text.Of($"Also: {blocker.Sentence} {Remedy.For(blocker.Kind, facts)}"))));
        if (FlightWords.Of(facts) is { } flight && flight.Why.ToString() != explanation.Why.ToString())
        {
            parts.Add(new Part.Paragraph(Text.Of($"Also: {flight.Why} {flight.Change}")));
        }

        parts.AddRange(OperationCard.WindowsNotKnown(facts).Select(notice => new Part.Paragraph(notice)));
        parts.AddRange(deployed.Failed.Take(MostNamed).Select(resource => new Part.Paragraph(Text.Of($"{$"{resource.Kind}/{resource.Name}":code} failed: {Short(resource.State)}"))));
        parts.AddRange(deployed.Conditions.Where(condition => !facts.Blockers.Any(blocker => blocker.Sentence.Contains(condition.Message, StringComparison.Ordinal)))
            .Select(condition => new Part.Paragraph(ConditionWords.Of(condition))));
        parts.Add(new Part.Footnote(Text.Of($"{facts.Ref.ToString():code}, read {facts.ReadAt}{Link(facts)}")));
        return new($"{facts.Ref.Name}: {facts.Sync}, {facts.Health}", Tone(deployed, explanation), parts);
    }

    private static IEnumerable<Fact> Rows(Deployed deployed, IReadOnlyList<Lease> ours, IReadOnlyList<OutsideOverride> others, Reception reception, ChatPlatform platform)
    {
        var facts = deployed.Facts;
        foreach (var source in deployed.Sources)
        {
            yield return new("Git", SourceWords(source));
        }

        if (deployed.Last is { } last)
        {
            yield return new("Deployed", Text.Of($"{string.Join(", ", last.Commits.Select(Abbreviate)):code} by {last.By}{At(last.At)}, history entry {last.Id}"));
        }

        yield return new("Compared", deployed.ComparedAt is { } at ? Text.Of($"{at}, {facts.ReadAt - at} before this answer") : "never as a whole");
        yield return new("Auto-sync", Text.Of($"{(facts.AutoSyncOn ? "on" : "off")}, self-heal {(facts.SelfHealOn ? "on" : "off")}, prune {(deployed.PruneOn ? "on" : "off")}"));
        if (facts.Flight is null && facts.LastOperation is { } operation)
        {
            yield return new("Last sync", Text.Of($"{operation.Phase} by {operation.By}{At(facts.LastOperationFinishedAt)}: {Short(operation.Message)}"));
        }

        if (deployed.OutOfStep.Count > 0)
        {
            yield return new("Out of step", Text.Of($"{deployed.OutOfStep.Count} of {deployed.Resources}: {Names(deployed.OutOfStep)}"));
        }

        foreach (var lease in ours)
        {
            yield return new("Override", Text.Of($"{(ours.Count > 1 ? $"incident {lease.Incident}, " : "")}{IncidentCard.Line(lease, reception, platform, facts.ReadAt)}"));
        }

        foreach (var other in others)
        {
            yield return new("Override", other.Story + Text.Of($" Nobody has taken it: {$"/gitops own {facts.Ref.Name}":code} takes it{(other.IsOursToPutBack ? Text.Of($", {$"/gitops resume {facts.Ref.Name}":code} puts back what was there") : Text.Empty)}."));
        }

        if (facts.Owner.Kind != OwnerKind.None)
        {
            yield return new("Belongs to", Text.Of($"{OwnerWords(facts.Owner.Kind)} {facts.Owner.Name:code}, which can take changes of the application back{(ours.Any(lease => lease.InSet is not null) ? "; it is edited for the time of the pause: by an entry of ours it leaves auto-sync of this application alone" : "")}"));
        }

        if (deployed.Windows.Count > 0)
        {
            yield return new("Windows", Text.Lines(deployed.Windows.Select(window => Text.Of($"{(window.IsOpen ? "open" : "not open")}: {window.Words}"))));
        }

        yield return new("Where", Text.Of($"project {facts.Project:code}, namespace {facts.DestinationNamespace:code} of cluster {facts.Cluster:code}"));
    }

    private static Text SourceWords(DeployedSource source)
    {
        var from = Text.Of($"{source.Repository:code} {source.Path:code} at {source.Follows:code}");
        var commit = source.Commit is { } sha ? from + Text.Of($", which is {Abbreviate(sha):code}") : from + Text.Of($", which could not be resolved");
        return source.Note is { } note ? commit + Text.Of($", “{Short(note.Message.Split('\n')[0])}” by {note.Author}{At(note.At)}") : commit;
    }

    private static Text Names(IReadOnlyList<ResourceLine> resources)
    {
        var named = string.Join(", ", resources.Take(MostNamed).Select(resource => $"{resource.Kind}/{resource.Name} ({resource.State})"));
        return resources.Count > MostNamed ? $"{named} and {resources.Count - MostNamed} more" : named;
    }

    private static Tone Tone(Deployed deployed, Explanation explanation) =>
        deployed.Facts.Health is "Degraded" or "Missing" ? Conversation.Tone.Alarm
        : explanation.IsStuck || deployed.Facts.Sync != SyncState.Synced ? Conversation.Tone.Warning
        : deployed.Facts.Health == "Healthy" ? Conversation.Tone.Good
        : Conversation.Tone.Neutral;

    private static string OwnerWords(OwnerKind kind) => kind switch
    {
        OwnerKind.None => "nobody",
        OwnerKind.Set => "the ApplicationSet",
        OwnerKind.Parent => "the application",
        OwnerKind.Other => "whatever applies it:",
    };

    private static Text Link(ApplicationFacts facts) => facts.Link is { } link ? Text.Of($" · {new Run.Link(link, "open in Argo CD")}") : Text.Empty;

    private static Text At(DateTimeOffset? at) => at is { } moment ? Text.Of($" at {moment}") : Text.Empty;

    private static string Abbreviate(string commit) => commit is { Length: 40 } && commit.All(char.IsAsciiHexDigit) ? commit[..8] : commit;

    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + " …";
}
