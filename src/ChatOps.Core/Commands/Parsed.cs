using ChatOps.Core.Conversation;

namespace ChatOps.Core.Commands;

/// <summary>What became of a command line: understood, or a refusal that says what to write instead.</summary>
internal readonly record struct Parsed(Command? Command, Refusal? Refusal)
{
    public static implicit operator Parsed(Command command) => new(command, null);

    public static implicit operator Parsed(Refusal refusal) => new(null, refusal);

    public static Refusal No(Text why, Text instead) => new(RefusalKind.NotUnderstood, why) { Instead = instead };
}

/// <summary>
/// What was said after the verb. <paramref name="Program"/> is what stood before it, to be put before examples: "/gitops " or nothing.
/// </summary>
internal sealed record Speech(string Program, Verb Verb, string Text, IReadOnlyList<Word> Words, string? TimeZone, DateTimeOffset Now)
{
    /// <summary>"Write …", with a line that can be copied.</summary>
    public Refusal Ask(Text why, string line) => Parsed.No(why, Core.Conversation.Text.Of($"Write {Program + line:code}"));

    public Refusal AskExample(Text why) => Ask(why, Verb.Example);

    /// <summary>A word that has no meaning here.</summary>
    public Refusal Strange(Word word, params string[] known) =>
        Suggestion.Nearest(word.Key, known) is { } meant
            ? Parsed.No(Core.Conversation.Text.Of($"I do not know {word.Text:code} here."), Core.Conversation.Text.Of($"Did you mean {meant:code}? {Usage}"))
            : Parsed.No(Core.Conversation.Text.Of($"I do not know what {word.Text:code} means here."), Usage);

    public Text Usage => Core.Conversation.Text.Of($"It goes: {(Program + Verb.Name + " " + Verb.Usage).TrimEnd():code}, for example {Program + Verb.Example:code}");

    public string? Tail(int from) => from < Words.Count ? Commands.Words.Between(Text, Words[from], Words[^1]) : null;
}
