using ChatOps.Core.Conversation;

namespace ChatOps.Core.Signals;

/// <summary>The answer to <c>signals</c>, and the sentence that <c>mitigated</c> gets.</summary>
public static class SignalCard
{
    public static Card Of(SignalsRead read)
    {
        var (title, tone) = Sum(read);
        var lines = read.Answers.Count == 0
            ? [Text.Of($"No signals are configured for {read.Application.Name:code}, so whether users are fine is people's word. The platform team names queries in section {"Signals":code}.")]
            : read.Answers.Select(SignalLines.Of).ToList();
        lines.Add(read.Change is { } change ? Text.Of($"It was changed last at {change}.") : Text.Of($"No change of it is known here."));
        return new Card(title, tone, [.. lines.Select(line => new Part.Paragraph(line)), .. SignalCurves.Of(read)]);
    }

    /// <summary>What the numbers of all applications say about a mitigation, and whether they bear it out.</summary>
    /// <param name="unasked">How many applications in scope nothing was asked about.</param>
    public static (Text Text, bool Validated) Mitigation(IReadOnlyList<SignalsRead> all, int unasked)
    {
        var answers = all.SelectMany(read => read.Answers).ToList();
        if (answers.Count == 0)
        {
            return ("Not validated: no signals are configured for what is in scope, so this is people's word.", false);
        }

        var validated = unasked == 0 && Judgement.Validates(answers) && all.All(read => read.Answers.Count > 0);
        var lines = all.SelectMany(read => read.Answers.Count == 0
            ? [Text.Of($"{read.Application.Name:code}: no signals are configured.")]
            : read.Answers.Select(answer => Text.Of($"{read.Application.Name:code}: ") + SignalLines.Of(answer)));
        if (unasked > 0)
        {
            lines = lines.Append(Text.Of($"{unasked} more in scope were not asked about: {"signals <app>":code} does."));
        }

        return (Text.Lines([validated ? "Validated by signals." : "Not validated by signals.", .. lines]), validated);
    }

    private static (string Title, Tone Tone) Sum(SignalsRead read)
    {
        var name = read.Application.Name;
        if (Judgement.Validates(read.Answers))
        {
            return ($"Signals of {name}: good", Tone.Good);
        }

        return read.Answers.Any(answer => answer.Verdict == Verdict.Bad) ? ($"Signals of {name}: not good", Tone.Alarm) : ($"Signals of {name}: not known", Tone.Warning);
    }
}
