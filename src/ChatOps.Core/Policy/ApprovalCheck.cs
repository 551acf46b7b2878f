using ChatOps.Core.Commands;

namespace ChatOps.Core.Policy;

/// <summary>What is wrong with the approvals of one rule, on paper and with the people there are.</summary>
internal static class ApprovalCheck
{
    /// <summary>One approver is nobody while that one sleeps.</summary>
    private const int FewestPeople = 2;

    public static IEnumerable<(string What, string Fix)> Of(PolicyConfiguration policy, RuleConfiguration rule, ApprovalConfiguration approvals)
    {
        if (approvals.Count < 1)
        {
            yield return ("asks for approvals without saying how many, so it allows nothing", "Set Approvals:Count to 1 or more, or leave Approvals out if nobody needs to approve");
        }

        foreach (var role in approvals.AskNext.Select(next => next.Role).Prepend(approvals.FromRole).Where(role => policy.Role(role) is null))
        {
            yield return ($"asks the role '{role}' for approval, which does not exist", PolicyCheck.Nearest(policy, role));
        }

        if (approvals.RequestLives <= TimeSpan.Zero)
        {
            yield return ("lets requests expire at once", "Set Approvals:RequestLives, e.g. 00:30:00");
        }

        var after = TimeSpan.Zero;
        foreach (var next in approvals.AskNext)
        {
            if (next.After <= after)
            {
                yield return ($"asks '{next.Role}' after {Durations.InWords(next.After)}, which is not later than who is asked before", "Let the times of AskNext grow");
            }

            if (next.After >= approvals.RequestLives)
            {
                yield return ($"asks '{next.Role}' after {Durations.InWords(next.After)}, when the request has expired ({Durations.InWords(approvals.RequestLives)})", "Make RequestLives longer, or ask earlier");
            }

            after = next.After;
        }

        var never = rule.Verbs.Where(verb => PolicyVerb.All.Contains(verb) && !PolicyVerb.IsDecided(verb)).ToList();
        if (never.Count > 0)
        {
            yield return ($"asks for approval of {string.Join(" and ", never)}, which never waits for one", "Give these verbs a rule of their own, without Approvals");
        }
    }

    public static IEnumerable<(string What, string Fix)> Emergency(RuleConfiguration rule)
    {
        if (rule.EmergencySelfApproval is not { } emergency)
        {
            yield break;
        }

        if (rule.Approvals is null)
        {
            yield return ("has an emergency self-approval, but needs no approval", "Leave EmergencySelfApproval out, or say who approves");
        }
        else if (emergency.AfterSilence >= rule.Approvals.RequestLives)
        {
            yield return ("allows self-approval only when the request has expired", "Make RequestLives longer than EmergencySelfApproval:AfterSilence");
        }

        if (emergency.AfterSilence <= TimeSpan.Zero)
        {
            yield return ("has an emergency self-approval that waits for nobody, so it is not used", "Set EmergencySelfApproval:AfterSilence, e.g. 00:15:00");
        }

        if (emergency.LongestDuration <= TimeSpan.Zero)
        {
            yield return ("has an emergency self-approval without a cap, so it is not used", "Set EmergencySelfApproval:LongestDuration, shorter than that of the rule");
        }
        else if (emergency.LongestDuration >= rule.LongestDuration)
        {
            yield return ("allows as much or more in an emergency self-approval as with an approval", "Make EmergencySelfApproval:LongestDuration shorter than LongestDuration");
        }
    }

    public static IEnumerable<(string What, string Fix)> People(RuleConfiguration rule, IReadOnlyDictionary<string, IReadOnlyList<string>> holders)
    {
        var requesters = Holding(rule.Roles);
        if (requesters.Count == 0)
        {
            yield return ("can be used by nobody who can be reached", "Give one of its roles to somebody");
            yield break;
        }

        if (rule.Approvals is not { } approvals)
        {
            if (requesters.Count < FewestPeople)
            {
                yield return ($"can be used by {requesters.First()} alone", $"Give one of its roles to {FewestPeople} people or more");
            }

            yield break;
        }

        var approvers = Holding(approvals.AskNext.Where(next => next.After < approvals.RequestLives).Select(next => next.Role).Prepend(approvals.FromRole));
        var needed = Math.Max(FewestPeople, approvals.Count);
        var stuck = requesters.Where(requester => approvers.Count(approver => !Same(approver, requester)) < needed).Order(StringComparer.Ordinal).ToList();
        if (stuck.Count > 0)
        {
            var least = stuck.Min(requester => approvers.Count(approver => !Same(approver, requester)));
            yield return (
                $"leaves {least} who could approve a request of {string.Join(", ", stuck)}, and nobody approves their own",
                $"Give the approving roles to more people, or name another role in AskNext: {needed} besides the requester are the fewest");
        }

        HashSet<string> Holding(IEnumerable<string> roles) =>
            roles.SelectMany(role => holders.GetValueOrDefault(role, [])).ToHashSet(StringComparer.OrdinalIgnoreCase);

        static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
    }
}
