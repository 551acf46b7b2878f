using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary>Verbs of <c>/gitops</c> that only look.</summary>
internal static class LookingVerbs
{
    public static Parsed Parse(Speech speech) => speech.Verb.Name switch
    {
        "apps" => speech.Words.Count == 0 ? new Command.ListApplications(null) : new Command.ListApplications(speech.Tail(0)),
        "runbook" => speech.Words switch
        {
            [] => new Command.ShowRunbook(null),
            _ => new Command.ShowRunbook(string.Join('-', speech.Words.Select(word => word.Text.ToLowerInvariant()))),
        },
        "plan" => Plan(speech),
        "diff" => One(speech, application => new Command.ShowDifferences(application)),
        "signals" => One(speech, application => new Command.ShowSignals(application)),
        "status" => One(speech, application => new Command.ShowApplication(application)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The change is read as if it had been said alone, and refused as it would be.</summary>
    private static Parsed Plan(Speech speech)
    {
        if (speech.Words.Count == 0)
        {
            return speech.AskExample("Which change shall I plan?");
        }

        var said = speech.Text[speech.Words[0].Start..];
        return CommandLine.Parse(Verb.GitOps, said, speech.TimeZone, speech.Now, out var change) is { } refusal ? refusal
            : CanBePlanned(change) ? new Command.ShowPlan(change)
            : Parsed.No(Text.Of($"{speech.Words[0].Text:code} changes nothing in a cluster, so there is nothing to plan."), Text.Of($"Say it without {"plan":code}, or plan a change: {speech.Program + speech.Verb.Example:code}"));
    }

    /// <summary>What is asked for on an incident's file and carried out later: only that can be thrown away before anything happens.</summary>
    private static bool CanBePlanned(Command command) => command is Command.Pause or Command.PauseNamespace or Command.Rollback or Command.Branch or Command.Action or Command.Extend or Command.Resume or Command.Restore or Command.RequestAccess or Command.ExtendAccess;

    private static Parsed One(Speech speech, Func<ApplicationQuery, Command> command) => speech.Words switch
    {
        [] => speech.AskExample("Which application do you want to see?"),
        [var word] when Names.Application(word.Text) is { } application => command(application),
        [_, var second, ..] => speech.Strange(second),
        [var word] => Parsed.No(Text.Of($"{word.Text:code} is no name of an application."), Text.Of($"Write {"[instance/][namespace/]name":code}, for example {speech.Program + speech.Verb.Example:code}")),
    };
}
