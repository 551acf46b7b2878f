using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Acting;

/// <summary>A plan as far as facts decide about it: what will be written, and what people have to know before they say yes.</summary>
public sealed record Draft(ActionWork Work, IReadOnlyList<FieldChange> Changes, IReadOnlyList<Text> Notices)
{
    public Plan Plan(ApplicationFacts facts, string policyVersion) =>
        new() { Target = ApplicationTarget.Of(facts), Work = Work, Changes = Changes, PolicyVersion = policyVersion };
}

/// <summary>What all kinds that the engine carries out have in common: no lease, and an outcome in the engine's own words.</summary>
public abstract class ActionKind(Applications applications, LookAgain look) : IKindOfOperation
{
    public abstract OperationKind Kind { get; }

    protected Applications Applications { get; } = applications;

    /// <summary>From what was said and what is there to what would be done, or why not. Null: another kind's command. Pure.</summary>
    public abstract (ActionWork? Work, Refusal? Refusal)? Understand(Command.Action command, ApplicationFacts facts);

    /// <summary>The plan for it, or what speaks against it now. Pure; asked again before it runs.</summary>
    public abstract (Draft? Draft, Refusal? Refusal) Draft(ActionWork work, ApplicationFacts facts);

    public Task<SecondLook> LookAgainAsync(IncidentFile file, Operation operation, Person requester, CancellationToken ct)
    {
        var work = operation.Plan.Of<ActionWork>();
        return look.AtAsync(
            operation,
            requester,
            work.PolicyVerbs,
            work.Lasting,
            facts => Draft(work, facts).Refusal?.Why.ToString(),
            facts => Draft(work, facts).Draft!.Plan(facts, look.PolicyVersion),
            (facts, _) => Draft(work, facts).Draft!.Notices,
            ct);
    }

    /// <summary>As people call it: "Sync".</summary>
    protected virtual string Name(Operation operation) => operation.Kind.ToString();

    /// <summary>What people have to know once it is done.</summary>
    protected virtual Text After(IncidentFile file, Operation operation) => Text.Empty;

    public virtual void Begin(IncidentFile file, Operation operation)
    {
        // Nothing is left to be undone.
    }

    public abstract Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct);

    public Task<bool> IsThereAsync(Operation operation, CancellationToken ct) => Task.FromResult(false);

    public virtual void Succeed(IncidentFile file, Operation operation)
    {
        var outcome = operation.Progress ?? "done";
        file.Save(operation.Succeed(file.Now, outcome));
        file.Tell(TimelineKind.Done, "Argo CD", _ => Text.Of($"{Name(operation)} of {operation.Plan.Target.Name:code}: {outcome}.{After(file, operation)}"), Tone.Good, operation.Id);
    }

    public void Fail(IncidentFile file, Operation operation, ClusterAnswer answer, bool mayBeThere)
    {
        file.Save(operation.Fail(answer.Sentence, file.Now));
        var changed = answer.Kind switch
        {
            ClusterAnswerKind.Failed => "",
            _ when mayBeThere || operation.Progress is not null => " Look at the application: something of it may have been done.",
            _ => " Nothing was changed.",
        };
        file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{Name(operation)} of {operation.Plan.Target.Name:code} failed: {answer.Sentence}.{changed}"), Tone.Alarm, operation.Id);
    }
}
