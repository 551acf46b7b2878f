using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Incidents;

/// <summary>Changes what an incident is about: scope, severity, operator, commander. None of it gives anybody authority.</summary>
public sealed class ChangeIncident(WhichIncident which, IncidentFiles files, Applications applications, Reception reception, LookAtScope look)
{
    public async Task<Refusal?> HandleAsync(Command command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (incident, refusal) = await which.ResolveAsync(delivery.Place, null, null, ct);
        if (incident is null || await files.OpenAsync(incident.Number, ct) is not { } file)
        {
            return refusal;
        }

        var no = command switch
        {
            Command.AddApplications add => await AddAsync(file, add, speaker, ct),
            Command.RemoveApplications remove => Remove(file, remove, speaker),
            Command.ChangeSeverity change => Severity(file, change, speaker),
            Command.ChangeOperator change => Role(file, change.Person, "operator", (incident, name) => incident with { Operator = name }, speaker),
            Command.ChangeCommander change => Role(file, change.Person, "commander", (incident, name) => incident with { Commander = name }, speaker),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (no is null)
        {
            await files.PutBackAsync(file, delivery, ct);
        }

        return no;
    }

    private async Task<Refusal?> AddAsync(IncidentFile file, Command.AddApplications command, Speaker speaker, CancellationToken ct)
    {
        var sought = await applications.FindAllAsync(command.Applications, ct);
        if (sought.FirstOrDefault(one => one.Refusal is not null) is { } wrong)
        {
            return wrong.Refusal;
        }

        var named = sought.Select(one => one.Application!).Distinct().ToList();
        var added = named.Except(file.Incident.Scope).ToList();
        if (added.Count > 0)
        {
            file.Change(file.Incident with { Scope = [.. file.Incident.Scope, .. added] });
            file.Tell(TimelineKind.ScopeChanged, speaker.Person.Name, _ => Text.Of($"{speaker.Person.DisplayName} added {string.Join(", ", added.Select(one => one.Name)):code} to the scope."));
        }

        // What is in the scope already is looked at again: something there may have been mended since.
        var (entries, notCovered) = (file.Incident.Entries, file.Incident.NotCovered.Count);
        await look.TellAsync(file, named, ct);
        return added.Count == 0 && file.Incident.Entries == entries && file.Incident.NotCovered.Count == notCovered
            ? new Refusal(RefusalKind.AlreadyDecided, Text.Of($"{string.Join(", ", named.Select(one => one.Name)):code} {(named.Count == 1 ? "is" : "are")} in the scope already, and nothing new was found about {(named.Count == 1 ? "it" : "them")}."))
            : null;
    }

    private static Refusal? Remove(IncidentFile file, Command.RemoveApplications command, Speaker speaker)
    {
        foreach (var query in command.Applications)
        {
            if (file.Incident.Scope.FirstOrDefault(query.Matches) is not { } application)
            {
                return new Refusal(RefusalKind.NotFound, Text.Of($"{query.ToString():code} is not in the scope."));
            }

            if (file.Leases.Any(lease => lease.IsUnsettled && lease.Target == application))
            {
                return new Refusal(RefusalKind.StillOpen, Text.Of($"{application.Name:code} has an override of this incident that is not settled.")) { Instead = Text.Of($"First {$"resume {application.Name}":code}.") };
            }

            if (file.Operations.Any(operation => !operation.IsTerminal && operation.Plan.Target.Is(application)))
            {
                return new Refusal(RefusalKind.StillOpen, Text.Of($"A request about {application.Name:code} is on its way.")) { Instead = "Decide or withdraw it first; its card is in this thread." };
            }

            file.Change(file.Incident with { Scope = [.. file.Incident.Scope.Where(one => one != application)], NotCovered = [.. file.Incident.NotCovered.Where(one => one != application)] });
            file.Tell(TimelineKind.ScopeChanged, speaker.Person.Name, _ => Text.Of($"{speaker.Person.DisplayName} took {application.Name:code} out of the scope."));
        }

        return null;
    }

    private static Refusal? Severity(IncidentFile file, Command.ChangeSeverity command, Speaker speaker)
    {
        if (file.Incident.Severity == command.Severity)
        {
            return new Refusal(RefusalKind.AlreadyDecided, Text.Of($"The severity is {command.Severity.ToString().ToLowerInvariant():b} already."));
        }

        file.Change(file.Incident with { Severity = command.Severity });
        file.Tell(TimelineKind.SeverityChanged, speaker.Person.Name, _ => Text.Of($"{speaker.Person.DisplayName} set the severity to {command.Severity.ToString().ToLowerInvariant():b}."));
        return null;
    }

    private Refusal? Role(IncidentFile file, PersonMention mention, string role, Func<Incident, string, Incident> assign, Speaker speaker)
    {
        var (person, refusal) = reception.Find(mention, speaker.Account);
        if (person is null)
        {
            return refusal;
        }

        file.Change(assign(file.Incident, person.Name));
        file.Tell(TimelineKind.RoleChanged, speaker.Person.Name, platform => Text.Of($"{reception.Address(person.Name, platform)} is {role} now (said by {speaker.Person.DisplayName})."));
        return null;
    }
}
