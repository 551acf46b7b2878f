using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// What people are shown before an override ends by their word: which changes by hand the engine overwrites then, and what it
/// deploys again where that was rolled back from. Where the rule of the override wants it, they are asked, in the thread.
/// </summary>
public sealed class AskBeforeEnd(KeepEvidence evidence, LookAtComeback comebacks, AskRulebook rules, Reception reception)
{
    private const int MostNamed = 5;

    /// <summary>What a look found, and whether the end may go on.</summary>
    public sealed record Asked(Overwritable May, IReadOnlyList<ResourceDrift> Lost, Comeback? Back)
    {
        /// <summary>What the end does, in a few words.</summary>
        public Text InWords => (Lost.Count == 0, Back) switch
        {
            (false, { Comes: true }) => Text.Of($"{EvidenceTexts.Overwritten(Lost)}, and Argo CD deploys what Git says"),
            (_, { Comes: true }) => "Argo CD deploys what Git says",
            _ => Text.Of($"{EvidenceTexts.Overwritten(Lost)}"),
        };
    }

    /// <summary>Writes down what is seen and, where it has to be asked first, asks; whoever called stores it.</summary>
    /// <param name="press">The question whose button was pressed by somebody who may.</param>
    public async Task<Asked> HandleAsync(IncidentFile file, Lease lease, Person person, OverwriteQuestion? press, CancellationToken ct)
    {
        var back = await comebacks.LookAsync(lease, ct);
        var look = (await evidence.LookAsync(lease.Target, ct))?.Beside(lease);
        var known = look ?? HandsSeen.Unseen(lease);
        KeepEvidence.Write(file, lease, known);
        lease = file.Lease(lease.Id)!;
        var lost = HandChanges.Overwritten(known.Hands);
        var asked = new Asked(OverwriteRule.Judge(lease.Overwriting, lost, look, press, back), lost, back);
        if (asked.May != Overwritable.Yes)
        {
            await NotYetAsync(file, lease, known, asked, person, press, ct);
        }
        else if (press is null && known.OfControllers.Count > 0)
        {
            SayOfControllers(file, lease, known.OfControllers, person); // nobody was shown them in a question
        }

        return asked;
    }

    public static Card NotYet(Incident incident, Lease lease, Asked asked) => Card.Note($"Not {lease.EndedWord} yet", Tone.Waiting,
        Text.Of($"{lease.Target.Name:code} {Why(asked)}. The thread of incident {incident.Number} shows what, {(asked.May == Overwritable.Ask ? "with the button that does it all the same" : "and what has to be done first")}."));

    private static string Why(Asked asked) => asked switch
    {
        { Lost.Count: 0, Back.Comes: true } => "runs something else than Git says, and Argo CD would deploy that",
        { Lost.Count: > 0 } when asked.Lost.All(resource => resource.IsDeleted) => "lacks what was deleted since it was deployed, and Argo CD would make that again",
        _ => "was changed by hand, and Argo CD would overwrite that",
    };

    private static void SayOfControllers(IncidentFile file, Lease lease, IReadOnlyList<ResourceDrift> changed, Person person)
    {
        var (lines, count) = (HandChanges.Lines(changed).ToList(), HandChanges.Count(changed));
        file.Tell(TimelineKind.StateChanged, person.Name, _ => Text.Of($"{lease.Target.Name:code}: Argo CD makes {(count == 1 ? "1 field" : $"{count} fields")} as Git says that controllers of the cluster changed, and may change again: {string.Join("; ", lines.Take(MostNamed))}{(count > MostNamed ? $"; and {count - MostNamed} more" : "")}."), Tone.Neutral, lease.Id);
    }

    private async Task NotYetAsync(IncidentFile file, Lease lease, HandsSeen look, Asked asked, Person person, OverwriteQuestion? press, CancellationToken ct)
    {
        var (lost, back) = (asked.Lost, asked.Back is { Comes: true } comes ? comes : null);
        var (name, rule) = (lease.Target.Name, lease.Overwriting);
        var asks = Text.Of($"{person.DisplayName} asks to {lease.EndWord} {name:code}. {(press is null ? "" : look.IsBlind ? "Since it was shown it cannot be looked at any more; nothing was done. " : "It was changed again since it was shown; nothing was done. ")}")
            + (back?.InWords ?? Text.Empty)
            + (look.NotRead.Count > 0 ? Text.Of($"Whether {HandChanges.Named(look.NotRead)} {(look.NotRead.Count == 1 ? "was" : "were")} changed by hand could not be looked at. ")
                : look.IsBlind || lost.Count == 0 && back is null ? Text.Of($"What was changed by hand could not be looked at. ") : Text.Empty)
            + WouldMake(lost)
            + Text.Of($"Not {lease.EndedWord} yet: ");
        if (asked.May == Overwritable.NotInGit)
        {
            file.Tell(TimelineKind.HandChanged, person.Name, _ => asks + NotInGit(lease, lost, back), Tone.Waiting, lease.Id, parts: EvidenceCard.Before(look));
            return;
        }

        var others = rule.FromRole is { } role ? (await rules.HoldersAsync(role, ct)).Where(holder => holder.Name != person.Name).ToList() : [];
        var never = press is not null && lost.Count > 0 && !press.Covers(lost) && press.CoversFields(lost); // only values moved, and may do so again
        var key = ThreadQuestion.Ask(
            file,
            lease.Id,
            TimelineKind.HandChanged,
            person.Name,
            platform => asks
                + (back is not null && lost.Count == 0 ? "revert it in Git first, or " : "bring it into Git first, or ")
                + (rule.Needs == OverwritingNeeds.Approval ? Text.Of($"somebody else, as {rule.FromRole ?? "":b}, agrees, as rule {rule.Rule:code} wants. ") + new Text([.. others.SelectMany(other => new[] { reception.Address(other.Name, platform), new Run.Plain(" ") })]) : "press.")
                + (never ? " The same fields were written again: the next press counts for them whatever they hold then." : ""),
            Tone.Waiting,
            message => [Offer(file, lease, message, asked)],
            EvidenceCard.Before(look));
        file.Save(file.Lease(lease.Id)! with { Overwrite = new(person.Name, key, [.. HandChanges.Marks(lost), .. back is null ? Array.Empty<string>() : [back.Mark]], never) { Blind = look.IsBlind } });
    }

    private static Text NotInGit(Lease lease, IReadOnlyList<ResourceDrift> lost, Comeback? back)
    {
        var (name, rule) = (lease.Target.Name, lease.Overwriting.Rule);
        return back is not null && lost.Count == 0
            ? Text.Of($"rule {rule:code} wants Git to say first what runs. Revert it there, then {$"refresh {name}":code} and {$"{lease.EndWord} {name}":code} again; a commit that you want to run is deployed under the hold by {$"sync {name}":code}; {$"extend {name} by 30m":code} gives time.")
            : lost.Count == 0
            ? Text.Of($"rule {rule:code} wants to know that Git has it. Ask again once it can be read.")
            : Text.Of($"rule {rule:code} wants it in Git first. Merge it, then {$"refresh {name}":code} and {$"{lease.EndWord} {name}":code} again; or put it back by hand as Git says; {$"extend {name} by 30m":code} gives time.");
    }

    private static Text WouldMake(IReadOnlyList<ResourceDrift> lost)
    {
        var objects = lost.Count(resource => resource.IsDeleted);
        var fields = HandChanges.Count(lost) - objects;
        return (fields == 0 ? Text.Empty : Text.Of($"Argo CD would then make {(fields == 1 ? "1 field" : $"{fields} fields")} as Git says that {(fields == 1 ? "was" : "were")} changed by hand. "))
            + (objects == 0 ? Text.Empty : Text.Of($"Argo CD would then make {(objects == 1 ? "1 object" : $"{objects} objects")} again that {(objects == 1 ? "was" : "were")} deleted, by whom or what is not known. "));
    }

    private static Button Offer(IncidentFile file, Lease lease, MessageKey key, Asked asked)
    {
        var token = Tokens.Next();
        file.Changes.Offer(new Choice(token, ChoiceKind.ResumeKnowing, lease.Id, null, key, file.Now + TimeSpan.FromDays(30)));
        var deploys = asked is { Lost.Count: 0, Back.Comes: true };
        var does = $"{(lease.Branch is null ? "esume" : "estore")} and {(deploys ? "deploy it" : "overwrite")}";
        return new Button(lease.Overwriting.Needs == OverwritingNeeds.Approval ? $"Agree: r{does}" : $"R{does}", token, ButtonStyle.Danger)
        {
            Confirm = deploys ? "Argo CD deploys what Git says within seconds, as it is shown here." : $"Argo CD makes {(asked.Lost.Any(resource => resource.IsDeleted) ? "this" : "these fields")} as Git says within seconds. The record keeps what was there, with the commands that do it again{(EvidenceTexts.NoWay(asked.Lost) is null ? "" : " for what has one")}.",
        };
    }
}
