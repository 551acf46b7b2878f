using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations;

/// <summary>The second look of every kind that is about one application.</summary>
public sealed class LookAgain(Applications applications, AskRulebook rules)
{
    public string PolicyVersion => rules.Version;

    /// <param name="obstacle">What speaks against it now; null when nothing does.</param>
    public async Task<SecondLook> AtAsync(
        ApplicationRef application, Person requester, IReadOnlyList<string> verbs, TimeSpan? duration, Func<ApplicationFacts, string?> obstacle, Func<ApplicationFacts, Plan> plan, CancellationToken ct)
    {
        var (answer, facts) = await applications.Of(application).InspectAsync(application, ct);
        if (facts is null)
        {
            return answer.IsTransient ? new SecondLook.Later(answer.RetryAfter) : new SecondLook.No(answer.Sentence);
        }

        if (obstacle(facts) is { } why)
        {
            return new SecondLook.No(why);
        }

        var (allowed, notAllowed) = await rules.DecideAsync(requester, verbs, facts, duration, ct);
        return allowed is not null ? new SecondLook.Planned(plan(facts), allowed.Authority)
            : notAllowed!.Kind == RefusalKind.ChatSilent ? new SecondLook.Later()
            : new SecondLook.No($"{requester.DisplayName} may not do this any more: {notAllowed.Why}");
    }
}
