using ChatOps.Core.Conversation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Grants;

/// <summary>The one grant that somebody means.</summary>
public sealed class WhichGrant(IRecords records)
{
    public async Task<(Grant? Grant, Refusal? Refusal)> ByIdAsync(string id, CancellationToken ct) => Only(
        [.. (await records.UnsettledGrantsAsync(ct)).Where(grant => grant.ShortId == id)],
        Text.Of($"No access that is open has the id {id:code}."));

    /// <summary>The only one that this person has.</summary>
    public async Task<(Grant? Grant, Refusal? Refusal)> OfAsync(string person, CancellationToken ct) => Only(
        [.. (await records.UnsettledGrantsAsync(ct)).Where(grant => grant.IsLive && grant.Person == person)],
        "You have no access that is open.");

    private static (Grant? Grant, Refusal? Refusal) Only(IReadOnlyList<Grant> found, Text none) => found switch
    {
        [var only] => (only, null),
        [] => (null, new Refusal(RefusalKind.NotFound, none) { Instead = Text.Of($"{"/breakglass list":code} shows what is open.") }),
        _ => (null, new Refusal(RefusalKind.Ambiguous, Text.Of($"That could be {string.Join(" or ", found.Select(grant => $"{grant.ShortId} ({grant.Target.Name} as {grant.Role})"))}.")) { Instead = "Say the id." }),
    };
}
