using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Policy;

/// <summary>The rulebook with the roles that people hold at this moment. What depends on a role that cannot be read is refused.</summary>
public sealed class AskRulebook(Rulebook rulebook, RoleMembership membership)
{
    public string Version => rulebook.Policy.Version;

    public PolicyConfiguration Policy => rulebook.Policy;

    public async Task<(Decision.Allowed? Allowed, Refusal? Refusal)> DecideAsync(Person person, string verb, ApplicationFacts target, TimeSpan? duration, CancellationToken ct) =>
        await DecideAsync(person, new PolicyQuestion(verb, target.Ref.Name, target.Project, target.DestinationNamespace, target.Cluster, duration), ct);

    public async Task<(Decision.Allowed? Allowed, Refusal? Refusal)> DecideAsync(Person person, PolicyQuestion question, CancellationToken ct)
    {
        Standing standing;
        try
        {
            standing = await membership.StandingAsync(person, fresh: true, ct);
        }
        catch (ChatUnavailableException)
        {
            return (null, Silent);
        }

        var certain = rulebook.Decide(question, As(person, standing.Held));
        var depends = standing.Unread is not null && !IsSame(certain, rulebook.Decide(question, As(person, standing.Perhaps)));
        return certain switch
        {
            _ when depends => (null, Silent),
            Decision.Allowed allowed => (allowed, null),
            Decision.Refused refused => (null, refused.Refusal),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>
    /// For what needs several verbs at once: each must be allowed, the answer that asks for most approvals counts, and who
    /// acts and who approves must be the same for all: one role acts, never a union.
    /// </summary>
    public async Task<(Decision.Allowed? Allowed, Refusal? Refusal)> DecideAsync(Person person, IReadOnlyList<string> verbs, ApplicationFacts target, TimeSpan? duration, CancellationToken ct)
    {
        Decision.Allowed? strictest = null;
        foreach (var verb in verbs)
        {
            var (allowed, refusal) = await DecideAsync(person, verb, target, duration, ct);
            if (allowed is null)
            {
                return (null, refusal);
            }

            if (strictest is not null && !CanBeOne(strictest.Authority, allowed.Authority))
            {
                return (null, new Refusal(RefusalKind.NotAllowed, Text.Of($"Rules {strictest.Authority.Rule:code} and {allowed.Authority.Rule:code} both speak about this, and name different people to act or to approve.")) { Instead = Text.Of($"Ask for {string.Join(" and for ", verbs):code} one after the other.") });
            }

            strictest = strictest is null || allowed.Authority.ApprovalsNeeded > strictest.Authority.ApprovalsNeeded ? allowed : strictest;
        }

        return (strictest ?? throw new ArgumentException("no verb to ask for", nameof(verbs)), null);
    }

    /// <summary>The same answer as <see cref="DecideAsync(Person, PolicyQuestion, CancellationToken)"/>, with every rule held against it.</summary>
    public async Task<PolicyExplain> ExplainAsync(Person person, PolicyQuestion question, CancellationToken ct) =>
        PolicyExplain.Of(rulebook, question, As(person, await membership.RolesOfAsync(person, fresh: true, ct)));

    /// <summary>The first rule that fits decides, so a role that cannot be read may lead to a stricter rule as well as to none.</summary>
    private static bool IsSame(Decision certain, Decision perhaps) => (certain, perhaps) switch
    {
        (Decision.Allowed one, Decision.Allowed other) => one.Rule == other.Rule && one.Authority.Role == other.Authority.Role,
        (Decision.Refused, Decision.Refused) => true,
        _ => false,
    };

    private static Actor As(Person person, IReadOnlySet<string> roles) => new(person.Name, roles) { KnownBy = person.KnownBy };

    internal static bool CanBeOne(Authority one, Authority other) =>
        one.KubernetesUser == other.KubernetesUser && (one.ApprovalsNeeded == 0 || other.ApprovalsNeeded == 0 || (one.ApproverRole == other.ApproverRole && one.AskNext.SequenceEqual(other.AskNext)));

    /// <summary>What the end of an override there needs beyond a second press, by each rule that can allow one.</summary>
    internal IEnumerable<Overwriting> OverwritingIn(PolicyQuestion target) =>
        from rule in rulebook.Policy.Rules
        where rule.OverwritingNeeds != OverwritingNeeds.SecondPress
            && rule.Verbs.Exists(verb => PolicyVerb.MakesOverride(verb) && RuleFit.Of(rulebook.Policy, rule, target with { Verb = verb }, new Actor("", new HashSet<string>())).CoversScope)
        select Overwriting.Of(rule);

    /// <summary>What the end of an override needs that no rule allowed, since somebody made it past us: the strictest that any rule for one there wants.</summary>
    public Overwriting OverwritingOf(ApplicationFacts target) => Overwriting.Strictest(
        [Overwriting.BySecondPress, .. OverwritingIn(new(PolicyVerb.Pause, target.Ref.Name, target.Project, target.DestinationNamespace, target.Cluster, null))]);

    /// <summary>The Kubernetes users that would have to patch this application.</summary>
    public IReadOnlyList<string> UsersFor(ApplicationFacts target) =>
        rulebook.UsersFor(target.Ref.Name, target.Project, target.DestinationNamespace, target.Cluster);

    /// <summary>Whether somebody may decide on an operation now; null when their roles cannot be read.</summary>
    public Task<bool?> IsEligibleAsync(Person voter, Operation operation, DateTimeOffset now, CancellationToken ct) =>
        IsAsync(voter, roles => rulebook.IsEligible(operation.Authority, operation.RequestedBy, As(voter, roles), now - operation.RequestedAt), ct);

    /// <summary>Whether somebody may agree now that changes by hand are overwritten; null when their roles cannot be read.</summary>
    public Task<bool?> MayAgreeAsync(Person voter, Overwriting rule, CancellationToken ct) =>
        IsAsync(voter, roles => rule.FromRole is { } role && rulebook.Policy.Role(role) is not null && roles.Contains(role) && voter.KnownBy >= rule.KnownByAtLeast, ct);

    private async Task<bool?> IsAsync(Person voter, Func<IReadOnlySet<string>, bool> isIt, CancellationToken ct)
    {
        try
        {
            var standing = await membership.StandingAsync(voter, fresh: true, ct);
            return isIt(standing.Held) ? true : isIt(standing.Perhaps) ? null : false;
        }
        catch (ChatUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Who may approve an operation of that age, without the requester.</summary>
    public async Task<Holders> ApproversAsync(Operation operation, DateTimeOffset now, CancellationToken ct)
    {
        var approvers = new Dictionary<string, Person>();
        var unread = (ChatUnavailableException?)null;
        foreach (var role in rulebook.ApproverRoles(operation.Authority, now - operation.RequestedAt))
        {
            var holders = await membership.KnownHoldersAsync(role, ct);
            unread ??= holders.Unread;
            foreach (var person in holders.People.Where(person => person.KnownBy >= operation.Authority.KnownByAtLeast))
            {
                approvers.TryAdd(person.Name, person);
            }
        }

        approvers.Remove(operation.RequestedBy);
        return new([.. approvers.Values], unread);
    }

    /// <summary>Those who can be read at this moment: for what is said again anyway.</summary>
    public async Task<IReadOnlyList<Person>> HoldersAsync(string role, CancellationToken ct) =>
        (await membership.KnownHoldersAsync(role, ct)).People;

    public static Refusal Silent { get; } = new(RefusalKind.ChatSilent, "I cannot read who holds which role at the moment, so I did nothing.") { Instead = "Try again in a minute." };
}
