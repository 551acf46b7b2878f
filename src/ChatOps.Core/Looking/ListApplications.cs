using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>Answers <c>apps [text]</c>: what is there, with what is wrong first.</summary>
public sealed class ListApplications(ApplicationsSeen seen, ConcernsSeen concerns, WhichIncident which, Answering answering)
{
    /// <summary>Each line is a read of its own; a list of thousands helps nobody at 02:00.</summary>
    private const int Most = 100;
    private const int OnePage = 25;

    public async Task<Refusal?> HandleAsync(Command.ListApplications command, Delivery delivery, CancellationToken ct)
    {
        var (all, refusal) = await seen.ListAsync(ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var (incident, _) = await which.ResolveAsync(delivery.Place, null, null, ct);
        var scope = incident?.Scope ?? [];
        var matching = all.Where(application => command.Text is not { } text || application.ToString().Contains(text, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(scope.Contains).ThenBy(concerns.Of).ThenBy(application => application.Name, StringComparer.Ordinal).ToList();
        if (matching.Count == 0)
        {
            return NothingFound(command.Text, all);
        }

        var lines = new List<ApplicationLine>();
        foreach (var engine in matching.Take(Most).GroupBy(application => application.Instance))
        {
            var (answer, found) = await seen.Views.First(view => view.Instance == engine.Key).LinesAsync([.. engine], ct);
            if (!answer.IsOk)
            {
                return ClusterRefusals.For(answer, Text.Of($"I cannot read the applications of {engine.Key:code}."));
            }

            lines.AddRange(found);
        }

        var ordered = lines.OrderByDescending(line => scope.Contains(line.Ref)).ThenBy(line => line.IsQuiet).ThenBy(line => concerns.Of(line.Ref)).ThenBy(line => line.Ref.Name, StringComparer.Ordinal).ToList();
        var isShort = all.Select(application => application.Name).Distinct().Count() == all.Count;
        var title = command.Text is { } said ? $"{Count(matching.Count)} with “{said}”" : Count(matching.Count);
        var pages = ordered.Chunk(OnePage).Select((page, at) => Page(title, page, at, isShort, scope)).ToList();
        if (matching.Count > Most)
        {
            pages[0] = pages[0] with { Parts = [.. pages[0].Parts, new Part.Footnote(Text.Of($"Of {matching.Count} only {Most} were read: what is in scope, then what was wrong as I saw it last, then by name. Say a part of the name: {"/gitops apps <text>":code}."))] };
        }

        await answering.AnswerAsync(pages, Text.Of($"Say a part of the name: {"/gitops apps <text>":code}."), delivery, ct);
        return null;
    }

    private static Card Page(string title, IReadOnlyList<ApplicationLine> lines, int at, bool isShort, IReadOnlyList<ApplicationRef> scope) => new(
        at == 0 ? title : $"{title}, page {at + 1}",
        lines.Any(line => !line.IsQuiet) ? Tone.Warning : Tone.Neutral,
        [new Part.Paragraph(Text.Lines(lines.Select(line => Line(line, isShort, scope.Contains(line.Ref))))), new Part.Footnote(Text.Of($"{"/gitops status <app>":code} tells why nothing happens to one, and what changes that."))]);

    private static Text Line(ApplicationLine line, bool isShort, bool inScope)
    {
        var name = Text.Of($"{(isShort ? line.Ref.Name : line.Ref.ToString()):code}{(inScope ? " (in scope)" : "")}: ");
        var state = line.IsQuiet ? Text.Of($"Synced, Healthy") : Text.Of($"{line.Sync.ToString():b}, {line.Health}, auto-sync {line.AutoSync}");
        return name + (line.Trouble is null ? state : state + Text.Of($", {line.Trouble}"));
    }

    private static Refusal NothingFound(string? text, IReadOnlyList<ApplicationRef> all) => text is null
        ? new(RefusalKind.NotFound, "There are no applications where I look.") { Instead = Text.Of($"Section {"ArgoCd":code} of my configuration names the namespaces; {"ChatOps.Server doctor":code} tells what I may read.") }
        : new(RefusalKind.NotFound, Text.Of($"No application of {all.Count} has {text:code} in its name."))
        {
            Instead = Suggestion.Nearest(text, all.Select(application => application.Name)) is { } near ? Text.Of($"Did you mean {near:code}?") : Text.Of($"{"/gitops apps":code} lists all."),
        };

    private static string Count(int count) => count == 1 ? "1 application" : $"{count} applications";
}
