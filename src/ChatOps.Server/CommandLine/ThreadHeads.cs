using System.Globalization;
using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Records;

namespace ChatOps.Server.CommandLine;

/// <summary>An entry as a line of the thread showed it.</summary>
internal sealed record SaidEntry(int Number, string Hash);

/// <summary>What one thread says about the record.</summary>
/// <param name="Heads">Every word of the card that could be an abbreviated head, of which the last entry's must be one; null when the card is gone.</param>
/// <param name="Lines">The entries that the lines under the card show, oldest line first.</param>
/// <param name="Unread">Why the thread could not be read; null when it was.</param>
internal sealed record ThreadHead(Channel Channel, IReadOnlyList<string>? Heads, IReadOnlyList<SaidEntry> Lines, string? Unread);

/// <summary>Reads the record back from where people saw it: whoever rewrites it here cannot rewrite chat.</summary>
internal sealed partial class ThreadHeads(IRecords records, IReadOnlyList<IChat> chats)
{
    public async Task<IReadOnlyList<ThreadHead>> ReadAsync(Incident incident, CancellationToken ct)
    {
        var found = new List<ThreadHead>();
        foreach (var channel in incident.Channels)
        {
            found.Add(await ReadAsync(incident, channel, ct));
        }

        return found;
    }

    private async Task<ThreadHead> ReadAsync(Incident incident, Channel channel, CancellationToken ct)
    {
        if (chats.FirstOrDefault(chat => chat.Platform == channel.Platform) is not { } chat)
        {
            return Unread($"{channel.Platform} is not configured here");
        }

        if (await records.FindMessageAsync(MessageKey.Incident(incident.Number), channel, ct) is not { } card)
        {
            return Unread("the card was never posted");
        }

        try
        {
            return await chat.ReadThreadAsync(card.Ref, ct) is not { } words
                ? Unread("it is gone or may not be read")
                : new(
                    channel,
                    words.FirstOrDefault(one => one.Id == card.Ref.Id) is { } root ? [.. Head().Matches(root.Text).Select(match => match.Value)] : null,
                    [.. words.Select(one => Line().Match(one.Text)).Where(line => line.Success && Number(line, "incident") == incident.Number).Select(line => new SaidEntry(Number(line, "entry"), line.Groups["hash"].Value))],
                    null);
        }
        catch (Exception e) when (e is ChatRefusedException or ChatUnavailableException)
        {
            return Unread(e.Message);
        }

        ThreadHead Unread(string why) => new(channel, null, [], why);
    }

    private static int Number(Match line, string group) => int.Parse(line.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b[0-9a-f]{12}\b", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Head();

    /// <summary>The last line of a message alone: what stands above it may be somebody's words.</summary>
    [GeneratedRegex(@"(^|\n)record (?<incident>[0-9]{1,9})\.(?<entry>[0-9]{1,9}) · (?<hash>[0-9a-f]{12})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Line();
}
