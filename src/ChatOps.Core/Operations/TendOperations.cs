using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations;

/// <summary>What time does to a request: who is asked next, when its requester may approve it alone, when it expires, and that nobody is asked about an override that is over.</summary>
public sealed class TendOperations(IRecords records, IncidentFiles files, AskRulebook rules, AskApprovers approvers, ApprovedAlone alone)
{
    public async Task HandleAsync(DateTimeOffset now, CancellationToken ct)
    {
        foreach (var operation in await records.LiveOperationsAsync(ct))
        {
            if (operation.State == OperationState.AwaitingApproval && (now >= operation.RequestExpiresAt || now >= operation.AskAgainAt || NextToAsk(operation, now) is not null
                || (operation.Plan.Work.NeedsOverride && IsOver(await records.FindLeaseAsync(operation.Lease, ct))) || await HasBecomeOpenAsync(operation, now, ct)))
            {
                await TendAsync(operation, ct);
            }
        }
    }

    private async Task TendAsync(Operation stale, CancellationToken ct)
    {
        if (await files.OpenAsync(stale.Incident, ct) is not { } file || file.Operation(stale.Id) is not { State: OperationState.AwaitingApproval } operation)
        {
            return;
        }

        if (operation.Plan.Work.NeedsOverride && IsOver(file.Lease(operation.Lease)))
        {
            file.Save(operation.Refuse("the override ended before it was decided", file.Now));
            file.Tell(TimelineKind.Refused, "chatops", _ => Text.Of($"Nobody needs to decide any more about {operation.Plan.Target.Name:code}: the override that {operation.RequestedBy} asked to change has ended."), Tone.Neutral, operation.Id);
        }
        else if (file.Now >= operation.RequestExpiresAt)
        {
            var missing = operation.Authority.ApprovalsNeeded - operation.Approvals.Count;
            var why = operation.Approvals.Count == 0 ? "nobody approved it in time" : $"{(missing == 1 ? "one approval was" : $"{missing} approvals were")} still missing at its end";
            file.Save(operation.Expire(why, file.Now));
            file.Tell(TimelineKind.Expired, "chatops", _ => Text.Of($"The request for {operation.Plan.Target.Name:code} expired: {why}. Nothing was changed."), Tone.Warning, operation.Id);
        }
        else if (NextToAsk(operation, file.Now) is { } next)
        {
            file.Save(operation with { AskedNext = [.. operation.AskedNext, next.Role] });
            var holders = await rules.HoldersAsync(next.Role, ct);
            file.Tell(TimelineKind.Escalated, "chatops", platform => Text.Of($"{operation.Plan.Target.Name:code} is not decided after {next.After}. Now {next.Role:b} may decide too: ")
                + new Text([.. holders.Where(person => person.Name != operation.RequestedBy && person.AccountOn(platform) is not null).SelectMany(person => new Run[] { new Run.Mention(person.AccountOn(platform)!.Value), new Run.Plain(" ") })]), Tone.Warning, operation.Id);
        }

        await approvers.ShowAsync(file, file.Operation(operation.Id), ct);
        await files.PutBackAsync(file, null, ct);
    }

    /// <summary>Whether the requester may approve it alone by now, which the card does not say yet.</summary>
    private async Task<bool> HasBecomeOpenAsync(Operation operation, DateTimeOffset now, CancellationToken ct) =>
        operation is { OfferedAloneAt: null, Authority.Emergency: { } emergency } && now >= operation.StateSince + emergency.AfterSilence
        && await records.FindIncidentAsync(operation.Incident, ct) is { } incident && await alone.OfferAsync(operation, incident.DeclaredBy, now, ct) is { IsOpen: true };

    private static bool IsOver(Lease? lease) => lease is null or { IsUnsettled: false } or { State: LeaseState.Ending };

    private static AskNext? NextToAsk(Operation operation, DateTimeOffset now) =>
        operation.Authority.AskNext.FirstOrDefault(next => !operation.AskedNext.Contains(next.Role) && now >= operation.RequestedAt + next.After);
}
