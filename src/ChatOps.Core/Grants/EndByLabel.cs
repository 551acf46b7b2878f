using ChatOps.Core.Incidents;

namespace ChatOps.Core.Grants;

/// <summary>
/// Ends access by nothing but what its objects carry, for when the books cannot be read: what is past its moment, or does
/// not say its moment. The rest stays until its own.
/// </summary>
public sealed class EndByLabel(AccessPorts access, TimeProvider time)
{
    /// <summary>Whether there is a cluster in which access can be at all.</summary>
    public bool IsNeeded => access.All.Any(port => port.Clusters.Count > 0);

    public async Task<LabelLook> HandleAsync(CancellationToken ct)
    {
        var ended = new List<FoundGrant>();
        var troubles = new List<string>();
        foreach (var port in access.All)
        {
            foreach (var cluster in port.Clusters)
            {
                var (answer, found) = await port.FindAsync(cluster, ct);
                if (!answer.IsOk)
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
            }
        }

        return new(ended, troubles);
    }
}

/// <summary>What one look at the labels came to.</summary>
/// <param name="Troubles">What was not answered or not taken away; the next look tries again.</param>
public sealed record LabelLook(IReadOnlyList<FoundGrant> Ended, IReadOnlyList<string> Troubles);
