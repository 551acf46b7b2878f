using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary>
/// Reports what the sweep found: before it is taken away, so that no death hides it, and in the same message what became of
/// that, once for each object, however often it is found and whoever restarts meanwhile. In the thread of its incident, be that
/// closed; where none is known, in every channel that hears of applications, because whose namespace it is only people know;
/// and where there is none, in the newest incident.
/// </summary>
public sealed class TellFound(IRecords records, IncidentFiles files, ApplicationChannels channels)
{
    /// <summary>Of an object that stays, an older one may have been told; further back nobody looks.</summary>
    private const int MostLookedAt = 20;

    /// <summary>Said to go, and not yet what became of it. Only memory: after a start it is found again, or what was said is all that is known.</summary>
    private readonly ConcurrentDictionary<MessageKey, bool> going = new();

    /// <summary>What was seen and is about to be taken away. Twice is once.</summary>
    public Task BeforeAsync(FoundGrant found, Guid? grant, string wrong, DateTimeOffset at, CancellationToken ct) => WhereAsync(
        found,
        grant,
        async file =>
        {
            if ((await ToldAsync(file.Incident.Number, found, ct)).Count > 0)
            {
                return;
            }

            if (grant is { } id && file.Grant(id) is { State: GrantState.Active } live)
            {
                file.Save(live with { Astray = wrong });
            }

            file.Tell(TimelineKind.GrantAstray, "chatops", _ => Seen(found, wrong) + Going, Tone.Alarm, grant ?? found.Grant, at, under: Key(found));
            await files.PutBackAsync(file, null, ct);
        },
        async () =>
        {
            if (await InChannelsAsync(found, Seen(found, wrong) + Going, isNews: false, ct))
            {
                going[Key(found)] = true;
            }
        },
        ct);

    /// <summary>What became of it. False: there is nobody to tell.</summary>
    public Task<bool> HandleAsync(SweptGrant swept, CancellationToken ct) => WhereAsync(
        swept.Found,
        swept.Grant,
        file => InThreadAsync(file, swept, ct),
        async () =>
        {
            _ = await InChannelsAsync(swept.Found, Says(swept), swept.IsGone || going.ContainsKey(Key(swept.Found)), ct);
            going.TryRemove(Key(swept.Found), out _);
        },
        ct);

    private async Task<bool> WhereAsync(FoundGrant found, Guid? grant, Func<IncidentFile, Task> inThread, Func<Task> inChannels, CancellationToken ct)
    {
        var isTold = true;
        await UnlessFaster.DoAsync(async () =>
        {
            if (await OwnAsync(found, grant, ct) is { } own)
            {
                await inThread(own);
            }
            else if (channels.All.Count > 0)
            {
                await inChannels();
            }
            else if (await AnyAsync(found, ct) is { } any)
            {
                await inThread(any);
            }
            else
            {
                isTold = false;
            }
        });
        return isTold;
    }

    /// <summary>What the books say counts before what somebody may have written on a label.</summary>
    private async Task<IncidentFile?> OwnAsync(FoundGrant found, Guid? grant, CancellationToken ct) =>
        grant is { } id && await records.FindGrantAsync(id, ct) is { } known ? await files.OpenAsync(known.Incident, ct)
        : found.Incident is { } number ? await files.OpenAsync(number, ct)
        : null;

    private async Task<IncidentFile?> AnyAsync(FoundGrant found, CancellationToken ct)
    {
        var newest = (await records.IncidentsAsync(onlyOpen: false, ct)).Take(MostLookedAt).ToList();
        foreach (var incident in newest)
        {
            if ((await ToldAsync(incident.Number, found, ct)).Count > 0)
            {
                return await files.OpenAsync(incident.Number, ct);
            }
        }

        return newest is [var first, ..] ? await files.OpenAsync(first.Number, ct) : null;
    }

    private async Task InThreadAsync(IncidentFile file, SweptGrant swept, CancellationToken ct)
    {
        if (swept.Grant is { } id && file.Grant(id) is { State: GrantState.Active } live)
        {
            file.Save(live.BeginEnd("chatops", swept.Wrong, file.Now));
        }

        var told = await ToldAsync(file.Incident.Number, swept.Found, ct);
        if (!told.Contains(TimelineKind.GrantFound) && (swept.IsGone || !told.Contains(TimelineKind.GrantNotEnded)))
        {
            file.Tell(swept.IsGone ? TimelineKind.GrantFound : TimelineKind.GrantNotEnded, "chatops", _ => Says(swept), Tone.Alarm, swept.Grant ?? swept.Found.Grant, swept.At, under: Key(swept.Found));
        }
        else if (file.Changes.Grants.Count == 0)
        {
            return;
        }

        await files.PutBackAsync(file, null, ct);
    }

    /// <summary>How it was told of in that record. The sentence names the object, and nothing else has its name, place and id.</summary>
    private async Task<IReadOnlyList<TimelineKind>> ToldAsync(int incident, FoundGrant found, CancellationToken ct)
    {
        var named = GrantTexts.Object(found).ToString();
        return [.. (await records.TimelineAsync(incident, ct)).Where(entry => entry.Kind is TimelineKind.GrantAstray or TimelineKind.GrantFound or TimelineKind.GrantNotEnded && entry.Text.Contains(named, StringComparison.Ordinal)).Select(entry => entry.Kind)];
    }

    /// <summary>False: nothing was said.</summary>
    /// <param name="isNews">Also where a message tells of it already.</param>
    private async Task<bool> InChannelsAsync(FoundGrant found, Text says, bool isNews, CancellationToken ct)
    {
        var key = Key(found);
        var changes = new Changes();
        foreach (var channel in channels.All.Select(one => one.Channel).Distinct())
        {
            // Said again the message would only be edited to what it says; found again it is only while it stays.
            if (isNews || await records.FindMessageAsync(key, channel, ct) is null)
            {
                changes.Post(new Outgoing.Say(key, new Where.InChannel(channel), Card.Note("Access that nobody approved", Tone.Alarm, says)));
            }
        }

        if (changes.Posts.Count > 0)
        {
            await records.CommitAsync(changes, ct);
        }

        return changes.Posts.Count > 0;
    }

    private static MessageKey Key(FoundGrant found) => MessageKey.FoundAccess($"{found.Cluster}/{found.Namespace}/{found.Project}/{found.ObjectName}/{found.Uid}");

    private static Text Going => "I take it away now, and keep trying until it is gone.";

    private static Text Seen(FoundGrant found, string wrong) => GrantTexts.Object(found) + Text.Of($" there was access for {found.Subject:code}: {wrong}. ");

    private static Text Says(SweptGrant swept) => Seen(swept.Found, swept.Wrong)
        + (swept.Answer.IsOk ? "I took it away." : swept.IsGone ? "Something took it away before I did." : Text.Of($"It is {"not taken away yet":b}: {swept.Answer.Sentence}. I keep trying."));
}
