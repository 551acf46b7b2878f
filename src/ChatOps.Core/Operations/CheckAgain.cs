using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations;

/// <summary>
/// Asks everything again in the moment before an approved operation runs: is the target still what was approved, may the
/// requester still do this, may those who approved still approve. What no longer holds is undone and told.
/// </summary>
public sealed class CheckAgain(KindsOfOperation kinds, AskRulebook rules, Register register, Reception reception)
{
    /// <summary>True: run it. False: the file holds what became of it, or nothing if it has to wait.</summary>
    public async Task<bool> PassesAsync(IncidentFile file, Operation operation, CancellationToken ct)
    {
        if (register.Find(operation.RequestedBy) is not { } requester)
        {
            Refuse(file, operation, $"{operation.RequestedBy} is not mapped any more");
            return false;
        }

        switch (await kinds.Of(operation).LookAgainAsync(file, operation, requester, ct))
        {
            case SecondLook.Later later:
                file.Save(operation.TryAgainAt(file.Now + (later.After ?? Backoff.After(3))));
                return false;
            case SecondLook.No no:
                Refuse(file, operation, no.Why);
                return false;
            case SecondLook.Planned now when !now.IsWhatWasApproved(operation):
                Replan(file, operation, now);
                return false;
            default:
                return operation.SelfApproved || await ApproversStillMayAsync(file, operation, ct);
        }
    }

    private void Replan(IncidentFile file, Operation operation, SecondLook.Planned now)
    {
        var name = operation.Plan.Target.Name;
        var what = now.Plan.Hash == operation.Plan.Hash ? Text.Of($"The rule for {name:code} changed") : Text.Of($"{name:code} changed");
        var next = operation.Replan(now.Plan, now.Authority, now.Notices, file.Now);
        file.Save(next);
        file.Tell(
            TimelineKind.VotesFell,
            "chatops",
            platform => what + (next.State == OperationState.Approved
                ? " after it was asked for. The card shows the new plan, which I follow. "
                : " after it was approved, so the approvals no longer count. The card shows the new plan; decide again. ") + Concerned(operation, platform),
            Tone.Warning,
            operation.Id);
    }

    /// <summary>By their mention: an edited card wakes nobody.</summary>
    private Text Concerned(Operation operation, ChatPlatform platform) =>
        new([.. operation.Approvals.Select(approval => approval.Person).Prepend(operation.RequestedBy).Distinct().SelectMany(person => new[] { reception.Address(person, platform), new Run.Plain(" ") })]);

    private async Task<bool> ApproversStillMayAsync(IncidentFile file, Operation operation, CancellationToken ct)
    {
        var passes = true;
        foreach (var approval in operation.Approvals)
        {
            var may = register.Find(approval.Person) is { } approver ? await rules.IsEligibleAsync(approver, operation, file.Now, ct) : false;
            if (may is null)
            {
                file.Save(file.Operation(operation.Id).TryAgainAt(file.Now + Backoff.After(3)));
                return false;
            }

            if (may == false)
            {
                file.Save(file.Operation(operation.Id).DropApproval(approval.Person, file.Now));
                file.Tell(TimelineKind.VotesFell, "chatops", _ => Text.Of($"{approval.Person} no longer holds the role to approve {operation.Plan.Target.Name:code}; that vote does not count any more."), Tone.Warning, operation.Id);
                passes = false;
            }
        }

        return passes;
    }

    private static void Refuse(IncidentFile file, Operation operation, string why)
    {
        file.Save(operation.Refuse(why, file.Now));
        file.Tell(TimelineKind.Refused, "chatops", _ => Text.Of($"{operation.Kind} of {operation.Plan.Target.Name:code} was approved, but not done: {why}."), Tone.Warning, operation.Id);
    }
}
