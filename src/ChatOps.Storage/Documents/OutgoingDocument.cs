using System.Diagnostics;
using System.Text.Json.Serialization;
using ChatOps.Core.Conversation;

namespace ChatOps.Storage.Documents;

/// <summary>A post in the outbox with its place in the queue; handles in it are sealed.</summary>
internal sealed record QueuedDocument(
    int Version, long Id, long Place, OutgoingDocument Post, DateTimeOffset QueuedAt, int Attempts, DateTimeOffset NotBefore) : IDocument;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "post")]
[JsonDerivedType(typeof(Say), "say")]
[JsonDerivedType(typeof(Whisper), "whisper")]
[JsonDerivedType(typeof(Ask), "ask")]
[JsonDerivedType(typeof(Home), "home")]
internal abstract record OutgoingDocument
{
    public static OutgoingDocument Of(Outgoing post, HandleSeal seal) => post switch
    {
        Outgoing.Say say => new Say(say.Key.Value, WhereDocument.Of(say.Where), CardDocument.Of(say.Card), say.Pin),
        Outgoing.Whisper(var to, var place, var card, var handle) =>
            new Whisper(AccountDocument.From(to), PlaceDocument.From(place), CardDocument.Of(card), seal.Close(handle)),
        Outgoing.Ask(var to, var place, var handle, var dialog) =>
            new Ask(AccountDocument.From(to), PlaceDocument.From(place), seal.Close(handle), DialogDocument.Of(dialog)),
        Outgoing.Home(var to, var card) => new Home(AccountDocument.From(to), CardDocument.Of(card)),
        _ => throw new UnreachableException(),
    };

    public abstract Outgoing ToOutgoing(HandleSeal seal);

    internal sealed record Say(string Key, WhereDocument Where, CardDocument Card, bool Pin) : OutgoingDocument
    {
        public override Outgoing ToOutgoing(HandleSeal seal) => new Outgoing.Say(new MessageKey(Key), Where.ToWhere(), Card.ToCard()) { Pin = Pin };
    }

    internal sealed record Whisper(AccountDocument To, PlaceDocument Place, CardDocument Card, string? SealedHandle) : OutgoingDocument
    {
        public override Outgoing ToOutgoing(HandleSeal seal) =>
            new Outgoing.Whisper(To.ToAccount(), Place.ToPlace(), Card.ToCard(), seal.Open(SealedHandle));
    }

    internal sealed record Home(AccountDocument To, CardDocument Card) : OutgoingDocument
    {
        public override Outgoing ToOutgoing(HandleSeal seal) => new Outgoing.Home(To.ToAccount(), Card.ToCard());
    }

    internal sealed record Ask(AccountDocument To, PlaceDocument Place, string? SealedHandle, DialogDocument Dialog) : OutgoingDocument
    {
        // A handle that cannot be opened any more is an expired one to the platform, which then says so.
        public override Outgoing ToOutgoing(HandleSeal seal) =>
            new Outgoing.Ask(To.ToAccount(), Place.ToPlace(), seal.Open(SealedHandle) ?? "", Dialog.ToDialog());
    }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "where")]
[JsonDerivedType(typeof(InChannel), "channel")]
[JsonDerivedType(typeof(InThread), "thread")]
[JsonDerivedType(typeof(ToPerson), "person")]
internal abstract record WhereDocument
{
    public static WhereDocument Of(Where where) => where switch
    {
        Where.InChannel(var channel) => new InChannel(ChannelDocument.From(channel)),
        Where.InThread(var channel, var root) => new InThread(ChannelDocument.From(channel), root.Value),
        Where.ToPerson(var account) => new ToPerson(AccountDocument.From(account)),
        _ => throw new UnreachableException(),
    };

    public abstract Where ToWhere();

    internal sealed record InChannel(ChannelDocument Channel) : WhereDocument
    {
        public override Where ToWhere() => new Where.InChannel(Channel.ToChannel());
    }

    internal sealed record InThread(ChannelDocument Channel, string Root) : WhereDocument
    {
        public override Where ToWhere() => new Where.InThread(Channel.ToChannel(), new MessageKey(Root));
    }

    internal sealed record ToPerson(AccountDocument Account) : WhereDocument
    {
        public override Where ToWhere() => new Where.ToPerson(Account.ToAccount());
    }
}
