using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Incidents;

/// <summary>The pinned card of an incident: who, what, which overrides until when, and the head of its record.</summary>
public static class IncidentCard
{
    public static Card Of(IncidentFile file, Reception reception, ChatPlatform platform)
    {
        var incident = file.Incident;
        var parts = new List<Part>
        {
            new Part.Facts(
            [
                new("State", Text.Of($"{InWords(incident.State):b}, {incident.Severity.ToString().ToLowerInvariant()}")),
                new("Declared", Text.Of($"{incident.DeclaredAt} by {reception.NameOf(incident.DeclaredBy)}")),
                new("Operator", Text.Of($"{reception.Address(incident.Operator, platform)} acts")),
                new("Commander", incident.Commander is null ? NobodyYet(incident.IsOpen) : Text.Of($"{reception.Address(incident.Commander, platform)} decides")),
                new("Scope", incident.Scope.Count == 0 ? Text.Of($"no application yet: {"apps add <app>":code}") : Scope(incident)),
            ]),
        };
        if (incident.NotCovered.Count > 0)
        {
            parts.Add(new Part.Paragraph(Text.Of($"{string.Join(", ", incident.NotCovered.Select(one => one.Name)):code}: not covered by the cluster's RBAC when last looked at, so what is asked for there can fail. Let the platform team apply {"ChatOps.Server rbac":code}, then {$"apps add {incident.NotCovered[0].Name}":code} looks again.")));
        }

        foreach (var lease in file.Leases.Where(lease => lease.IsUnsettled))
        {
            parts.Add(new Part.Paragraph(Line(lease, reception, platform, file.Now)));
        }

        parts.AddRange(file.Grants.Where(grant => grant.IsLive).Select(grant => new Part.Paragraph(
            Text.Of($"{grant.Target.Name:code}: {reception.NameOf(grant.Person)} has access as {grant.Role:b} until {grant.EndsAt} ({grant.ShortId:code})"))));
        parts.AddRange(Waiting(file, reception).Select(line => new Part.Paragraph(line)));

        parts.Add(new Part.Footnote(Text.Of($"Incident {incident.Number} · record of {incident.Entries} entries, head {Chain.Abbreviate(incident.Head)}")));
        return new Card($"Incident {incident.Number}: {incident.Title}", ToneOf(file), parts);
    }

    public static string InWords(IncidentState state) => state switch
    {
        IncidentState.Open => "Open",
        IncidentState.Mitigated => "Mitigated",
        IncidentState.Reconciling => "Reconciling",
        IncidentState.Closed => "Closed",
    };

    /// <summary>One line about one override, as seen now.</summary>
    public static Text Line(Lease lease, Reception reception, ChatPlatform platform, DateTimeOffset now) => lease.Branch is { } held ? Line(lease, held, reception, platform, now) : lease.State switch
    {
        LeaseState.Starting => Text.Of($"{lease.Target.Name:code}: pausing …"),
        LeaseState.Active => Text.Of($"{lease.Target.Name:code}: paused{(lease.Only is { } only ? $" in part ({only.Spoken})" : "")} {Until(lease, now)}, {HoldInWords(lease.Hold):b}, owner {reception.Address(lease.Owner, platform)}: {lease.Reason}") + OthersToo(lease),
        LeaseState.Ending => Text.Of($"{lease.Target.Name:code}: resuming …"),
        LeaseState.Overtaken when lease.WaitsForPeople => OvertakenTexts.Seen(lease) + Text.Of($" Owner {reception.Address(lease.Owner, platform)}. ") + OvertakenTexts.LeftToDo(lease),
        LeaseState.Overtaken or LeaseState.Ended or LeaseState.Void => Text.Of($"{lease.Target.Name:code}: {(lease.Outside is { } outside ? outside.Over : "not paused")}"),
    };

    private static Text Line(Lease lease, HeldBranch held, Reception reception, ChatPlatform platform, DateTimeOffset now) => lease.State switch
    {
        LeaseState.Starting => Text.Of($"{lease.Target.Name:code}: switching to commit {held.Spoken:code} …"),
        LeaseState.Active => Text.Of($"{lease.Target.Name:code}: {(lease.Follows is null ? "switched to" : "follows its branch, now at")} commit {held.Spoken:code} {Until(lease, now)}, {HoldInWords(lease.Hold):b}, owner {reception.Address(lease.Owner, platform)}: {lease.Reason}")
            + (lease.BranchGone ? Text.Of($" ({"the branch is deleted":b})") : lease.BranchTip is { } tip && tip != held.Commit ? Text.Of($" (the branch is at {Commits.Abbreviate(tip):code} by now, which is not deployed)") : Text.Empty),
        LeaseState.Ending => Text.Of($"{lease.Target.Name:code}: restoring …"),
        LeaseState.Overtaken when lease.WaitsForPeople => OvertakenTexts.Seen(lease) + Text.Of($" Owner {reception.Address(lease.Owner, platform)}. ") + OvertakenTexts.LeftToDo(lease),
        LeaseState.Overtaken or LeaseState.Ended or LeaseState.Void => Text.Of($"{lease.Target.Name:code}: on no branch of ours"),
    };

    private static Text OthersToo(Lease lease) => lease.HeldWith.Count == 0 ? Text.Empty : Text.Of($" (held by {SharedPause.InWords(lease.HeldWith)} as well)");

    /// <summary>"Until 12:41" at 12:50 would look as if all were well.</summary>
    private static Text Until(Lease lease, DateTimeOffset now) => now < lease.Deadline
        ? Text.Of($"until {lease.Deadline}")
        : Text.Of($"{"past its end":b} ({lease.Deadline}), {lease.EndWord} or extend it");

    public static string HoldInWords(Hold hold) => hold switch
    {
        Hold.Stored => "stored, not yet known to hold",
        Hold.Holding => "holding",
        Hold.NotKnown => "not known to hold",
        Hold.Reverted => "reverted",
        Hold.OffByOthers => "off, but no longer by us",
    };

    private static Text NobodyYet(bool isOpen) => isOpen ? Text.Of($"nobody yet: {"commander @name":code}") : "nobody";

    /// <summary>What waits for people.</summary>
    private static IEnumerable<Text> Waiting(IncidentFile file, Reception reception)
    {
        foreach (var operation in file.Operations.Where(operation => operation.State == OperationState.AwaitingApproval))
        {
            yield return Text.Of($"{operation.Plan.Target.Name:code}: a request of {reception.NameOf(operation.RequestedBy)} waits for approval until {operation.RequestExpiresAt}");
        }

        foreach (var operation in file.Operations.Where(operation => operation.ReviewOwed))
        {
            yield return Text.Of($"{operation.Plan.Target.Name:code}: {reception.NameOf(operation.RequestedBy)} approved alone, and somebody else still has to review it");
        }
    }

    private static Text Scope(Incident incident) =>
        new([.. incident.Scope.SelectMany((application, i) => i == 0
            ? new Run[] { new Run.Code(application.Name) }
            : [new Run.Plain(", "), new Run.Code(application.Name)])]);

    private static Tone ToneOf(IncidentFile file)
    {
        if (file.Incident.State == IncidentState.Closed)
        {
            return Tone.Good;
        }

        var loose = file.Leases.Any(lease => lease.IsUnsettled && (lease.WasOvertaken || lease.Hold == Hold.NotKnown || file.Now >= lease.Deadline));
        return loose || file.Incident.State == IncidentState.Open ? Tone.Alarm : Tone.Warning;
    }
}
