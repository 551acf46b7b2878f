using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Records;

namespace ChatOps.Server.CommandLine;

/// <summary>What the incident's card in the thread says the record's head is.</summary>
/// <param name="Heads">Every word of the card that could be an abbreviated head; the last entry's must be among them.</param>
/// <param name="Unread">Why the card could not be read; null when it was.</param>
internal sealed record CardHead(Channel Channel, IReadOnlyList<string> Heads, string? Unread);

/// <summary>Reads the head back from where people saw it: a record that was rewritten here cannot rewrite chat.</summary>
internal sealed partial class ThreadHead(IRecords records, IReadOnlyList<IChat> chats)
{
    public async Task<IReadOnlyList<CardHead>> ReadAsync(Incident incident, CancellationToken ct)
    {
        var found = new List<CardHead>();
        foreach (var channel in incident.Channels)
        {
            found.Add(await ReadAsync(incident, channel, ct));
        }

        return found;
    }

    private async Task<CardHead> ReadAsync(Incident incident, Channel channel, CancellationToken ct)
    {
        if (chats.FirstOrDefault(chat => chat.Platform == channel.Platform) is not { } chat)
        {
            return new(channel, [], $"{channel.Platform} is not configured here");
        }

        if (await records.FindMessageAsync(MessageKey.Incident(incident.Number), channel, ct) is not { } card)
        {
            return new(channel, [], "the card was never posted");
        }

        try
        {
            return await chat.ReadAsync(card.Ref, ct) is { } text
                ? new(channel, [.. Head().Matches(text).Select(match => match.Value)], null)
                : new(channel, [], "the card is gone or may not be read");
        }
        catch (Exception e) when (e is ChatRefusedException or ChatUnavailableException)
        {
            return new(channel, [], e.Message);
        }
    }

    [GeneratedRegex(@"\b[0-9a-f]{12}\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Head();
}
