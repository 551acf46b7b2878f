using System.Runtime.CompilerServices;
using System.Text;
using ChatOps.Core.People;

namespace ChatOps.Core.Conversation;

/// <summary>A piece of text with its meaning, so that each platform can escape and render it its own way.</summary>
public abstract record Run
{
    private Run()
    {
    }

    /// <summary>Our own words or somebody's data: shown as written, never interpreted as markup.</summary>
    public sealed record Plain(string Value) : Run;

    public sealed record Bold(string Value) : Run;

    /// <summary>Names, paths, values: shown in a fixed-width span, never interpreted.</summary>
    public sealed record Code(string Value) : Run;

    /// <summary>Notifies the account.</summary>
    public sealed record Mention(ChatAccount Account) : Run;

    /// <summary>Notifies a user group of the platform the text is posted on.</summary>
    public sealed record GroupMention(string GroupId) : Run;

    public sealed record Link(Uri Target, string Label) : Run;

    /// <summary>A moment in the reader's own zone where the platform can, with UTC beside it.</summary>
    public sealed record Moment(DateTimeOffset At) : Run;

    public sealed record LineBreak : Run;
}

/// <summary>
/// Text for people, written as an interpolated string: <c>Text.Of($"{person} paused {app:code} until {deadline}")</c>.
/// Holes never become markup: a string is data, <c>:b</c> makes it bold, <c>:code</c> fixed width.
/// </summary>
public sealed record Text(IReadOnlyList<Run> Runs)
{
    public static Text Empty { get; } = new([]);

    public static Text Of(TextHandler handler) => new(handler.Runs);

    public static implicit operator Text(string plain) => new([new Run.Plain(plain)]);

    public static Text operator +(Text left, Text right) => new([.. left.Runs, .. right.Runs]);

    public static Text Add(Text left, Text right) => left + right;

    public static Text FromString(string plain) => plain;

    public static Text Lines(IEnumerable<Text> lines)
    {
        var runs = new List<Run>();
        foreach (var line in lines)
        {
            if (runs.Count > 0)
            {
                runs.Add(new Run.LineBreak());
            }

            runs.AddRange(line.Runs);
        }

        return new(runs);
    }

    public bool Equals(Text? other) => other is not null && Runs.SequenceEqual(other.Runs);

    public override int GetHashCode() => Runs.Aggregate(17, HashCode.Combine);

    /// <summary>For logs, notifications and the record: no markup, mentions by account.</summary>
    public override string ToString()
    {
        var plain = new StringBuilder();
        foreach (var run in Runs)
        {
            plain.Append(run switch
            {
                Run.Plain(var value) => value,
                Run.Bold(var value) => value,
                Run.Code(var value) => value,
                Run.Mention(var account) => $"@{account.UserId}",
                Run.GroupMention(var group) => $"@{group}",
                Run.Link(_, var label) => label,
                Run.Moment(var at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", null),
                Run.LineBreak => "\n",
                _ => throw new System.Diagnostics.UnreachableException(),
            });
        }

        return plain.ToString();
    }
}

/// <summary>Collects the runs of an interpolated string; used by the compiler for <see cref="Text.Of"/>.</summary>
[InterpolatedStringHandler]
public readonly struct TextHandler
{
    public TextHandler(int literalLength, int formattedCount) => Runs = new List<Run>(literalLength > 0 ? formattedCount + 1 : formattedCount);

    internal List<Run> Runs { get; }

    public void AppendLiteral(string value) => Runs.Add(new Run.Plain(value));

    public void AppendFormatted(string? value, string? format = null) => Runs.Add(format switch
    {
        null => new Run.Plain(value ?? ""),
        "b" => new Run.Bold(value ?? ""),
        "code" => new Run.Code(value ?? ""),
        _ => throw new FormatException($"Text has no format '{format}'"),
    });

    public void AppendFormatted(int value) => Runs.Add(new Run.Plain(value.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public void AppendFormatted(Enum value) => Runs.Add(new Run.Plain(value.ToString()));

    public void AppendFormatted(Reconciliation.ApplicationRef application) => Runs.Add(new Run.Code(application.ToString()));

    public void AppendFormatted(DateTimeOffset at) => Runs.Add(new Run.Moment(at));

    public void AppendFormatted(ChatAccount account) => Runs.Add(new Run.Mention(account));

    public void AppendFormatted(Run run) => Runs.Add(run);

    public void AppendFormatted(Text text) => Runs.AddRange(text.Runs);

    /// <summary>A duration in words: "45 minutes", "1 hour 30 minutes".</summary>
    public void AppendFormatted(TimeSpan duration) => Runs.Add(new Run.Plain(Commands.Durations.InWords(duration)));
}
