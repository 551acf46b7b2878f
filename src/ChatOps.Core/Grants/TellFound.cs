using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary>
/// Reports what the sweep found: once for each object, however often it is found and whoever restarts meanwhile, and once
/// more in the same message when one is gone that could not be taken away at first. In the thread of its incident, be that
/// closed; where none is known, in every channel that hears of applications, because whose namespace it is only people know;
/// and where there is none, in the newest incident.
/// </summary>
public sealed class TellFound(IRecords records, IncidentFiles files, ApplicationChannels channels)
{
    /// <summary>Of an object that stays, an older one may have been told; further back nobody looks.</summary>
    private const int MostLookedAt = 20;

    /// <summary>False: there is nobody to tell.</summary>
    public async Task<bool> HandleAsync(SweptGrant swept, CancellationToken ct)
    {
        var isTold = true;
        await UnlessFaster.DoAsync(async () =>
        {
            if (await OwnAsync(swept, ct) is { } own)
            {
                await InThreadAsync(own, swept, ct);
            }
            else if (channels.All.Count > 0)
            {
                await InChannelsAsync(swept, ct);
            }
            else if (await AnyAsync(swept, ct) is { } any)
            {
                await InThreadAsync(any, swept, ct);
            }
            else
            {
                isTold = false;
            }
        });
        return isTold;
    }

    /// <summary>What the books say counts before what somebody may have written on a label.</summary>
    private async Task<IncidentFile?> OwnAsync(SweptGrant swept, CancellationToken ct) =>
        swept.Grant is { } id && await records.FindGrantAsync(id, ct) is { } grant ? await files.OpenAsync(grant.Incident, ct)
        : swept.Found.Incident is { } number ? await files.OpenAsync(number, ct)
        : null;

    private async Task<IncidentFile?> AnyAsync(SweptGrant swept, CancellationToken ct)
    {
        var newest = (await records.IncidentsAsync(onlyOpen: false, ct)).Take(MostLookedAt).ToList();
        foreach (var incident in newest)
        {
            if ((await ToldAsync(incident.Number, swept.Found, ct)).Count > 0)
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
        if (told.Count == 0 || (swept.IsGone && !told.Contains(TimelineKind.GrantFound)))
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
        return [.. (await records.TimelineAsync(incident, ct)).Where(entry => entry.Kind is TimelineKind.GrantFound or TimelineKind.GrantNotEnded && entry.Text.Contains(named, StringComparison.Ordinal)).Select(entry => entry.Kind)];
    }

    private async Task InChannelsAsync(SweptGrant swept, CancellationToken ct)
    {
        var key = Key(swept.Found);
        var changes = new Changes();
        foreach (var channel in channels.All.Select(one => one.Channel).Distinct())
        {
            // Said again the message would only be edited to what it says; found again it is only while it stays.
            if (swept.IsGone || await records.FindMessageAsync(key, channel, ct) is null)
            {
                changes.Post(new Outgoing.Say(key, new Where.InChannel(channel), Card.Note("Access that nobody approved", Tone.Alarm, Says(swept))));
            }
        }

        if (changes.Posts.Count > 0)
        {
            await records.CommitAsync(changes, ct);
        }
    }

    private static MessageKey Key(FoundGrant found) => MessageKey.FoundAccess($"{found.Cluster}/{found.Namespace}/{found.Project}/{found.ObjectName}/{found.Uid}");

    private static Text Says(SweptGrant swept) =>
        GrantTexts.Object(swept.Found) + Text.Of($" there was access for {swept.Found.Subject:code}: {swept.Wrong}. ")
        + (swept.Answer.IsOk ? "I took it away." : swept.IsGone ? "Something took it away before I did." : Text.Of($"It is {"not taken away yet":b}: {swept.Answer.Sentence}. I keep trying."));
}
