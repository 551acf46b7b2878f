using System.Diagnostics;
using System.Text.Json.Serialization;
using ChatOps.Core.Conversation;

namespace ChatOps.Storage.Documents;

/// <summary>A delivery; its reply handle is sealed, and gone once the delivery is done.</summary>
internal sealed record DeliveryDocument(
    int Version, string Key, DateTimeOffset ReceivedAt, AccountDocument From, PlaceDocument Place, SaidDocument Said, string? SealedHandle, bool IsDirect = false) : IDocument
{
    public static DeliveryDocument Of(Delivery delivery, HandleSeal seal) => new(
        DocumentJson.Current,
        delivery.Key,
        delivery.ReceivedAt,
        AccountDocument.From(delivery.From),
        PlaceDocument.From(delivery.Place),
        SaidDocument.Of(delivery.Said),
        seal.Close(delivery.ReplyHandle),
        delivery.IsDirect);

    public Delivery ToDelivery(HandleSeal seal) =>
        new(Key, ReceivedAt, From.ToAccount(), Place.ToPlace(), Said.ToSaid()) { ReplyHandle = seal.Open(SealedHandle), IsDirect = IsDirect };
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "said")]
[JsonDerivedType(typeof(Command), "command")]
[JsonDerivedType(typeof(Pressed), "pressed")]
[JsonDerivedType(typeof(Answered), "answered")]
[JsonDerivedType(typeof(OpenedHome), "home")]
internal abstract record SaidDocument
{
    public static SaidDocument Of(Said said) => said switch
    {
        Said.Command(var program, var text) => new Command(program, text),
        Said.Pressed(var token, var message) => new Pressed(token, message is null ? null : MessageRefDocument.From(message)),
        Said.Answered(var token, var values) => new Answered(token, new Dictionary<string, string>(values)),
        Said.OpenedHome => new OpenedHome(),
        _ => throw new UnreachableException(),
    };

    public abstract Said ToSaid();

    internal sealed record Command(string? Program, string Text) : SaidDocument
    {
        public override Said ToSaid() => new Said.Command(Program, Text);
    }

    internal sealed record Pressed(string Token, MessageRefDocument? Message) : SaidDocument
    {
        public override Said ToSaid() => new Said.Pressed(Token, Message?.ToRef());
    }

    internal sealed record Answered(string Token, IReadOnlyDictionary<string, string> Values) : SaidDocument
    {
        public override Said ToSaid() => new Said.Answered(Token, Values);
    }

    internal sealed record OpenedHome : SaidDocument
    {
        public override Said ToSaid() => new Said.OpenedHome();
    }
}
