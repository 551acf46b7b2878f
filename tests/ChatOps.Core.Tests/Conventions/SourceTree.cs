using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ChatOps.Core.Tests.Conventions;

/// <summary>The sources as text, and what is wrong with them; text, because no test may refer to every project.</summary>
internal static partial class SourceTree
{
    /// <summary>Ports whose second implementation comes next: PostgreSQL, Flux, Teams, access by roles of Argo CD projects.</summary>
    private static readonly string[] SecondComes = ["IRecords", "IReconciler", "IApplicationView", "IChat", "IChatDirectory", "IAccess"];

    public static string Root { get; } = Directory.GetParent(Here())!.Parent!.Parent!.Parent!.FullName;

    public static IReadOnlyList<(string Path, string Text)> Sources { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(path => (Path.GetRelativePath(Root, path), File.ReadAllText(path))),
    ];

    public static IEnumerable<string> TooLong(IEnumerable<(string Path, string Text)> sources, int most) =>
        sources.Where(source => source.Text.AsSpan().Count('\n') > most).Select(source => $"{source.Path} has more than {most} lines");

    public static IEnumerable<string> LonelyInterfaces(IReadOnlyList<(string Path, string Text)> sources)
    {
        foreach (var name in sources.SelectMany(source => Interface().Matches(source.Text)).Select(match => match.Groups["name"].Value).Distinct().Except(SecondComes))
        {
            var implementations = sources.Sum(source => Bases().Matches(source.Text).Count(match => Regex.IsMatch(match.Groups["bases"].Value, $@"\b{name}\b", RegexOptions.None, TimeSpan.FromSeconds(1))));
            if (implementations < 2)
            {
                yield return $"{name} has {implementations} implementations in src";
            }
        }
    }

    /// <summary>Public classes that something could inherit from. Records count; what is meant to be inherited is abstract.</summary>
    public static IEnumerable<string> Open(IEnumerable<(string Path, string Text)> sources) =>
        sources.SelectMany(source => OpenClass().Matches(source.Text).Select(match => $"{source.Path}: {match.Groups["name"].Value} is neither sealed, static nor abstract"));

    /// <summary>Public types at the top of a file of Core without a summary (enums list their own words).</summary>
    public static IEnumerable<string> Undocumented(IEnumerable<(string Path, string Text)> sources) =>
        sources.SelectMany(source => PublicType().Matches(source.Text)
            .Where(match => !match.Groups["before"].Value.Contains("///", StringComparison.Ordinal))
            .Select(match => $"{source.Path}: {match.Groups["name"].Value} has no summary"));

    [GeneratedRegex(@"\binterface (?<name>I[A-Z]\w*)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Interface();

    [GeneratedRegex(@"\b(class|record|struct) \w+(<[^>]*>)?\s*(\((?>[^()]+|\((?<d>)|\)(?<-d>))*(?(d)(?!))\))?\s*:(?<bases>[^{;]*)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Bases();

    [GeneratedRegex(@"^\s*public (partial )?(class|record(?! struct)( class)?) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex OpenClass();

    [GeneratedRegex(@"(?<before>[^\n]*)\n(\[[^\n]*\]\n)*public (static |sealed |abstract |partial |readonly )*(class|interface|record struct|record|struct) (?<name>\w+)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex PublicType();

    private static string Here([CallerFilePath] string path = "") => path;
}
