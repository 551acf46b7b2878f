using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>One runbook of docs/runbooks, as it was when this was built: its title and its text, paragraph by paragraph.</summary>
public sealed partial record Runbook(string Name, string Title, IReadOnlyList<string> Paragraphs)
{
    private const string Folder = "runbooks/";
    private const string App = "<app>";

    public static IReadOnlyList<Runbook> All { get; } = [.. Read().OrderBy(runbook => runbook.Name, StringComparer.Ordinal)];

    public static Runbook? Find(string name) => All.FirstOrDefault(runbook => runbook.Name == name);

    /// <summary>Everything in code spans and blocks, as it is written.</summary>
    public IEnumerable<string> Commands => Paragraphs.SelectMany(paragraph => paragraph.StartsWith("```", StringComparison.Ordinal)
        ? [Block(paragraph)]
        : Code().Matches(paragraph).Select(match => match.Groups["code"].Value));

    public static Runbook Parse(string name, string markdown)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        var paragraphs = new List<string>();
        var block = false;
        foreach (var line in lines.Where(line => !line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line.TrimEnd()))
        {
            var fence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (fence && !block)
            {
                paragraphs.Add("```");
            }
            else if (block && !fence)
            {
                paragraphs[^1] += "\n" + line;
            }
            else if (!fence && line.Length > 0)
            {
                paragraphs.Add(line);
            }

            block ^= fence;
        }

        return new(name, lines.FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))?[2..] ?? name, paragraphs);
    }

    /// <summary>With what is known of the incident filled in.</summary>
    public Runbook For(ApplicationQuery? application) => application is null
        ? this
        : this with { Paragraphs = [.. Paragraphs.Select(paragraph => Filled(paragraph, application))] };

    public bool NeedsApplication => Commands.Any(command => command.Contains(App, StringComparison.Ordinal));

    public IEnumerable<Part> Parts => Paragraphs.Select(paragraph => paragraph.StartsWith("```", StringComparison.Ordinal)
        ? (Part)new Part.Verbatim(Block(paragraph))
        : new Part.Paragraph(new([.. Runs(paragraph)])));

    /// <summary>Which of several namesakes it is only we are told: other tools know none of our names for engines.</summary>
    private static string Filled(string paragraph, ApplicationQuery application) =>
        Code().Replace(paragraph, span => span.Value.StartsWith("`/", StringComparison.Ordinal) ? span.Value.Replace(App, application.ToString(), StringComparison.Ordinal) : span.Value)
            .Replace(App, application.Name, StringComparison.Ordinal);

    private static string Block(string paragraph)
    {
        var lines = paragraph.Split('\n').Skip(1).ToList();
        var indent = lines.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : line.TrimStart()));
    }

    private static IEnumerable<Run> Runs(string paragraph)
    {
        var at = 0;
        foreach (Match match in Code().Matches(paragraph))
        {
            yield return new Run.Plain(paragraph[at..match.Index]);
            yield return new Run.Code(match.Groups["code"].Value);
            at = match.Index + match.Length;
        }

        yield return new Run.Plain(paragraph[at..]);
    }

    private static IEnumerable<Runbook> Read()
    {
        var assembly = typeof(Runbook).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return Parse(Path.GetFileNameWithoutExtension(resource[Folder.Length..]), text.ReadToEnd());
        }
    }

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
