using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>
/// A pause of only some resources or fields of an application that nobody owns: from what was said and the facts to its plan,
/// or to the reason why there can be none. Pure.
/// </summary>
public static class OnlyPlan
{
    private const int MostNamed = 12;

    private static readonly string[] Books = ["apiVersion", "kind", "metadata", "status"];

    /// <summary>Maps whose keys may be numbers; everywhere else a number counts list elements.</summary>
    private static readonly string[] Maps = ["data", "binaryData", "labels", "annotations", "matchLabels", "nodeSelector"];

    /// <param name="words"><c>kind/name</c> or <c>kind/name:/pointer</c>.</param>
    public static (IReadOnlyList<HeldResource>? Resources, Refusal? Refusal) Understand(IReadOnlyList<string> words, ApplicationFacts facts)
    {
        var meant = new List<(ManagedResource Resource, string? Pointer)>();
        foreach (var word in words)
        {
            var cut = word.IndexOf(":/", StringComparison.Ordinal);
            var (spoken, pointer) = cut < 0 ? (word, null) : (word[..cut], word[(cut + 1)..]);
            var found = facts.Syncing.Resources.Where(resource => resource.IsCalled(spoken)).ToList();
            if (found.Count == 0)
            {
                return (null, Unknown(facts, spoken));
            }

            if (pointer is not null && NoField(pointer) is { } no)
            {
                return (null, no);
            }

            meant.AddRange(found.Select(resource => (resource, pointer)));
        }

        return ([.. meant.GroupBy(one => one.Resource, one => one.Pointer).Select(group => new HeldResource(group.Key, group.Contains(null) ? HeldFields.WholeOf(group.Key.Kind) : [.. group.OfType<string>().Distinct()]))], null);
    }

    /// <param name="standing">Pauses of other incidents that hold the same already (<see cref="SharedPause.StandingOn"/>): they are joined.</param>
    public static Plan Of(ApplicationFacts facts, IReadOnlyList<HeldResource> resources, string policyVersion, IReadOnlyList<Lease>? standing = null)
    {
        if (standing is [var longest, ..])
        {
            return new()
            {
                Target = ApplicationTarget.Of(facts),
                Work = new JoinWork(PauseMechanism.Fields, longest.Before, longest.Mark, EndedSync: false) { Only = longest.Only, Since = standing.Min(lease => lease.PausedSince) },
                Changes = [new(RuleFacts.ListPath, facts.Rules.List.Json, facts.Rules.List.Json)],
                PolicyVersion = policyVersion,
            };
        }

        var only = new HeldFields(resources, facts.Rules.Options);
        return new()
        {
            Target = ApplicationTarget.Of(facts),
            Work = new PauseWork(PauseMechanism.Fields, facts.Rules.List) { Only = only },
            Changes =
            [
                .. resources.Select(resource => new FieldChange($"{RuleFacts.ListPath}/-", null, resource.Rule.ToJsonString())),
                .. only.AddsOption ? [new FieldChange($"{RuleFacts.OptionsPath}/-", null, $"\"{HeldFields.Respect}\"")] : Array.Empty<FieldChange>(),
            ],
            PolicyVersion = policyVersion,
        };
    }

    /// <summary>What speaks against it now. Null: nothing.</summary>
    public static Refusal? Obstacle(ApplicationFacts facts, IReadOnlyList<HeldResource> resources, IReadOnlyList<Lease>? standing = null)
    {
        var name = facts.Ref.Name;
        if (standing is { Count: > 0 })
        {
            return Acting.Obstacles.Deleting(facts);
        }

        if ((Acting.Obstacles.Deleting(facts) ?? Branching.BranchPlan.HeldByBranch(facts) ?? PausePlan.HeldInPart(facts)) is { } held)
        {
            return held;
        }

        if (Owned(facts) is { } owned)
        {
            return new(RefusalKind.NotPossible, owned) { Instead = Text.Of($"Pause the whole application, by the way that its owner leaves alone: {$"pause {name} for 30m because …":code}.") };
        }

        if (!facts.AutoSyncOn || facts.IsHeldByWindow)
        {
            return new(RefusalKind.NotPossible, Text.Of($"{name:code} does not sync by itself now, so nothing takes a change by hand back there.")) { Instead = "A hand fix stands as it is." };
        }

        if (facts.Flight is { Automated: true, WaitsToRetry: true })
        {
            return new(RefusalKind.NotPossible, Text.Of($"An automatic sync of {name:code} fails and is tried again and again, with the options that it began with: it would go past the rules.")) { Instead = Text.Of($"Pause the whole application, which ends it: {$"pause {name} for 30m because …":code}.") };
        }

        return resources.FirstOrDefault(resource => !facts.Syncing.Resources.Contains(resource.Resource)) is { } gone ? Unknown(facts, gone.Resource.Spoken) : null;
    }

    /// <summary>What the people who decide should know: what hands may do, what goes on, and what nobody will see.</summary>
    public static IEnumerable<Text> Notices(ApplicationFacts facts, HeldFields only)
    {
        yield return Text.Of($"By hand anybody may then change {string.Join("; ", only.Resources.Select(Fields)):code}: Argo CD neither puts that back nor brings what Git says there, new commits included.");
        yield return facts.SelfHealOn
            ? "Self-heal goes on everywhere else: another resource, a label, an annotation, and a deleted resource are put back within a second, and commits are deployed."
            : "Everywhere else commits go on being deployed, and take hand changes away.";
        yield return "While it lasts Argo CD does not see these fields: it says Synced whatever is there. What hands changed I go on telling, and show before it ends.";
        yield return Text.Of($"A sync by hand that does not carry {HeldFields.Respect:code} writes Git's state there too. ChatOps's own carries it.");
        if (only.AddsOption && RuleFacts.Items(facts.Rules.List).Count > 0)
        {
            yield return Text.Of($"The option has Argo CD's syncs respect the {RuleFacts.Items(facts.Rules.List).Count} rules that are there already as well: until then they only hid differences.");
        }

        if (facts.Flight is { } flight)
        {
            yield return Text.Of($"An operation of {flight.By} is running. The pause does not end it, and it can still overwrite hand changes.");
        }
    }

    private static string Fields(HeldResource resource) => $"{string.Join(", ", resource.Pointers)} of {resource.Resource.Spoken}{(resource.Resource.Namespace.Length > 0 ? $" in {resource.Resource.Namespace}" : "")}";

    private static Text? Owned(ApplicationFacts facts)
    {
        var (name, owner) = (facts.Ref.Name, facts.Owner.Name);
        return facts.Owner.Kind switch
        {
            OwnerKind.None => null,
            OwnerKind.Set when facts.Blockers.Any(blocker => blocker.Kind == BlockerKind.RollingSync) => Text.Of($"{name:code} is deployed step by step by the ApplicationSet {owner:code} (RollingSync), which syncs with options of its own: rules on the application would not hold."),
            OwnerKind.Set => Text.Of($"{name:code} belongs to the ApplicationSet {owner:code}, which writes its rules itself and takes ours out within half a second."),
            OwnerKind.Parent => Text.Of($"{name:code} is managed by the application {owner:code} (app of apps), whose Git may say what it ignores, and then puts the whole list back."),
            OwnerKind.Other => Text.Of($"{name:code} is applied by {owner:code}, which would take our rules out."),
        };
    }

    private static Refusal? NoField(string pointer)
    {
        var steps = pointer.Split('/')[1..];
        if (steps.Any(step => step.Length == 0))
        {
            return new(RefusalKind.NotUnderstood, Text.Of($"{pointer:code} names no field.")) { Instead = Text.Of($"Write it as a JSON pointer, for example {"/spec/replicas":code}.") };
        }

        if (Books.Contains(steps[0]) && !(steps is ["metadata", "labels" or "annotations", _] && !steps[2].StartsWith("argocd.argoproj.io", StringComparison.Ordinal) && !steps[2].StartsWith("kubectl.kubernetes.io", StringComparison.Ordinal)))
        {
            return new(RefusalKind.NotPossible, Text.Of($"{pointer:code} is no field that I can leave to people: Argo CD or the cluster keeps its books there.")) { Instead = Text.Of($"Name what Git says of it, for example {"/spec/replicas":code}, or one label: {"/metadata/labels/tier":code}.") };
        }

        var number = Enumerable.Range(1, steps.Length - 1).FirstOrDefault(at => (steps[at] == "-" || steps[at].All(char.IsAsciiDigit)) && !Maps.Contains(steps[at - 1]));
        return number == 0 ? null : new(RefusalKind.NotPossible, Text.Of($"{pointer:code} counts elements of a list, and Argo CD does not keep to such a rule when it syncs.")) { Instead = Text.Of($"Name the whole list: {"/" + string.Join('/', steps[..number]):code}.") };
    }

    private static Refusal Unknown(ApplicationFacts facts, string spoken) =>
        new(RefusalKind.NotFound, Text.Of($"{facts.Ref.Name:code} has no {spoken:code}.")) { Instead = Text.Of($"It has {string.Join(", ", facts.Syncing.Resources.Take(MostNamed).Select(one => one.Spoken)):code}.") };
}
