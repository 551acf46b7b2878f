using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations;

/// <summary>The second look of every kind that is about one application.</summary>
public sealed class LookAgain(Applications applications, AskRulebook rules)
{
    public string PolicyVersion => rules.Version;

    /// <param name="obstacle">What speaks against it now; null when nothing does.</param>
    /// <param name="under">What the rule that fits makes of the facts, where it has a say in the way, and before it is known (null) the best that one could; else they stay as they are.</param>
    /// <param name="notices">What the card of a plan says besides, where it is another one than was approved.</param>
    public async Task<SecondLook> AtAsync(
        Operation operation,
        Person requester,
        IReadOnlyList<string> verbs,
        TimeSpan? duration,
        Func<ApplicationFacts, string?> obstacle,
        Func<ApplicationFacts, Plan> plan,
        Func<ApplicationFacts, Plan, IEnumerable<Text>> notices,
        CancellationToken ct,
        Func<ApplicationFacts, RuleConfiguration?, Task<ApplicationFacts>>? under = null)
    {
        var application = operation.Plan.Application.Ref;
        var (answer, facts) = await applications.Of(application).InspectAsync(application, ct);
        if (facts is null)
        {
            return answer.IsTransient ? new SecondLook.Later(answer.RetryAfter) : new SecondLook.No(answer.Sentence);
        }

        if (obstacle(under is null ? facts : await under(facts, null)) is { } why)
        {
            return new SecondLook.No(why);
        }

        var (allowed, notAllowed) = await rules.DecideAsync(requester, verbs, facts, duration, ct);
        if (allowed is null)
        {
            return notAllowed!.Kind == RefusalKind.ChatSilent ? new SecondLook.Later() : new SecondLook.No($"{requester.DisplayName} may not do this any more: {notAllowed.Why}");
        }

        if (under is not null)
        {
            facts = await under(facts, allowed.Rule);
            if (obstacle(facts) is { } stands)
            {
                return new SecondLook.No(stands);
            }
        }

        var planned = new SecondLook.Planned(plan(facts), allowed.Authority, []);
        if (planned.IsWhatWasApproved(operation))
        {
            return planned;
        }

        var user = allowed.Authority.KubernetesUser;
        var covered = await applications.Of(application).CoversAsync(user, application, ct);
        return planned with { Notices = [.. notices(facts, planned.Plan), .. OperationCard.CoverageNotice(covered, user)] };
    }
}
