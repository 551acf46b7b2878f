using ChatOps.Core.Conversation;

namespace ChatOps.Core.Commands;

/// <summary>Reads "for 45m", "by 1 hour 30 minutes" and "until 14:30 UTC" out of the words of a command.</summary>
internal static class HowLongReader
{
    /// <summary>The clause whose keyword is at <paramref name="at"/>: what it says, or why it says nothing that can be used.</summary>
    public static (HowLong? Value, Refusal? Refusal, int Next) Clause(Speech speech, int at)
    {
        var keyword = speech.Words[at].Key;
        if (keyword is "until" or "till")
        {
            var (moment, refusal, taken) = Until.Read(speech, at + 1);
            return (moment, refusal, taken) switch
            {
                (_, { }, _) => (null, refusal, at + 1 + taken),
                ({ } end, _, _) => (new(null, end), null, at + 1 + taken),
                _ => (null, Parsed.No(Text.Of($"I do not understand the time after {keyword:code}."), Text.Of($"Write a time of day like {"until 14:30":code} or {"until 14:30 UTC":code}, or say {"for 45m":code}.")), at + 1),
            };
        }

        var (length, next) = Length(speech.Words, at + 1);
        if (length is not { } duration)
        {
            var given = at + 1 < speech.Words.Count ? speech.Words[at + 1].Text : "";
            return (null, int.TryParse(given, out _)
                ? Parsed.No(Text.Of($"{given:code} what?"), Text.Of($"Write {$"{keyword} {given}m":code} for minutes or {$"{keyword} {given}h":code} for hours."))
                : Parsed.No(Text.Of($"I do not understand how long you mean after {keyword:code}."), Text.Of($"Write {$"{keyword} 45m":code}, {$"{keyword} 1h30m":code} or {"until 14:30":code}.")), at + 1);
        }

        return Judge(speech, duration) is { } wrong ? (null, wrong, next) : (new(duration, null), null, next);
    }

    /// <summary>The longest run of words from <paramref name="at"/> that is a length.</summary>
    public static (TimeSpan? Length, int Next) Length(IReadOnlyList<Word> words, int at)
    {
        for (var end = Math.Min(words.Count, at + 8); end > at; end--)
        {
            if (Durations.TryParse(string.Join(' ', Enumerable.Range(at, end - at).Select(word => words[word].Text)), out var length))
            {
                return (length, end);
            }
        }

        return (null, at);
    }

    public static Refusal? Judge(Speech speech, TimeSpan duration) => duration switch
    {
        { Ticks: <= 0 } => Parsed.No("That is no time at all.", Text.Of($"Write a time from now on, for example {"45m":code}.")),
        _ when duration > Durations.Longest => Parsed.No(
            Text.Of($"{duration} is longer than anything here may last."),
            Text.Of($"{Durations.Longest} is the most, and the policy allows less. What shall last belongs in Git.")),
        _ => null,
    };
}
