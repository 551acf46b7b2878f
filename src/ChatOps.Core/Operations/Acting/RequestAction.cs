using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Acting;

/// <summary><c>refresh</c>, <c>sync</c>, <c>terminate</c>: from a command to a plan that a rule allows at once, or that somebody can approve.</summary>
public sealed class RequestAction(WhichIncident which, IncidentFiles files, Applications applications, AskRulebook rules, AskApprovers approvers, KindsOfAction kinds)
{
    private static readonly TimeSpan LivesWithoutApproval = TimeSpan.FromMinutes(5);

    public async Task<Refusal?> HandleAsync(Command.Action command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (incident, refusal) = await which.ResolveAsync(delivery.Place, command.Application, null, ct);
        if (incident is null || await files.OpenAsync(incident.Number, ct) is not { } file)
        {
            return refusal;
        }

        var (application, noApplication) = await applications.FindAsync(command.Application, incident.Scope, ct);
        if (application is null)
        {
            return noApplication;
        }

        var (answer, facts) = await applications.Of(application).InspectAsync(application, ct);
        if (facts is null)
        {
            return ClusterRefusals.For(answer, Text.Of($"I could not read {application.ToString():code}, so I cannot plan that."));
        }

        var (draft, not) = kinds.Draft(command, facts);
        if ((not ?? Obstacles.OutOfPlace(file, application) ?? (draft!.Work.BesideOthers ? null : Obstacles.Pending(file, application))) is { } no)
        {
            return no;
        }

        return await AskAsync(file, draft!, facts, command.Reason, speaker, delivery, ct);
    }

    /// <summary>Asks for what has been drafted: whoever a rule lets may do it, or somebody else has to agree.</summary>
    public async Task<Refusal?> AskAsync(IncidentFile file, Draft draft, ApplicationFacts facts, string? reason, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (allowed, notAllowed) = await rules.DecideAsync(speaker.Person, draft.Work.PolicyVerbs, facts, draft.Work.Lasting, ct);
        if (allowed is null)
        {
            return notAllowed;
        }

        var covered = await applications.Of(facts.Ref).CoversAsync(allowed.Authority.KubernetesUser, facts.Ref, ct);
        var operation = Operation(file, draft, facts, reason, speaker, allowed) with
        {
            Notices = [.. draft.Notices, .. OperationCard.CoverageNotice(covered, allowed.Authority.KubernetesUser)],
        };
        file.Save(operation);
        file.Record(TimelineKind.Requested, speaker.Person.Name, Text.Of($"{speaker.Person.DisplayName} asked {draft.Work.Asked} {facts.Ref.Name}: {operation.Reason}"), operation.Id, delivery.ReceivedAt);
        await approvers.ShowAsync(file, operation, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private Operation Operation(IncidentFile file, Draft draft, ApplicationFacts facts, string? reason, Speaker speaker, Decision.Allowed allowed) => new()
    {
        Id = Guid.CreateVersion7(file.Now),
        Kind = draft.Work.Kind,
        Incident = file.Incident.Number,
        RequestedBy = speaker.Person.Name,
        RequestedByKubernetesName = speaker.Person.KubernetesUser ?? speaker.Person.Name,
        RequestedAt = file.Now,
        Reason = reason ?? "no reason given",
        Duration = TimeSpan.Zero,
        Plan = draft.Plan(facts, rules.Version),
        Authority = allowed.Authority,
        State = allowed.Authority.ApprovalsNeeded == 0 ? OperationState.Approved : OperationState.AwaitingApproval,
        StateSince = file.Now,
        RequestExpiresAt = file.Now + (allowed.Rule.Approvals?.RequestLives ?? LivesWithoutApproval),
        Lease = Guid.Empty,
    };
}
