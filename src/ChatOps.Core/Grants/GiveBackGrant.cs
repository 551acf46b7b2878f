using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary><c>done</c> by whoever has the access, <c>revoke</c> by whom the rulebook lets; neither asks Argo CD or waits for an approval. Either ends every grant of the access, its extensions with it.</summary>
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

        var open = file.Grants.Where(one => one.IsOpen && one.Row == grant.Row).ToList();
        if (open.Count == 0)
        {
            return new Refusal(RefusalKind.AlreadyDecided, Text.Of($"Grant {grant.ShortId:code} {(file.Grants.Any(one => one.IsLive && one.Row == grant.Row) ? "is being ended already" : "has ended")}."));
        }

        var isOwn = grant.Person == speaker.Person.Name;
        if (!isOwn && await MayNotRevokeAsync(file, grant, speaker.Person, ct) is { } no)
        {
            return no;
        }

        var by = speaker.Person.DisplayName;
        foreach (var one in open)
        {
            file.Save(one.BeginEnd(speaker.Person.Name, isOwn ? $"{by} gave it back" : $"{by} revoked it", file.Now));
            file.Record(TimelineKind.GrantEnding, speaker.Person.Name, Text.Of($"{by} ends grant {one.ShortId} of {one.Person} to {one.Target.Name}"), one.Id, delivery.ReceivedAt);
        }

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
