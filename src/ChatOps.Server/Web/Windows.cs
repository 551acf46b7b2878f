using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Timeline;

namespace ChatOps.Server.Web;

/// <summary>A stretch of an override in which one thing was known about it.</summary>
internal sealed record HoldSegment(Hold Hold, DateTimeOffset From, DateTimeOffset To);

/// <summary>A stretch in which an operation waited for its approvals.</summary>
internal sealed record Wait(Operation Operation, DateTimeOffset From, DateTimeOffset To, bool IsOver);

/// <summary>What was in force when, worked out from the record; pure.</summary>
internal static class Windows
{
    public static IReadOnlyList<HoldSegment> Of(Lease lease, IncidentRecord record, DateTimeOffset now)
    {
        var subjects = record.Operations.Where(operation => operation.Lease == lease.Id).Select(operation => operation.Id)
            .Append(lease.Id).Append(lease.Operation).ToHashSet();
        var changes = record.Timeline
            .Where(entry => entry.Subject is { } subject && subjects.Contains(subject) && Meaning(entry.Kind) is not null)
            .Select(entry => (entry.At, Hold: Meaning(entry.Kind)!.Value))
            .Prepend((At: lease.StartedAt, Hold: Hold.Stored));
        if (lease.HoldSince is { } since)
        {
            changes = changes.Append((since, lease.Hold));
        }

        var end = lease.EndedAt ?? (lease.IsUnsettled ? Later(now, lease.StartedAt) : lease.StartedAt);
        var segments = new List<HoldSegment>();
        foreach (var (at, hold) in changes.OrderBy(change => change.At))
        {
            var from = at < lease.StartedAt ? lease.StartedAt : at > end ? end : at;
            if (segments.Count > 0)
            {
                segments[^1] = segments[^1] with { To = from };
            }

            if (segments.Count == 0 || segments[^1].Hold != hold)
            {
                segments.Add(new(hold, from, end));
            }
            else
            {
                segments[^1] = segments[^1] with { To = end };
            }
        }

        return [.. segments.Where(segment => segment.To > segment.From)];
    }

    public static Wait Of(Operation operation, IncidentRecord record, DateTimeOffset now)
    {
        var decided = record.Timeline.FirstOrDefault(entry => entry.Subject == operation.Id && Decides(entry.Kind));
        var waiting = operation.State is OperationState.Requested or OperationState.AwaitingApproval;
        var end = decided?.At ?? (waiting ? Later(now, operation.RequestedAt) : (operation.Approvals is [.., var last] ? last.At : operation.StateSince));
        return new(operation, operation.RequestedAt, end, !waiting);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static Hold? Meaning(TimelineKind kind) => kind switch
    {
        TimelineKind.Paused or TimelineKind.TakenOver => Hold.Stored,
        TimelineKind.Holding => Hold.Holding,
        TimelineKind.NotKnownToHold => Hold.NotKnown,
        TimelineKind.Reverted => Hold.Reverted,
        _ => null,
    };

    private static bool Decides(TimelineKind kind) => kind is TimelineKind.SelfApproved or TimelineKind.Denied or TimelineKind.Withdrawn
        or TimelineKind.Expired or TimelineKind.Refused or TimelineKind.Started or TimelineKind.Failed or TimelineKind.Paused or TimelineKind.Extended or TimelineKind.Done;
}
