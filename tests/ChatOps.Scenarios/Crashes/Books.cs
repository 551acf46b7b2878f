using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Scenarios.Crashes;

/// <summary>What the product left in its store, read when it does not run.</summary>
internal sealed record Books(
    IReadOnlyList<Incident> Incidents,
    IReadOnlyList<TimelineEntry> Timeline,
    IReadOnlyList<Operation> Operations,
    IReadOnlyList<Lease> Leases,
    RecordsBacklog Backlog,
    IReadOnlyList<SlackMessage> Orphans)
{
    /// <param name="posts">What the bot has posted; those that the books do not know are the orphans.</param>
    public static async Task<Books> ReadAsync(string store, IReadOnlyList<SlackMessage> posts)
    {
        using var records = LiteDbRecords.Open(store, TimeProvider.System);
        var incidents = await records.IncidentsAsync(onlyOpen: false, CancellationToken.None);
        var timeline = new List<TimelineEntry>();
        var operations = new List<Operation>();
        var leases = new List<Lease>();
        foreach (var incident in incidents)
        {
            timeline.AddRange(await records.TimelineAsync(incident.Number, CancellationToken.None));
            operations.AddRange(await records.OperationsAsync(incident.Number, CancellationToken.None));
            leases.AddRange(await records.LeasesAsync(incident.Number, CancellationToken.None));
        }

        var orphans = new List<SlackMessage>();
        foreach (var post in posts)
        {
            var reference = new MessageRef(new Channel(ChatPlatform.Slack, SampleWorkspace.TeamId, post.Channel), post.Ts, null);
            if (await records.FindMessageAsync(reference, CancellationToken.None) is null)
            {
                orphans.Add(post);
            }
        }

        return new(incidents, timeline, operations, leases, await records.BacklogAsync(DateTimeOffset.UtcNow, CancellationToken.None), orphans);
    }
}
