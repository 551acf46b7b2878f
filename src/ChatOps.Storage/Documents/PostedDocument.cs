using System.Text.Json.Serialization;
using ChatOps.Core.Conversation;
using ChatOps.Core.Records;

namespace ChatOps.Storage.Documents;

internal sealed record PostedDocument(
    int Version,
    string Key,
    MessageRefDocument Message,
    DateTimeOffset PostedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool MayHaveCopies = false) : IDocument
{
    public static PostedDocument From(PostedMessage posted) =>
        new(DocumentJson.Current, posted.Key.Value, MessageRefDocument.From(posted.Ref), posted.PostedAt, posted.MayHaveCopies);

    public PostedMessage ToPosted() => new(new MessageKey(Key), Message.ToRef(), PostedAt) { MayHaveCopies = MayHaveCopies };
}
