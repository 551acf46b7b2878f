using ChatOps.Core.Commands;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Policy;

/// <summary>What the rulebook would say to somebody's command as things are now, rule by rule; nothing is asked for.</summary>
public sealed class ExplainCommand(Register register, Applications applications, KindsOfAction actions, AskRulebook rules, RecogniseByEmail byEmail, TimeProvider time)
{
    /// <returns>Whether all of it is allowed, and why.</returns>
    public async Task<(bool Allowed, IReadOnlyList<string> Lines)> HandleAsync(string name, string words, CancellationToken ct)
    {
        if (register.Find(name) is not { } person)
        {
            return (false, [$"{name} is not in Identity:People."]);
        }

        if (CommandLine.Parse(null, words, person.TimeZone, time.GetUtcNow(), out var said) is { } refusal)
        {
            return No(refusal);
        }

        var command = said is Command.ShowPlan plan ? plan.Change : said;
        if (Target(command) is not { } query)
        {
            return OfNoApplication(command);
        }

        var (application, notFound) = await applications.FindAsync(query, [], ct);
        if (application is null)
        {
            return No(notFound!);
        }

        var (answer, facts) = await applications.Of(application).InspectAsync(application, ct);
        if (facts is null)
        {
            return (false, [answer.Sentence]);
        }

        if (command is Command.RequestAccess access && rules.Policy.BreakGlass.Role(access.Role) is { Kind: not Grants.GrantKind.ArgoCdRole } role)
        {
            (person, var notKnown) = await byEmail.CompleteAsync(person, Grants.GrantSubject.MayHaveAccount(role, rules.Policy.BreakGlass), ct);
            if (notKnown is not null)
            {
                return No(notKnown);
            }
        }

        var (verbs, notNow) = Verbs(command, facts);
        return verbs is null ? No(notNow!) : await ExplainAsync(person, verbs, facts, command, ct);
    }

    /// <summary>What changes something in a cluster and names no application is not known to be allowed, and never called free to all.</summary>
    private static (bool Allowed, IReadOnlyList<string> Lines) OfNoApplication(Command command) => command switch
    {
        Command.PauseNamespace or Command.ResumeNamespace => (false, ["A namespace has no rule of its own: the rules are asked for each of its applications.", "Ask for them one by one, for example pause checkout for 45m because <why>."]),
        Command.GiveBackAccess => (true, ["Whoever has the access may give it back, and no rule is asked; anybody else would revoke it."]),
        Command.RevokeAccess => (false, ["That depends on whose access it is: whoever has it may end it, anybody else needs a rule with the verb revoke for the application that it is to.", "/gitops policy shows the rules."]),
        Command.ExtendAccess => (false, ["More of the same access is asked for like the access itself, by whoever has it.", "Ask for that: request <app> as <role> for <time> because <why>."]),
        _ when LookingVerbs.LeavesClustersAlone(command) => (true, ["Anybody who is mapped may do that: it changes nothing in a cluster."]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task<(bool Allowed, IReadOnlyList<string> Lines)> ExplainAsync(Person person, IReadOnlyList<string> verbs, ApplicationFacts facts, Command command, CancellationToken ct)
    {
        var lines = new List<string>();
        var allowed = true;
        foreach (var verb in verbs)
        {
            var explained = await rules.ExplainAsync(person, Question(command, verb, facts), ct);
            allowed &= explained.Decision is Decision.Allowed;
            lines.AddRange(verbs.Count > 1 ? [$"{verb}:", .. explained.Lines] : explained.Lines);
        }

        if (command is Command.Resume or Command.Restore)
        {
            lines.AddRange(rules.OverwritingIn(Question(command, PolicyVerb.Pause, facts)).Select(rule => rule.InWords.ToString()));
        }

        return (allowed, allowed && command is Command.RequestAccess ? [.. lines, PolicyAnswers.Limits(rules.Policy.BreakGlass).ToString()] : lines);
    }

    private static (bool Allowed, IReadOnlyList<string> Lines) No(Refusal refusal) => (false, [refusal.Why.ToString(), refusal.Instead.ToString()]);

    private (IReadOnlyList<string>? Verbs, Refusal? Refusal) Verbs(Command command, ApplicationFacts facts) => command switch
    {
        Command.Pause or Command.Extend => ([PolicyVerb.Pause], null),
        Command.Rollback => ([PolicyVerb.Rollback], null),
        Command.Branch branch => ([BranchKind.VerbOf(branch.Follow)], null),
        Command.Resume or Command.Restore => ([PolicyVerb.Resume], null),
        Command.Own => ([PolicyVerb.Own], null),
        Command.RequestAccess access => ([rules.Policy.BreakGlass.VerbFor(access.Role)], null),
        Command.Action action => actions.VerbsOf(action, facts),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private TimeSpan? Duration(Command command) => command switch
    {
        Command.Pause pause => pause.Duration.From(time.GetUtcNow()),
        Command.Extend extend => extend.By.From(time.GetUtcNow()),
        Command.Rollback rollback => rollback.Duration?.From(time.GetUtcNow()) ?? TimeSpan.FromSeconds(1), // not said: as long as the rule allows
        Command.Branch branch => branch.Duration.From(time.GetUtcNow()),
        Command.RequestAccess access => access.Duration.From(time.GetUtcNow()),
        _ => null,
    };

    private PolicyQuestion Question(Command command, string verb, ApplicationFacts facts) =>
        new(verb, facts.Ref.Name, facts.Project, facts.DestinationNamespace, facts.Cluster, Duration(command)) { Access = (command as Command.RequestAccess)?.Role };

    private static ApplicationQuery? Target(Command command) => command switch
    {
        Command.Pause pause => pause.Application,
        Command.Extend extend => extend.Application,
        Command.Rollback rollback => rollback.Application,
        Command.Branch branch => branch.Application,
        Command.Restore restore => restore.Application,
        Command.Resume resume => resume.Application,
        Command.Own own => own.Application,
        Command.RequestAccess access => access.Application,
        Command.Action action => action.Application,
        _ => null,
    };
}
