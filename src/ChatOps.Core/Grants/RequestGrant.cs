using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary><c>request</c> and <c>extend</c> of access: from a command to a plan that somebody else approves.</summary>
public sealed class RequestGrant(WhichIncident which, WhichGrant whichGrant, IncidentFiles files, Applications applications, PlanGrant plan, AskApprovers approvers)
{
    public async Task<Refusal?> HandleAsync(Command.RequestAccess command, Speaker speaker, Delivery delivery, CancellationToken ct)
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

        if (OutOfPlace(file, application, command.Role, speaker.Person) is { } outOfPlace)
        {
            return outOfPlace;
        }

        var request = new GrantRequest(application, command.Role, command.Duration.From(file.Now), null) { EndsAt = file.Now + command.Duration.From(file.Now) };
        return await AskAsync(file, request, command.Reason, command.Duration.From(file.Now), command.Duration.Until, speaker, delivery, ct);
    }

    /// <summary>A grant of its own beside the old one, whose end stays where it is.</summary>
    public async Task<Refusal?> ExtendAsync(string id, TimeSpan by, string? reason, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (grant, refusal) = await whichGrant.ByIdAsync(id, ct);
        if (grant is null || await files.OpenAsync(grant.Incident, ct) is not { } file)
        {
            return refusal;
        }

        if (grant.Person != speaker.Person.Name)
        {
            return new Refusal(RefusalKind.NotAllowed, "Only the person who has the access asks for more of it.");
        }

        if (grant.State != GrantState.Active)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"Grant {grant.ShortId:code} has ended.")) { Instead = Text.Of($"Ask anew: {$"/breakglass request {grant.Target.Name} as {grant.Role} for 30m because …":code}") };
        }

        if (file.Operations.Any(operation => !operation.IsTerminal && operation.Plan.Work is GrantWork work && work.Continues == grant.Id)
            || file.Grants.Any(other => other.IsLive && other.Row == grant.Row && other.EndsAt > grant.EndsAt))
        {
            return new Refusal(RefusalKind.AlreadyDecided, "This was extended already, or that is being decided.") { Instead = Text.Of($"{"/breakglass list":code} shows the newest.") };
        }

        var endsAt = Clock.WholeMilliseconds(grant.EndsAt + by);
        if (endsAt > grant.Latest)
        {
            return new Refusal(RefusalKind.NotAllowed, Text.Of($"This access may last until {grant.Latest} at the most, counted from its first start.")) { Instead = "Let it end, and ask anew, with a new decision." };
        }

        var request = new GrantRequest(grant.Target, grant.Role, endsAt - grant.FirstStartedAt, grant.Id) { EndsAt = endsAt };
        return await AskAsync(file, request, reason ?? grant.Reason, endsAt - file.Now, endsAt, speaker, delivery, ct);
    }

    private async Task<Refusal?> AskAsync(IncidentFile file, GrantRequest request, string reason, TimeSpan duration, DateTimeOffset? until, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (planned, refusal) = await plan.OfAsync(file, request, speaker.Person, ct);
        if (planned is null)
        {
            return refusal;
        }

        var authority = planned.Allowed.Authority;
        var operation = new Operation
        {
            Id = Guid.CreateVersion7(file.Now),
            Kind = OperationKind.Grant,
            Incident = file.Incident.Number,
            RequestedBy = speaker.Person.Name,
            RequestedByKubernetesName = planned.Person.KubernetesUser ?? speaker.Person.Name,
            RequesterKnownBy = planned.Person.KnownBy,
            RequestedAt = file.Now,
            Reason = reason,
            Duration = duration,
            Until = until,
            Plan = planned.Plan,
            Authority = authority,
            State = OperationState.AwaitingApproval,
            StateSince = file.Now,
            RequestExpiresAt = file.Now + (planned.Allowed.Rule.Approvals?.RequestLives ?? TimeSpan.FromMinutes(5)),
            Lease = Guid.CreateVersion7(file.Now),
            Notices = planned.Notices,
        };
        file.Save(operation);
        file.Record(TimelineKind.Requested, speaker.Person.Name, Text.Of($"{speaker.Person.DisplayName} asked for access to {request.Application.Name} as {request.Role} until {operation.EndsAt(file.Now)}: {reason}. Known by {planned.Person.KnownBy.InWords()}."), operation.Id, delivery.ReceivedAt);
        await approvers.ShowAsync(file, operation, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private static Refusal? OutOfPlace(IncidentFile file, ApplicationRef application, string role, Person person)
    {
        if (!file.Incident.IsOpen)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"Incident {file.Incident.Number} is closed.")) { Instead = Text.Of($"{"reopen":code} it, or declare a new one.") };
        }

        if (!file.Incident.Scope.Contains(application))
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"{application.Name:code} is not in the scope of incident {file.Incident.Number}.")) { Instead = Text.Of($"Add it first: {$"apps add {application.Name}":code}.") };
        }

        if (file.Grants.FirstOrDefault(grant => grant.IsLive && grant.Target == application && grant.Person == person.Name && grant.Role == role) is { } open)
        {
            return new Refusal(RefusalKind.AlreadyDecided, Text.Of($"You have that access until {open.EndsAt}.")) { Instead = Text.Of($"To keep it longer: {$"/breakglass extend {open.ShortId} by 30m":code}.") };
        }

        return file.Operations.Any(operation => !operation.IsTerminal && operation.RequestedBy == person.Name && operation.Plan.Work is GrantWork work && work.Role == role && operation.Plan.Target.Is(application))
            ? new Refusal(RefusalKind.StillOpen, "You asked for that already; it waits for a decision.") { Instead = "Its card is in this thread." }
            : null;
    }
}
