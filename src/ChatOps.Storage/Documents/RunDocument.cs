using System.Diagnostics;
using System.Text.Json.Serialization;
using ChatOps.Core.Conversation;

namespace ChatOps.Storage.Documents;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "run")]
[JsonDerivedType(typeof(Plain), "plain")]
[JsonDerivedType(typeof(Bold), "bold")]
[JsonDerivedType(typeof(Code), "code")]
[JsonDerivedType(typeof(Mention), "mention")]
[JsonDerivedType(typeof(Group), "group")]
[JsonDerivedType(typeof(Link), "link")]
[JsonDerivedType(typeof(Moment), "moment")]
[JsonDerivedType(typeof(Break), "break")]
internal abstract record RunDocument
{
    public static IReadOnlyList<RunDocument> Of(Text text) => [.. text.Runs.Select(Of)];

    public static Text ToText(IReadOnlyList<RunDocument> runs) => new([.. runs.Select(run => run.ToRun())]);

    public abstract Run ToRun();

    private static RunDocument Of(Run run) => run switch
    {
        Run.Plain(var value) => new Plain(value),
        Run.Bold(var value) => new Bold(value),
        Run.Code(var value) => new Code(value),
        Run.Mention(var account) => new Mention(AccountDocument.From(account)),
        Run.GroupMention(var group) => new Group(group),
        Run.Link(var target, var label) => new Link(target.OriginalString, label),
        Run.Moment(var at) => new Moment(at),
        Run.LineBreak => new Break(),
        _ => throw new UnreachableException(),
    };

    internal sealed record Plain(string Value) : RunDocument
    {
        public override Run ToRun() => new Run.Plain(Value);
    }

    internal sealed record Bold(string Value) : RunDocument
    {
        public override Run ToRun() => new Run.Bold(Value);
    }

    internal sealed record Code(string Value) : RunDocument
    {
        public override Run ToRun() => new Run.Code(Value);
    }

    internal sealed record Mention(AccountDocument Account) : RunDocument
    {
        public override Run ToRun() => new Run.Mention(Account.ToAccount());
    }

    internal sealed record Group(string Id) : RunDocument
    {
        public override Run ToRun() => new Run.GroupMention(Id);
    }

    internal sealed record Link(string Target, string Label) : RunDocument
    {
        public override Run ToRun() => new Run.Link(new Uri(Target, UriKind.RelativeOrAbsolute), Label);
    }

    internal sealed record Moment(DateTimeOffset At) : RunDocument
    {
        public override Run ToRun() => new Run.Moment(At);
    }

    internal sealed record Break : RunDocument
    {
        public override Run ToRun() => new Run.LineBreak();
    }
}
