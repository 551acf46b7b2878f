using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary>Tells people that their access is about to end. Never in the way of the end itself.</summary>
public sealed class TendGrants(IncidentFiles files, Reception reception)
{
    public async Task NoticeAsync(Grant stale, TimeSpan noticeBefore, CancellationToken ct)
    {
        if (await files.OpenAsync(stale.Incident, ct) is not { } file || file.Grant(stale.Id) is not { } grant || grant.Due(noticeBefore, file.Now) != GrantStep.Notice)
        {
            return;
        }

        file.Save(grant with { NoticedAt = file.Now });
        file.Record(TimelineKind.GrantNearsEnd, "chatops", Text.Of($"grant {grant.ShortId} of {grant.Person} ends at {grant.EndsAt}; a direct message tells them"), grant.Id);
        GrantNotice.Send(file, grant, reception);
        await files.PutBackAsync(file, null, ct);
    }
}
