using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.RollingBack;

/// <summary><c>rollback</c>: from a command to a plan that somebody can approve. Without a time it lasts as long as its rule allows.</summary>
public sealed class RequestRollback(WhichIncident which, IRecords records, IncidentFiles files, Applications applications, AskRulebook rules, AskApprovers approvers, RequestAction actions)
{
    private static readonly TimeSpan Any = TimeSpan.FromSeconds(1);
    private static readonly Text NoEnd = "The time that was said counts for nothing here: no override is made, so none ends.";
    private static readonly TimeSpan LivesWithoutApproval = TimeSpan.FromMinutes(5);

    public async Task<Refusal?> HandleAsync(Command.Rollback command, Speaker speaker, Delivery delivery, CancellationToken ct)
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

        if ((Obstacles.OutOfPlace(file, application) ?? Obstacles.Pending(file, application)) is { } outOfPlace)
        {
            return outOfPlace;
        }

        var (answer, facts) = await applications.Of(application).InspectAsync(application, ct);
        if (facts is null)
        {
            return ClusterRefusals.For(answer, Text.Of($"I could not read {application.ToString():code}, so I cannot plan the rollback."));
        }

        var (entry, noEntry) = RollbackPlan.Entry(command.To, facts);
        var (inPlace, held) = RollbackInPlace.Judge(facts, incident.Number, file.Leases.FirstOrDefault(lease => lease.IsLive && lease.Target == application));
        if ((held ?? noEntry ?? (inPlace ? null : RollbackPlan.Obstacle(SetWay.AtBest(facts)))) is { } noWay)
        {
            return noWay;
        }

        if (inPlace)
        {
            var (draft, not) = RollbackInPlace.Draft(entry!, facts);
            return draft is null ? not : await actions.AskAsync(file, command.Duration is null ? draft : draft with { Notices = [NoEnd, .. draft.Notices] }, facts, command.Reason, speaker, delivery, ct);
        }

        var said = command.Duration?.From(file.Now);
        var (allowed, notAllowed) = await rules.DecideAsync(speaker.Person, PolicyVerb.Rollback, facts, said ?? Any, ct);
        if (allowed is null)
        {
            return notAllowed;
        }

        facts = await SetWay.UnderAsync(allowed.Rule, applications.Of(application), facts, await records.UnsettledLeasesAsync(ct), ct);

        // A window would freeze an operation where it is, and what is frozen is in the way of the rollback.
        var way = WindowWay.Of(facts);
        if ((RollbackPlan.Obstacle(facts) ?? (way.Mechanism == PauseMechanism.Window ? Obstacles.InFlight(facts) : null)) is { } obstacle)
        {
            return obstacle;
        }

        if (await WindowRight.MissingAsync(applications.Of(application), facts, way, "A rollback of", ct) is { } noRight)
        {
            return noRight;
        }

        var user = allowed.Authority.KubernetesUser;
        var covered = await applications.Of(application).CoversAsync(user, application, ct);
        var operation = new Operation
        {
            Id = Guid.CreateVersion7(file.Now),
            Kind = OperationKind.Rollback,
            Incident = incident.Number,
            RequestedBy = speaker.Person.Name,
            RequestedByKubernetesName = speaker.Person.KubernetesUser ?? speaker.Person.Name,
            RequestedAt = file.Now,
            Reason = command.Reason,
            Duration = said ?? allowed.Authority.LongestInAll,
            Until = command.Duration?.Until,
            Plan = RollbackPlan.Of(facts, entry!, rules.Version),
            Authority = allowed.Authority,
            State = allowed.Authority.ApprovalsNeeded == 0 ? OperationState.Approved : OperationState.AwaitingApproval,
            StateSince = file.Now,
            RequestExpiresAt = file.Now + (allowed.Rule.Approvals?.RequestLives ?? LivesWithoutApproval),
            Lease = Guid.CreateVersion7(file.Now),
            Notices = [.. RollbackPlan.Notices(facts, entry!), .. OperationCard.CoverageNotice(covered, user)],
        };
        file.Save(operation);
        file.Record(TimelineKind.Requested, speaker.Person.Name, Text.Of($"{speaker.Person.DisplayName} asked to roll {application.Name} back to entry {entry!.Number} ({entry.Spoken}) for {operation.Duration}: {operation.Reason}"), operation.Id, delivery.ReceivedAt);
        await approvers.ShowAsync(file, operation, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }
}
