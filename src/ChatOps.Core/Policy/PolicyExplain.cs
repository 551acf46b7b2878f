namespace ChatOps.Core.Policy;

/// <summary>One rule, held against one question.</summary>
/// <param name="Decides">The first that fits.</param>
public sealed record ExplainedRule(string Rule, bool Fits, bool Decides, string Why);

/// <summary>What the rulebook says to one question of one actor, and why, rule by rule.</summary>
public sealed record PolicyExplain(IReadOnlyList<ExplainedRule> Rules, Decision Decision)
{
    public static PolicyExplain Of(Rulebook rulebook, PolicyQuestion question, Actor actor)
    {
        var fits = rulebook.FitsOf(question, actor);
        var decisive = fits.FirstOrDefault(fit => fit.Fits);
        return new([.. fits.Select(fit => new ExplainedRule(fit.Rule.Name, fit.Fits, ReferenceEquals(fit, decisive), WhyOf(fit, actor)))], rulebook.Decide(question, actor));
    }

    /// <summary>For the command line and for logs.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            foreach (var rule in Rules)
            {
                yield return $"{(rule.Decides ? "=>" : rule.Fits ? "  (fits too, but is not the first)" : "  ")} {rule.Rule}: {rule.Why}";
            }

            yield return Decision switch
            {
                Decision.Allowed(_, var authority) => $"Allowed as {authority.Role}{ActingAs(authority.KubernetesUser)}, "
                    + (authority.ApprovalsNeeded == 0 ? "without approval" : $"with {authority.ApprovalsNeeded} from {authority.ApproverRole}"),
                Decision.Refused(var refusal) => $"Refused: {refusal.Why} {refusal.Instead}",
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            if (Decision is Decision.Allowed { Authority.Overwriting: { Needs: not OverwritingNeeds.SecondPress } overwriting })
            {
                yield return overwriting.InWords.ToString();
            }
        }
    }

    private static string ActingAs(string user) => user.Length == 0 ? "" : $" (acting as {user})";

    private static string WhyOf(RuleFit fit, Actor actor)
    {
        var misfits = fit.ScopeMisfits.ToList();
        if (fit.Role is null)
        {
            misfits.Add($"its roles are {RuleFit.Listed(fit.Rule.Roles, "none at all")}, and {actor.Person} holds {RuleFit.Listed([.. actor.Roles.Order(StringComparer.Ordinal)], "none")}");
        }

        return misfits.Count == 0 ? $"fits, by role {fit.Role!.Name}" : "does not fit: " + string.Join("; ", misfits);
    }
}
