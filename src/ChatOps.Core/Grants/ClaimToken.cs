using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary>Where somebody fetches the token of a grant; null: there is no page for it, because nobody can sign in.</summary>
public delegate Uri? CreateClaimLink(Guid grant);

/// <summary>Makes a token of the grant's ServiceAccount. Null unless Ok.</summary>
public delegate Task<(ClusterAnswer Answer, MintedToken? Token)> MintToken(AuthorizedClaim claim, CancellationToken ct);

/// <summary>A token as it goes to its person, once, and to nobody and nothing else. No record: those print what they hold.</summary>
public sealed class MintedToken(string token, DateTimeOffset expiresAt, Uri server, string authority)
{
    public string Token { get; } = token;

    /// <summary>No token lives for less than ten minutes; what ends the access is the grant's end.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    /// <summary>Where its person reaches the cluster.</summary>
    public Uri Server { get; } = server;

    /// <summary>Whom to trust there, in PEM; empty: whom the machine trusts.</summary>
    public string Authority { get; } = authority;
}

/// <summary>
/// The token of a grant, for its person and nobody else, as often as they lose it, while the grant is open. Who asked is
/// written down before it is made; the token itself nowhere.
/// </summary>
public sealed class ClaimToken(IRecords records, IncidentFiles files, MintToken mint, TimeProvider time)
{
    /// <summary>What the page may show: the grant, if it is theirs and open. Whoever else looks is refused, and that is on the record.</summary>
    public async Task<(Grant? Grant, Refusal? Refusal)> LookAsync(Guid id, Person person, CancellationToken ct)
    {
        if (await records.FindGrantAsync(id, ct) is not { Kind: GrantKind.ServiceAccount } grant)
        {
            return (null, new Refusal(RefusalKind.NotFound, "There is no access behind this link."));
        }

        if (grant.Person != person.Name)
        {
            await UnlessFaster.DoAsync(() => RecordOtherAsync(grant, person, ct));
            return (null, new Refusal(RefusalKind.NotAllowed, "This access is somebody else's. That you opened its page is on the incident's record."));
        }

        return grant.Claim(Clock.Now(time)) is not null ? (grant, null) : (null, Over(grant));
    }

    /// <summary>Each claim makes a new one; the ones before go on until they expire or the grant ends.</summary>
    public async Task<(MintedToken? Token, Refusal? Refusal)> HandleAsync(Guid id, Person person, CancellationToken ct)
    {
        var (looked, refusal) = await LookAsync(id, person, ct);
        if (looked is null)
        {
            return (null, refusal);
        }

        AuthorizedClaim? claim = null;
        await UnlessFaster.DoAsync(async () => claim = await RecordAsync(looked, ct));
        if (claim is null)
        {
            return (null, Over(looked));
        }

        var (answer, token) = await mint(claim, ct);
        if (token is null)
        {
            await UnlessFaster.DoAsync(() => RecordFailureAsync(claim.Grant, answer, CancellationToken.None));
            return (null, ClusterRefusals.For(answer, "No token was made."));
        }

        // Its end may have passed what was on its way; then it is worth nothing, and is not handed out.
        return await records.FindGrantAsync(id, CancellationToken.None) is { State: GrantState.Active } still && Clock.Now(time) < still.EndsAt ? (token, null) : (null, Over(looked));
    }

    private async Task<AuthorizedClaim?> RecordAsync(Grant looked, CancellationToken ct)
    {
        if (await files.OpenAsync(looked.Incident, ct) is not { } file || file.Grant(looked.Id)?.Claim(file.Now) is not { } claim)
        {
            return null;
        }

        file.Save(claim.Grant);
        file.Tell(TimelineKind.TokenClaimed, looked.Person, _ => Text.Of($"{looked.Person} signed in and fetched a token for access {looked.ShortId:code} to {looked.Target.Name:code} ({claim.Grant.Claims} of {Grant.MostClaims}). It is worth nothing after {looked.EndsAt}."), Tone.Neutral, looked.Id);
        await files.PutBackAsync(file, null, ct);
        return claim;
    }

    private async Task RecordFailureAsync(Grant grant, ClusterAnswer answer, CancellationToken ct)
    {
        if (await files.OpenAsync(grant.Incident, ct) is { } file)
        {
            file.Record(TimelineKind.TokenClaimed, "chatops", Text.Of($"That token of access {grant.ShortId} was not made: {answer.Sentence}"), grant.Id);
            await files.PutBackAsync(file, null, ct);
        }
    }

    /// <summary>Once for each person: whoever tries on and on does not fill the record.</summary>
    private async Task RecordOtherAsync(Grant grant, Person person, CancellationToken ct)
    {
        if ((await records.TimelineAsync(grant.Incident, ct)).Any(entry => entry.Kind == TimelineKind.TokenRefused && entry.Subject == grant.Id && entry.By == person.Name)
            || await files.OpenAsync(grant.Incident, ct) is not { } file)
        {
            return;
        }

        file.Tell(TimelineKind.TokenRefused, person.Name, _ => Text.Of($"{person.DisplayName} signed in and opened the page on which {grant.Person} fetches the token of access {grant.ShortId:code}. They were refused."), Tone.Alarm, grant.Id);
        await files.PutBackAsync(file, null, ct);
    }

    private static Refusal Over(Grant grant) => grant switch
    {
        { State: GrantState.Starting } => new(RefusalKind.StillOpen, "This access is being given at this moment.") { Instead = "Reload the page in some seconds." },
        { State: GrantState.Active, Claims: >= Grant.MostClaims } => new(RefusalKind.NotAllowed, Text.Of($"{Grant.MostClaims} tokens were fetched for this access, which is the most.")) { Instead = "Give it back and ask anew." },
        _ => new(RefusalKind.TooLate, "This access has ended, so there is no token for it.") { Instead = Text.Of($"Ask anew: {$"/breakglass request {grant.Target.Name} as {grant.Role} for 30m because …":code}") },
    };
}
