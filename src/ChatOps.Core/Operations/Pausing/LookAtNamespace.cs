using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>What owns something in one namespace: what can be paused there, and what is left as it is, with the reason.</summary>
/// <param name="Cluster">The one that is meant, also where it was not said.</param>
public sealed record NamespaceSeen(string Cluster, IReadOnlyList<ApplicationFacts> Paused, IReadOnlyList<Text> Left)
{
    /// <summary>Pauses of other incidents that hold some of them already, the longest of each first.</summary>
    public required ILookup<ApplicationRef, Lease> Standing { get; init; }
}

/// <summary>
/// Finds exactly the applications that own resources in a namespace, from what the engines list at this moment: where one
/// cannot be read, nothing is known of the namespace, and nothing is planned.
/// </summary>
public sealed class LookAtNamespace(IRecords records, Applications applications, AskRulebook rules)
{
    /// <summary>Whoever decides has to read them all, and a card has an end.</summary>
    private const int Most = 30;

    public string PolicyVersion => rules.Version;

    /// <param name="incident">Whose pause it is to be.</param>
    public async Task<(NamespaceSeen? Seen, Refusal? Refusal)> AtAsync(NamespaceQuery query, int incident, CancellationToken ct)
    {
        var (found, silent) = await applications.InNamespaceAsync(query.Name, ct);
        if (found is null)
        {
            return (null, silent);
        }

        var facts = new List<ApplicationFacts>();
        foreach (var application in found)
        {
            var (answer, read) = await applications.Of(application).InspectAsync(application, ct);
            if (read is null && answer.Kind != ClusterAnswerKind.Gone)
            {
                return (null, ClusterRefusals.For(answer, Text.Of($"I could not read {application.ToString():code}, so I cannot tell what owns {query.ToString():code}.")));
            }

            if (read is not null && query.IsIn(read))
            {
                facts.Add(read);
            }
        }

        return facts.Select(one => one.Cluster).Distinct().Order(StringComparer.Ordinal).ToList() switch
        {
            [] => (null, new Refusal(RefusalKind.NotFound, Text.Of($"No application owns anything in {query.ToString():code}.")) { Instead = Text.Of($"{"/gitops apps":code} lists those there are.") }),
            [var cluster] when facts.Count <= Most => Judge(cluster, query.Name, facts, incident, await records.UnsettledLeasesAsync(ct)),
            [_] => (null, new Refusal(RefusalKind.NotPossible, Text.Of($"{facts.Count} applications own something in {query.ToString():code}; {Most} are the most that one request can hold.")) { Instead = "Pause those that matter, one by one." }),
            var several => (null, new Refusal(RefusalKind.Ambiguous, Text.Of($"Namespace {query.Name:code} is in several clusters: {string.Join(", ", several)}.")) { Instead = Text.Of($"Say which, for example {new NamespaceQuery(several[0], query.Name).ToString():code}.") }),
        };
    }

    /// <summary>A rule must cover each; the strictest of them decides about all, and one role acts, never a union.</summary>
    public async Task<(Authority? Authority, RuleConfiguration? Rule, Refusal? Refusal)> DecideAsync(Person person, IReadOnlyList<ApplicationFacts> paused, TimeSpan duration, CancellationToken ct)
    {
        var allowed = new List<Decision.Allowed>();
        foreach (var facts in paused)
        {
            var (one, refusal) = await rules.DecideAsync(person, PolicyVerb.Pause, facts, duration, ct);
            if (one is null)
            {
                return (null, null, refusal! with { Why = Text.Of($"{facts.Ref.Name:code}: ") + refusal!.Why });
            }

            allowed.Add(one);
        }

        var strictest = allowed.MaxBy(one => one.Authority.ApprovalsNeeded)!;
        var aboutHands = allowed.MaxBy(one => one.Authority.Overwriting.Needs)!;
        return allowed.Find(one => !AskRulebook.CanBeOne(strictest.Authority, one.Authority)) is { } other ? (null, null, Several(strictest, other, paused))
            : allowed.Find(one => Agrees(one) is { } role && Agrees(aboutHands) is { } another && role != another) is { } asksOthers ? (null, null, Several(aboutHands, asksOthers, paused))
            : (Strictest(strictest.Authority, [.. allowed.Select(one => one.Authority)]), strictest.Rule, null);
    }

    /// <summary>Whom the rule wants to agree before changes by hand are overwritten; null where nobody has to.</summary>
    private static string? Agrees(Decision.Allowed one) => one.Authority.Overwriting is { Needs: OverwritingNeeds.Approval } rule ? rule.FromRole : null;

    private static Refusal Several(Decision.Allowed one, Decision.Allowed other, IReadOnlyList<ApplicationFacts> paused) => new(
        RefusalKind.NotAllowed,
        Text.Of($"Rules {one.Authority.Rule:code} and {other.Authority.Rule:code} both speak about this, and name different people to act or to approve."))
    {
        Instead = Text.Of($"Pause them one by one: {string.Join(", ", paused.Select(facts => facts.Ref.Name)):code}."),
    };

    private static Authority Strictest(Authority most, IReadOnlyList<Authority> all) => most with
    {
        Rule = string.Join(" + ", all.Select(one => one.Rule).Distinct()),
        LongestInAll = all.Min(one => one.LongestInAll),
        ResumeAtDeadline = all.All(one => one.ResumeAtDeadline),
        KnownByAtLeast = all.Max(one => one.KnownByAtLeast),
        Overwriting = Overwriting.Strictest([.. all.Select(one => one.Overwriting)]),
        Emergency = all.Any(one => one.Emergency is null) ? null : new(all.Max(one => one.Emergency!.AfterSilence), all.Min(one => one.Emergency!.Longest)),
    };

    private static (NamespaceSeen? Seen, Refusal? Refusal) Judge(string cluster, string ns, List<ApplicationFacts> found, int incident, IReadOnlyList<Lease> unsettled)
    {
        var (paused, left, held) = (new List<ApplicationFacts>(), new List<Text>(), new List<Lease>());
        foreach (var facts in found.OrderBy(facts => facts.Ref.ToString(), StringComparer.Ordinal))
        {
            var standing = unsettled.Any(lease => lease.Incident == incident && lease.IsLive && lease.Target == facts.Ref) ? [] : SharedPause.Standing(unsettled, facts, incident);
            if (standing.Count > 0 && JoinPlan.Obstacle(facts, standing) is null)
            {
                paused.Add(facts);
                held.AddRange(standing);
            }
            else if (IsPausedWhole(facts) is { } mark)
            {
                left.Add(Text.Of($"{facts.Ref.Name:code} is paused already, by incident {mark.Incident} until {mark.ExpiresAt}, and stays so."));
            }
            else if (PausePlan.Obstacle(facts) is not { } obstacle)
            {
                paused.Add(facts);
            }
            else if (facts is { AutoSyncOn: false, Mark: null, PauseFieldManager: "chatops", Deleting: false })
            {
                left.Add(Text.Of($"{facts.Ref.Name:code} is paused already, by ChatOps: its owner takes our marks away, so {$"status {facts.Ref.Name}":code} says for which incident. It stays so."));
            }
            else if (facts.Deleting || !facts.AutoSyncOn && facts.Mark is null)
            {
                left.Add(facts.Deleting ? obstacle.Why : Text.Of($"{facts.Ref.Name:code} does not sync by itself, so there is nothing to pause."));
            }
            else
            {
                return (null, obstacle with { Why = obstacle.Why + Text.Of($" So nothing in {new NamespaceQuery(cluster, ns).ToString():code} is paused: all of it, or none.") });
            }
        }

        return paused.Count > 0 ? (new(cluster, paused, left) { Standing = held.ToLookup(lease => lease.Target) }, null) : (null, new Refusal(RefusalKind.NotPossible, Text.Of($"Nothing in {new NamespaceQuery(cluster, ns).ToString():code} has to be paused. ") + Text.Lines(left)));
    }

    private static OverrideMark? IsPausedWhole(ApplicationFacts facts) =>
        facts.Mark is { Branch: null, Only: null } mark && BranchHolding.IsOverridden(facts) ? mark : null;
}
