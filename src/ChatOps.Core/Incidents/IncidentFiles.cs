using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Leases;
using ChatOps.Core.Looking;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Incidents;

/// <summary>Opens incident files and puts them back; each time the pinned card, and what single people were asked or warned of, is brought up to date with them.</summary>
public sealed class IncidentFiles(IRecords records, Reception reception, TimeProvider time)
{
    public async Task<IncidentFile?> OpenAsync(int number, CancellationToken ct) =>
        await records.FindIncidentAsync(number, ct) is { } incident
            ? new IncidentFile(incident, await records.OperationsAsync(number, ct), await records.LeasesAsync(number, ct), await records.GrantsAsync(number, ct), Clock.Now(time))
            : null;

    /// <summary>Stores everything that changed, with the delivery that caused it. Throws <see cref="StaleRecordException"/> when somebody was faster: open it again and decide again.</summary>
    public Task PutBackAsync(IncidentFile file, Delivery? cause, CancellationToken ct)
    {
        if (cause is { IsPlan: true })
        {
            return ShowPlanAsync(file, cause, new Dictionary<Guid, Text>(), ct);
        }

        LeaseQuestion.KeepTrue(file, reception);
        ThreadQuestion.KeepTrue(file, reception);
        GrantNotice.KeepTrue(file, reception);
        file.Changes.Save(file.Incident).Done(cause);
        foreach (var channel in file.Incident.Channels)
        {
            file.Changes.PostFirst(new Outgoing.Say(
                MessageKey.Incident(file.Incident.Number),
                new Where.InChannel(channel),
                IncidentCard.Of(file, reception, channel.Platform))
            { Pin = true });
        }

        return records.CommitAsync(file.Changes, ct);
    }

    /// <summary>Tells whoever asked what would follow from the open file. Nothing of it is stored.</summary>
    /// <param name="refused">Of one command that ends several overrides, why it ends some of them not, by their leases.</param>
    public Task ShowPlanAsync(IncidentFile file, Delivery asked, IReadOnlyDictionary<Guid, Text> refused, CancellationToken ct)
    {
        var plan = PlanCard.Of(file, refused, reception, asked.From.Platform);
        return records.CommitAsync(new Changes().Post(new Outgoing.Whisper(asked.From, asked.Place, plan, asked.ReplyHandle)).Done(asked), ct);
    }

    public IncidentFile New(Incident incident) => new(incident, [], [], [], Clock.Now(time));
}

/// <summary>The one clock: UTC, whole milliseconds, which is what stores keep.</summary>
public static class Clock
{
    public static DateTimeOffset Now(TimeProvider time) => WholeMilliseconds(time.GetUtcNow());

    public static DateTimeOffset WholeMilliseconds(DateTimeOffset moment) =>
        DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds());
}
