using System.Globalization;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// What is said of an override that somebody else changed, and what can be done about it: the same on the card, in the alarm,
/// on the record's page and where closing is refused.
/// </summary>
public static class OvertakenTexts
{
    private static readonly TimeSpan ShortestAgain = TimeSpan.FromMinutes(5);

    public static Text Seen(Lease lease) => lease.Outside is { } outside ? Text.Of($"{lease.Target.Name:code}: ") + outside.Story
        : lease.WindowIn is { } project ? Text.Of($"{lease.Target.Name:code}: not held{(lease.HeldWith.Count > 0 ? " by this incident" : "")} any more: {lease.EndedBy} took our deny window out of project {project:code} or changed it ({When(lease)}){(lease.HeldWith.Count > 0 ? $"; {SharedPause.InWords(lease.HeldWith)} held it as well then" : "")}.")
        : lease.Branch is { } held ? Text.Of($"{lease.Target.Name:code}: does not follow commit {held.Spoken:code} any more: {lease.EndedBy} changed its revision ({When(lease)}).")
        : lease.Only is not null ? Text.Of($"{lease.Target.Name:code}: not paused in part any more: {lease.EndedBy} took our rules out of its ignoreDifferences or changed them ({When(lease)}).")
        : lease.Hold == Hold.OffByOthers
        ? Text.Of($"{lease.Target.Name:code}: auto-sync is still off, but no longer by us: {lease.EndedBy} changed it ({When(lease)}).")
        : Text.Of($"{lease.Target.Name:code}: not paused any more: {lease.EndedBy} switched auto-sync on again ({When(lease)}).");

    private static Text When(Lease lease) => Text.Of($"seen {lease.HoldSince ?? lease.StartedAt}{(lease.Held is { } held ? Text.Of($", after it had held for {held}") : "")}");

    public static Text LeftToDo(Lease lease) => lease.Outside is { IsOursToPutBack: false } made ? Text.Of($"{made.ByHand(lease.Target):code} puts back what was there before, by whoever may; or press {"Leave it so":b} in the thread.")
        : lease.Outside is not null ? Text.Of($"{$"resume {lease.Target.Name}":code} puts back what was there before; or press {"Leave it so":b} in the thread.")
        : lease.Branch is { } held ? Text.Of($"{$"restore {lease.Target.Name}":code} settles it and leaves the revision as it is, {$"branch {lease.Target.Name} {held.Branch} for 30m because …":code} switches again.")
        : lease.Hold == Hold.OffByOthers
        ? Text.Of($"Switch it on again where it was switched off, then {$"resume {lease.Target.Name}":code} settles it; or press {"Leave it off":b} in the thread.")
        : Text.Of($"{$"resume {lease.Target.Name}":code} settles it, {$"{lease.PauseWords} for 30m because …":code} pauses it again.");

    /// <summary>The alarm, with what can be pressed.</summary>
    public static void Tell(IncidentFile file, Lease lease, string by, Text before, Reception reception) => ThreadQuestion.Ask(
        file,
        lease.Id,
        TimelineKind.Reverted,
        by,
        platform => before + Seen(lease) + Text.Of($" {reception.Address(lease.Owner ?? file.Incident.Commander ?? file.Incident.Operator, platform)}, decide: ") + LeftToDo(lease),
        Tone.Alarm,
        key => Buttons(file, lease, key));

    /// <summary>Each is bound to the message it sits on.</summary>
    public static IReadOnlyList<Button> Buttons(IncidentFile file, Lease lease, MessageKey message) => lease.Outside is not null
        ?
        [
            .. lease.Outside.IsOursToPutBack ? [new("Resume", Offer(file, lease, message, ChoiceKind.ResumeLease)) { Confirm = "Argo CD applies what Git says within seconds; what that overwrites of changes by hand is shown first." }] : Array.Empty<Button>(),
            new("Leave it so", Offer(file, lease, message, ChoiceKind.LeaveOff)) { Confirm = "It stays as somebody left it, and I remind nobody of it any more." },
        ]
        : lease.Hold == Hold.OffByOthers
        ?
        [
            new("Look again", Offer(file, lease, message, ChoiceKind.ResumeLease)),
            new("Leave it off", Offer(file, lease, message, ChoiceKind.LeaveOff)) { Confirm = "Argo CD goes on not syncing it by itself, and I remind nobody of it any more." },
        ]
        :
        [
            new(lease.Branch is null ? "Pause again" : "Switch again", Offer(file, lease, message, ChoiceKind.SayCommand, Again(lease, file.Now))),
            new("Settle", Offer(file, lease, message, ChoiceKind.ResumeLease)),
        ];

    /// <summary>For the time that was left; the rule is asked as for any pause.</summary>
    private static string Again(Lease lease, DateTimeOffset now)
    {
        var left = lease.Deadline - now > ShortestAgain ? lease.Deadline - now : ShortestAgain;
        return string.Create(CultureInfo.InvariantCulture, $"{(lease.Branch is { } held ? $"branch {lease.Target} {held.Branch}" : $"pause {lease.Target}{(lease.Only is { } only ? $" only {only.Spoken}" : "")}")} for {(int)left.TotalMinutes}m because {lease.Reason.ReplaceLineEndings(" ")}");
    }

    private static string Offer(IncidentFile file, Lease lease, MessageKey message, ChoiceKind kind, string? says = null)
    {
        var token = Tokens.Next();
        file.Changes.Offer(new Choice(token, kind, lease.Id, null, message, file.Now + TimeSpan.FromDays(30)) { Says = says });
        return token;
    }
}
