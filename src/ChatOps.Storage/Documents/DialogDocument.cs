using ChatOps.Core.Conversation;

namespace ChatOps.Storage.Documents;

internal sealed record QuestionDocument(string Key, string Label, bool Multiline, int MostCharacters, string? Hint);

internal sealed record DialogDocument(
    string Title, string Token, string Submit, IReadOnlyList<RunDocument> Intro, IReadOnlyList<QuestionDocument> Questions)
{
    public static DialogDocument Of(Dialog dialog) => new(
        dialog.Title,
        dialog.Token,
        dialog.Submit,
        RunDocument.Of(dialog.Intro),
        [.. dialog.Questions.Select(question => new QuestionDocument(question.Key, question.Label, question.Multiline, question.MostCharacters, question.Hint))]);

    public Dialog ToDialog() => new(
        Title,
        Token,
        Submit,
        RunDocument.ToText(Intro),
        [.. Questions.Select(question => new Question(question.Key, question.Label, question.Multiline, question.MostCharacters) { Hint = question.Hint })]);
}
