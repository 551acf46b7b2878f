using System.Collections.Concurrent;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Grants;

/// <summary>
/// Ends access by nothing but what its objects carry, for when the books or the policy cannot be read: what is past its
/// moment, or does not say its moment. The rest stays until its own.
/// </summary>
public sealed class EndByLabel(AccessPorts access, TimeProvider time)
{
    private IEnumerable<(IAccess Port, string Cluster)> Places => access.All.SelectMany(port => port.Clusters, (port, cluster) => (port, cluster));

    /// <summary>Whether access can be in a cluster: because the policy gives it today, or because there is some, whatever the policy says.</summary>
    public async Task<bool> IsNeededAsync(CancellationToken ct) =>
        Places.Any(place => place.Port.IsGivenIn(place.Cluster))
        || (await Task.WhenAll(Places.Select(place => place.Port.FindAsync(place.Cluster, [], ct)))).Any(look => look.Found.Count > 0);

    /// <summary>Everywhere at once: a cluster that does not answer holds up no other's end.</summary>
    public async Task<LabelLook> HandleAsync(CancellationToken ct)
    {
        var looks = await Task.WhenAll(Places.Select(place => LookAsync(place.Port, place.Cluster, ct)));
        return new([.. looks.SelectMany(look => look.Ended)], [.. looks.SelectMany(look => look.Troubles)], [.. looks.SelectMany(look => look.Left)]);
    }

    private async Task<LabelLook> LookAsync(IAccess port, string cluster, CancellationToken ct)
    {
        // Also of a look that failed half way: what was seen can be ended.
        var (answer, found) = await port.FindAsync(cluster, [], ct);
        var troubles = answer.IsOk || (answer.Kind == ClusterAnswerKind.Forbidden && !port.IsGivenIn(cluster)) ? Array.Empty<string>() : [answer.Sentence];
        var outcomes = new ConcurrentBag<(FoundGrant Found, ClusterAnswer Answer)>();
        var many = new ParallelOptions { MaxDegreeOfParallelism = EndTurns.EndsAtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(found.Where(one => one.IsPast(Clock.Now(time))), many, async (past, _) => outcomes.Add((past, await port.TakeBackAsync(past.Revoke(), CancellationToken.None))));
        var refused = outcomes.Where(outcome => !outcome.Answer.IsAway).ToList();
        return new(
            [.. outcomes.Where(outcome => outcome.Answer.IsOk).Select(outcome => outcome.Found)],
            [.. troubles, .. refused.Select(outcome => outcome.Answer.Sentence)],
            [.. found.Except(outcomes.Select(outcome => outcome.Found)), .. refused.Select(outcome => outcome.Found)]);
    }
}

/// <summary>What one look at the labels came to.</summary>
/// <param name="Troubles">What was not answered or not taken away; the next look tries again.</param>
/// <param name="Left">What is there still: until its moment, or because it was not taken away.</param>
public sealed record LabelLook(IReadOnlyList<FoundGrant> Ended, IReadOnlyList<string> Troubles, IReadOnlyList<FoundGrant> Left);
