using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Server.Health;

/// <summary>
/// What a chat platform refuses for a reason that an operator has to mend: a revoked token, a missing scope, a channel that
/// the bot is not in. Such posts wait and are tried again each minute or sooner; what was not refused lately is mended.
/// </summary>
public sealed class ChatHealth(TimeProvider time)
{
    private const int MostTold = 3;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<(ChatPlatform Platform, string Code, string? Channel), (DateTimeOffset At, string Fix)> refused = [];

    public void Refused(Outgoing post, ChatPlatform platform, ChatRefusedException why)
    {
        var channel = post switch
        {
            Outgoing.Say { Where: Where.InChannel(var one) } => one.Id,
            Outgoing.Say { Where: Where.InThread(var one, _) } => one.Id,
            _ => null,
        };
        switch (why.Refusal)
        {
            case ChatRefusal.Configuration:
                refused[(platform, why.Code, null)] = (time.GetUtcNow(), why.Fix);
                break;
            case ChatRefusal.Channel when channel is not null:
                refused[(platform, why.Code, channel)] = (time.GetUtcNow(), why.Fix);
                break;
        }
    }

    /// <summary>Null: nothing was refused lately.</summary>
    public string? WhatIsWrong()
    {
        var now = time.GetUtcNow();
        foreach (var old in refused.Where(one => now - one.Value.At > Lately))
        {
            refused.TryRemove(old);
        }

        var told = refused.OrderBy(one => one.Key.Channel is null ? 0 : 1).ThenBy(one => one.Key.Code, StringComparer.Ordinal).ThenBy(one => one.Key.Channel, StringComparer.Ordinal)
            .Select(one => $"{one.Key.Platform} refuses posts{(one.Key.Channel is { } channel ? $" in {channel}" : "")}: {one.Key.Code}; {one.Value.Fix}").ToList();
        return told.Count == 0 ? null : string.Join(". ", told.Take(MostTold)) + (told.Count > MostTold ? $". And {told.Count - MostTold} more" : "");
    }
}
