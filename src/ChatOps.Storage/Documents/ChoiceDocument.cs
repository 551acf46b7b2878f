using ChatOps.Core.Conversation;

namespace ChatOps.Storage.Documents;

internal sealed record ChoiceDocument(int Version, string Token, ChoiceKind Kind, Guid Subject, string? PlanHash, string? Message, DateTimeOffset Expires, string? Says = null)
    : IDocument
{
    public static ChoiceDocument From(Choice choice) =>
        new(DocumentJson.Current, choice.Token, choice.Kind, choice.Subject, choice.PlanHash, choice.Message?.Value, choice.Expires, choice.Says);

    public Choice ToChoice() => new(Token, Kind, Subject, PlanHash, Message is null ? null : new MessageKey(Message), Expires) { Says = Says };
}
