namespace ChatOps.Core.Conversation;

/// <summary>How a card feels before a word of it is read.</summary>
public enum Tone
{
    Neutral,
    Waiting,
    Good,
    Warning,
    Alarm,
}

/// <summary>
/// What is said, described once for every platform. Platforms render it within their limits and cut what is too long
/// with a note of what was cut; they never drop a button.
/// </summary>
public sealed record Card(string Title, Tone Tone, IReadOnlyList<Part> Parts)
{
    /// <summary>Well within what every platform takes in one piece.</summary>
    private const int MostPlainCharacters = 1500;

    /// <summary>One line for notifications and for clients that show no cards.</summary>
    public string Summary { get; init; } = Title;

    public static Card Note(string title, Tone tone, params Text[] paragraphs) =>
        new(title, tone, [.. paragraphs.Select(text => new Part.Paragraph(text))]);

    /// <summary>
    /// What to say instead where a platform does not take this: its words without their form, with its buttons, since
    /// somebody must be able to decide; and if it does not take that either, the title alone.
    /// </summary>
    public Card Plainer()
    {
        var buttons = Parts.OfType<Part.Buttons>().ToList();
        var words = string.Join('\n', Parts.SelectMany(Part.WordsOf));
        return buttons.Count == 0 || Parts[0] is Part.Verbatim
            ? new(Title, Tone, []) { Summary = Summary }
            : this with { Parts = [new Part.Verbatim(words.Length > MostPlainCharacters ? words[..MostPlainCharacters] + "…" : words), .. buttons] };
    }

    public bool Equals(Card? other) =>
        other is not null && Title == other.Title && Tone == other.Tone && Summary == other.Summary && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => HashCode.Combine(Title, Tone, Parts.Count);
}

/// <summary>A part of a card, top to bottom.</summary>
public abstract record Part
{
    private Part()
    {
    }

    internal static IEnumerable<string> WordsOf(Part part) => part switch
    {
        Paragraph(var text) => [text.ToString()],
        Footnote(var text) => [text.ToString()],
        Facts(var rows) => rows.Select(row => $"{row.Label}: {row.Value}"),
        Verbatim(var value) => [value],
        _ => [],
    };

    public sealed record Paragraph(Text Text) : Part;

    /// <summary>Label and value pairs, two columns where the platform has room.</summary>
    public sealed record Facts(IReadOnlyList<Fact> Rows) : Part
    {
        public bool Equals(Facts? other) => other is not null && Rows.SequenceEqual(other.Rows);

        public override int GetHashCode() => Rows.Count;
    }

    /// <summary>Somebody's words or a machine's output, fixed width, never interpreted.</summary>
    public sealed record Verbatim(string Value) : Part;

    public sealed record Divider : Part;

    /// <summary>Small print.</summary>
    public sealed record Footnote(Text Text) : Part;

    /// <summary>
    /// How a number went, drawn where the platform takes pictures. The words beside it say the same: where it cannot be
    /// drawn it is left out and nothing is missing.
    /// </summary>
    /// <param name="Words">What the picture shows, for those who do not see it.</param>
    /// <param name="Points">In order of time.</param>
    /// <param name="Below">Good is this or less.</param>
    /// <param name="Above">Good is this or more.</param>
    /// <param name="Mark">The moment that the number is looked at for.</param>
    public sealed record Curve(string Words, IReadOnlyList<CurvePoint> Points, double? Below, double? Above, DateTimeOffset? Mark) : Part
    {
        public bool Equals(Curve? other) => other is not null && Words == other.Words && Below == other.Below && Above == other.Above
            && Mark == other.Mark && Points.SequenceEqual(other.Points);

        public override int GetHashCode() => HashCode.Combine(Words, Points.Count);
    }

    public sealed record Buttons(IReadOnlyList<Button> Row) : Part
    {
        public bool Equals(Buttons? other) => other is not null && Row.SequenceEqual(other.Row);

        public override int GetHashCode() => Row.Count;
    }
}

/// <summary>One value of a curve at one moment.</summary>
public sealed record CurvePoint(DateTimeOffset At, double Value);

/// <summary>A label and its value.</summary>
public sealed record Fact(string Label, Text Value);

public enum ButtonStyle
{
    Plain,
    Primary,
    Danger,
}

/// <summary>
/// <paramref name="Token"/> is opaque and random; what it means is stored (<see cref="Choice"/>) and looked up at the click.
/// With <see cref="Link"/> set the button opens a page instead.
/// </summary>
public sealed record Button(string Label, string Token, ButtonStyle Style = ButtonStyle.Plain)
{
    public Uri? Link { get; init; }

    /// <summary>Asked before the click counts: what it will do, in a sentence.</summary>
    public string? Confirm { get; init; }
}

/// <summary>A question asked in a window of its own; the answer arrives as <see cref="Said.Answered"/>.</summary>
public sealed record Dialog(string Title, string Token, string Submit, Text Intro, IReadOnlyList<Question> Questions)
{
    public bool Equals(Dialog? other) =>
        other is not null && Title == other.Title && Token == other.Token && Submit == other.Submit
        && Intro == other.Intro && Questions.SequenceEqual(other.Questions);

    public override int GetHashCode() => HashCode.Combine(Title, Token);
}

/// <summary>One text field of a dialog.</summary>
public sealed record Question(string Key, string Label, bool Multiline, int MostCharacters)
{
    public string? Hint { get; init; }
}
