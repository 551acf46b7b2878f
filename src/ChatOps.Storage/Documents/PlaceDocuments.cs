using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Storage.Documents;

internal sealed record AccountDocument(ChatPlatform Platform, string Tenant, string UserId)
{
    public static AccountDocument From(ChatAccount account) => new(account.Platform, account.Tenant, account.UserId);

    public ChatAccount ToAccount() => new(Platform, Tenant, UserId);
}

internal sealed record ChannelDocument(ChatPlatform Platform, string Tenant, string Id)
{
    public static ChannelDocument From(Channel channel) => new(channel.Platform, channel.Tenant, channel.Id);

    public Channel ToChannel() => new(Platform, Tenant, Id);
}

internal sealed record PlaceDocument(ChannelDocument Channel, string? Thread)
{
    public static PlaceDocument From(Place place) => new(ChannelDocument.From(place.Channel), place.Thread);

    public Place ToPlace() => new(Channel.ToChannel(), Thread);
}

internal sealed record MessageRefDocument(ChannelDocument Channel, string Id, string? Thread)
{
    public static MessageRefDocument From(MessageRef message) => new(ChannelDocument.From(message.Channel), message.Id, message.Thread);

    public MessageRef ToRef() => new(Channel.ToChannel(), Id, Thread);
}

internal sealed record ApplicationDocument(string Instance, string Namespace, string Name)
{
    public static ApplicationDocument From(ApplicationRef application) => new(application.Instance, application.Namespace, application.Name);

    public ApplicationRef ToRef() => new(Instance, Namespace, Name);
}

/// <summary>Absent, null and empty are three things: JSON texts, null where the field is absent.</summary>
internal sealed record ValueAtDocument(string Path, string? Json, string? ParentJson)
{
    public static ValueAtDocument From(JsonValueAt value) => new(value.Path, value.Json, value.ParentJson);

    public JsonValueAt ToValue() => new(Path, Json, ParentJson);
}
