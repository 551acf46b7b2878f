using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Pausing;

/// <summary><c>pause</c>: from a command to a plan that somebody can approve.</summary>
public sealed class RequestPause(WhichIncident which, IRecords records, IncidentFiles files, Applications applications, AskRulebook rules, AskApprovers approvers)
{
    public async Task<Refusal?> HandleAsync(Command.Pause command, Speaker speaker, Delivery delivery, CancellationToken ct)
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

        if (Pending(file, application) is { } pending && pending.RequestedBy == speaker.Person.Name && IsAboutTheSame(pending, command) && pending.IsShortenedBy(command.Duration.From(file.Now), file.Now))
        {
            return await ShortenAsync(file, pending, command, delivery, ct);
        }

        if (OutOfPlace(file, application) is { } outOfPlace)
        {
            return outOfPlace;
        }

        var reconciler = applications.Of(application);
        var (answer, facts) = await reconciler.InspectAsync(application, ct);
        if (facts is null)
        {
            return ClusterRefusals.For(answer, Text.Of($"I could not read {application.ToString():code}, so I cannot plan the pause."));
        }

        var (only, notUnderstood) = command.Only.Count > 0 ? OnlyPlan.Understand(command.Only, facts) : default;
        var unsettled = await records.UnsettledLeasesAsync(ct);
        var standing = only is null ? SharedPause.Standing(unsettled, facts, incident.Number) : SharedPause.StandingOn(only, unsettled, facts, incident.Number);
        if ((notUnderstood ?? (only is null ? JoinPlan.Obstacle(standing.Count == 0 ? SetWay.AtBest(facts) : facts, standing) : OnlyPlan.Obstacle(facts, only, standing))) is { } obstacle)
        {
            return obstacle;
        }

        var (allowed, notAllowed) = await rules.DecideAsync(speaker.Person, "pause", facts, command.Duration.From(file.Now), ct);
        if (allowed is null)
        {
            return notAllowed;
        }

        if (only is null && standing.Count == 0)
        {
            facts = await SetWay.UnderAsync(allowed.Rule, reconciler, facts, unsettled, ct);
            if (PausePlan.Obstacle(facts) is { } stands)
            {
                return stands;
            }
        }

        if (only is null && !standing.Any(SharedPause.IsByField) && await WindowRight.MissingAsync(reconciler, facts, WindowWay.Of(facts), "A pause of", ct) is { } noRight)
        {
            return noRight;
        }

        var covered = await reconciler.CoversAsync(allowed.Authority.KubernetesUser, application, ct);
        var plan = only is not null ? OnlyPlan.Of(facts, only, rules.Version, standing) : JoinPlan.Of(facts, standing, rules.Version) ?? PausePlan.Of(facts, rules.Version);
        if (JoinPlan.TooLong(plan, allowed.Authority.LongestInAll, file.Now + command.Duration.From(file.Now)) is { } tooLong)
        {
            return tooLong;
        }

        var operation = new Operation
        {
            Id = Guid.CreateVersion7(file.Now),
            Kind = OperationKind.Pause,
            Incident = incident.Number,
            RequestedBy = speaker.Person.Name,
            RequestedByKubernetesName = speaker.Person.KubernetesUser ?? speaker.Person.Name,
            RequestedAt = file.Now,
            Reason = command.Reason,
            Duration = command.Duration.From(file.Now),
            Until = command.Duration.Until,
            Plan = plan,
            Authority = allowed.Authority,
            State = allowed.Authority.ApprovalsNeeded == 0 ? OperationState.Approved : OperationState.AwaitingApproval,
            StateSince = file.Now,
            RequestExpiresAt = file.Now + (allowed.Rule.Approvals?.RequestLives ?? TimeSpan.FromMinutes(5)),
            Lease = Guid.CreateVersion7(file.Now),
            Notices = [.. JoinPlan.Notices(facts, plan, standing), .. OperationCard.CoverageNotice(covered, allowed.Authority.KubernetesUser)],
        };
        file.Save(operation);
        file.Record(TimelineKind.Requested, speaker.Person.Name, Text.Of($"{speaker.Person.DisplayName} asked to pause {(only is null ? "" : $"{plan.Of<AboutPause>().Only!.Spoken} of ")}{application.Name} for {operation.Duration}: {operation.Reason}"), operation.Id, delivery.ReceivedAt);
        await approvers.ShowAsync(file, operation, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private static bool IsAboutTheSame(Operation pending, Command.Pause command) => pending.Plan.Work is PauseWork or JoinWork
        && (((AboutPause)pending.Plan.Work).Only?.Spoken ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(command.Only);

    private static Operation? Pending(IncidentFile file, ApplicationRef application) =>
        file.Operations.FirstOrDefault(operation => !operation.IsTerminal && operation.Plan.Target.Is(application));

    /// <summary>Asking again for less: whoever agreed to more agreed to this, so the votes stay.</summary>
    private async Task<Refusal?> ShortenAsync(IncidentFile file, Operation pending, Command.Pause command, Delivery delivery, CancellationToken ct)
    {
        var shorter = pending.Shorten(command.Duration.From(file.Now), command.Duration.Until, file.Now);
        file.Save(shorter);
        file.Tell(TimelineKind.Requested, pending.RequestedBy, _ => Text.Of($"{pending.RequestedBy} asks for less: {pending.Plan.Target.Name:code} for {shorter.EndsAt(file.Now) - file.Now}.{Kept(pending, command)}"), Tone.Neutral, pending.Id, delivery.ReceivedAt);
        await approvers.ShowAsync(file, shorter, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private static string Kept(Operation pending, Command.Pause command)
    {
        var votes = pending.Approvals.Count switch
        {
            0 => "",
            1 => " The vote stays.",
            _ => " The votes stay.",
        };
        return command.Reason == pending.Reason ? votes : $"{votes} The reason stays what it was: {pending.Reason}";
    }

    private static Refusal? OutOfPlace(IncidentFile file, ApplicationRef application)
    {
        if (!file.Incident.IsOpen)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"Incident {file.Incident.Number} is closed.")) { Instead = Text.Of($"{"reopen":code} it, or declare a new one.") };
        }

        if (!file.Incident.Scope.Contains(application))
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"{application.Name:code} is not in the scope of incident {file.Incident.Number}.")) { Instead = Text.Of($"Add it first: {$"apps add {application.Name}":code}.") };
        }

        // What was overtaken is no pause any more: whether it can be paused again the cluster says, and the older lease is settled then.
        if (file.Leases.FirstOrDefault(lease => lease.IsLive && lease.Target == application) is { } lease)
        {
            return new Refusal(RefusalKind.AlreadyDecided, Text.Of($"{application.Name:code} {lease.Condition} already, until {lease.Deadline}.")) { Instead = Text.Of($"To keep it longer: {$"extend {application.Name} by 30m":code}.") };
        }

        if (Pending(file, application) is { } waiting)
        {
            return new Refusal(RefusalKind.StillOpen, Text.Of($"A request of {waiting.RequestedBy} to pause {application.Name:code} is on its way.")) { Instead = "Decide or withdraw it first; its card is in this thread." };
        }

        return null;
    }
}
