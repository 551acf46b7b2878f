using System.Globalization;
using ChatOps.Core.Conversation;

namespace ChatOps.Storage.LiteDb;

/// <summary>How the product's keys are written as ids and columns. Part of the stored format.</summary>
internal static class Ids
{
    public static string Of(Guid id) => id.ToString("N");

    /// <summary>Incident and number in one, so that a timeline is a range.</summary>
    public static long Of(int incident, int entry) => ((long)incident << 32) | (uint)entry;

    /// <summary>
    /// In the order they came, which keys (hashes) are not: each random id would touch other pages of the index, and a
    /// batch of 64 deliveries cost four times as much.
    /// </summary>
    public static string OfDelivery(long order) => string.Create(CultureInfo.InvariantCulture, $"{order:D19}");

    public static string Of(Channel channel) => $"{channel.Platform}/{channel.Tenant}/{channel.Id}";

    public static string Of(MessageRef message) => $"{Of(message.Channel)}\n{message.Id}";

    /// <summary>One message per key and channel.</summary>
    public static string Of(MessageKey key, Channel channel) => Row.Key($"{key.Value}\n{Of(channel)}");
}
