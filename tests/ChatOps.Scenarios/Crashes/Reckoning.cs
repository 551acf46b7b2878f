using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Timeline;

namespace ChatOps.Scenarios.Crashes;

/// <summary>Compares what people were told, what the books hold and what the cluster holds. Every line is a broken promise.</summary>
internal static class Reckoning
{
    private static readonly TimelineKind[] OncePerSubject =
        [TimelineKind.Requested, TimelineKind.Started, TimelineKind.Paused, TimelineKind.Extended, TimelineKind.Resumed];

    public static IEnumerable<string> Problems(Books books, IReadOnlyList<ClusterLook> cluster, Acknowledged acknowledged) =>
    [
        .. Lost(books, acknowledged), .. Doubled(books), .. Unfinished(books), .. Leaseless(books), .. Apart(books, cluster), .. Patched(books, cluster),
        .. books.Timeline.GroupBy(entry => entry.Incident).SelectMany(chain =>
        {
            var incident = books.Incidents.Single(one => one.Number == chain.Key);
            return Chain.Faults(chain.Key, [.. chain], incident.Entries, incident.Head);
        }),
    ];

    /// <summary>A post that the books do not know: the answer was lost to a kill, or nothing explains it.</summary>
    public static IEnumerable<string> Unexplained(Books books, IReadOnlyList<DateTimeOffset> kills) => books.Orphans
        .Select(post => (Post: post, At: DateTimeOffset.FromUnixTimeMilliseconds((long)(decimal.Parse(post.Ts, System.Globalization.CultureInfo.InvariantCulture) * 1000))))
        .Where(orphan => !kills.Any(kill => kill >= orphan.At && kill - orphan.At < TimeSpan.FromSeconds(5)))
        .Select(orphan => $"posted at {orphan.At:HH:mm:ss.fff} and not in the books, with no kill near: {orphan.Post.Text}");

    private static IEnumerable<string> Lost(Books books, Acknowledged acknowledged)
    {
        foreach (var words in acknowledged.All.Where(words => words.What is "declare" or "pause" or "note"))
        {
            var kind = words.What switch { "declare" => TimelineKind.Declared, "pause" => TimelineKind.Requested, _ => TimelineKind.Note };
            var effects = books.Timeline.Count(entry => entry.Kind == kind && entry.Text.Contains(words.Token, StringComparison.Ordinal));
            if (effects != 1 && (effects > 1 || words.Refusal is null))
            {
                yield return $"{words.What} {words.Token} was acknowledged and has {effects} effects";
            }
        }
    }

    private static IEnumerable<string> Doubled(Books books) => books.Timeline
        .Where(entry => entry.Subject is not null && OncePerSubject.Contains(entry.Kind))
        .GroupBy(entry => (entry.Subject, entry.Kind))
        .Where(group => group.Count() > 1)
        .Select(group => $"{group.Key.Kind} stands {group.Count()} times for one thing: {group.First().Text}")
        .Concat(books.Timeline.Where(entry => entry.Kind is TimelineKind.Declared or TimelineKind.Note).GroupBy(entry => entry.Text)
            .Where(group => group.Count() > 1).Select(group => $"said once, written {group.Count()} times: {group.Key}"))
        .Concat(books.Timeline.Where(entry => entry.Kind is TimelineKind.TakenOver or TimelineKind.Reverted or TimelineKind.Failed)
            .Select(entry => $"nobody touched it but us, and yet: {entry.Text}"));

    private static IEnumerable<string> Unfinished(Books books)
    {
        foreach (var operation in books.Operations.Where(operation => operation.State is OperationState.Approved or OperationState.Running))
        {
            yield return $"{operation.Kind} of {operation.Plan.Target.Name} is still {operation.State}";
        }

        if (books.Backlog is { Inbox: > 0 } or { Outbox: > 0 })
        {
            yield return $"{books.Backlog.Inbox} deliveries and {books.Backlog.Outbox} posts still wait";
        }
    }

    private static IEnumerable<string> Leaseless(Books books)
    {
        foreach (var pause in books.Operations.Where(operation => operation.Kind == OperationKind.Pause && operation.State == OperationState.Succeeded))
        {
            var leases = books.Leases.Where(lease => lease.Operation == pause.Id).ToList();
            if (leases is not [{ State: LeaseState.Active or LeaseState.Ended }])
            {
                yield return $"a pause of {pause.Plan.Target.Name} has the leases [{string.Join(", ", leases.Select(lease => lease.State))}]";
            }
        }

        foreach (var lease in books.Leases.Where(lease => lease.State is not (LeaseState.Active or LeaseState.Ended)))
        {
            yield return $"a lease of {lease.Target.Name} is {lease.State}";
        }
    }

    private static IEnumerable<string> Apart(Books books, IReadOnlyList<ClusterLook> cluster)
    {
        foreach (var look in cluster)
        {
            var live = books.Leases.Where(lease => lease.State == LeaseState.Active && lease.Target.Name == look.Application).Select(lease => (Guid?)lease.Operation).ToList();
            if (live.Count > 1 || live.SingleOrDefault() != look.Operation || look.IsPaused != (live.Count == 1))
            {
                yield return $"{look.Application} is {(look.IsPaused ? "paused" : "not paused")} in the cluster by {look.Operation}, and the books hold [{string.Join(", ", live)}]";
            }
        }
    }

    /// <summary>Each pause, extension and end is one patch in the API server's audit log, however often we died around it.</summary>
    private static IEnumerable<string> Patched(Books books, IReadOnlyList<ClusterLook> cluster)
    {
        foreach (var look in cluster)
        {
            var changes = books.Operations.Count(operation => operation.State == OperationState.Succeeded && operation.Plan.Target.Name == look.Application)
                + books.Leases.Count(lease => lease.State == LeaseState.Ended && lease.Target.Name == look.Application);
            if (changes < look.Patches || changes > look.Patches + look.Interrupted)
            {
                yield return $"{look.Application}: {changes} changes in the books, {look.Patches} patches in the audit log and {look.Interrupted} that were interrupted";
            }
        }
    }
}
