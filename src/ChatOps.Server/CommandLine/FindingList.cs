using System.Text.Encodings.Web;
using System.Text.Json;
using ChatOps.Core;

namespace ChatOps.Server.CommandLine;

/// <summary>Findings of one subject, in the order they were made.</summary>
public sealed record FindingGroup(string Title, IReadOnlyList<Finding> Findings);

/// <summary>Writes findings for people (✓, ✗ with its fix, ? with where to look) or for programs.</summary>
internal static class FindingList
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ExitCode Write(IReadOnlyList<FindingGroup> groups, bool asJson, Output output)
    {
        var all = groups.SelectMany(group => group.Findings).ToList();
        var wrong = all.Count(finding => !finding.Ok);
        if (asJson)
        {
            output.Out.WriteLine(JsonSerializer.Serialize(new { ok = wrong == 0, groups }, Json));
        }
        else
        {
            foreach (var group in groups)
            {
                WriteGroup(group, output.Out);
            }

            var unseen = all.Count(IsUnseen);
            output.Out.WriteLine(
                (wrong == 0 ? $"All {all.Count - unseen} checks are good." : $"{wrong} of {all.Count - unseen} checks need a fix.")
                + (unseen == 0 ? "" : $" {unseen} {(unseen == 1 ? "thing" : "things")} (?) cannot be seen from here: look yourself."));
        }

        return wrong == 0 ? ExitCode.Good : ExitCode.FoundSomething;
    }

    private static void WriteGroup(FindingGroup group, TextWriter to)
    {
        to.WriteLine(group.Title);
        foreach (var finding in group.Findings)
        {
            to.WriteLine($"  {(IsUnseen(finding) ? '?' : finding.Ok ? '✓' : '✗')} {finding.What}");
            if (finding.Fix.Length > 0)
            {
                to.WriteLine($"      {finding.Fix.ReplaceLineEndings(Environment.NewLine + "      ")}");
            }
        }

        to.WriteLine();
    }

    private static bool IsUnseen(Finding finding) => finding is { Ok: true, Fix.Length: > 0 };
}
