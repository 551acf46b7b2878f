using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Grants;

/// <summary>
/// Ends access by nothing but what its objects carry, for when the books cannot be read: what is past its moment, or does
/// not say its moment. The rest stays until its own.
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
        return new([.. looks.SelectMany(look => look.Ended)], [.. looks.SelectMany(look => look.Troubles)]);
    }

    private async Task<LabelLook> LookAsync(IAccess port, string cluster, CancellationToken ct)
    {
        var ended = new List<FoundGrant>();
        var troubles = new List<string>();
        var (answer, found) = await port.FindAsync(cluster, [], ct);
        if (!answer.IsOk && (answer.Kind != ClusterAnswerKind.Forbidden || port.IsGivenIn(cluster)))
        {
            troubles.Add(answer.Sentence);
        }

        foreach (var past in found.Where(one => one.IsPast(Clock.Now(time))))
        {
            var taken = await port.TakeBackAsync(past.Revoke(), CancellationToken.None);
            if (taken.IsOk)
            {
                ended.Add(past);
            }
            else
            {
                troubles.Add(taken.Sentence);
            }
        }

        return new(ended, troubles);
    }
}

/// <summary>What one look at the labels came to.</summary>
/// <param name="Troubles">What was not answered or not taken away; the next look tries again.</param>
public sealed record LabelLook(IReadOnlyList<FoundGrant> Ended, IReadOnlyList<string> Troubles);
