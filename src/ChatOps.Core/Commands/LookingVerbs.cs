using ChatOps.Core.Conversation;
using ChatOps.Core.Looking;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary>Verbs of <c>/gitops</c> that only look.</summary>
internal static class LookingVerbs
{
    public static Parsed Parse(Speech speech) => speech.Verb.Name switch
    {
        "apps" => speech.Words.Count == 0 ? new Command.ListApplications(null) : new Command.ListApplications(speech.Tail(0)),
        "runbook" => Steps([.. speech.Words.Select(word => word.Text)]),
        "plan" => Plan(speech),
        "diff" => One(speech, application => new Command.ShowDifferences(application)),
        "signals" => One(speech, application => new Command.ShowSignals(application)),
        "status" => One(speech, application => new Command.ShowApplication(application)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Names of runbooks have several words, so the application is the one that is left over, before or behind.</summary>
    private static Command.ShowRunbook Steps(string[] words)
    {
        static string Named(IEnumerable<string> words) => string.Join('-', words).ToLowerInvariant();
        return words switch
        {
            [] => new(null),
            _ when Runbook.Find(Named(words)) is not null => new(Named(words)),
            [.. var name, var last] when Runbook.Find(Named(name)) is not null && Names.Application(last) is { } application => new(Named(name), application),
            [var first, .. var name] when Runbook.Find(Named(name)) is not null && Names.Application(first) is { } application => new(Named(name), application),
            _ => new(Named(words)),
        };
    }

    /// <summary>The change is read as if it had been said alone, and refused as it would be.</summary>
    private static Parsed Plan(Speech speech)
    {
        if (speech.Words.Count == 0)
        {
            return speech.AskExample("Which change shall I plan?");
        }

        var said = speech.Text[speech.Words[0].Start..];
        if (CommandLine.Parse(ProgramOf(speech.Words), said, speech.TimeZone, speech.Now, out var change) is { } refusal)
        {
            return refusal;
        }

        var another = Text.Of($"plan a change: {speech.Program + speech.Verb.Example:code}");
        return CanBePlanned(change) ? new Command.ShowPlan(change)
            : LeavesClustersAlone(change) ? Parsed.No(Text.Of($"{speech.Words[0].Text:code} changes nothing in a cluster, so there is nothing to plan."), Text.Of($"Say it without {"plan":code}, or ") + another)
            : Parsed.No(Text.Of($"I cannot plan {speech.Words[0].Text:code}: what it would change I know only by doing it. Nothing was done."), Text.Of($"You can ") + another);
    }

    /// <summary>As it is read where no program is named: an id of a grant is extended by another one than an application.</summary>
    private static string ProgramOf(IReadOnlyList<Word> change) =>
        change is [{ Key: "extend" }, var id, ..] && BreakGlassVerbs.IsId(id.Text) ? Verb.BreakGlass : Verb.GitOps;

    /// <summary>What only an incident's file says until a worker carries it out: that can be thrown away before anything happens.</summary>
    internal static bool CanBePlanned(Command command) => command is Command.Pause or Command.PauseNamespace or Command.Rollback or Command.Branch or Command.Action or Command.Extend
        or Command.Resume or Command.ResumeNamespace or Command.Restore or Command.RequestAccess or Command.ExtendAccess or Command.GiveBackAccess or Command.RevokeAccess;

    /// <summary>What only looks, and what is a matter of the books alone.</summary>
    internal static bool LeavesClustersAlone(Command command) => command is Command.Looking or Command.ShowPlan or Command.ShowPolicy or Command.Help or Command.ListAccess
        or Command.ShowIncident or Command.ShowTimeline or Command.Declare or Command.AddNote or Command.AddApplications or Command.RemoveApplications
        or Command.ChangeSeverity or Command.ChangeOperator or Command.ChangeCommander or Command.Mitigated or Command.Close or Command.Reopen or Command.Own;

    private static Parsed One(Speech speech, Func<ApplicationQuery, Command> command) => speech.Words switch
    {
        [] => speech.AskExample("Which application do you want to see?"),
        [var word] when Names.Application(word.Text) is { } application => command(application),
        [_, var second, ..] => speech.Strange(second),
        [var word] => Parsed.No(Text.Of($"{word.Text:code} is no name of an application."), Text.Of($"Write {"[instance/][namespace/]name":code}, for example {speech.Program + speech.Verb.Example:code}")),
    };
}
