using ChatOps.Core.Conversation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Grants;

/// <summary>The one grant that somebody means: of access that was extended, any of its grants stands for all.</summary>
public sealed class WhichGrant(IRecords records)
{
    public async Task<(Grant? Grant, Refusal? Refusal)> ByIdAsync(string id, CancellationToken ct)
    {
        var unsettled = await records.UnsettledGrantsAsync(ct);
        var named = unsettled.Where(grant => grant.ShortId == id).ToList();
        return Only(named.Count > 0 ? named : await ExtensionsOfAsync(id, unsettled, ct), Text.Of($"No access that is open has the id {id:code}."));
    }

    /// <summary>The only access that this person has, by the grant that lasts longest.</summary>
    public async Task<(Grant? Grant, Refusal? Refusal)> OfAsync(string person, CancellationToken ct) => Only(
        [.. (await records.UnsettledGrantsAsync(ct)).Where(grant => grant.IsLive && grant.Person == person).GroupBy(grant => grant.Row).Select(Newest)],
        "You have no access that is open.");

    /// <summary>Whoever holds an id of a grant that has ended means what goes on from it.</summary>
    private async Task<IReadOnlyList<Grant>> ExtensionsOfAsync(string id, IReadOnlyList<Grant> unsettled, CancellationToken ct)
    {
        var extensions = new List<Grant>();
        foreach (var incident in unsettled.Where(grant => grant.IsLive).GroupBy(grant => grant.Incident))
        {
            var rows = (await records.GrantsAsync(incident.Key, ct)).Where(grant => grant.ShortId == id).Select(grant => grant.Row).ToHashSet();
            extensions.AddRange(incident.Where(grant => rows.Contains(grant.Row)).GroupBy(grant => grant.Row).Select(Newest));
        }

        return extensions;
    }

    private static Grant Newest(IEnumerable<Grant> row) => row.MaxBy(grant => (grant.IsOpen, grant.EndsAt))!;

    private static (Grant? Grant, Refusal? Refusal) Only(IReadOnlyList<Grant> found, Text none) => found switch
    {
        [var only] => (only, null),
        [] => (null, new Refusal(RefusalKind.NotFound, none) { Instead = Text.Of($"{"/breakglass list":code} shows what is open.") }),
        _ => (null, new Refusal(RefusalKind.Ambiguous, Text.Of($"That could be {string.Join(" or ", found.Select(grant => $"{grant.ShortId} ({grant.Target.Name} as {grant.Role})"))}.")) { Instead = "Say the id." }),
    };
}
