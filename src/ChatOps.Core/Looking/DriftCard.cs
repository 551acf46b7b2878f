using System.Text;
using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>Differences as cards, a page each: what people did first, what is expected last and short.</summary>
public static class DriftCard
{
    private const int OnePage = 3500;

    public static IReadOnlyList<Card> Pages(DriftReport report)
    {
        var real = report.Resources.Where(resource => resource.Real.Any()).ToList();
        var count = real.Sum(resource => resource.Real.Count());
        var title = (count, report.IsComplete) switch
        {
            (0, true) => $"{report.Facts.Ref.Name}: nothing differs from Git",
            (0, false) => $"{report.Facts.Ref.Name}: no difference seen, but not everything could be",
            (1, _) => $"{report.Facts.Ref.Name}: 1 field is not as Git says",
            _ => $"{report.Facts.Ref.Name}: {count} fields are not as Git says",
        };
        var blocks = Folded(real.Select(Block)).ToList();
        var tone = count > 0 || !report.IsComplete ? Tone.Warning : Tone.Good;
        var pages = new List<Card>();
        for (var at = 0; at < Math.Max(1, blocks.Count); at++)
        {
            var isLast = at >= blocks.Count - 1;
            pages.Add(new(at == 0 ? title : $"{title} ({at + 1})", tone, [.. at < blocks.Count ? [new Part.Verbatim(blocks[at])] : Array.Empty<Part>(), .. isLast ? Ending(report) : []]));
        }

        return pages;
    }

    /// <summary>Argo CD compares with Git, so it sees nothing of what Git does not mention.</summary>
    public static Text Rest(DriftReport report) => report.Resources.SelectMany(resource => resource.Real).Any(drift => drift.Class is DriftClass.AddedByHand or DriftClass.WrittenByHand)
        ? "Argo CD shows the rest, but for what was added by hand, which it does not see."
        : "The rest is in Argo CD.";

    private static IEnumerable<Part> Ending(DriftReport report)
    {
        var expected = report.Resources.SelectMany(resource => resource.Fields.Where(drift => drift.Class == DriftClass.Expected)
            .Select(drift => $"{resource.Kind}/{resource.Name} {drift.Path}{(drift.By is null ? "" : $" by {drift.By}")}")).ToList();
        if (expected.Count > 0)
        {
            var more = expected.Count > 5 ? $" and {expected.Count - 5} more" : "";
            yield return new Part.Footnote($"Meant to differ, no drift: {string.Join("; ", expected.Take(5))}{more}.");
        }

        foreach (var sentence in report.NotSeen)
        {
            yield return new Part.Footnote(sentence);
        }

        if (report.Facts.Flight is { } flight)
        {
            yield return new Part.Footnote(Text.Of($"A sync by {flight.By} runs at this moment: ask again when it is done."));
        }

        yield return new Part.Footnote(Text.Of($"Git's side is {report.Basis}, read {report.Facts.ReadAt}. Who is the tool that wrote it, not a proof of the person."));
    }

    private static string Block(ResourceDrift resource)
    {
        var text = new StringBuilder($"{resource.Kind}/{resource.Name}{(resource.Namespace.Length > 0 ? $" in {resource.Namespace}" : "")}\n");
        foreach (var drift in resource.Real)
        {
            var tool = $"{drift.By}{(drift.At is { } at ? $" {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "")}";
            var by = drift.By is null ? "" : drift.IsByController ? $", changed by {tool}" : $"   [{tool}]";
            text.Append("  ").Append(Line(drift)).Append(by).Append('\n');
        }

        return text.ToString();
    }

    private static string Line(Drift drift) => drift.Class switch
    {
        DriftClass.Changed => $"{drift.Path}: Git {drift.Git ?? "(not set)"} | live {drift.Live ?? "(not set)"}",
        DriftClass.Removed => $"{drift.Path}: Git {drift.Git ?? "(not set)"} | removed",
        DriftClass.AddedByHand => $"{drift.Path}: not in Git | added by hand: {drift.Live}",
        DriftClass.WrittenByHand => $"{drift.Path}: Git not known | written by hand: {drift.Live}",
        DriftClass.Missing => "is in Git and not in the cluster",
        DriftClass.Deleted => "is in Git and not in the cluster: deleted since it was deployed, by whom or what is not known",
        DriftClass.NotInGit => "is in the cluster and no longer in Git: a sync with prune deletes it",
        DriftClass.Expected => $"{drift.Path}: meant to differ",
    };

    /// <summary>Several resources a page; one that is longer is cut at lines.</summary>
    private static IEnumerable<string> Folded(IEnumerable<string> blocks)
    {
        var page = new StringBuilder();
        foreach (var line in blocks.SelectMany(block => block.TrimEnd('\n').Split('\n')))
        {
            if (page.Length > 0 && page.Length + line.Length > OnePage)
            {
                yield return page.ToString();
                page.Clear();
            }

            page.Append(line).Append('\n');
        }

        if (page.Length > 0)
        {
            yield return page.ToString();
        }
    }
}
