using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Grants;

/// <summary>
/// One way of giving people access and of taking it away. Writes happen as a user of ours that can do nothing else. Nothing
/// throws for what a cluster may answer.
/// </summary>
public interface IAccess
{
    GrantKind Kind { get; }

    /// <summary>Clusters in which it is looked for: all that are configured, whatever the policy says today, because an end needs no policy.</summary>
    IReadOnlyList<string> Clusters { get; }

    /// <summary>Whether the policy gives it there today. Nothing is ended or left by it: only a list that is not allowed is no trouble where nothing is given.</summary>
    bool IsGivenIn(string cluster);

    /// <summary>What the scope would mean for the subject: read from the cluster, and asked of it as the subject. Null unless Ok.</summary>
    Task<(ClusterAnswer Answer, AccessTerms? Terms)> TermsAsync(AccessWish wish, CancellationToken ct);

    /// <summary>Stores the access; calling it again for the same grant changes nothing and answers Ok.</summary>
    Task<ClusterAnswer> GiveAsync(AuthorizedGrant grant, CancellationToken ct);

    /// <summary>
    /// Takes it away, everywhere it is, until nothing of it is left. Ok: this call took something of it away; Gone: there was
    /// nothing of it, as when it is called again.
    /// </summary>
    Task<ClusterAnswer> TakeBackAsync(AuthorizedRevocation end, CancellationToken ct);

    /// <summary>Which of the grant's probes its person may do at this moment; null when that cannot be asked.</summary>
    Task<IReadOnlyList<AccessRight>?> AllowedNowAsync(Grant grant, IReadOnlyList<string> groups, CancellationToken ct);

    /// <summary>What an object of the grant lets its person do, in the words that <see cref="FoundGrant.Allows"/> has; to be compared, not to be read.</summary>
    string Allows(Grant grant);

    /// <summary>Everything of this kind in one cluster that carries our label or name. Of several lists one may fail: the answer is its, and what the others told is there all the same.</summary>
    /// <param name="listedIn">Where the books know of some (<see cref="GrantScope.ListedIn"/>).</param>
    Task<(ClusterAnswer Answer, IReadOnlyList<FoundGrant> Found)> FindAsync(string cluster, IEnumerable<string> listedIn, CancellationToken ct);
}

/// <summary>Whose access to what, before it is looked at.</summary>
public sealed record AccessWish(ApplicationFacts Application, AccessRoleConfiguration Role, string Subject, IReadOnlyList<string> Groups);

/// <summary>What a wish means in the cluster, or in Argo CD.</summary>
/// <param name="Rights">All that can be asked about one by one.</param>
/// <param name="Lacking">Those that were asked about and that the subject does not have now; with the namespace, where it is only some of several.</param>
public sealed record AccessTerms(GrantScope Scope, IReadOnlyList<AccessRight> Rights, IReadOnlyList<AccessRight> Lacking)
{
    private const int MostProbes = 8;

    /// <summary>Those of <see cref="Rights"/> that were asked about: of a role that allows much, in many namespaces, not all. None where a role allows nothing that can be asked about.</summary>
    public IReadOnlyList<AccessRight> Asked { get; init; } = Rights;

    /// <summary>All that it allows, whatever single names it narrows it to.</summary>
    public IReadOnlyList<AccessRight> Allowing { get; init; } = Rights;

    /// <summary>Why it would not work or not last, although everything could be read.</summary>
    public Refusal? Obstacle { get; init; }

    /// <summary>What else the deciders should know of the place.</summary>
    public IReadOnlyList<Conversation.Text> Notices { get; init; } = [];

    /// <summary>Few enough to ask for thousands of people in a minute, spread over all that the role allows.</summary>
    public IReadOnlyList<AccessRight> Probes
    {
        get
        {
            var perResource = Lacking.GroupBy(right => (right.Group, right.Resource)).SelectMany(group => group.Index()).OrderBy(one => one.Index).Select(one => one.Item);
            return [.. perResource.Take(MostProbes)];
        }
    }
}
