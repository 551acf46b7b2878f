using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>What a plan tells of the overrides and the access that a command would end, or would not end yet. Pure.</summary>
internal static class PlannedEnds
{
    /// <param name="refused">Of one command that ends several, why it ends some of them not, by their leases.</param>
    public static IEnumerable<Part> Of(IncidentFile file, IReadOnlyDictionary<Guid, Text> refused, Reception reception)
    {
        foreach (var lease in file.Changes.Leases.Where(lease => !refused.ContainsKey(lease.Id)).OrderBy(lease => lease.Target.Name, StringComparer.Ordinal))
        {
            foreach (var part in Of(lease))
            {
                yield return part;
            }
        }

        if (refused.Count > 0)
        {
            yield return new Part.Paragraph(Text.Lines([Text.Of($"{"Refused":b}, and left as it is:"), .. refused.Values]));
        }

        foreach (var grant in file.Changes.Grants.Where(grant => grant.State == GrantState.Ending))
        {
            yield return new Part.Paragraph(Text.Of($"Grant {grant.ShortId:code} ends at once instead of {grant.EndsAt}: the access of {reception.NameOf(grant.Person)} to {grant.Target.Name:code} as {grant.Role:b}, in ") + GrantTexts.Where(grant.Scope));
        }

        if (file.Changes.Entries.Count > 0)
        {
            yield return new Part.Paragraph(Text.Lines([Text.Of($"{"The record would say":b}:"), .. file.Changes.Entries.Select(entry => Text.Of($"{entry.Text}"))]));
        }
    }

    private static IEnumerable<Part> Of(Lease lease) => lease switch
    {
        { State: LeaseState.Ending, OnlyLetsGo: true } => [new Part.Paragraph(Text.Of($"{lease.Target.Name:code} stays paused: this incident lets go of it, and another one holds it on."))],
        { State: LeaseState.Ending, WasOvertaken: true, Outside: null } => [new Part.Paragraph(Text.Of($"{lease.Target.Name:code}: somebody else changed it already, and what is left of ours there is taken off."))],
        { State: LeaseState.Ending } => [new Part.Paragraph(Text.Of($"{lease.Target.Name:code}: ") + WayBack(lease)), .. Hands(lease)],
        { State: LeaseState.Active } or { WaitsForPeople: true, Outside: not null } =>
            [new Part.Paragraph(Text.Of($"{lease.Target.Name:code} would {"not":b} be {lease.EndedWord} yet: the thread would be shown first what that overwrites or deploys, and what is needed for it.")), .. Hands(lease)],
        _ => [], // what becomes of one that somebody else changed is in the record
    };

    private static Text WayBack(Lease lease)
    {
        var fields = lease switch
        {
            { Outside.Fields: { Count: > 0 } moved } => Back(moved.Select(field => field.Before)),
            { Branch: { } held } => Back(held.Sources.Select(source => source.Before)),
            { Only: { } only } => Text.Of($"our rules for {only.Spoken:code} are taken out of {RuleFacts.ListPath:code}"),
            { WindowIn: not null } => Text.Empty,
            _ => Back([lease.Before]),
        };
        var window = lease.WindowIn is { } project ? Text.Of($"{(fields == Text.Empty ? "" : ", and ")}our deny window is taken out of project {project:code}") : Text.Empty;
        return fields + window + (lease.InSet is { } entry ? Text.Of($", and our entry out of ApplicationSet {entry.Set:code}, unless another pause counts on it") : Text.Empty);
    }

    private static Text Back(IEnumerable<JsonValueAt> fields) =>
        fields.Select(before => Text.Of($"{before.Path:code} goes back to {before.InWords:code}")).Aggregate((one, next) => one + ", " + next);

    private static IEnumerable<Part> Hands(Lease lease)
    {
        if (HandChanges.Overwritten(lease.Hands) is { Count: > 0 } lost)
        {
            yield return new Part.Paragraph(Text.Of($"Argo CD would then {EvidenceTexts.Overwrites(lost)}:"));
        }

        foreach (var part in EvidenceCard.Before(new(lease.Hands, 0, [])))
        {
            yield return part;
        }
    }
}
