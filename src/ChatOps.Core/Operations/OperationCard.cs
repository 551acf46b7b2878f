using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations;

/// <summary>The card of one operation: who, what, why, until when, what the click will do; later, what came of it.</summary>
public static class OperationCard
{
    /// <param name="alone">From when, or why not, the requester may approve it alone; null where there is nothing to say.</param>
    public static Card Of(Operation operation, Reception reception, ChatPlatform platform, DateTimeOffset now, IReadOnlyList<Button> buttons, Text? alone = null)
    {
        var work = operation.Plan.Work;
        var what = $"{work.Doing} {operation.Plan.Target.Name}";
        if (work.StartsOverride && !operation.IsTerminal)
        {
            what += $" for {Durations.InWords(operation.EndsAt(now) - now)}";
        }

        var parts = new List<Part> { new Part.Facts([.. Facts(operation, reception, platform, now)]) };
        if (!operation.IsTerminal)
        {
            parts.Add(new Part.Verbatim(string.Join('\n', operation.Plan.Changes.Select(change => $"{change.Path}: {change.Before ?? "(not set)"} -> {change.After ?? "(not set)"}"))));
            parts.AddRange(operation.Notices.Select(notice => new Part.Footnote(notice)));
        }

        if (operation.State == OperationState.AwaitingApproval)
        {
            if (operation.AskAgainAt is not null)
            {
                parts.Add(new Part.Footnote("Not everybody who may approve this could be read in chat just now, so some are not asked yet; I ask them as soon as I can read them."));
            }

            if (alone is { } line)
            {
                parts.Add(new Part.Footnote(line));
            }

            parts.Add(new Part.Footnote("The last approval runs it at once, exactly as shown. If the target changes before that, the votes fall."));
        }

        if (buttons.Count > 0)
        {
            parts.Add(new Part.Buttons(buttons));
        }

        parts.Add(new Part.Footnote(Text.Of($"Rule {operation.Authority.Rule} of policy {operation.Authority.PolicyVersion} · acts in the cluster as {operation.Authority.KubernetesUser:code} · operation {operation.Id.ToString("N")[..8]} · plan {operation.Plan.Hash[..12]}")));
        return new Card(what, ToneOf(operation.State), parts) { Summary = $"{what}: {InWords(operation.State)}. {operation.Reason}" };
    }

    public static string InWords(OperationState state) => state switch
    {
        OperationState.Requested => "being prepared",
        OperationState.AwaitingApproval => "waits for approval",
        OperationState.Approved => "approved, about to run",
        OperationState.Running => "running",
        OperationState.Succeeded => "done",
        OperationState.Failed => "failed",
        OperationState.Refused => "refused",
        OperationState.Denied => "denied",
        OperationState.Expired => "expired",
        OperationState.Withdrawn => "withdrawn",
    };

    private static IEnumerable<Fact> Facts(Operation operation, Reception reception, ChatPlatform platform, DateTimeOffset now)
    {
        yield return new("Asked by", Text.Of($"{reception.Address(operation.RequestedBy, platform)}{(operation.RequesterKnownBy is { } known and not Recognition.Configured ? $", known by {known.InWords()}" : "")}"));
        yield return new("Why", operation.Reason);
        if (!operation.Plan.Work.HasEnd)
        {
            // It is done once and lasts by itself.
        }
        else if (operation.State is OperationState.Requested or OperationState.AwaitingApproval)
        {
            yield return new("Until", operation.Until == operation.EndsAt(now) ? Text.Of($"{operation.EndsAt(now)}") : Text.Of($"{operation.EndsAt(now)} if it starts now"));
        }
        else if (operation.State is OperationState.Approved or OperationState.Running or OperationState.Succeeded)
        {
            yield return new("Until", Text.Of($"{operation.EndsAt(operation.StateSince)}"));
        }

        yield return new("What", operation.Plan.Work.Effect + ": " + operation.Plan.Target.InWords);
        yield return new("State", State(operation, reception));
    }

    private static Text State(Operation operation, Reception reception) => operation.State switch
    {
        OperationState.Requested => "being prepared",
        OperationState.AwaitingApproval => Text.Of($"needs {Approvals(operation.Authority.ApprovalsNeeded - operation.Approvals.Count)} by {operation.Authority.ApproverRole ?? "":b} before {operation.RequestExpiresAt}") + Votes(operation, reception),
        OperationState.Approved => "approved, about to run" + Votes(operation, reception),
        OperationState.Running => (operation.Progress is { } seen ? $"running: {seen}" : "running") + Votes(operation, reception),
        OperationState.Succeeded => (operation.Outcome ?? "done") + Votes(operation, reception),
        OperationState.Failed or OperationState.Refused or OperationState.Denied or OperationState.Expired or OperationState.Withdrawn =>
            Text.Of($"{InWords(operation.State):b}{AfterState(operation)}"),
    };

    /// <summary>"Denied by carol: …" has the state in it, and it is not said twice.</summary>
    private static string AfterState(Operation operation) => operation.Outcome?.StartsWith(InWords(operation.State), StringComparison.Ordinal) == true
        ? operation.Outcome[InWords(operation.State).Length..]
        : $": {operation.Outcome}";

    private static string Approvals(int count) => count == 1 ? "one approval" : $"{count} approvals";

    private static Text Votes(Operation operation, Reception reception) => operation switch
    {
        { SelfApproved: true } => Text.Of($", approved by {reception.NameOf(operation.RequestedBy)} alone in an emergency, {(operation.ReviewOwed ? "review owed" : $"reviewed by {operation.ReviewClosedBy}")}"),
        { Approvals.Count: > 0 } => Text.Of($", approved by {string.Join(", ", operation.Approvals.Select(approval => reception.NameOf(approval.Person) + Remarks(approval)))}"),
        _ => Text.Empty,
    };

    /// <summary>What a vote says besides yes: for how long, and by what the voter was known where that is not the strongest.</summary>
    public static string Remarks(Approval approval)
    {
        string?[] remarks =
        [
            approval.AtMost is { } time ? $"for {Durations.InWords(time)} at most" : null,
            approval.KnownBy is { } known and not Recognition.Configured ? $"known by {known.InWords()}" : null,
        ];
        return string.Join(", ", remarks.OfType<string>()) is { Length: > 0 } said ? $" ({said})" : "";
    }

    private static Tone ToneOf(OperationState state) => state switch
    {
        OperationState.Requested or OperationState.AwaitingApproval or OperationState.Approved or OperationState.Running => Tone.Waiting,
        OperationState.Succeeded => Tone.Good,
        OperationState.Failed or OperationState.Refused => Tone.Alarm,
        OperationState.Denied or OperationState.Expired or OperationState.Withdrawn => Tone.Neutral,
    };

    /// <summary>What a decider should know and no field says: who could undo it, what is on its way.</summary>
    public static IEnumerable<Text> Notices(ApplicationFacts facts, Plan plan)
    {
        if (plan.Work is AboutPause { Only: { } only })
        {
            return [.. OnlyPlan.Notices(facts, only), .. facts.Blockers.Select(blocker => Text.Of($"{blocker.Sentence} {blocker.Instead}")), .. WindowsNotKnown(facts)];
        }

        var notices = new List<Text>();
        if (facts.NextRevert is { } next && next > facts.ReadAt + TimeSpan.FromSeconds(2))
        {
            // Reverts come within seconds to minutes, and a moment is shown to the minute.
            notices.Add(Text.Of($"Without the pause Argo CD reverts hand changes; when I looked, the next revert was due in {next - facts.ReadAt}, at {next}."));
        }
        else if (facts.Blockers.Count > 0)
        {
            notices.Add("Argo CD does not revert hand changes at this moment, for the reason below; that can end without notice.");
        }
        else if (facts.SelfHealOn)
        {
            notices.Add("Without the pause Argo CD reverts a hand change within a second.");
        }
        else
        {
            notices.Add("Self-heal is off, but the next commit would take a hand change away.");
        }

        var way = Pausing.WindowWay.Of(facts);
        notices.Add(InWords(way));
        if (facts.Flight is { } flight)
        {
            var now = flight.WaitsToRetry ? "waiting to be tried again" : "running";
            notices.Add(way.Mechanism == PauseMechanism.Window && flight.Automated
                ? Text.Of($"An automatic sync is {now}. The window holds back what it has not begun; what it is doing at that moment it ends.")
                : flight is { Automated: true, Phase: "Running" } && PausePlan.EndsOperation(plan)
                ? Text.Of($"An automatic sync is {now}. The pause ends it, so that it overwrites nothing more; resuming syncs again.")
                : Text.Of($"An operation of {flight.By} is {now}. The pause does not end it, and it can still overwrite hand changes."));
        }

        notices.AddRange(facts.Blockers.Select(blocker => Text.Of($"{blocker.Sentence} {blocker.Instead}")));
        notices.AddRange(WindowsNotKnown(facts));
        return notices;
    }

    /// <summary>Why the pause is made this way, and who could end it all the same.</summary>
    public static Text InWords(PauseWay way) => way.Risk is { } risk ? $"{way.Because} {risk}" : way.Because;

    /// <summary>Where a project could not be read, no window of it is shown, which must not look like none.</summary>
    public static IEnumerable<Text> WindowsNotKnown(ApplicationFacts facts) => facts.UnreadProjects.Select(project =>
        Text.Of($"Project {project:code} could not be read, so whether a sync window of it holds anything back is not known. Does it exist, and may ChatOps read AppProjects, as {"manifests/base":code} lets it?"));

    /// <summary>What will not work because the cluster's RBAC lags behind the policy; empty when it does not.</summary>
    public static IReadOnlyList<Text> CoverageNotice(bool? covered, string kubernetesUser) => covered == false
        ? [Text.Of($"The cluster's RBAC does not let {kubernetesUser:code} patch this application: this will fail until {"ChatOps.Server rbac":code} is applied.")]
        : [];
}
