using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Pausing;

/// <summary><c>pause ns:…</c>: one request, one decision and one end for every application that owns something in a namespace.</summary>
public sealed class RequestNamespacePause(WhichIncident which, IncidentFiles files, Applications applications, LookAtNamespace look, AskApprovers approvers)
{
    public async Task<Refusal?> HandleAsync(Command.PauseNamespace command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (incident, refusal) = await which.ResolveAsync(delivery.Place, null, null, ct);
        if (incident is null || await files.OpenAsync(incident.Number, ct) is not { } file)
        {
            return refusal;
        }

        var (seen, unseen) = await look.AtAsync(command.Namespace, incident.Number, ct);
        if (seen is null)
        {
            return unseen;
        }

        var duration = command.Duration.From(file.Now);
        if (OutOfPlace(file, seen) is { } outOfPlace)
        {
            return outOfPlace;
        }

        var (authority, rule, notAllowed) = await look.DecideAsync(speaker.Person, seen.Paused, duration, ct);
        if (authority is null)
        {
            return notAllowed;
        }

        if (await NoRightToWindowsAsync(seen, ct) is { } noRight)
        {
            return noRight;
        }

        var plan = NamespacePausePlan.Of(seen, command.Namespace.Name, look.PolicyVersion);
        if (NamespacePausePlan.TooLong(plan, authority.LongestInAll, file.Now + duration) is { } tooLong)
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
            Duration = duration,
            Until = command.Duration.Until,
            Plan = plan,
            Authority = authority,
            State = authority.ApprovalsNeeded == 0 ? OperationState.Approved : OperationState.AwaitingApproval,
            StateSince = file.Now,
            RequestExpiresAt = file.Now + (rule!.Approvals?.RequestLives ?? TimeSpan.FromMinutes(5)),
            Lease = Guid.CreateVersion7(file.Now),
            Notices = [.. NamespacePausePlan.Notices(seen, command.Namespace.Name), .. await CoverageAsync(seen, authority.KubernetesUser, ct)],
        };
        file.Save(operation);
        file.Record(TimelineKind.Requested, speaker.Person.Name, Text.Of($"{speaker.Person.DisplayName} asked to pause {plan.Target.Name} ({Names(seen)}) for {operation.Duration}: {operation.Reason}"), operation.Id, delivery.ReceivedAt);
        await approvers.ShowAsync(file, operation, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private static Refusal? OutOfPlace(IncidentFile file, NamespaceSeen seen)
    {
        if (!file.Incident.IsOpen)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"Incident {file.Incident.Number} is closed.")) { Instead = Text.Of($"{"reopen":code} it, or declare a new one.") };
        }

        if (seen.Paused.Where(facts => !file.Incident.Scope.Contains(facts.Ref)).Select(facts => facts.Ref.Name).ToList() is { Count: > 0 } others)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"{string.Join(", ", others):code} {(others.Count == 1 ? "is" : "are")} not in the scope of incident {file.Incident.Number}.")) { Instead = Text.Of($"Add what is meant first: {$"apps add {string.Join(' ', others)}":code}.") };
        }

        return file.Operations.FirstOrDefault(operation => !operation.IsTerminal && seen.Paused.Any(facts => operation.Plan.Target.Is(facts.Ref))) is { } pending
            ? new Refusal(RefusalKind.StillOpen, Text.Of($"Another request, of {pending.RequestedBy}, is on its way: {pending.Plan.Work.Doing} {pending.Plan.Target.Name:code}.")) { Instead = "Decide or withdraw it first; its card is in this thread." }
            : file.Leases.FirstOrDefault(lease => lease.IsLive && seen.Paused.Any(facts => lease.Target == facts.Ref)) is { } lease
            ? new Refusal(RefusalKind.AlreadyDecided, Text.Of($"{lease.Target.Name:code} {lease.Condition} already, until {lease.Deadline}.")) { Instead = Text.Of($"{$"{lease.EndWord} {lease.Target.Name}":code} first.") }
            : null;
    }

    private async Task<Refusal?> NoRightToWindowsAsync(NamespaceSeen seen, CancellationToken ct)
    {
        foreach (var facts in seen.Paused.Where(facts => !seen.Standing[facts.Ref].Any(SharedPause.IsByField)))
        {
            if (await WindowRight.MissingAsync(applications.Of(facts.Ref), facts, WindowWay.Of(facts), "A pause of", ct) is { } missing)
            {
                return missing;
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<Text>> CoverageAsync(NamespaceSeen seen, string user, CancellationToken ct)
    {
        var notCovered = new List<string>();
        foreach (var facts in seen.Paused)
        {
            if (await applications.Of(facts.Ref).CoversAsync(user, facts.Ref, ct) == false)
            {
                notCovered.Add(facts.Ref.Name);
            }
        }

        return notCovered.Count == 0 ? [] : [Text.Of($"The cluster's RBAC does not let {user:code} patch {string.Join(", ", notCovered):code}: this will fail, and be undone, until {"ChatOps.Server rbac":code} is applied.")];
    }

    private static string Names(NamespaceSeen seen) => string.Join(", ", seen.Paused.Select(facts => facts.Ref.Name));
}
