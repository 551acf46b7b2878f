using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary><c>done</c> by whoever has the access, <c>revoke</c> by whom the rulebook lets; neither asks Argo CD or waits for an approval.</summary>
public sealed class GiveBackGrant(IRecords records, WhichGrant which, IncidentFiles files, AskRulebook rules)
{
    public async Task<Refusal?> DoneAsync(string? id, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (grant, refusal) = id is null ? await which.OfAsync(speaker.Person.Name, ct) : await which.ByIdAsync(id, ct);
        return grant is null ? refusal : await EndAsync(grant.Id, speaker, delivery, ct);
    }

    public async Task<Refusal?> RevokeAsync(string id, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (grant, refusal) = await which.ByIdAsync(id, ct);
        return grant is null ? refusal : await EndAsync(grant.Id, speaker, delivery, ct);
    }

    public async Task<Refusal?> EndAsync(Guid id, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        if (await records.FindGrantAsync(id, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file || file.Grant(id) is not { } grant)
        {
            return new Refusal(RefusalKind.NotFound, "I do not know this access any more.");
        }

        // One that is being given can be ended too: whether it is there already, nobody may know.
        if (grant.State is not (GrantState.Starting or GrantState.Active))
        {
            return new Refusal(RefusalKind.AlreadyDecided, Text.Of($"Grant {grant.ShortId:code} {(grant.State == GrantState.Ending ? "is being ended already" : "has ended")}."));
        }

        var isOwn = grant.Person == speaker.Person.Name;
        if (!isOwn && await MayNotRevokeAsync(file, grant, speaker.Person, ct) is { } no)
        {
            return no;
        }

        var by = speaker.Person.DisplayName;
        file.Save(grant.BeginEnd(speaker.Person.Name, isOwn ? $"{by} gave it back" : $"{by} revoked it", file.Now));
        file.Record(TimelineKind.GrantEnding, speaker.Person.Name, Text.Of($"{by} ends grant {grant.ShortId} of {grant.Person} to {grant.Target.Name}"), grant.Id, delivery.ReceivedAt);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private async Task<Refusal?> MayNotRevokeAsync(IncidentFile file, Grant grant, Person person, CancellationToken ct)
    {
        var target = file.Operation(grant.Operation).Plan.Application;
        var (allowed, refusal) = await rules.DecideAsync(person, new PolicyQuestion(PolicyVerb.Revoke, grant.Target.Name, target.Project, target.DestinationNamespace, target.DestinationCluster, null), ct);
        return allowed is null ? refusal : null;
    }
}
