using ChatOps.Core.Conversation;
using ChatOps.Core.Looking;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Incidents;

/// <summary>
/// Looks at applications when they come into an incident's scope: what already keeps one from reconciling, or would keep
/// us from acting on it, is a surprise at 02:00 unless it is said at the start.
/// </summary>
public sealed class LookAtScope(Applications applications, AskRulebook rules)
{
    /// <summary>Each look is some calls to a cluster, and people wait for the thread.</summary>
    private const int Most = 12;

    public async Task TellAsync(IncidentFile file, IReadOnlyList<ApplicationRef> scope, CancellationToken ct)
    {
        var silent = new HashSet<string>();
        var unread = new List<ApplicationRef>(scope.Skip(Most));
        foreach (var application in scope.Take(Most))
        {
            if (silent.Contains(application.Instance))
            {
                unread.Add(application);
                continue;
            }

            var (answer, facts) = await applications.Of(application).InspectAsync(application, ct);
            if (facts is null)
            {
                file.Tell(TimelineKind.ForeignChange, "chatops", _ => Text.Of($"{application.Name:code} cannot be read now: {answer.Sentence}."), Tone.Warning);
                _ = answer.IsTransient && silent.Add(application.Instance);
                continue;
            }

            foreach (var blocker in facts.Blockers)
            {
                file.Tell(TimelineKind.ForeignChange, "chatops", _ => Text.Of($"{application.Name:code} does not reconcile although nobody paused it here: {blocker.Sentence} {blocker.Instead} {Remedy.For(blocker.Kind, facts)}"), Tone.Warning);
            }

            if (!await TellRightsAsync(file, facts, ct))
            {
                silent.Add(application.Instance);
            }
        }

        if (unread is [var first, ..])
        {
            file.Tell(TimelineKind.ForeignChange, "chatops", _ => Text.Of($"{unread.Count} more {(unread.Count == 1 ? "was" : "were")} not looked at now, so what keeps {(unread.Count == 1 ? "it" : "them")} from reconciling is not known. {$"/gitops status {first.Name}":code} looks at one."), Tone.Warning);
        }
    }

    /// <summary>False: the cluster did not say.</summary>
    private async Task<bool> TellRightsAsync(IncidentFile file, ApplicationFacts facts, CancellationToken ct)
    {
        var (users, missing) = (rules.UsersFor(facts), new List<string>());
        foreach (var user in users)
        {
            switch (await applications.Of(facts.Ref).CoversAsync(user, facts.Ref, ct))
            {
                case null:
                    return false;
                case false:
                    missing.Add(user);
                    break;
            }
        }

        var others = file.Incident.NotCovered.Where(one => one != facts.Ref);
        file.Change(file.Incident with { NotCovered = missing.Count > 0 ? [.. others, facts.Ref] : [.. others] });
        if (missing.Count > 0)
        {
            file.Tell(TimelineKind.ForeignChange, "chatops", _ => Text.Of($"{facts.Ref.Name:code} is covered by the policy, but not by the cluster's RBAC: {string.Join(", ", missing):code} may not patch it, so {(missing.Count == users.Count ? "nothing can be done to it from here" : "what people with that role ask for will fail")}. Let the platform team apply {"ChatOps.Server rbac":code}."), Tone.Alarm);
        }

        return true;
    }
}
