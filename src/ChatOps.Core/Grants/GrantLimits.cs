using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;

namespace ChatOps.Core.Grants;

/// <summary>Holds one more access against the policy's limits: at the request, and again where it is written down.</summary>
public sealed class GrantLimits(IRecords records, AskRulebook rules, Register register)
{
    /// <param name="writtenAs">The grant that this step writes down; null while it is only asked for.</param>
    public async Task<Refusal?> CheckAsync(IncidentFile file, WantedAccess wanted, Guid? writtenAs, CancellationToken ct)
    {
        // Before anything is counted: whoever gives something after this moment makes this step stale.
        var mine = await AllowanceAsync(Allowance.OfPerson(wanted.Person), ct);
        var others = new List<Allowance>();
        foreach (var of in writtenAs is null ? [] : Allowance.OfScope(wanted.Application, wanted.Cluster, wanted.Namespaces))
        {
            others.Add(await AllowanceAsync(of, ct));
        }

        var live = await records.UnsettledGrantsAsync(ct);
        var lately = await LatelyAsync(mine, file.Now, ct);
        if (GrantLimit.Of(wanted, live.Where(grant => grant.IsLive).UnionBy(lately, grant => grant.Id), rules.Policy.BreakGlass, name => register.Find(name)?.DisplayName ?? name, file.Now) is { } tooMuch)
        {
            return tooMuch;
        }

        if (writtenAs is { } grant)
        {
            file.Changes.Save(mine with { Grants = [.. lately.Select(one => one.Id).Append(grant).Distinct()] });
            others.ForEach(one => file.Changes.Save(one with { Grants = [grant] }));
        }

        return null;
    }

    private async Task<Allowance> AllowanceAsync(string of, CancellationToken ct) => await records.FindAllowanceAsync(of, ct) ?? new(of, []);

    private async Task<IReadOnlyList<Grant>> LatelyAsync(Allowance allowance, DateTimeOffset now, CancellationToken ct)
    {
        var lately = new List<Grant>();
        foreach (var id in allowance.Grants)
        {
            if (await records.FindGrantAsync(id, ct) is { } grant && (grant.IsLive || grant.EndedAt > now - Allowance.Day))
            {
                lately.Add(grant);
            }
        }

        return lately;
    }
}
