using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary>How access is given: the grant is written before the cluster is asked, and ended when the cluster will not.</summary>
public sealed class GrantOperation(IRecords records, PlanGrant plan, AccessPorts access, Register register, Reception reception, GrantCards cards, CreateClaimLink claimLink, TimeProvider time) : IKindOfOperation
{
    public OperationKind Kind => OperationKind.Grant;

    public async Task<SecondLook> LookAgainAsync(IncidentFile file, Operation operation, Person requester, CancellationToken ct)
    {
        var work = operation.Plan.Of<GrantWork>();
        var continued = work.Continues is { } id ? file.Grant(id) : null;
        if (work.Continues is not null && continued is not { State: GrantState.Active })
        {
            return new SecondLook.No("the access that was to go on has ended");
        }

        var endsAt = operation.EndsAt(file.Now);
        if (endsAt <= file.Now)
        {
            return new SecondLook.No("the moment until which it was to last has passed");
        }

        var request = new GrantRequest(operation.Plan.Application.Ref, work.Role, endsAt - (continued?.FirstStartedAt ?? file.Now), work.Continues) { EndsAt = endsAt, WrittenAs = operation.Lease };
        var (planned, refusal) = await plan.OfAsync(file, request, requester, ct);
        return planned is not null ? new SecondLook.Planned(planned.Plan, planned.Allowed.Authority, planned.Notices)
            : refusal!.Kind is RefusalKind.ChatSilent or RefusalKind.ClusterSilent ? new SecondLook.Later()
            : new SecondLook.No($"{refusal.Why} {refusal.Instead}".TrimEnd(' ', '.'));
    }

    public void Begin(IncidentFile file, Operation operation)
    {
        var work = operation.Plan.Of<GrantWork>();
        var firstStartedAt = work.Continues is { } continued && file.Grant(continued) is { } before ? before.FirstStartedAt : file.Now;
        file.Save(Grant.Written(operation, work, firstStartedAt, file.Now));
    }

    public async Task<ClusterAnswer> ApplyAsync(AuthorizedOperation operation, CancellationToken ct)
    {
        if (await records.FindGrantAsync(operation.Operation.Lease, ct) is not { State: GrantState.Starting } grant)
        {
            return new ClusterAnswer(ClusterAnswerKind.Rejected, "it was ended before it began");
        }

        var now = Clock.Now(time);
        if (now >= grant.EndsAt)
        {
            return new ClusterAnswer(ClusterAnswerKind.Rejected, "its time was over before the cluster answered");
        }

        if (await IsAnotherAsync(grant, ct) is { } another)
        {
            return another;
        }

        var answer = await access.Of(grant.Kind).GiveAsync(grant.Give(operation, now), ct);
        if (await records.FindGrantAsync(grant.Id, CancellationToken.None) is { State: GrantState.Starting } && Clock.Now(time) < grant.EndsAt)
        {
            return answer;
        }

        // Its end came while the cluster was asked, and may have gone past what was on its way.
        var undone = await access.Of(grant.Kind).TakeBackAsync(grant.RevokeRemains(), CancellationToken.None);
        return undone.IsAway ? new ClusterAnswer(ClusterAnswerKind.Failed, "its end came while the cluster was asked, and what came of it was taken away") : undone;
    }

    /// <summary>Who they are may have become another answer since it was written down: after a crash that is a while ago.</summary>
    private async Task<ClusterAnswer?> IsAnotherAsync(Grant grant, CancellationToken ct)
    {
        if (register.Find(grant.Person) is not { } person)
        {
            return new ClusterAnswer(ClusterAnswerKind.Rejected, $"{grant.Person} is not mapped any more");
        }

        if (grant.Kind == GrantKind.ServiceAccount)
        {
            return null; // its account is ours, and only this person gets a token of it
        }

        var (subject, _, unknown) = await plan.SubjectAsync(person, grant.Kind, ct);
        return subject == grant.Subject ? null
            : unknown?.Kind == RefusalKind.ChatSilent ? new ClusterAnswer(ClusterAnswerKind.Unavailable, "who that is there cannot be looked up at the moment")
            : new ClusterAnswer(ClusterAnswerKind.Rejected, $"{grant.Person} is not known as {grant.Subject} any more");
    }

    public async Task<bool> IsThereAsync(Operation operation, CancellationToken ct)
    {
        var work = operation.Plan.Of<GrantWork>();
        var (answer, found) = await access.Of(work.Access).FindAsync(work.Scope.Cluster, work.Scope.ListedIn, ct);

        // Past its end it may have been there, for all of its time, until something ended it: the janitor, if we were dead.
        return !answer.IsOk || found.Any(one => one.Grant == operation.Lease) || Clock.Now(time) >= operation.EndsAt(operation.StateSince);
    }

    public void Succeed(IncidentFile file, Operation operation)
    {
        if (file.Grant(operation.Lease) is not { State: GrantState.Starting } grant)
        {
            // Ended meanwhile: whatever came to be carries our label, and the sweep ends what no live grant stands behind.
            file.Save(operation.Fail("the access was ended in that moment", file.Now));
            return;
        }

        file.Save(operation.Succeed(file.Now));
        var given = grant.Given(file.Now);
        file.Save(given);
        file.Tell(TimelineKind.Granted, operation.RequestedBy, _ => GrantTexts.Whose(given, register) + Text.Of($" is {"open":b} until {given.EndsAt}: ") + GrantTexts.Has(given) + ".", Tone.Good, given.Id);
        cards.Show(file, given);
        if (given.Kind == GrantKind.ServiceAccount && claimLink(given.Id) is { } page)
        {
            ClaimNotice.Send(file, given, reception, page);
        }
    }

    public void Fail(IncidentFile file, Operation operation, ClusterAnswer answer, bool mayBeThere)
    {
        var name = operation.Plan.Target.Name;
        file.Save(operation.Fail(answer.Sentence, file.Now));
        if (file.Grant(operation.Lease) is not { State: GrantState.Starting } grant)
        {
            return;
        }

        // It was asked for and answered too late: then it was there, be it for a moment.
        mayBeThere |= answer.Kind == ClusterAnswerKind.Failed;
        if (mayBeThere && file.Now >= grant.EndsAt)
        {
            file.Save(grant.BeginEnd("chatops", "its time was over before it was known whether it was given", file.Now));
            file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"Access to {name:code}: {answer.Sentence}. Whether it was there meanwhile is not known; what is left of it is taken away."), Tone.Alarm, operation.Id);
            return;
        }

        if (mayBeThere)
        {
            file.Save(grant.BeginEnd("chatops", "it could not be given", file.Now));
            file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"Access to {name:code} could not be given: {answer.Sentence}. What came to be of it is taken away again."), Tone.Alarm, operation.Id);
            return;
        }

        file.Save(grant.NeverGiven(file.Now));
        file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"Access to {name:code} could not be given, nothing was changed: {answer.Sentence}."), Tone.Alarm, operation.Id);
    }
}
